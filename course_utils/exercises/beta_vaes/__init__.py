"""Exercises of part 3, Beta-VAEs: one module per chapter."""

from course_utils.exercises.beta_vaes import disentangling, pendulum

EXERCISES = disentangling.EXERCISES + pendulum.EXERCISES
