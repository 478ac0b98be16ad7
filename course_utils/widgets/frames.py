"""A slider over pictures that were drawn before."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import anywidget
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Bool, Int, List, Unicode

from course_utils.widgets import sheets
from course_utils.widgets.assets import SLIDER_LAYOUT, bundle, style

MOST_ON_A_SHEET = 6


class _Canvas(anywidget.AnyWidget):
    """The part that shows the picture chosen by ``index``."""

    _esm = bundle("frames.js")
    _css = style()
    frames = List().tag(sync=True)
    labels = List().tag(sync=True)
    alt = Unicode().tag(sync=True)
    pixelated = Bool().tag(sync=True)
    index = Int().tag(sync=True)


class FrameExplorer(ipywidgets.VBox):
    """A slider over precomputed pictures: the progress of a training, a sweep over a parameter.

    Parameters
    ----------
    frames : sequence of Tensor, (h, w), or of Figure
        Grey pictures of one shape, ink from 0 (white) to 1 (black); or figures, which are closed.
    labels : sequence of str
        What stands beside the slider, one for each frame.
    name : str
        Of the slider.
    alt : str
        What the pictures show, for readers who do not see them.

    Attributes
    ----------
    slider : SelectionSlider

    Raises
    ------
    TypeError, ValueError
        If frames and labels do not fit together, or a picture is empty or not finite.

    Examples
    --------
    >>> import torch
    >>> explorer = FrameExplorer(torch.rand(3, 8, 8), ["1", "2", "3"], name="epoch", alt="Random pixels")
    >>> explorer.slider.label
    '1'
    """

    def __init__(
        self, frames: Sequence[Tensor] | Sequence[Figure], labels: Sequence[str], *, name: str, alt: str
    ) -> None:
        frames, labels = list(frames), [str(label) for label in labels]
        if len(frames) < 2 or len(frames) != len(labels) or len(set(labels)) < len(labels):
            raise ValueError(
                f"FrameExplorer: needs at least two frames, each with a label of its own; got {len(frames)} frames and the labels {labels}"
            )
        self._frames = [_png(frame) for frame in frames]
        self._pixelated = isinstance(frames[0], Tensor)
        if len({picture.shape for picture in self._pictures()}) > 1 and self._pixelated:
            raise ValueError(f"FrameExplorer: all frames must have one shape, got {[tuple(f.shape) for f in frames]}")
        self.slider = ipywidgets.SelectionSlider(
            options=labels, description=name, layout=SLIDER_LAYOUT, style={"description_width": "initial"}
        )
        canvas = _Canvas(
            frames=[base64.b64encode(png).decode() for png in self._frames],
            labels=[f"{name} {label}" for label in labels],
            alt=alt,
            pixelated=self._pixelated,
        )
        ipywidgets.jslink((self.slider, "index"), (canvas, "index"))
        super().__init__([canvas, self.slider])
        self.add_class("course-explorer")

    def contact_sheet(self, *, title: str = "") -> Figure:
        """Up to six of the frames, from the first to the last, as one figure."""
        pictures, labels = self._pictures(), [f"{self.slider.description} {label}" for label in self.slider.options]
        rows = np.linspace(0, len(pictures) - 1, min(len(pictures), MOST_ON_A_SHEET)).round().astype(int)
        chosen = [pictures[row] for row in rows], [labels[row] for row in rows]
        return sheets.frames(*chosen, title, pixelated=self._pixelated)

    def _pictures(self) -> list[np.ndarray]:
        return [plt.imread(io.BytesIO(png)) for png in self._frames]


def _png(frame: Tensor | Figure) -> bytes:
    """A picture in the PNG format; a figure is closed."""
    file = io.BytesIO()
    if isinstance(frame, Figure):
        with plt.rc_context({"savefig.bbox": "standard"}):  # cut to its content, each frame would have another size
            frame.savefig(file, format="png", dpi=100)
        plt.close(frame)
    elif isinstance(frame, Tensor):
        if frame.ndim != 2 or not frame.numel() or not frame.isfinite().all():
            raise ValueError(f"FrameExplorer: a frame must be finite and of shape (h, w), got {tuple(frame.shape)}")
        plt.imsave(file, frame.detach().cpu().numpy(), cmap="gray_r", vmin=0, vmax=1, format="png")
    else:
        raise TypeError(f"FrameExplorer: a frame must be a tensor or a figure, got {type(frame).__name__}")
    return file.getvalue()
