"""Solve an initial value problem: one signature for every method."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from course_utils.ode import steps
from course_utils.ode.march import StepUnderflow, dopri5, march, march_adaptively
from course_utils.ode.steps import Array, Field, Step

FIXED: dict[str, Step] = {
    step.__name__: step
    for step in (steps.euler, steps.midpoint, steps.heun, steps.rk4, steps.implicit_euler, steps.symplectic_euler)
}
METHODS = (*FIXED, dopri5.__name__)


@dataclass(frozen=True)
class Solution:
    """What a solver has found.

    Attributes
    ----------
    t : ndarray, (n + 1,)
        Start, and the end of each step.
    x : ndarray, (n + 1, …)
        The states at these times.
    nfe : int
        Evaluations of the field, those of rejected steps included.
    method : str
    """

    t: Array
    x: Array
    nfe: int
    method: str


class SolverError(ArithmeticError):
    """A solver that could not go on; ``solution`` holds what :func:`solve` had found until then."""

    def __init__(self, message: str, solution: Solution | None = None) -> None:
        super().__init__(message)
        self.solution = solution


def solve(
    field: Field,
    x0: ArrayLike,
    span: tuple[float, float],
    method: str | Step = "dopri5",
    *,
    step: float | None = None,
    rtol: float = 1e-3,
    atol: float = 1e-6,
    max_nfe: int = 100_000,
) -> Solution:
    """States along the solution of x' = field(t, x) that starts at ``x0``.

    Parameters
    ----------
    field : function of (t, x)
        Rate of change, in the shape of ``x``; a :class:`System`, for example.
    x0 : array_like
        Where it starts; a number or an array of any shape. 32-bit numbers stay such.
    span : (start, end)
    method : str or function
        One of ``METHODS``, or a step of one's own, called as ``step(field, t, x, h)``.
    step : float, optional
        Length of every step, which a fixed method needs; the last is shorter if it would pass the end. ``dopri5`` tries it
        first, by default a hundredth of the span, and then picks its own.
    rtol, atol : float
        ``dopri5`` keeps the estimated error of a step within ``atol + rtol * |x|``.
    max_nfe : int
        Evaluations after which it gives up.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit, or the field returns another shape.
    SolverError
        If a state is no longer finite, a step becomes too small, an implicit step is not found, or ``max_nfe`` is reached. The message
        names the time, the size of the state and what to try.

    Examples
    --------
    >>> solve(lambda t, x: 1 - x, 0.0, (0, 1), "euler", step=0.25).x
    array([0.        , 0.25      , 0.4375    , 0.578125  , 0.68359375])
    """
    x, (start, end) = _state(x0), _span(span)
    name, one_step = _method(method)
    for label, value in (("step", step), ("rtol", rtol), ("atol", atol), ("max_nfe", max_nfe)):
        if value is not None and not (np.isscalar(value) and 0 < value < math.inf):
            raise ValueError(f"solve: {label} must be positive and finite, got {value!r}")
    if one_step is not None and step is None:
        raise ValueError(f"solve: {name} needs a step, as in step={(end - start) / 100:g}")
    counted, step = _Counted(field, max_nfe), float(step or (end - start) / 100)
    if one_step is None:
        states = march_adaptively(dopri5, counted, x, (start, end), step, rtol, atol)
    else:
        states = march(one_step, counted, x, _times(start, end, step))

    found = [(start, x)]
    try:
        with np.errstate(all="ignore"):  # what overflows is told below
            for t, x in states:
                if not np.isfinite(x).all():
                    raise FloatingPointError("the state is NaN" if np.isnan(x).any() else "the state is infinite")
                found.append((t, x))
    except ArithmeticError as error:
        raise SolverError(_explain(error, name, found), _solution(found, counted, name)) from None
    return _solution(found, counted, name)


class _TooManyEvaluations(ArithmeticError):
    pass


class _Counted:
    """A field that counts how often it is asked, and looks at the shape of its answers."""

    def __init__(self, field: Field, most: int) -> None:
        self._field, self._most, self.nfe = field, most, 0

    def __call__(self, t: float, x: Array) -> Array:
        if self.nfe >= self._most:
            raise _TooManyEvaluations(f"{self.nfe} evaluations were not enough")
        self.nfe += 1
        rate = np.asarray(self._field(t, x))
        if rate.shape != x.shape:
            raise ValueError(f"solve: the field returned shape {rate.shape} for a state of shape {x.shape}")
        return rate


def _explain(error: ArithmeticError, method: str, found: list[tuple[float, Array]]) -> str:
    """What happened, where, and what to try."""
    t, x = found[-1]
    if isinstance(error, FloatingPointError):
        advice = "does the field hold here? Else try a smaller step; for a stiff problem implicit_euler, or scipy's solve_ivp with Radau"
    elif isinstance(error, StepUnderflow):
        advice = "does the solution end there, or is the field NaN or not smooth? Stop before, or loosen rtol and atol"
    elif isinstance(error, _TooManyEvaluations):
        advice = "is the problem stiff? Try scipy's solve_ivp with Radau; or loosen the tolerances, or raise max_nfe"
    else:
        advice = "try a smaller step"
    size = np.hypot.reduce(x, axis=None, dtype=float)
    return f"{method} stopped after t = {t:.6g}, step {len(found) - 1}, state of norm {size:.3g}: {error}; {advice}"


def _solution(found: list[tuple[float, Array]], counted: _Counted, method: str) -> Solution:
    t, x = zip(*found, strict=True)
    return Solution(np.array(t), np.stack(x), counted.nfe, method)


def _state(x0: ArrayLike) -> Array:
    x = np.asarray(x0)
    x = x if np.issubdtype(x.dtype, np.floating) else x.astype(float)
    if not x.size or not np.isfinite(x).all():
        raise ValueError(f"solve: x0 must be finite numbers, got {x0!r}")
    return x


def _span(span: tuple[float, float]) -> tuple[float, float]:
    try:
        start, end = map(float, span)
    except (TypeError, ValueError):
        raise TypeError(f"solve: span must be two times (start, end), got {span!r}") from None
    if not -math.inf < start < end < math.inf:
        raise ValueError(
            f"solve: the end must come after the start, both finite; got {span}. To run backwards from the end T, "
            "solve the field -f(T - s, x) from 0 on"
        )
    return start, end


def _times(start: float, end: float, step: float) -> list[float]:
    """From start to end in equal steps, the last of them shorter where they do not fit."""
    n = math.ceil((end - start) / step * (1 - 1e-12))
    return [*(start + step * i for i in range(n)), end]


def _method(method: str | Step) -> tuple[str, Step | None]:
    """Its name, and its step unless it is adaptive."""
    if callable(method):
        return getattr(method, "__name__", "the method"), method
    if method not in METHODS:
        raise ValueError(f"solve: method must be a step function or one of {', '.join(METHODS)}; got {method!r}")
    return method, FIXED.get(method)
