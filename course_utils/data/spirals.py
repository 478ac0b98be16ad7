"""Damped rotations in the plane, with observations that may be missing."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_utils.data.dataset import Dataset
from course_utils.data.factors import draw_or_require
from course_utils.data.noise import measure

FACTORS = {
    "radius": (0.5, 2.0),
    "angle (rad)": (-math.pi, math.pi),
    "decay (1/s)": (0.05, 0.15),
    "frequency (rad/s)": (1.5, 2.5),
}
DURATION = 10.0  # s


def spirals(
    n: int | None = None,
    seed: int = 0,
    *,
    factors: Tensor | None = None,
    noise: float = 0.0,
    missing: float = 0.0,
    n_times: int = 100,
) -> Dataset:
    r"""Points that turn around the origin and fall towards it, seen for 10 s.

    Each is the solution of the linear spiral :class:`course_utils.ode.Spiral`,
    :math:`\dot x = -\lambda x + \omega y,\ \dot y = -\omega x - \lambda y`, from a start given by radius and angle.

    Parameters
    ----------
    n : int, optional
        How many; 1000 by default, or as many as there are ``factors``.
    seed : int
        Of factors, noise and missing observations.
    factors : Tensor, (n, 4), optional
        Used as they are. By default they are uniform in the ranges of ``FACTORS`` and independent. Equal decays and equal
        frequencies make one vector field of which all are trajectories.
    noise : float
        Standard deviation of the noise in each coordinate.
    missing : float
        Share of the observations that are left out, from 0 to below 1: of each trajectory as many, at times drawn at random;
        the first is always there. Needs noise.
    n_times : int
        Times in the 10 s, the first at their start and the last at their end.

    Returns
    -------
    Dataset
        ``x`` and ``clean``: (n, n_times, 2); ``sigma``: the same shape, infinite where the observation is missing, or None
        without noise; ``grid``: the times in s; ``factors``: (n, 4).

    Raises
    ------
    TypeError, ValueError
        If ``factors`` are not numbers of shape (n, 4) within their ranges, or another argument is out of its range.

    References
    ----------
    Random linear spirals as a test of neural ODEs: after the demonstration of M. Surtsukov, github.com/msurtsukov/neural-ode.

    Examples
    --------
    >>> spirals(3, noise=0.1, missing=0.6).sigma.isinf().float().mean()
    tensor(0.6000)
    """
    if not 0 <= noise < math.inf:
        raise ValueError(f"spirals: noise must be 0 or positive, got {noise}")
    if not isinstance(n_times, int) or n_times < 2:
        raise ValueError(f"spirals: n_times must be a whole number of at least 2, got {n_times!r}")
    n_missing = round(missing * n_times) if 0 <= missing < 1 else -1
    if not 0 <= n_missing < n_times:
        raise ValueError(
            f"spirals: missing must be a share from 0 to below 1 that leaves an observation, got {missing}"
        )
    if n_missing and not noise:
        raise ValueError(
            "spirals: missing observations are marked by an infinite noise, so the others need one: give noise="
        )
    generator = torch.Generator().manual_seed(seed)
    factors = draw_or_require("spirals", FACTORS, factors, n, generator)
    t = torch.linspace(0, DURATION, n_times)
    radius, angle, decay, frequency = factors[..., None].unbind(1)
    size, turned = radius * torch.exp(-decay * t), angle - frequency * t
    clean = torch.stack([size * torch.cos(turned), size * torch.sin(turned)], dim=2)
    x, sigma = measure(clean, noise, generator)
    if n_missing:
        order = torch.rand(len(clean), n_times - 1, generator=generator).argsort(1) + 1
        sigma.scatter_(1, order[:, :n_missing, None].expand(-1, -1, 2), torch.inf)
    return Dataset(
        x=x,
        clean=clean,
        sigma=sigma,
        grid=t,
        axes=("time in s", "coordinate"),
        factors=factors,
        factor_names=tuple(FACTORS),
        name="spirals",
    )
