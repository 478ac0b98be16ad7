"""Exercises of *The game*."""

EXERCISES = ()
