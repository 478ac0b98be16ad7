"""How far an answer is from what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, SupportsFloat

import numpy as np
import torch

TOLERANCE = 1e-4  # of the largest expected number: enough for 32 bits against 64
_SHOWN = 12  # numbers that are written out


@dataclass(frozen=True)
class Gap:
    """What was expected, what came, and how far apart they are, in words."""

    expected: str
    given: str
    difference: str = ""

    @property
    def rows(self) -> list[tuple[str, str]]:
        return [("expected", self.expected), ("yours", self.given), ("difference", self.difference)]


@dataclass(frozen=True)
class Demand:
    """The range that a measured number must lie in."""

    at_least: float = -np.inf
    at_most: float = np.inf

    def __str__(self) -> str:
        if self.at_least == self.at_most:
            return short(self.at_least)
        low = f"at least {short(self.at_least)}" if np.isfinite(self.at_least) else ""
        high = f"at most {short(self.at_most)}" if np.isfinite(self.at_most) else ""
        return " and ".join(filter(None, (low, high)))

    def missed_by(self, value: float) -> float:
        """How far the value lies outside; 0 inside, NaN for NaN."""
        return np.maximum(0, np.maximum(self.at_least - value, value - self.at_most))


def find_gap(expected: Any, given: Any, tolerance: float = TOLERANCE) -> Gap | None:
    """Compare numbers, arrays or tensors of any kind; None if they agree.

    Shapes must be equal, numbers within ``tolerance`` of the largest expected one, a whole number within 1e-6.
    """
    right, answer = as_array(expected), as_array(given)
    if answer is None:
        return Gap(show(expected), show(given), "is the `return` missing?" if given is None else "not numbers")
    if answer.shape != right.shape:
        return Gap(show(expected), show(given), f"{_shape(answer)} instead of {_shape(right)}")
    if not np.isfinite(answer).all():
        broken = int((~np.isfinite(answer)).sum())
        return Gap(show(expected), show(given), f"{broken} of {answer.size} numbers are NaN or infinite")
    distance = np.abs(answer - right)
    if distance.size == 0 or distance.max() <= _largest(right) * (1e-6 if isinstance(expected, int) else tolerance):
        return None
    where = np.unravel_index(distance.argmax(), distance.shape)
    place = f" at [{', '.join(map(str, where))}]" if where else ""
    if right.size > _SHOWN:
        return Gap(f"{short(right[where])}{place}", f"{short(answer[where])}{place}", short(distance.max()))
    return Gap(show(expected), show(given), f"{short(distance.max())}{place}")


def find_gap_discreetly(expected: Any, given: Any) -> Gap | None:
    """The same for an answer that was to be found: the expected numbers are not given away, the size of the gap only roughly.

    Three digits are enough, and one number may come in an array.
    """
    right, answer = as_array(expected), as_array(given)
    if right.ndim == 0 and answer is not None and answer.size == 1:
        given = answer = answer.reshape(())
    gap = find_gap(expected, given, tolerance=1e-3)
    if gap is None or answer is None or answer.shape != right.shape or not np.isfinite(answer).all():
        return gap and Gap("", gap.given, gap.difference)
    side = ("too large, " if answer > right else "too small, ") if right.ndim == 0 else ""
    share = np.abs(answer - right).max() / np.abs(right).max() if right.any() else np.inf
    sizes = {0.01: "by less than 1 %", 0.1: "by less than 10 %", 0.5: "by less than half", np.inf: "by half or more"}
    size = next(words for limit, words in sizes.items() if share < limit or limit == np.inf)
    return Gap("", gap.given, f"{side}{size}")


def same(left: Any, right: Any) -> bool:
    """Whether two outcomes agree; dictionaries key by key."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    a, b = as_array(left), as_array(right)
    if a is None or b is None or a.shape != b.shape:
        return False
    return np.allclose(a, b, rtol=0, atol=_allowed(a), equal_nan=True)


def _allowed(array: np.ndarray) -> float:
    return TOLERANCE * _largest(array)


def _largest(array: np.ndarray) -> float:
    return np.abs(array[np.isfinite(array)]).max(initial=0)


def as_array(value: Any) -> np.ndarray | None:
    """Numbers of any kind as an array of 64-bit numbers; None if these are no numbers."""
    try:
        if isinstance(value, torch.Tensor):
            value = None if value.is_complex() else value.detach().to("cpu", torch.float64).to_dense().numpy()
        elif isinstance(value, list | tuple):
            value = [as_array(part) for part in value]
        elif isinstance(value, SupportsFloat) and not hasattr(value, "__array__"):  # a formula of SymPy, too
            value = float(value)
        array = np.asarray(value)
        return array.astype(float) if array.dtype.kind in "biuf" else None
    except Exception:  # whatever an object that is no number does when it is asked for one
        return None


def show(value: Any) -> str:
    """A value in a few words: its numbers if they are few, its shape if they are many."""
    array = as_array(value)
    if array is None:
        return "None" if value is None else f"something of type {type(value).__name__}"
    if array.ndim == 0:
        return short(array)
    if array.size > _SHOWN or array.size == 0:
        return _shape(array)
    array = np.where(np.abs(array) < 0.01 * _allowed(array), 0, array)  # rounding errors say nothing to a reader
    inner = ", ".join(show(row) for row in array)
    return f"[{inner}]"


def short(value: float) -> str:
    """Four digits; whole numbers in full."""
    value = float(value)
    return f"{value:.0f}" if value == round(value, 0) and abs(value) < 1e9 else f"{value:.4g}"


def _shape(array: np.ndarray) -> str:
    return f"shape {array.shape}" if array.ndim else "one number"
