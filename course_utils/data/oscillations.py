"""Oscillations that amplitude, frequency and phase describe completely."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_utils.data.dataset import Dataset
from course_utils.data.factors import draw_or_require
from course_utils.data.noise import measure

FACTORS = {"amplitude (rad)": (0.3, 1.2), "frequency (Hz)": (0.3, 0.6), "phase (rad)": (-math.pi / 2, math.pi / 2)}
DURATION = 5.0  # s


def oscillations(
    n: int | None = None, seed: int = 0, *, factors: Tensor | None = None, noise: float = 0.0, n_times: int = 100
) -> Dataset:
    r"""Angles of weights on springs, measured at equal steps for 5 s.

    The angle is :math:`A \cos(2 \pi f t + \varphi)`, the solution of :math:`\ddot\theta = -(2 \pi f)^2\, \theta`: what a
    pendulum does while its swings are small. Gaussian noise is added.

    Parameters
    ----------
    n : int, optional
        How many; 1000 by default, or as many as there are ``factors``.
    seed : int
        Of factors and noise.
    factors : Tensor, (n, 3), optional
        Used as they are. By default they are uniform in the ranges of ``FACTORS`` and independent: amplitude from 0.3 to
        1.2 rad, frequency from 0.3 to 0.6 Hz, phase from -pi/2 to pi/2.
    noise : float
        Standard deviation of the noise in rad.
    n_times : int
        Measurements in the 5 s, the first at their start and the last at their end.

    Returns
    -------
    Dataset
        ``x`` and ``clean``: (n, n_times), angle in rad; ``sigma``: the same shape, or None without noise; ``grid``: the
        times in s; ``factors``: (n, 3).

    Raises
    ------
    TypeError, ValueError
        If ``factors`` are not numbers of shape (n, 3) within their ranges, the noise is negative, or there are fewer
        than two times.

    Examples
    --------
    >>> oscillations(factors=torch.tensor([[1.0, 0.5, 0.0]]), n_times=6).x
    tensor([[ 1., -1.,  1., -1.,  1., -1.]])
    """
    if not 0 <= noise < math.inf:
        raise ValueError(f"oscillations: noise must be 0 or positive, got {noise}")
    if not isinstance(n_times, int) or n_times < 2:
        raise ValueError(f"oscillations: n_times must be a whole number of at least 2, got {n_times!r}")
    generator = torch.Generator().manual_seed(seed)
    factors = draw_or_require("oscillations", FACTORS, factors, n, generator)
    t = torch.linspace(0, DURATION, n_times)
    amplitude, frequency, phase = factors[..., None].unbind(1)
    clean = amplitude * torch.cos(2 * math.pi * frequency * t + phase)
    x, sigma = measure(clean, noise, generator)
    return Dataset(
        x=x,
        clean=clean,
        sigma=sigma,
        grid=t,
        axes=("time in s",),
        factors=factors,
        factor_names=tuple(FACTORS),
        name="oscillations",
    )
