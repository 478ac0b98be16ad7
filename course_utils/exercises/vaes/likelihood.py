"""Exercises of *likelihood*."""

from __future__ import annotations

EXERCISES = ()
