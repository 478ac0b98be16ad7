"""Exercises of *Disentangling, measured*."""

from __future__ import annotations

EXERCISES = ()
