"""Contact sheets: what an explorer shows, side by side, for paper and for pages without scripts."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from course_utils.plotting import BASELINE, DATA, MODEL, drawn_shape
from course_utils.widgets.outputs import Curve


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
