"""Whether a curve is one that a pendulum could draw."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from scipy.signal import savgol_filter
from torch import Tensor

WINDOW, DEGREE = 11, 4  # of the polynomials that smooth a curve


class PendulumFit(NamedTuple):
    """The equation of the pendulum, fitted to curves.

    Attributes
    ----------
    r2 : Tensor, (n,)
        Share of the variance of each curve's acceleration that the equation explains; 1 for a pendulum.
    k : Tensor, (n,)
        Gravity over length, in 1/s².
    """

    r2: Tensor
    k: Tensor


def pendulum_fit(x: Tensor, t: Tensor) -> PendulumFit:
    r"""Fit :math:`\ddot\theta = -k \sin\theta` to each curve by least squares.

    Angle and acceleration come from polynomials of degree 4 through 11 neighbouring points (Savitzky and Golay), because
    second differences make noise large. The ends, which have fewer neighbours, are left out.

    Parameters
    ----------
    x : Tensor, (n, d)
        Angles in rad at the times ``t``, (d,), in s: equally spaced, at least 12 of them.

    Returns
    -------
    PendulumFit

    Raises
    ------
    ValueError
        If the shapes do not fit, the times are not equally spaced, a number is not finite, or a curve rests.

    References
    ----------
    Savitzky and Golay 1964, doi:10.1021/ac60214a047.
    """
    step = _require_curves("pendulum_fit", x, t)
    theta, acceleration = (_smooth(x, step, order) for order in (0, 2))
    pull = torch.sin(theta)
    k = -(acceleration * pull).sum(1) / (pull**2).sum(1)
    missed = ((acceleration + k[:, None] * pull) ** 2).sum(1)
    varied = ((acceleration - acceleration.mean(1, keepdim=True)) ** 2).sum(1)
    if not (varied > 0).all():
        raise ValueError("pendulum_fit: a curve without acceleration has no R2: it rests")
    return PendulumFit((1 - missed / varied).float(), k.float())


def amplitude_and_frequency(x: Tensor, t: Tensor) -> Tensor:
    """Largest angle, and half the rate at which a curve crosses 0: (n, 2), in rad and Hz.

    Parameters
    ----------
    x : Tensor, (n, d)
        Angles in rad at the times ``t``, (d,), in s, as in :func:`pendulum_fit`.

    Returns
    -------
    Tensor, (n, 2)
        The frequency is NaN for a curve that crosses 0 fewer than twice.
    """
    step = _require_curves("amplitude_and_frequency", x, t)
    theta = _smooth(x, step, 0)
    times = t[WINDOW // 2 : len(t) - WINDOW // 2].double()
    return torch.stack([theta.abs().amax(1), torch.stack([_frequency(curve, times) for curve in theta])], 1).float()


def _frequency(curve: Tensor, t: Tensor) -> Tensor:
    before = (curve[:-1] * curve[1:] < 0).nonzero()[:, 0]
    if len(before) < 2:
        return torch.tensor(math.nan, dtype=curve.dtype)
    share = curve[before] / (curve[before] - curve[before + 1])
    crossings = t[before] + share * (t[before + 1] - t[before])
    return (len(crossings) - 1) / (2 * (crossings[-1] - crossings[0]))


def _smooth(x: Tensor, step: float, order: int) -> Tensor:
    """A derivative of the local polynomials, (n, d - WINDOW + 1), in 64 bits."""
    smooth = savgol_filter(x.double().numpy(), WINDOW, DEGREE, deriv=order, delta=step, axis=1)
    return torch.from_numpy(np.ascontiguousarray(smooth[:, WINDOW // 2 : x.shape[1] - WINDOW // 2]))


def _require_curves(name: str, x: Tensor, t: Tensor) -> float:
    """The time between two points of the curves."""
    if x.ndim != 2 or t.shape != x.shape[1:] or len(t) <= WINDOW:
        raise ValueError(
            f"{name}: needs curves (n, d) and times (d,), more than {WINDOW}, got {tuple(x.shape)} and {tuple(t.shape)}"
        )
    if not x.isfinite().all():
        raise ValueError(f"{name}: the curves must be finite")
    steps = t.double().diff()
    if not (steps > 0).all() or not torch.allclose(steps, steps.mean(), rtol=1e-3):
        raise ValueError(
            f"{name}: the times must increase in equal steps, got {steps.min():.4g} to {steps.max():.4g} s"
        )
    return steps.mean().item()
