"""Swings of a pendulum, by its true equation."""

from __future__ import annotations

import numpy as np
import torch
from scipy.integrate import solve_ivp
from torch import Tensor

from course_utils.data.dataset import Dataset
from course_utils.data.factors import draw_or_require
from course_utils.data.noise import measure

FACTORS = {
    "theta0 (rad)": (0.5, 1.5),
    "omega0 (rad/s)": (0.5, 1.5),
    "length (m)": (1.0, 2.5),
    "mass (kg)": (1.0, 3.0),
}
GRAVITY = 10.0  # m / s^2
DURATION = 5.0  # s


def pendulum(
    n: int | None = None,
    seed: int = 0,
    *,
    factors: Tensor | None = None,
    noise: float = 0.0,
    noise_rate: float = 0.0,
    n_times: int = 100,
) -> Dataset:
    r"""Angles of swinging pendulums without friction, measured at equal steps for 5 s.

    The angle obeys :math:`\ddot\theta = -(g / l) \sin\theta` from :math:`\theta(0) = \theta_0`,
    :math:`\dot\theta(0) = \omega_0` with :math:`g = 10` m/s². The mass has no influence on it. What is measured is

    .. math:: x(t) = \theta(t) + \sigma(t)\, \varepsilon, \qquad \varepsilon \sim \mathcal{N}(0, 1), \qquad
        \sigma(t) = \text{noise} + \text{noise\_rate} \cdot t.

    Parameters
    ----------
    n : int, optional
        How many; 1000 by default, or as many as there are ``factors``.
    seed : int
        Of factors and noise.
    factors : Tensor, (n, 4), optional
        Used as they are. By default they are uniform in the ranges of ``FACTORS`` and independent: angle from 0.5 to 1.5
        rad and velocity from 0.5 to 1.5 rad/s at the start, length from 1 to 2.5 m, mass from 1 to 3 kg.
    noise : float
        Standard deviation of the noise at the start, in rad.
    noise_rate : float
        By how much it grows, in rad/s.
    n_times : int
        Measurements in the 5 s, the last at their end and none at their start.

    Returns
    -------
    Dataset
        ``x`` and ``clean``: (n, n_times), angle in rad; ``sigma``: the same shape, or None without noise; ``grid``: the
        times in s; ``factors``: (n, 4).

    Raises
    ------
    TypeError, ValueError
        If ``factors`` are not numbers of shape (n, 4) within their ranges, the noise is negative, or there are fewer
        than two times.

    Examples
    --------
    >>> pendulum(3, noise_rate=0.1).x.shape
    torch.Size([3, 100])
    """
    if not (0 <= noise < np.inf and 0 <= noise_rate < np.inf):
        raise ValueError(f"pendulum: noise and noise_rate must be 0 or positive, got {noise} and {noise_rate}")
    if not isinstance(n_times, int) or n_times < 2:
        raise ValueError(f"pendulum: n_times must be a whole number of at least 2, got {n_times!r}")
    generator = torch.Generator().manual_seed(seed)
    factors = draw_or_require("pendulum", FACTORS, factors, n, generator)
    t = torch.arange(1, n_times + 1) * (DURATION / n_times)
    clean = swing(t, factors)
    x, sigma = measure(clean, noise + noise_rate * t, generator)
    return Dataset(
        x=x,
        clean=clean,
        sigma=sigma,
        grid=t,
        axes=("time in s",),
        factors=factors,
        factor_names=tuple(FACTORS),
        name="pendulum",
    )


def swing(t: Tensor, factors: Tensor) -> Tensor:
    """Angles (n, d) in rad at the times (d,) in s, of pendulums with the factors (n, 4) of :func:`pendulum`.

    Solved for all of them at once, with a relative error of 1e-8 per step.
    """
    theta0, omega0, length, _ = factors.double().numpy().T

    def field(_: float, state: np.ndarray) -> np.ndarray:
        theta, omega = np.split(state, 2)
        return np.concatenate([omega, -GRAVITY / length * np.sin(theta)])

    start = np.concatenate([theta0, omega0])
    solved = solve_ivp(
        field, (0, float(t[-1])), start, method="DOP853", t_eval=t.double().numpy(), rtol=1e-8, atol=1e-8
    )
    return torch.from_numpy(solved.y[: len(factors)].T.astype(np.float32)).T.contiguous()
