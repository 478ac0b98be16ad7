"""Figures that more than one chapter draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator
from torch import Tensor

from course_utils.training import History

STYLE = Path(__file__).with_name("course.mplstyle")

DATA, MODEL, BASELINE, TRUTH = "#6E6E6E", "#0072B2", "#D55E00", "#111111"
CLASSES = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9",
    "#D55E00", "#6E6E6E", "#8C6D1F", "#4B2E83", "#A50F3C",
)  # fmt: skip
_INK = plt.get_cmap("gray_r").with_extremes(bad="#9CC9E8")


def image_grid(
    images: Tensor, columns: int = 10, *, title: str = "", rows: Sequence[str] = (), width: float = 5.4
) -> Figure:
    """Draw grey pictures in a grid, ink from 0 (white) to 1 (black); NaN, a covered pixel, is blue.

    Parameters
    ----------
    images : Tensor, (n, h, w) or, when they are square, (n, side * side)
    columns : int
        Pictures per row.
    title : str
        The figure's message.
    rows : sequence of str
        A name for each row.
    width : float
        Inches.
    """
    if images.ndim != 3:
        images = images.unflatten(1, (_side(images),) * 2)
    h, w = images.shape[1:]
    shape = drawn_shape(h, w)
    n_rows = -(-len(images) // columns)
    if rows and len(rows) != n_rows:
        raise ValueError(f"image_grid: {len(rows)} row names for {n_rows} rows")
    figure, axes = plt.subplots(
        n_rows, columns, squeeze=False, figsize=(width, width / (columns + 1.6 * bool(rows)) * n_rows * shape + 0.4)
    )
    for axis, image in zip(axes.flat, images, strict=False):
        axis.imshow(image.detach().numpy(), cmap=_INK, vmin=0, vmax=1, interpolation="nearest", aspect=shape * w / h)
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
        axis.grid(False)
    for axis, name in zip(axes[:, 0], rows, strict=False):
        axis.set_ylabel(name, rotation=0, ha="right", va="center")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    return figure


def reconstructions(x: Tensor, reconstructed: dict[str, Tensor], *, title: str = "") -> Figure:
    """Originals in the first row, and one row for each model: ``{name: (n, side * side)}``."""
    for name, x_hat in reconstructed.items():
        if x_hat.shape != x.shape:
            raise ValueError(f"reconstructions: {name} has shape {tuple(x_hat.shape)}, the originals {tuple(x.shape)}")
    return image_grid(torch.cat([x, *reconstructed.values()]), len(x), title=title, rows=("original", *reconstructed))


def latent_map(z: Tensor, labels: Tensor, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Scatter 2-D codes, coloured by label, with each label written at the median of its codes.

    Parameters
    ----------
    z : Tensor, (n, 2)
    labels : Tensor of int, (n,)
        At most ten different ones.
    """
    if z.ndim != 2 or z.shape[1] != 2:
        raise ValueError(f"latent_map: z must have shape (n, 2), got {tuple(z.shape)}")
    if len(labels) != len(z):
        raise ValueError(f"latent_map: {len(labels)} labels for {len(z)} codes")
    ax = ax or plt.subplots(figsize=(5.4, 4.8))[1]
    different = labels.unique().tolist()
    if len(different) > len(CLASSES):
        raise ValueError(f"latent_map: {len(different)} different labels, at most {len(CLASSES)} have a colour")
    for label, color in zip(different, CLASSES, strict=False):
        points = z[labels == label].detach().numpy()
        ax.scatter(*points.T, s=9, color=color, alpha=0.7, linewidths=0)
        ax.text(
            *np.median(points, axis=0), str(label), color=color, fontsize=15, fontweight="bold", ha="center", va="center",
            bbox={"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": color, "alpha": 0.9},
        )  # fmt: skip
    ax.set(xlabel="first code $z_1$", ylabel="second code $z_2$", title=title)
    return ax


def loss_curves(history: History, *, title: str = "", ylabel: str = "loss", ax: Axes | None = None) -> Axes:
    """Training and held-out loss over the epochs, on a logarithmic scale."""
    ax = ax or plt.subplots()[1]
    ax.margins(y=0.12)  # room for the lower name
    epochs = np.arange(1, len(history.loss) + 1)
    curves = (("training", history.loss, DATA, "top"), ("held out", history.held_out, MODEL, "bottom"))
    for name, values, color, side in curves:
        if values:
            ax.plot(epochs, values, color=color)
            ax.annotate(f" {name}", (epochs[-1], values[-1]), color=color, va=side, annotation_clip=False)
    ax.set(xlabel="epoch", ylabel=ylabel, title=title, yscale="log", xlim=(0, len(epochs) * 1.18))
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_locator(NullLocator())
    return ax


