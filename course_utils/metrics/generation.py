"""How near the draws of a generator come to the data."""

from __future__ import annotations

import torch
from torch import Tensor

from course_utils.metrics.quality import nearest_distance


def sliced_wasserstein(x: Tensor, y: Tensor, n_directions: int = 200, seed: int = 0) -> float:
    """Mean Wasserstein-1 distance of the shadows that two samples cast on random lines.

    On a line the distance is that between the sorted numbers.

    Parameters
    ----------
    x, y : Tensor, (n, d) each
    n_directions : int
        How many lines.
    seed : int
        Of their directions.

    Returns
    -------
    float
        In units of the data: 0 for equal samples; two samples of the same distribution differ by a little.

    Raises
    ------
    ValueError
        If the samples differ in shape, are empty, or hold a number that is not finite.

    References
    ----------
    Rabin, Peyré, Delon and Bernot 2012, doi:10.1007/978-3-642-24785-9_37.
    """
    if x.shape != y.shape or x.ndim != 2 or not x.numel():
        raise ValueError(
            f"sliced_wasserstein: needs two samples of one shape (n, d), got {tuple(x.shape)} and {tuple(y.shape)}"
        )
    if not (x.isfinite().all() and y.isfinite().all()):
        raise ValueError("sliced_wasserstein: both samples must be finite")
    directions = torch.randn(x.shape[1], n_directions, generator=torch.Generator().manual_seed(seed))
    directions = directions / directions.norm(dim=0)
    shadow_x, shadow_y = (x @ directions).sort(0).values, (y @ directions).sort(0).values
    return (shadow_x - shadow_y).abs().mean().item()


def modes_found(x: Tensor, centres: Tensor, radius: float = 0.1, share: float = 0.02) -> int:
    """How many modes have at least ``share`` of the draws within ``radius`` of their centre.

    Parameters
    ----------
    x : Tensor, (n, d)
        Draws.
    centres : Tensor, (m, d)
    radius : float
        In units of the data.
    share : float
        Of all draws.
    """
    if wrong := _what_is_wrong(x, centres):
        raise ValueError(f"modes_found: {wrong}")
    return int(((torch.cdist(x, centres) < radius).float().mean(0) >= share).sum())


def high_quality_share(x: Tensor, centres: Tensor, radius: float = 0.1) -> float:
    """Share of the draws ``x``, (n, d), that lie within ``radius`` of one of the ``centres``, (m, d)."""
    if wrong := _what_is_wrong(x, centres):
        raise ValueError(f"high_quality_share: {wrong}")
    return (nearest_distance(x, centres) < radius).float().mean().item()


def _what_is_wrong(x: Tensor, centres: Tensor) -> str:
    """With draws and centres, in words; empty if nothing is."""
    if x.ndim != 2 or centres.ndim != 2 or x.shape[1] != centres.shape[1] or not len(x) or not len(centres):
        return f"needs draws (n, d) and centres (m, d), at least one of each, got {tuple(x.shape)} and {tuple(centres.shape)}"
    if not (x.isfinite().all() and centres.isfinite().all()):
        return "draws and centres must be finite"
    return ""
