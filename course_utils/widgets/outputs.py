"""What a decoder's numbers are: a picture, or a curve."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Image:
    """A grey picture.

    Parameters
    ----------
    h, w : int
        Pixels.
    low, high : float
        The values of white paper and of black ink.
    """

    h: int
    w: int
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        for side in ("h", "w"):
            object.__setattr__(self, side, _whole(getattr(self, side)))
        for end in ("low", "high"):
            object.__setattr__(self, end, float(getattr(self, end)))
        if not -math.inf < self.low < self.high < math.inf:
            raise ValueError(f"Image: low must be less than high, both finite; got {self.low} and {self.high}")

    def __str__(self) -> str:
        return f"Image({self.h}, {self.w})"

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.h, self.w

    @property
    def size(self) -> int:
        """Numbers per output."""
        return self.h * self.w

    def for_page(self, values: Tensor) -> dict[str, Any]:
        """How the page draws it."""
        return {
            "kind": "image", "h": self.h, "w": self.w, "low": self.low, "high": self.high, "label": "Decoded picture",
        }  # fmt: skip


@dataclass(frozen=True)
class Curve:
    """A curve over a common axis.

    Parameters
    ----------
    t : Tensor, (d,)
        Where the values stand, increasing.
    unit : str
        Of ``t``.
    name : str
        What ``t`` is.
    value : str
        What the decoder predicts, with its unit.
    """

    t: Tensor
    unit: str = ""
    name: str = "t"
    value: str = "value"

    def __post_init__(self) -> None:
        t = torch.as_tensor(self.t).detach().double().cpu()
        if t.ndim != 1 or len(t) < 2 or not (t.isfinite().all() and (t.diff() > 0).all()):
            raise ValueError(f"Curve: t must be at least two finite, increasing numbers, got shape {tuple(t.shape)}")
        object.__setattr__(self, "t", t)

    def __str__(self) -> str:
        return f"Curve of {len(self.t)} points"

    @property
    def size(self) -> int:
        """Numbers per output."""
        return len(self.t)

    @property
    def xlabel(self) -> str:
        """Name and unit of the axis."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    def for_page(self, values: Tensor) -> dict[str, Any]:
        """How the page draws it; the vertical axis has room for these ``values`` and a little more."""
        low, high = values.min().item(), values.max().item()
        margin = 0.05 * (high - low) or 1.0
        return {
            "kind": "curve",
            "t": [float(f"{t:.12g}") for t in self.t.tolist()],
            "low": low - margin,
            "high": high + margin,
            "xlabel": self.xlabel,
            "ylabel": self.value,
            "label": f"Decoded curve of {self.value} over {self.xlabel}",
        }


def _whole(side: int) -> int:
    try:
        whole = operator.index(side)
    except TypeError:
        whole = 0
    if whole < 1:
        raise ValueError(f"Image: h and w must be whole numbers of at least 1, got {side!r}")
    return whole
