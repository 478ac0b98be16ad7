"""Exercises of part 4, GANs: one module per chapter."""

from course_utils.exercises.gans import game, trajectories

EXERCISES = game.EXERCISES + trajectories.EXERCISES
