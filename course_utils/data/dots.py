"""A round blob on dark paper: the smallest pictures whose factors are known."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_utils.data.dataset import Dataset
from course_utils.data.factors import draw_or_require
from course_utils.data.noise import measure

SIDE = 16


def dots(
    n: int | None = None,
    seed: int = 0,
    *,
    factors: Tensor | None = None,
    x_range: tuple[float, float] = (3.0, 12.0),
    y_range: tuple[float, float] = (3.0, 12.0),
    width: float | tuple[float, float] = 1.5,
    noise: float = 0.0,
) -> Dataset:
    r"""Pictures of one blob each, whose place varies, and its radius if wanted.

    The ink at column :math:`i` and row :math:`j` is :math:`\exp(-((i - x)^2 + (j - y)^2) / 2 r^2)`, plus Gaussian noise.

    Parameters
    ----------
    n : int, optional
        How many; 1000 by default, or as many as there are ``factors``.
    seed : int
        Of places, radii and noise.
    factors : Tensor, (n, 2) or (n, 3), optional
        Columns and rows of the centres, and the radii if these vary; used as they are. By default they are uniform in
        their ranges and independent.
    x_range, y_range : tuple of float
        Lowest and highest column and row of a centre, in pixels within 0 to 15.
    width : float or tuple of float
        Radius of the blob in pixels, as the standard deviation of a Gaussian: one for all, or lowest and highest.
    noise : float
        Standard deviation of the noise in each pixel.

    Returns
    -------
    Dataset
        ``x`` and ``clean``: (n, 256), ink from 0 (paper) to 1 (full) if there is no noise, row by row; ``sigma``: the
        same shape, or None without noise; ``factors``: (n, 2), or (n, 3) if the radius varies.

    Raises
    ------
    TypeError, ValueError
        If ``factors`` are not numbers of the right shape within their ranges, a range is empty or leaves the picture, a
        radius is not positive, or the noise is negative.

    Examples
    --------
    >>> dots(factors=torch.tensor([[3.0, 12.0]])).x.reshape(16, 16)[12, 3].item()
    1.0
    """
    for low, high in (x_range, y_range):
        if not 0 <= low < high <= SIDE - 1:
            raise ValueError(f"dots: a range must increase within 0 to {SIDE - 1} pixels, got {low} to {high}")
    ranges = {"x (pixels)": x_range, "y (pixels)": y_range}
    if isinstance(width, tuple):
        ranges["radius (pixels)"] = width
    low, high = ranges.get("radius (pixels)", (width, width))
    if not 0 < low <= high < math.inf or (isinstance(width, tuple) and low == high):
        raise ValueError(f"dots: width must be positive, or a range of positive radii that increases, got {width}")
    if not 0 <= noise < math.inf:
        raise ValueError(f"dots: noise must be 0 or positive, got {noise}")
    generator = torch.Generator().manual_seed(seed)
    factors = draw_or_require("dots", ranges, factors, n, generator)
    radius = factors[:, 2:, None] if isinstance(width, tuple) else width
    pixel = torch.arange(float(SIDE))
    column, row = torch.exp(-((pixel - factors[:, :2, None]) ** 2) / (2 * radius**2)).unbind(1)
    clean = (row[:, :, None] * column[:, None, :]).flatten(1)
    x, sigma = measure(clean, noise, generator)
    return Dataset(
        x=x,
        clean=clean,
        sigma=sigma,
        axes=(f"pixel of {SIDE} x {SIDE}, ink from 0 to 1",),
        factors=factors,
        factor_names=tuple(ranges),
        name="dots",
    )
