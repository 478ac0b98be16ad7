"""A slider over pictures that were drawn before."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import anywidget
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor
from traitlets import Bool, Int, List, Unicode

from course_utils.widgets import sheets
from course_utils.widgets.assets import SLIDER_LAYOUT, bundle, style

MOST_ON_A_SHEET = 6
COLOURS = 64  # of a figure: enough for lines and letters, and a page carries every frame


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
        Grey pictures of one shape, ink from 0 (white) to 1 (black), what lies beyond is cut; or figures of one size,
        which are closed.
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
        If frames and labels do not fit together, the frames differ in kind or size, or a picture is not finite.

    Examples
    --------
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
        frames = [torch.as_tensor(frame) if isinstance(frame, np.ndarray) else frame for frame in frames]
        _require_alike(frames)
        self._pixelated = isinstance(frames[0], Tensor)
        self._frames = [_png(frame) for frame in frames]
        if not self._pixelated:
            for figure in frames:
                plt.close(figure)
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


def _require_alike(frames: list[Tensor] | list[Figure]) -> None:
    """Refuse frames that are neither all pictures nor all figures, or differ in size, or cannot be drawn."""
    kinds = {type(frame).__name__ for frame in frames}
    if not all(isinstance(frame, Tensor) for frame in frames) and not all(isinstance(f, Figure) for f in frames):
        raise TypeError(
            f"FrameExplorer: frames must be all tensors (h, w) or all figures, got {', '.join(sorted(kinds))}"
        )
    sizes = [tuple(f.shape) if isinstance(f, Tensor) else tuple(f.get_size_inches().tolist()) for f in frames]
    if len(set(sizes)) > 1:
        raise ValueError(f"FrameExplorer: all frames must have one size, got {sizes}")
    for frame in frames:
        if not isinstance(frame, Tensor):
            continue
        if not frame.is_floating_point():
            raise TypeError(
                f"FrameExplorer: ink is a floating-point number from 0 to 1, got {frame.dtype}; divide bytes by 255"
            )
        if frame.ndim != 2 or not frame.numel() or not frame.isfinite().all():
            raise ValueError(f"FrameExplorer: a frame must be finite and of shape (h, w), got {tuple(frame.shape)}")


def _png(frame: Tensor | Figure) -> bytes:
    """A picture in the PNG format."""
    file = io.BytesIO()
    if isinstance(frame, Figure):
        with plt.rc_context({"savefig.bbox": "standard"}):  # cut to its content, each frame would have another size
            frame.savefig(drawn := io.BytesIO(), format="png", dpi=100)
        Image.open(drawn).convert("RGB").quantize(COLOURS).save(file, format="png", optimize=True)
    else:
        plt.imsave(file, frame.detach().cpu().numpy(), cmap="gray_r", vmin=0, vmax=1, format="png")
    return file.getvalue()
