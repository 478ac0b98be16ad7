"""Answers to the exercises of *Trajectories*."""

RIGHT = {}
WRONG = {}
