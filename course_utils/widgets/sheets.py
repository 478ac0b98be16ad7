"""Contact sheets: what an explorer shows, side by side, for paper and for pages without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from course_utils.ode import Solution
from course_utils.plotting import BASELINE, DATA, MODEL, TRUTH, drawn_shape
from course_utils.widgets.outputs import Curve
from course_utils.widgets.walk import Limits

MOST_DOTS = 60  # steps


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
    title: str,
) -> Figure:
    """What four solvers find, each in its own axes before the reference: two states in their plane, one over time.

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
    title : str
    """
    plane = len(limits) == 2
    figure, axes = plt.subplots(2, 2, sharex=True, sharey=True, figsize=(5.4, 5.2), layout="constrained")
    for axis, (name, (found, complete)) in zip(axes.flat, solutions.items(), strict=True):
        for solution, color in ((reference, DATA), (found, MODEL)):
            x, y = solution.x.T if plane else (solution.t, solution.x[:, 0])
            dots = "o" if solution is found and len(x) <= MOST_DOTS + 1 else ""
            axis.plot(x, y, color=color, linewidth=1.2, marker=dots, markersize=2.5)
        axis.plot(x[0], y[0], "o", color=TRUTH, markersize=5)
        end = f"{found.nfe} evaluations" if complete else f"stops at t = {found.t[-1]:.3g}"
        axis.set_title(f"{name}, {end}", fontsize=9, loc="left", fontweight="normal")
        axis.tick_params(labelsize=10)
    axes[0, 0].set(ylim=limits[-1], xlim=limits[0] if plane else (0, horizon))
    figure.supxlabel(names[1] if plane else names[0], fontsize=10)
    figure.supylabel(names[-1], fontsize=10)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    return figure
