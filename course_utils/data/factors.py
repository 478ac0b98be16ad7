"""Factors of variation of the generators: drawn at random within their ranges, or given by the reader."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

Ranges = Mapping[str, tuple[float, float]]


def draw_or_require(
    name: str, ranges: Ranges, factors: Tensor | None, n: int | None, generator: torch.Generator
) -> Tensor:
    """Given factors as they are, or ``n`` independent uniform ones, 1000 by default.

    Parameters
    ----------
    name : str
        Of the data, for messages.
    ranges : mapping of str to (float, float)
        Lowest and highest value of each factor, by its name with unit.
    factors : Tensor, (n, k), optional
    n : int, optional
    generator : torch.Generator

    Returns
    -------
    Tensor, (n, k)

    Raises
    ------
    TypeError, ValueError
        If ``factors`` are not numbers of shape (n, k) within their ranges, or ``n`` is no whole number from 1.
    """
    return (
        _draw(name, ranges, 1000 if n is None else n, generator)
        if factors is None
        else _require(name, ranges, factors, n)
    )


def _draw(name: str, ranges: Ranges, n: int, generator: torch.Generator) -> Tensor:
    if not isinstance(n, int) or n < 1:
        raise ValueError(f"{name}: n must be a whole number of at least 1, got {n!r}")
    low, high = torch.tensor(list(ranges.values())).T
    return low + (high - low) * torch.rand(n, len(ranges), generator=generator)


def _require(name: str, ranges: Ranges, factors: object, n: int | None) -> Tensor:
    if not isinstance(factors, Tensor) or not factors.is_floating_point():
        found = factors.dtype if isinstance(factors, Tensor) else type(factors).__name__
        raise TypeError(f"{name}: factors must be a floating-point tensor, got {found}")
    if factors.ndim != 2 or factors.shape[1] != len(ranges) or not len(factors) or n not in (None, len(factors)):
        raise ValueError(
            f"{name}: factors must have shape ({'n' if n is None else n}, {len(ranges)}): {', '.join(ranges)}; "
            f"got {tuple(factors.shape)}"
        )
    for values, (factor, (low, high)) in zip(factors.T, ranges.items(), strict=True):
        if not ((low <= values) & (values <= high)).all():
            raise ValueError(
                f"{name}: {factor} must lie from {low:g} to {high:g}, got {values.min():.4g} to {values.max():.4g}"
            )
    return factors.float()
