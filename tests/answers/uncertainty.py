"""Answers to the exercises of *uncertainty*."""

RIGHT = {}

WRONG = {}
