"""Exercises of *Trajectories*."""

EXERCISES = ()
