"""Answers to the exercises of *likelihood*."""

RIGHT = {}

WRONG = {}
