"""Gaussian blobs on a ring: the smallest test of whether a generator covers its data."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_utils.data.dataset import Dataset
from course_utils.data.factors import draw_or_require
from course_utils.data.noise import measure

FACTORS = {"angle (rad)": (0.0, 2 * math.pi)}
RADIUS, SIGMA = 2 / math.sqrt(2), 0.02 / math.sqrt(2)


def rings(
    n: int | None = None,
    seed: int = 0,
    *,
    factors: Tensor | None = None,
    n_modes: int = 8,
    radius: float = RADIUS,
    sigma: float = SIGMA,
) -> Dataset:
    r"""Points in the plane around equally spaced centres on a ring.

    A point is :math:`r (\cos\alpha, \sin\alpha) + \sigma \varepsilon` with :math:`\varepsilon \sim \mathcal{N}(0, 1)`; its
    angle is that of one of the modes, each as likely as the others.

    Parameters
    ----------
    n : int, optional
        How many; 1000 by default, or as many as there are ``factors``.
    seed : int
        Of modes and noise.
    factors : Tensor, (n, 1), optional
        Angles from 0 to 2 pi, used as they are; then there are no labels.
    n_modes : int
        Centres; the first has the angle 0.
    radius, sigma : float
        Of the ring, and standard deviation of the noise in each coordinate. By default the coordinates have a variance of
        about 1.

    Returns
    -------
    Dataset
        ``x``: (n, 2); ``clean``: the centres; ``labels``: the modes; ``factors``: (n, 1), the angles.

    Raises
    ------
    TypeError, ValueError
        If ``factors`` are not numbers of shape (n, 1) in their range, there is no mode or no point, the radius is not
        positive or the noise is negative.

    References
    ----------
    Metz, Poole, Pfau and Sohl-Dickstein 2017, arXiv:1611.02163. Scale: Gulrajani and others 2017, arXiv:1704.00028.

    Examples
    --------
    >>> rings(3).x.shape
    torch.Size([3, 2])
    """
    if not 0 < radius < math.inf or not 0 <= sigma < math.inf:
        raise ValueError(f"rings: radius must be positive and sigma 0 or positive, got {radius} and {sigma}")
    if not isinstance(n_modes, int) or n_modes < 1:
        raise ValueError(f"rings: n_modes must be a whole number of at least 1, got {n_modes!r}")
    generator = torch.Generator().manual_seed(seed)
    drawn, labels = factors is None, None
    factors = draw_or_require("rings", FACTORS, factors, n, generator)
    if drawn:
        labels = torch.randint(n_modes, (len(factors),), generator=generator)
        factors = labels[:, None] * (2 * math.pi / n_modes)
    clean = radius * torch.cat([factors.cos(), factors.sin()], 1)
    x, noise = measure(clean, sigma, generator)
    return Dataset(
        x=x,
        clean=clean,
        sigma=noise,
        axes=("coordinate",),
        labels=labels,
        factors=factors,
        factor_names=tuple(FACTORS),
        name="rings",
    )


def ring_centres(n_modes: int = 8, radius: float = RADIUS) -> Tensor:
    """The centres of :func:`rings`, (n_modes, 2), in the order of the labels."""
    angles = torch.arange(n_modes)[:, None] * (2 * math.pi / n_modes)
    return rings(factors=angles, radius=radius, sigma=0.0).x
