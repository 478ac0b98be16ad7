"""Exercises of part 1, Autoencoders: one module per chapter."""

from course_utils.exercises.autoencoders import bottleneck, denoising

EXERCISES = bottleneck.EXERCISES + denoising.EXERCISES
