"""Exercises of part 5, ODEs: one module per chapter."""

from course_utils.exercises.odes import euler, models

EXERCISES = euler.EXERCISES + models.EXERCISES
