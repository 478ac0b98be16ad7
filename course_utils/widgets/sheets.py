"""Contact sheets: what an explorer shows, side by side, for paper and for pages without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Tensor

from course_utils.ode import Solution
from course_utils.plotting import BASELINE, DATA, MODEL, TRUTH, drawn_shape
from course_utils.widgets.outputs import Curve
from course_utils.widgets.walk import Limits

Array = NDArray[np.floating]

MOST_DOTS = 60  # steps
SHADOW = "#B9CBD9"
LOOKS = ((MODEL, "-"), ("#00805D", "--"), ("#A5480A", ":"))  # of several states in one picture; as in js/flow.css


def curves(decoded: Tensor, output: Curve, rows: Sequence[str], title: str) -> Figure:
    """Each walk in its own axes, from its low end over the middle to its high end.

    Parameters
    ----------
    decoded : Tensor, (walks, steps, d)
    output : Curve
    rows : sequence of str
        Names of the walks.
    title : str
    """
    n_walks, n_steps = decoded.shape[:2]
    columns = min(n_walks, 2)
    n_rows = -(-n_walks // columns)
    figure, axes = plt.subplots(
        n_rows,
        columns,
        squeeze=False,
        sharex=True,
        sharey=True,
        figsize=(5.4, 2.2 * n_rows + 0.6),
        layout="constrained",
    )
    for axis, walk, name in zip(axes.flat, decoded, rows, strict=False):
        for step, curve in enumerate(walk):
            height = 2 * step / (n_steps - 1) - 1
            color = BASELINE if height < 0 else MODEL if height > 0 else DATA
            axis.plot(output.t, curve, color=color, alpha=0.25 + 0.75 * abs(height), linewidth=1.2)
        axis.set_title(f"{name}: low orange, high blue", fontsize=10, loc="left", fontweight="normal")
    for axis in axes.flat[n_walks:]:
        axis.set_visible(False)
    for axis in axes.flat[n_walks - columns : n_walks]:
        axis.tick_params(labelbottom=True)
    figure.supxlabel(output.xlabel, fontsize=10)
    figure.supylabel(output.value, fontsize=10)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    return figure


def frames(pictures: Sequence[np.ndarray], labels: Sequence[str], title: str, *, pixelated: bool) -> Figure:
    """Pictures below each other or in two columns, each under its label; arrays (h, w, 3 or 4)."""
    h, w = pictures[0].shape[:2]
    shape = drawn_shape(h, w)
    columns = 1 if w > 3 * h else 2 if w > h / 2 else 4
    n_rows = -(-len(pictures) // columns)
    width = 5.4 / columns
    figure, axes = plt.subplots(
        n_rows, columns, squeeze=False, figsize=(5.4, (width * shape + 0.3) * n_rows + 0.5), layout="constrained"
    )
    for axis, picture, label in zip(axes.flat, pictures, labels, strict=False):
        axis.imshow(picture, interpolation="nearest" if pixelated else "antialiased", aspect=shape * w / h)
        axis.set_title(label, fontsize=10, loc="left", fontweight="normal")
    for axis in axes.flat:
        axis.set_axis_off()
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    return figure


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

    def traces(solution: Solution) -> list[Sequence[Array]]:
        return [solution.x.T] if plane else [(solution.t, solution.x[:, i]) for i in over_time]

    axes = part.subplots(2, 2, sharex=True, sharey=True)
    for axis, (name, (found, complete)) in zip(axes.flat, solutions.items(), strict=True):
        for trace in traces(reference):
            axis.plot(*trace, color=DATA, linewidth=1.2)
        for (x, y), (color, style), label in zip(traces(found), LOOKS, shown, strict=False):
            dots = "o" if len(x) <= MOST_DOTS + 1 else ""
            axis.plot(x, y, style, color=color, linewidth=1.2, marker=dots, markersize=2.5, label=label)
            axis.plot(x[0], y[0], "o", color=TRUTH, markersize=5)
        end = f"{found.nfe} evaluations" if complete else f"stops at t = {found.t[-1]:.3g}"
        axis.set_title(f"{name}, {end}", fontsize=9, loc="left", fontweight="normal")
        axis.tick_params(labelsize=10)
    low, high = np.transpose([limits[i] for i in upwards])
    axes[0, 0].set(ylim=(low.min(), high.max()), xlim=limits[0] if plane else (0, horizon))
    part.supxlabel(names[1] if plane else names[0], fontsize=10)
    part.supylabel(", ".join(shown), fontsize=10)
    if len(shown) > 1:
        part.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=len(shown), fontsize=10)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    return figure


def _space(figure: Figure, solution: Solution, names: Sequence[str], limits: Sequence[Limits]) -> None:
    """A solution in space and, fainter, its shadow on the floor, seen as in ``js/space.js``."""
    axis = figure.add_subplot(projection="3d", proj_type="ortho", azim=-60, elev=25)
    axis.set_box_aspect((1, 1, 1), zoom=1.1)
    x, y, z = solution.x.T
    axis.plot(x, y, np.full_like(z, limits[2][0]), color=SHADOW, linewidth=1.2)
    axis.plot(x, y, z, color=MODEL, linewidth=1.2)
    axis.plot(*solution.x[0], "o", color=TRUTH, markersize=5)
    for side, name, pair in zip("xyz", names, limits, strict=True):
        getattr(axis, f"{side}axis").pane.set_visible(side == "z")
        axis.set(**{f"{side}label": name, f"{side}lim": pair})
        axis.tick_params(axis=side, labelsize=10)
        axis.locator_params(axis=side, nbins=4)
