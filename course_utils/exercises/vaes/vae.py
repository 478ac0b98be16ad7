"""Exercises of *vae*."""

from __future__ import annotations

EXERCISES = ()
