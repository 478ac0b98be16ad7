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

DATA, MODEL, BASELINE = "#6E6E6E", "#0072B2", "#D55E00"
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
    x: Sequence[float], curves: dict[str, Iterable[float]], *, xlabel: str = "", ylabel: str = "", title: str = ""
) -> Axes:
    """Compare falling curves over the same positive ``x``, drawn at equal ratios; baselines first, the model last.

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
        offset, align = ((-8, -16), "right") if name == lowest else ((8, 8), "left")
        ax.annotate(
            name,
            (x[middle], values[middle]),
            offset,
            textcoords="offset points",
            ha=align,
            color=color,
            fontweight="bold",
        )
    ax.set(xscale="log", ylim=(0, None), xlabel=xlabel, ylabel=ylabel, title=title)
    ax.set_xticks(x, [f"{value:g}" for value in x])
    ax.xaxis.set_minor_locator(NullLocator())
    return ax


def drawn_shape(h: int, w: int) -> float:
    """Height over width of a picture as it is drawn: its own, but no flatter or taller than 1 to 4."""
    return min(max(h / w, 1 / 4), 4)


def _side(images: Tensor) -> int:
    side = round(images.shape[-1] ** 0.5)
    if images.ndim != 2 or side * side != images.shape[1]:
        raise ValueError(f"images must have shape (n, h, w) or (n, side * side), got {tuple(images.shape)}")
    return side
