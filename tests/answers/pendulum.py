"""Answers to the exercises of *The pendulum that beta cannot disentangle*."""

from tests.answers.wrong import Wrong

RIGHT: dict[str, list[str]] = {}

WRONG: dict[str, list[Wrong]] = {}
