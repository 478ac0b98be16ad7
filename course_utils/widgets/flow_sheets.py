"""Contact sheets of solutions: what four solvers find, or a field beside the true one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from course_utils.ode import Solution
from course_utils.plotting import DATA, MODEL, TRUTH
from course_utils.widgets.walk import Limits

Array = NDArray[np.floating]
Trace = tuple[Array, Array]

MOST_DOTS = 60  # steps
SHADOW = "#B9CBD9"
LOOKS = ((MODEL, "-"), ("#00805D", "--"), ("#A5480A", ":"))  # of several states in one picture; as in js/flow.css


def trajectories(
    solutions: Mapping[str, tuple[Solution, bool]],
    reference: Solution,
    names: Sequence[str],
    limits: Sequence[Limits],
    horizon: float,
    over_time: Sequence[int],
    title: str,
) -> Figure:
    """What four solvers find, each in its own axes before the reference: two states in their plane, one or three over time.

    Three states of the reference are also shown in space, above.

    Parameters
    ----------
    solutions : mapping of str to (Solution, bool)
        By the name of the solver, and whether it came to the end.
    reference : Solution
    names : sequence of str
        Of the time and of the states.
    limits : sequence of (low, high)
        Of the states.
    horizon : float
    over_time : sequence of int
        Which of one or three states are shown over time.
    title : str
    """
    d, plane = len(limits), len(limits) == 2
    upwards = [1] if plane else over_time
    shown = [names[i + 1] for i in upwards]
    figure = plt.figure(figsize=(5.4, 8.2 if d == 3 else 5.2), layout="constrained")
    part = figure
    if d == 3:
        above, part = figure.subfigures(2, 1, height_ratios=(3, 5))
        _space(above, reference, names[1:], limits)

    def traces(solution: Solution) -> list[Trace]:
        return _in_plane(solution) if plane else _over_time(solution, over_time)

    axes = part.subplots(2, 2, sharex=True, sharey=True)
    for axis, (name, (found, complete)) in zip(axes.flat, solutions.items(), strict=True):
        _draw(axis, traces(reference), traces(found), shown)
        end = f"{found.nfe} evaluations" if complete else f"stops at t = {found.t[-1]:.3g}"
        axis.set_title(f"{name}, {end}", fontsize=9, loc="left", fontweight="normal")
    axes[0, 0].set(ylim=_range(limits, upwards), xlim=limits[0] if plane else (0, horizon))
    part.supxlabel(names[1] if plane else names[0], fontsize=10)
    part.supylabel(", ".join(shown), fontsize=10)
    if len(shown) > 1:
        part.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=len(shown), fontsize=10)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    return figure


def beside(
    found: Solution,
    reference: Solution,
    names: Sequence[str],
    limits: Sequence[Limits],
    horizon: float,
    over_time: Sequence[int],
    title: str,
) -> Figure:
    """The solution of a field before that of the true one: two states in their plane, three in space, and all over time.

    Parameters
    ----------
    found, reference : Solution
        Of the field, and of the true one.
    names, limits, horizon, over_time, title
        As of :func:`trajectories`; states of any number are shown over time.
    """
    d = len(limits)
    shown = [names[i + 1] for i in over_time]
    figure = plt.figure(figsize=(5.4, 3.2 if d == 1 else 6.8), layout="constrained")
    part = figure
    if d > 1:
        above, part = figure.subfigures(2, 1, height_ratios=(5, 4))
    if d == 3:
        _space(above, found, names[1:], limits, reference)
    if d == 2:
        plane = above.subplots()
        _draw(plane, _in_plane(reference), _in_plane(found), [""])
        plane.set(xlim=limits[0], ylim=limits[1])
        _name(plane, names[1], names[2])
    axis = part.subplots()
    _draw(axis, _over_time(reference, over_time), _over_time(found, over_time), shown)
    axis.set(xlim=(0, horizon), ylim=_range(limits, over_time))
    _name(axis, names[0], ", ".join(shown))
    named = [*zip(*axis.get_legend_handles_labels(), strict=True)] if len(shown) > 1 else []
    handles, labels = zip((axis.lines[0], "the true field"), *named, strict=True)
    part.legend(handles, labels, loc="outside lower left", ncols=len(labels), fontsize=10)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    return figure


def _name(axis: Axes, right: str, up: str) -> None:
    axis.set_xlabel(right, fontsize=10)
    axis.set_ylabel(up, fontsize=10)


def _in_plane(solution: Solution) -> list[Trace]:
    return [(solution.x[:, 0], solution.x[:, 1])]


def _over_time(solution: Solution, states: Sequence[int]) -> list[Trace]:
    return [(solution.t, solution.x[:, i]) for i in states]


def _range(limits: Sequence[Limits], states: Sequence[int]) -> Limits:
    """From the lowest to the highest that is shown of some states."""
    low, high = np.transpose([limits[i] for i in states])
    return low.min(), high.max()


def _draw(axis: Axes, reference: Sequence[Trace], found: Sequence[Trace], labels: Sequence[str]) -> None:
    """Solutions before their references, with a dot at each step where these are few."""
    for trace, (_, style) in zip(reference, LOOKS, strict=False):
        axis.plot(*trace, style, color=DATA, linewidth=1.2)
    for (x, y), (color, style), label in zip(found, LOOKS, labels, strict=False):
        dots = "o" if len(x) <= MOST_DOTS + 1 else ""
        axis.plot(x, y, style, color=color, linewidth=1.2, marker=dots, markersize=2.5, label=label)
        axis.plot(x[0], y[0], "o", color=TRUTH, markersize=5)
    axis.tick_params(labelsize=10)


def _space(
    figure: Figure,
    solution: Solution,
    names: Sequence[str],
    limits: Sequence[Limits],
    reference: Solution | None = None,
) -> None:
    """A solution in space, before its reference if there is one, and its shadow on the floor, seen as in ``js/space.js``."""
    axis = figure.add_subplot(projection="3d", proj_type="ortho", azim=-60, elev=25)
    axis.set_box_aspect((1, 1, 1), zoom=1.1)
    x, y, z = solution.x.T
    axis.plot(x, y, np.full_like(z, limits[2][0]), color=SHADOW, linewidth=1.2)
    if reference is not None:
        axis.plot(*reference.x.T, color=DATA, linewidth=1.2)
    axis.plot(x, y, z, color=MODEL, linewidth=1.2)
    axis.plot(*solution.x[0], "o", color=TRUTH, markersize=5)
    for side, name, pair in zip("xyz", names, limits, strict=True):
        getattr(axis, f"{side}axis").pane.set_visible(side == "z")
        axis.set(**{f"{side}label": name, f"{side}lim": pair})
        axis.tick_params(axis=side, labelsize=10)
        axis.locator_params(axis=side, nbins=4)
