"""Exercises of part 2, Variational autoencoders: one module per chapter."""

from course_utils.exercises.vaes import likelihood, uncertainty, vae

EXERCISES = likelihood.EXERCISES + vae.EXERCISES + uncertainty.EXERCISES
