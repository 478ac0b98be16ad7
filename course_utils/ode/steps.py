"""One step of a solver: from the state at ``t`` to the state at ``t + h``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import root

Array = NDArray[np.floating]
Field = Callable[[float, Array], Array]
Step = Callable[[Field, float, Array, float], Array]


def euler(field: Field, t: float, x: Array, h: float) -> Array:
    """Follow the tangent; order 1 (Euler 1768)."""
    return x + h * field(t, x)


def midpoint(field: Field, t: float, x: Array, h: float) -> Array:
    """Follow the slope that half an Euler step finds; order 2 (Runge 1895)."""
    return x + h * field(t + h / 2, x + h / 2 * field(t, x))


def heun(field: Field, t: float, x: Array, h: float) -> Array:
    """Follow the mean of the slopes at both ends of an Euler step; order 2 (Heun 1900)."""
    k1 = field(t, x)
    k2 = field(t + h, x + h * k1)
    return x + h / 2 * (k1 + k2)


def rk4(field: Field, t: float, x: Array, h: float) -> Array:
    """Follow a weighted mean of four slopes; order 4 (Kutta 1901)."""
    k1 = field(t, x)
    k2 = field(t + h / 2, x + h / 2 * k1)
    k3 = field(t + h / 2, x + h / 2 * k2)
    k4 = field(t + h, x + h * k3)
    return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def implicit_euler(field: Field, t: float, x: Array, h: float) -> Array:
    """Follow the slope of the state that is arrived at, which an equation has to find; order 1, for stiff problems.

    Raises
    ------
    ArithmeticError
        If that equation is not solved.

    References
    ----------
    Hairer and Wanner, *Solving Ordinary Differential Equations II*, doi:10.1007/978-3-642-05221-7, section IV.3.
    """

    def residual(new: Array) -> Array:
        new = new.reshape(x.shape)
        return (new - x - h * field(t + h, new)).ravel()

    solved = root(residual, x, method="lm")
    missed = np.abs(solved.fun).max()
    if not missed <= 1e-6 * (np.abs(x).max() + np.abs(solved.x).max()):
        raise ArithmeticError(f"no implicit step of {h:.3g}: its equation is missed by {missed:.1g}")
    return solved.x.astype(x.dtype).reshape(x.shape)


def symplectic_euler(field: Field, t: float, x: Array, h: float) -> Array:
    """Move the velocities first, and the positions with the velocities that are new; order 1, keeps areas.

    The state holds positions in its first half and velocities in its second; the rate of the one depends on the other alone.

    References
    ----------
    Hairer, Lubich and Wanner, *Geometric Numerical Integration*, doi:10.1007/3-540-30666-8, section I.1.2.
    """
    q, v = np.split(x, 2)
    v = v + h * np.split(field(t, x), 2)[1]
    q = q + h * np.split(field(t + h, np.concatenate([q, v])), 2)[0]
    return np.concatenate([q, v])
