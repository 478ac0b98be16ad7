"""Answers to the exercises of *The game*."""

RIGHT = {}
WRONG = {}
