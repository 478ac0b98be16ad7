"""Exercises of *The pendulum that beta cannot disentangle*."""

from __future__ import annotations

EXERCISES = ()
