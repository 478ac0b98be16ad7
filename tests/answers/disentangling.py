"""Answers to the exercises of *Disentangling, measured*."""

from tests.answers.wrong import Wrong

RIGHT: dict[str, list[str]] = {}

WRONG: dict[str, list[Wrong]] = {}
