"""Exercises of *uncertainty*."""

from __future__ import annotations

EXERCISES = ()
