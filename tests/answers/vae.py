"""Answers to the exercises of *vae*."""

RIGHT = {}

WRONG = {}
