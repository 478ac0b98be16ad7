"""A vector field with a starting point that the reader moves, and the solvers that follow it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from torch import nn
from traitlets import Dict, Float, Int, List

from course_utils.ode import Solution, SolverError, System, solve
from course_utils.widgets import flow_sheets
from course_utils.widgets.assets import SLIDER_LAYOUT, bundle, style
from course_utils.widgets.fields import Array, PageField, dimensions, page_field
from course_utils.widgets.walk import Limits, as_pairs, decimals

METHODS = {"euler": "Euler", "midpoint": "Midpoint", "rk4": "Runge-Kutta 4", "dopri5": "Dormand-Prince"}
MOST_EVALUATIONS = 20_000


class _Canvas(anywidget.AnyWidget):
    """The part that integrates and draws; ``p0``, ``p1``, … follow the sliders of the parameters."""

    _esm = bundle("flow.js")
    _css = style("flow.css")
    field = Dict().tag(sync=True)
    truth = Dict(allow_none=True).tag(sync=True)
    chart = Dict().tag(sync=True)
    methods = List().tag(sync=True)
    parameters = List().tag(sync=True)
    tolerance = Dict().tag(sync=True)
    fine = Dict().tag(sync=True)
    start = List().tag(sync=True)
    x0 = List().tag(sync=True)
    method = Int().tag(sync=True)
    step = Float().tag(sync=True)
    horizon = Float().tag(sync=True)

    def __init__(self, values: Sequence[float], **state: Any) -> None:
        self.add_traits(**{f"p{j}": Float(value).tag(sync=True) for j, value in enumerate(values)})
        super().__init__(**state)


class FlowExplorer(ipywidgets.VBox):
    """A starting point to drag, and the solutions that a solver and a reference find from there, computed where it is shown.

    The field travels with the explorer, so it works in JupyterLab, in Colab and in a page without a kernel. Two states are
    shown in their plane and over time, three in space and over time, one state over time alone. Time starts at 0.

    Parameters
    ----------
    field : System or nn.Module
        One to three states: a system of :mod:`course_utils.ode`, a ``Formula`` for example, or a network that maps states
        (n, d) or, with the time last, (n, d + 1) to rates of change (n, d), a ``Sequential`` in evaluation mode, on the CPU.
    x0 : array_like, (d,)
        Where the solution starts.
    limits : (low, high), or d of them
        What is shown of each state, and how far the starting point can be moved; of three states the first two can.
    horizon : float
        Time at which the solution ends; its slider reaches from a tenth to twice of it.
    step : float
        Length of a step of the methods that do not pick it themselves.
    steps : (low, high), optional
        How far the slider of the step reaches; from a tenth to ten times of it, and not beyond the horizon.
    method : {"euler", "midpoint", "rk4", "dopri5"}
        The solver in the beginning.
    sliders : mapping of str to (low, high), optional
        Parameters of the system that have a slider, and how far it reaches.
    rtol, atol : float
        Tolerance of ``dopri5``.
    over_time : sequence of str, optional
        States that are drawn over time; all of them by default. Those of a network are called x₁, x₂ and x₃, or x.
    truth : System, optional
        The field that the given one should be, of a network what it has learned from. Its solution from the same start is
        the reference then, its arrows lie behind those of the field, and the states and the time are called as it says.

    Attributes
    ----------
    solver : Dropdown
    sliders : list of FloatSlider
        Of the step, of the horizon, and of the parameters.
    error : float
        Largest deviation of a network in the page from the one that was given, measured at 256 states between the limits
        and, if it knows the time, times up to the horizon, as a share of the range of its outputs; 0 for a system.

    Raises
    ------
    TypeError, ValueError
        If the field cannot run in the page or an argument does not fit; nothing is shown then.

    Examples
    --------
    >>> from course_utils.ode import Pendulum
    >>> explorer = FlowExplorer(
    ...     Pendulum(), (1.0, 0.0), limits=[(-4, 4), (-8, 8)], horizon=10, step=0.1, sliders={"friction": (0, 1)}
    ... )
    >>> explorer.x0
    array([1., 0.])
    >>> [slider.description for slider in explorer.sliders]
    ['step h (s)', 'horizon T (s)', 'friction (kg m²/s)']

    A network beside the field that it should be:

    >>> network = nn.Sequential(nn.Linear(2, 2)).eval()
    >>> learned = FlowExplorer(network, (1.0, 0.0), limits=(-4, 4), horizon=10, step=0.1, truth=Pendulum())
    """

    def __init__(
        self,
        field: System | nn.Module,
        x0: ArrayLike,
        *,
        limits: Limits | Sequence[Limits],
        horizon: float,
        step: float,
        steps: Limits | None = None,
        method: str = "euler",
        sliders: Mapping[str, Limits] | None = None,
        rtol: float = 1e-3,
        atol: float = 1e-6,
        over_time: Sequence[str] | None = None,
        truth: System | None = None,
    ) -> None:
        d = dimensions(field) or np.size(x0)
        if d not in (1, 2, 3):
            raise ValueError(f"an explorer shows one to three states, the field has {d}")
        if truth is not None:
            _require_truth(truth, d)
        if method not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}; got {method!r}")
        positive = {"horizon": horizon, "step": step, "rtol": rtol, "atol": atol}
        horizon, step, rtol, atol = (_positive(name, value) for name, value in positive.items())
        if step > horizon:
            raise ValueError(f"the step {step:g} is longer than the horizon {horizon:g}")
        pairs = as_pairs(limits, d)
        start = _start(x0, pairs)
        page = page_field(field, pairs, horizon)
        aim = page if truth is None else page_field(truth, pairs)
        steps = _steps(steps, step, horizon)
        reach = _reach(sliders or {}, page)
        chosen = _chosen(over_time, aim.states)

        self._page, self._aim, self._limits, self._chosen, self.error = page, aim, pairs, chosen, page.error
        self._given = {"x0": start, "horizon": horizon, "step": step, "rtol": rtol, "atol": atol, "method": method}
        self.solver, self.sliders = _controls(method, page, aim, steps, step, horizon, reach)
        self._canvas = _Canvas(
            [page.parameters[name] for name in reach],
            field=page.sent,
            truth=None if truth is None else aim.sent,
            chart=_chart(aim, pairs, chosen),
            methods=list(METHODS.items()),
            parameters=list(reach),
            tolerance={"rtol": rtol, "atol": atol},
            fine=_tolerance(aim),
            start=start.tolist(),
            x0=start.tolist(),
            method=list(METHODS).index(method),
            step=step,
            horizon=horizon,
        )
        ipywidgets.jslink((self.solver, "index"), (self._canvas, "method"))
        for slider, trait in zip(self.sliders, ("step", "horizon", *(f"p{j}" for j in range(len(reach)))), strict=True):
            ipywidgets.jslink((slider, "value"), (self._canvas, trait))
        super().__init__([self._canvas, self.solver, *self.sliders])
        self.add_class("course-explorer")

    @property
    def x0(self) -> Array:
        """Where the solution starts; (d,). Moved by a reader, it tells a kernel, if there is one."""
        return np.array(self._canvas.x0, dtype=float)

    def contact_sheet(self, *, title: str = "") -> Figure:
        """What is shown from the given start, for paper, for search, for a browser without scripts.

        It is what the four solvers find with the given step, three states in space as well; with a ``truth`` it is the
        solution of the field beside the true one.
        """
        reference = self._reference()
        names = [self._aim.label(name) for name in ("t", *self._aim.states)]
        if self._aim is not self._page:
            found = self._solve(self._given["method"])[0]
            return flow_sheets.beside(
                found, reference, names, self._limits, self._given["horizon"], self._chosen, title
            )
        solutions = {name: self._solve(method) for method, name in METHODS.items()}
        return flow_sheets.trajectories(
            solutions, reference, names, self._limits, self._given["horizon"], self._chosen, title
        )

    def _solve(self, method: str) -> tuple[Solution, bool]:
        """What a solver finds, and whether it came to the end."""
        given = self._given
        step = None if method == "dopri5" else given["step"]
        tolerance = {"rtol": given["rtol"], "atol": given["atol"]}
        return self._run(self._page, method, step=step, **tolerance)

    def _run(self, field: PageField, method: str, **options: Any) -> tuple[Solution, bool]:
        span = 0, self._given["horizon"]
        try:
            return solve(field.rate, self._given["x0"], span, method, max_nfe=MOST_EVALUATIONS, **options), True
        except SolverError as error:
            return error.solution, False

    def _reference(self) -> Solution:
        """The exact solution, or one with a small tolerance."""
        if self._aim.exact is None:
            return self._run(self._aim, "dopri5", **_tolerance(self._aim))[0]
        t = np.linspace(0, self._given["horizon"], 301)
        x = self._aim.exact(t, self._given["x0"]).T
        known = np.isfinite(x).all(1).cumprod().astype(bool)  # as far as it is finite
        return Solution(t[known], x[known], 0, "exact")


def _require_truth(truth: System, d: int) -> None:
    """Refuse a truth that is no system or has other states than the field."""
    if not isinstance(truth, System):
        raise TypeError(f"the truth must be a System or a Formula; got {type(truth).__name__}")
    if len(truth.equations) != d:
        states = ", ".join(truth.equations)
        raise ValueError(f"the truth must have as many states as the field, {d}; got {len(truth.equations)} ({states})")


def _tolerance(page: PageField) -> dict[str, float]:
    """Of the reference."""
    return {"rtol": page.fine, "atol": page.fine / 100}


def _positive(name: str, value: float) -> float:
    if not (np.isscalar(value) and not isinstance(value, str) and 0 < value < math.inf):
        raise ValueError(f"{name} must be a positive, finite number, got {value!r}")
    return float(value)


def _start(x0: ArrayLike, limits: list[Limits]) -> Array:
    """Where the solution starts, one number for each state, inside the limits."""
    try:
        x = np.atleast_1d(np.asarray(x0, dtype=float))
    except (TypeError, ValueError):
        x = np.array([])
    if x.shape != (len(limits),) or not all(low <= value <= high for value, (low, high) in zip(x, limits, strict=True)):
        pairs = ", ".join(f"{low:g} to {high:g}" for low, high in limits)
        raise ValueError(f"x0 must be one number for each of {len(limits)} states, in the limits {pairs}; got {x0!r}")
    return x


def _steps(steps: Limits | None, step: float, horizon: float) -> Limits:
    """Shortest and longest step of the slider."""
    if steps is None:
        return step / 10, min(step * 10, horizon)
    ((low, high),) = as_pairs(steps, 1)
    if not 0 < low <= step <= high <= horizon:
        raise ValueError(
            f"steps must go from a positive number to at most the horizon {horizon:g}, around the step {step:g}; got {steps}"
        )
    return low, high


def _reach(sliders: Mapping[str, Limits], page: PageField) -> dict[str, Limits]:
    """How far the sliders of the parameters go."""
    reach = {}
    for name, pair in sliders.items():
        if name not in page.parameters:
            raise ValueError(f"the field has no parameter {name!r}; it has {', '.join(page.parameters) or 'none'}")
        ((low, high),) = as_pairs(pair, 1)
        if not low <= page.parameters[name] <= high:
            raise ValueError(
                f"the slider of {name} goes from {low:g} to {high:g}, but its value is {page.parameters[name]:g}"
            )
        reach[name] = low, high
    return reach


def _chosen(over_time: Sequence[str] | None, states: tuple[str, ...]) -> list[int]:
    """Which of the states are drawn over time."""
    if over_time is None:
        return list(range(len(states)))
    names = list(over_time) if isinstance(over_time, Sequence) and not isinstance(over_time, str) else []
    if not names or not set(names) <= set(states) or len(set(names)) < len(names):
        raise ValueError(f"over_time must be different states, some of ({', '.join(states)}); got {over_time!r}")
    return [states.index(name) for name in names]


def _controls(
    method: str,
    page: PageField,
    aim: PageField,
    steps: Limits,
    step: float,
    horizon: float,
    reach: Mapping[str, Limits],
) -> tuple[ipywidgets.Dropdown, list[ipywidgets.FloatSlider | ipywidgets.FloatLogSlider]]:
    """The choice of the solver; the sliders of the step, of the horizon and of the parameters."""
    time = f" ({aim.units['t']})" if "t" in aim.units else ""
    names = [f"step h{time}", f"horizon T{time}", *map(page.label, reach)]
    width = f"{max(map(len, names)) + 1}ch"
    looks = {"style": ipywidgets.SliderStyle(description_width=width), "layout": ipywidgets.Layout(**SLIDER_LAYOUT)}
    low, high = map(math.log10, steps)
    linear = {"horizon": (horizon, horizon / 10, 2 * horizon, horizon / 20)}
    for name, (least, most) in reach.items():
        value = page.parameters[name]
        unit = _fitting(10 ** math.floor(math.log10((most - least) / 50)), value - least)
        linear[name] = value, least, most, unit
    tenth = _fitting(0.1, math.log10(step) - low)
    sliders = [ipywidgets.FloatLogSlider(step, min=low, max=high, step=tenth, description=names[0], **looks)]
    for name, (value, least, most, unit) in zip(names[1:], linear.values(), strict=True):
        form = f".{decimals(unit)}f"
        sliders.append(
            ipywidgets.FloatSlider(
                value, min=least, max=most, step=unit, readout_format=form, description=name, **looks
            )
        )
    options = [(name, key) for key, name in METHODS.items()]
    choice = ipywidgets.Dropdown(
        options=options,
        value=method,
        description="solver",
        layout=SLIDER_LAYOUT | {"width": "auto"},  # all of it would be too wide by its margin
        style={"description_width": width},
    )
    return choice, sliders


def _fitting(unit: float, length: float) -> float:
    """About that unit, but such that a length is a multiple of it; a slider shows no value between its steps."""
    return length / max(1, round(length / unit)) if length > 0 else unit


def _chart(page: PageField, limits: list[Limits], over_time: list[int]) -> dict[str, Any]:
    """What stands on the axes."""
    return {
        "states": list(page.states),
        "labels": [page.label(state) for state in page.states],
        "limits": limits,
        "digits": [decimals((high - low) / 100) for low, high in limits],
        "overTime": over_time,
        "time": page.label("t"),
        "unit": page.units.get("t", ""),
    }
