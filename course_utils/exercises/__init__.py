"""Exercises that answer back: ``check`` says whether an answer is right and what is likely wrong, ``progress`` what is solved."""

from course_utils.exercises.checking import check, progress

__all__ = ["check", "progress"]
