"""torchdiffeq's solvers, guarded against what trips their users most."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import torch
import torchdiffeq
from torch import Tensor, nn

from course_utils.ode.adjoint import Adjoint
from course_utils.ode.solve import SolverError

FIXED = ("euler", "midpoint", "heun2", "heun3", "rk4")
ADAPTIVE = ("adaptive_heun", "dopri5")  # torchdiffeq's others interpolate between their steps far worse than they solve

State = Tensor | tuple[Tensor, ...]
TensorField = Callable[[Tensor, State], State]


class Counted(nn.Module):
    """A field that counts how often it is evaluated.

    Parameters
    ----------
    field : nn.Module

    Attributes
    ----------
    nfe : int
        Evaluations so far, those of the adjoint method's way back included; set it to 0 to start again.
    """

    def __init__(self, field: nn.Module) -> None:
        super().__init__()
        self.field = field
        self.nfe = 0

    def forward(self, t: Tensor, x: State) -> State:
        """The rate of change at time ``t``, in the shape of ``x``."""
        self.nfe += 1
        return self.field(t, x)


def odeint(
    field: TensorField,
    x0: State,
    t: Tensor,
    method: str = "dopri5",
    *,
    step: float | None = None,
    rtol: float = 1e-5,
    atol: float = 1e-6,
    adjoint: bool = False,
    max_nfe: int = 100_000,
) -> State:
    """States at the times ``t`` of the solution of x' = field(t, x) that starts at ``x0``, as tensors with gradients.

    Parameters
    ----------
    field : function of (t, x)
        Rate of change, in the shape of ``x``, at the time ``t``, a tensor with one number.
    x0 : Tensor, (…), or tuple of such tensors
        The states at the first time, one for all or a batch of them. 64-bit numbers stay such.
    t : Tensor, (n,)
        Two times or more, increasing or decreasing; the first is that of ``x0``.
    method : str
        One of ``FIXED`` or ``ADAPTIVE``. torchdiffeq's rk4 is Kutta's 3/8 rule.
    step : float, optional
        Longest step of a fixed method, which needs it; each stretch between two times is cut into equal steps. An adaptive method
        tries it first.
    rtol, atol : float
        An adaptive method keeps the estimated error of a step within ``atol + rtol * |x|``, in the root mean square over
        the whole batch, which shares its steps.
    adjoint : bool
        Solve a second equation for the gradients instead of going back through each step: the memory no longer
        grows with the number of steps. See :class:`Adjoint`.
    max_nfe : int
        Evaluations of one solution after which it gives up.

    Returns
    -------
    Tensor, (n, …), or tuple of such tensors

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit, or the field returns another shape.
    SolverError
        If a state is no longer finite, a step becomes too small, or ``max_nfe`` is reached, with ``adjoint`` also on the way
        back. The message names the time, the size of the state and what to try.

    References
    ----------
    torchdiffeq, Chen 2018, github.com/rtqichen/torchdiffeq.

    Examples
    --------
    >>> t = torch.tensor([0.0, 1.0, 2.0])
    >>> odeint(lambda t, x: 1 - x, torch.zeros(1), t, "euler", step=0.5).squeeze(1)
    tensor([0.0000, 0.7500, 0.9375])
    """
    _require_times(t)
    _require_states(x0)
    for label, value in (("step", step), ("rtol", rtol), ("atol", atol), ("max_nfe", max_nfe)):
        if value is not None and not 0 < value < math.inf:
            raise ValueError(f"odeint: {label} must be positive and finite, got {value!r}")
    options = _options(method, step, (t[-1] - t[0]).abs().item())
    solver = partial(_solved, method=method, max_nfe=max_nfe, rtol=rtol, atol=atol, options=options)
    if not adjoint:
        return solver(field, x0, t)
    _require_adjoint(field, x0, t)
    return Adjoint.apply(solver, field, x0, t, *(weight for weight in field.parameters() if weight.requires_grad))


def _solved(field: TensorField, x0: State, t: Tensor, *, max_nfe: int, **how: object) -> State:
    """What torchdiffeq finds, or a clear word on why it finds nothing."""
    watched = _Watched(field, max_nfe)
    try:
        x = torchdiffeq.odeint(watched, x0, t, **how)
        if all(part.isfinite().all() for part in _parts(x)):
            return x
        trouble = "the state is not finite"
    except AssertionError as error:  # how torchdiffeq says that a step is too small
        if "underflow in dt" not in str(error):
            raise
        trouble = f"no step is small enough ({error})"
    strict = _Watched(field, max_nfe, strict=True)
    try:
        with torch.no_grad():
            torchdiffeq.odeint(strict, x0, t, **how)
    except _NotFinite as error:
        watched, trouble = strict, str(error)
    except AssertionError:
        pass
    raise watched.error(trouble, _ADVICE[watched is strict]) from None


_ADVICE = {
    True: "does the field hold there? Bound it (tanh, a smaller last layer), clip gradients in training, try a smaller step or float64",
    False: "is the problem stiff, does the solution end there, or is the field not smooth? Try smooth activations, looser rtol and atol, "
    "float64, or a fixed method",
}


class _NotFinite(ArithmeticError):
    pass


class _Watched:
    """A field whose evaluations are counted, and which remembers the last; a strict one stops at the first number that is not finite."""

    def __init__(self, field: TensorField, most: int, *, strict: bool = False) -> None:
        self._field, self._most, self._strict, self._nfe = field, most, strict, 0
        self._last: tuple[Tensor, State] | None = None

    def __call__(self, t: Tensor, x: State) -> State:
        if self._strict and not all(part.isfinite().all() for part in _parts(x)):
            raise _NotFinite("the state is not finite")
        self._last = t, x
        if self._nfe == self._most:
            raise self.error(
                f"{self._nfe} evaluations were not enough",
                "is the problem stiff, has the field grown steep in training? Loosen rtol and atol, take a fixed method, or raise max_nfe",
            )
        self._nfe += 1
        rate = self._field(t, x)
        if self._nfe == 1:
            _require_shape(rate, x)
        if self._strict and not all(part.isfinite().all() for part in _parts(rate)):
            raise _NotFinite("the field is not finite")
        return rate

    def error(self, trouble: str, advice: str) -> SolverError:
        t, x = self._last
        size = math.hypot(*(part.detach().double().norm().item() for part in _parts(x)))
        return SolverError(f"odeint stopped at t = {t.item():.6g}, state of norm {size:.3g}: {trouble}; {advice}")


def _options(method: str, step: float | None, span: float) -> dict[str, object]:
    """For torchdiffeq, which else takes the given times as the steps of a fixed method."""
    if method in ADAPTIVE:
        return {} if step is None else {"first_step": step}
    if method not in FIXED:
        raise ValueError(f"odeint: method must be one of {', '.join((*FIXED, *ADAPTIVE))}; got {method!r}")
    if step is None:
        raise ValueError(
            f"odeint: {method} needs a step, as in step={span / 100:g}; the times alone do not say how precise"
        )
    return {"grid_constructor": lambda field, x0, t: _grid(t, step)}


def _grid(t: Tensor, step: float) -> Tensor:
    """The times, and between them as many more as steps of this length need; a thousandth more is taken for rounding."""
    gaps = t.diff().detach()
    n = (gaps.abs() / step - 1e-3).ceil().clamp(min=1).long()
    inside = torch.arange(int(n.sum()), device=t.device) - (n.cumsum(0) - n).repeat_interleave(n)
    return torch.cat([t[:-1].repeat_interleave(n) + inside * (t.diff() / n).repeat_interleave(n), t[-1:]])


def _parts(x: State) -> tuple[Tensor, ...]:
    return (x,) if isinstance(x, Tensor) else x


def _require_times(t: Tensor) -> None:
    if not isinstance(t, Tensor) or not t.is_floating_point():
        raise TypeError(
            f"odeint: t must be a tensor of floating-point times, got {getattr(t, 'dtype', type(t).__name__)}"
        )
    if t.ndim == 2:
        raise ValueError(
            f"odeint: t has shape {tuple(t.shape)}, but a batch shares one row of times. Solve to all of them, t.unique(), and pick "
            "each trajectory's own with gather; or solve from 0 to 1 with the field multiplied by each trajectory's duration"
        )
    if t.ndim != 1 or len(t) < 2:
        raise ValueError(f"odeint: t must hold the time of x0 and at least one later time, got shape {tuple(t.shape)}")
    if not t.isfinite().all():
        raise ValueError(f"odeint: t holds NaN or infinite values in {int((~t.isfinite()).sum())} places")
    gaps = t.diff()
    if not ((gaps > 0).all() or (gaps < 0).all()):
        wrong = int((~(gaps * (t[-1] - t[0]).sign() > 0)).nonzero()[0])
        raise ValueError(
            "odeint: the times must increase or decrease all along, none of them twice; "
            f"t[{wrong}] = {t[wrong]:g} is followed by {t[wrong + 1]:g}. Sort them, or take t.unique()"
        )


def _require_shape(rate: State, x: State) -> None:
    found, expected = ([tuple(part.shape) for part in _parts(state)] for state in (rate, x))
    if found != expected:
        raise ValueError(f"odeint: the field returned shape {found} for a state of shape {expected}")


def _require_states(x0: State) -> None:
    if not isinstance(x0, Tensor | tuple) or not all(isinstance(part, Tensor) for part in _parts(x0)) or not _parts(x0):
        raise TypeError(f"odeint: x0 must be a tensor or a tuple of tensors, got {type(x0).__name__}")
    for part in _parts(x0):
        if not part.is_floating_point():
            raise TypeError(f"odeint: x0 must hold floating-point numbers, got {part.dtype}; convert it with .float()")
        if not part.isfinite().all():
            raise ValueError(f"odeint: x0 holds NaN or infinite values in {int((~part.isfinite()).sum())} places")


def _require_adjoint(field: TensorField, x0: State, t: Tensor) -> None:
    if not isinstance(field, nn.Module):
        raise TypeError(
            f"odeint: with adjoint=True the field must be an nn.Module, so that its weights are known; got {type(field).__name__}"
        )
    if not isinstance(x0, Tensor) or t.requires_grad:
        raise ValueError(
            "odeint: adjoint=True gives gradients of one tensor x0 and of weights, not of tuples or of times; leave it out"
        )
