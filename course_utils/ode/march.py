"""Step after step, with a step that is given and with one that is picked on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from course_utils.ode.steps import Array, Field, Step

Pair = Callable[[Field, float, Array, float, Array], tuple[Array, Array, Array]]


class StepUnderflow(ArithmeticError):
    """The step that keeps the error within the tolerance no longer changes the time."""


def march(step: Step, field: Field, x: Array, times: Sequence[float]) -> Iterator[tuple[float, Array]]:
    """Time and state after each step from one of the times to the next."""
    for t, end in pairwise(times):
        x = step(field, t, x, end - t)
        yield end, x


def dopri5(field: Field, t: float, x: Array, h: float, k1: Array) -> tuple[Array, Array, Array]:
    """A step of order 5, its distance from one of order 4 that uses the same slopes, and the slope at its end.

    ``k1`` is the slope at its beginning, which the step before has found.

    References
    ----------
    Dormand and Prince 1980, doi:10.1016/0771-050X(80)90013-3.
    """
    nodes = (1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1)
    weights = (
        (1 / 5,),
        (3 / 40, 9 / 40),
        (44 / 45, -56 / 15, 32 / 9),
        (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
        (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
        (35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
    )
    doubt = (71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)
    k = [k1]
    for node, row in zip(nodes, weights, strict=True):
        new = x + h * sum(w * slope for w, slope in zip(row, k, strict=True))
        k.append(field(t + node * h, new))
    return new, h * sum(w * slope for w, slope in zip(doubt, k, strict=True)), k[-1]


def march_adaptively(
    pair: Pair, field: Field, x: Array, span: tuple[float, float], h: float, rtol: float, atol: float
) -> Iterator[tuple[float, Array]]:
    """Time and state after each step whose error stays within ``atol + rtol * |x|``; ``h`` is the first to be tried.

    A step that errs too much is tried again, shorter; the next one is as long as the error lets expect.

    Raises
    ------
    StepUnderflow

    References
    ----------
    Hairer, Nørsett and Wanner, *Solving Ordinary Differential Equations I*, doi:10.1007/978-3-540-78862-1, section II.4.
    """
    t, end = span
    k = field(t, x)
    while t < end:
        h = min(h, end - t)
        if t + h == t:
            raise StepUnderflow(f"a step of {h:.3g} does not change the time {t:.6g}")
        new, error, k_new = pair(field, t, x, h, k)
        scale = atol + rtol * np.maximum(abs(x), abs(new))
        share = max(float(np.sqrt(np.mean((error / scale) ** 2))), 1e-10)
        if share <= 1:
            t, x, k = (t + h if h < end - t else end), new, k_new
            yield t, x
        h *= min(10.0, max(0.2, 0.9 * share**-0.2))
