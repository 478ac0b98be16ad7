"""A round blob on dark paper: the smallest pictures whose factors are known."""

from __future__ import annotations

import torch
from torch import Tensor

from course_utils.data.dataset import Dataset
from course_utils.data.factors import draw_or_require

SIDE = 16


def dots(
    n: int | None = None,
    seed: int = 0,
    *,
    factors: Tensor | None = None,
    x_range: tuple[float, float] = (3.0, 12.0),
    y_range: tuple[float, float] = (3.0, 12.0),
    width: float = 1.5,
) -> Dataset:
    r"""Pictures of one blob each, whose place is all that varies.

    The ink at column :math:`i` and row :math:`j` is :math:`\exp(-((i - x)^2 + (j - y)^2) / 2 w^2)`.

    Parameters
    ----------
    n : int, optional
        How many; 1000 by default, or as many as there are ``factors``.
    seed : int
        Of the places.
    factors : Tensor, (n, 2), optional
        Columns and rows of the centres, used as they are. By default they are uniform in their ranges and independent.
    x_range, y_range : tuple of float
        Lowest and highest column and row of a centre, in pixels within 0 to 15.
    width : float
        Standard deviation of the blob in pixels.

    Returns
    -------
    Dataset
        ``x``: (n, 256), ink from 0 (paper) to 1 (full), row by row; ``factors``: (n, 2).

    Raises
    ------
    TypeError, ValueError
        If ``factors`` are not numbers of shape (n, 2) within their ranges, a range is empty or leaves the picture, or
        the width is not positive.

    Examples
    --------
    >>> dots(factors=torch.tensor([[3.0, 12.0]])).x.reshape(16, 16)[12, 3].item()
    1.0
    """
    for low, high in (x_range, y_range):
        if not 0 <= low < high <= SIDE - 1:
            raise ValueError(f"dots: a range must increase within 0 to {SIDE - 1} pixels, got {low} to {high}")
    if not width > 0:
        raise ValueError(f"dots: width must be positive, got {width}")
    ranges = {"x (pixels)": x_range, "y (pixels)": y_range}
    factors = draw_or_require("dots", ranges, factors, n, torch.Generator().manual_seed(seed))
    pixel = torch.arange(float(SIDE))
    column, row = torch.exp(-((pixel - factors[..., None]) ** 2) / (2 * width**2)).unbind(1)
    return Dataset(
        x=(row[:, :, None] * column[:, None, :]).flatten(1),
        axes=(f"pixel of {SIDE} x {SIDE}, ink from 0 to 1",),
        factors=factors,
        factor_names=tuple(ranges),
        name="dots",
    )
