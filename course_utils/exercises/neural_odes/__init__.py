"""Exercises of part 6, neural ODEs: one module per chapter."""

from course_utils.exercises.neural_odes import dynamics, missing, resnets

EXERCISES = resnets.EXERCISES + dynamics.EXERCISES + missing.EXERCISES