def lines(
    x: Sequence[float],
    curves: dict[str, Iterable[float]],
    *,
    xlabel: str = "",
    ylabel: str = "",
    ylim: tuple[float | None, float | None] = (0, None),
    title: str = "",
) -> Axes:
    """Compare curves over the same positive ``x``, drawn at equal ratios; baselines first, the model last.

    Parameters
    ----------
    x : sequence of float
        Where the curves were measured.
    curves : dict of str to iterable of float
        One to three curves by name; the lowest is named below its middle, the others above.
    """
    if not 1 <= len(curves) <= 3:
        raise ValueError(f"lines: draws one to three curves, got {len(curves)}")
    ax = plt.subplots()[1]
    middle = len(x) // 2
    drawn = {name: list(values) for name, values in curves.items()}
    lowest = min(drawn, key=lambda name: drawn[name][middle])
    for (name, values), color in zip(drawn.items(), [*(BASELINE, DATA)[: len(curves) - 1], MODEL], strict=True):
        ax.plot(x, values, "o-", color=color)
        offset, align = _beside(values, middle, above=name != lowest)
        ax.annotate(
            name,
            (x[middle], values[middle]),
            offset,
            textcoords="offset points",
            ha=align,
            color=color,
            fontweight="bold",
        )
    ax.set(xscale="log", ylim=ylim, xlabel=xlabel, ylabel=ylabel, title=title)
    ax.set_xticks(x, [f"{value:g}" for value in x])
    ax.xaxis.set_minor_locator(NullLocator())
    return ax


def _beside(values: Sequence[float], at: int, *, above: bool) -> tuple[tuple[int, int], str]:
    """Where the name of a curve crosses neither of the two pieces that meet at a point: offset and alignment."""
    before, here, after = values[max(at - 1, 0)], values[at], values[min(at + 1, len(values) - 1)]
    if above:
        side = "right" if after <= here else "left" if before <= here else "middle"
    else:
        side = "left" if before >= here else "right" if after >= here else "middle"
    y = (8 if above else -16) * (2 if side == "middle" else 1)
    return {"right": ((8, y), "left"), "left": ((-8, y), "right"), "middle": ((0, y), "center")}[side]


def measured(
    grid: Tensor,
    x: Tensor,
    curves: dict[str, Tensor],
    *,
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Measured values as grey dots, and curves through them, named in their colours above.

    Parameters
    ----------
    grid, x : Tensor, (d,)
        Where was measured, and what; NaN leaves a value out.
    curves : dict of str to Tensor, (d,)
        At most three: "truth" is black, the first other one blue, the second orange.
    """
    if len(curves) - ("truth" in curves) > 2:
        raise ValueError(f"measured: draws the truth and at most two other curves, got {', '.join(curves)}")
    ax = ax or plt.subplots(figsize=(5.4, 3.2))[1]
    for name, values in {"x": x, **curves}.items():
        if values.shape != grid.shape or grid.ndim != 1:
            raise ValueError(f"measured: {name} has shape {tuple(values.shape)}, the grid {tuple(grid.shape)}")
    models = iter((MODEL, BASELINE))
    ax.plot(grid, x.detach(), ".", color=DATA, markersize=4, alpha=0.7, label="measured")
    for name, values in curves.items():
        ax.plot(grid, values.detach(), color=TRUTH if name == "truth" else next(models), linewidth=1.6, label=name)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=4, borderpad=0, handlelength=0, handletextpad=0, columnspacing=1.2,
        markerscale=0, labelcolor="linecolor", prop={"weight": "bold", "size": 10},
    )  # fmt: skip
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_title(title, pad=22)
    return ax


def drawn_shape(h: int, w: int) -> float:
    """Height over width of a picture as it is drawn: its own, but no flatter or taller than 1 to 4."""
    return min(max(h / w, 1 / 4), 4)


def _side(images: Tensor) -> int:
    side = round(images.shape[-1] ** 0.5)
    if images.ndim != 2 or side * side != images.shape[1]:
        raise ValueError(f"images must have shape (n, h, w) or (n, side * side), got {tuple(images.shape)}")
    return side
