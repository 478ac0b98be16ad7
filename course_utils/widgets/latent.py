"""Sliders over the codes of a decoder."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import ipywidgets
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from traitlets import Dict, Float, List

from course_utils.plotting import CLASSES, DATA, image_grid
from course_utils.widgets import sheets
from course_utils.widgets.assets import SLIDER_LAYOUT, bundle, style
from course_utils.widgets.network import export, require_exportable
from course_utils.widgets.outputs import Curve, Image
from course_utils.widgets.storage import floats_as_text
from course_utils.widgets.walk import Limits, Walk, as_floats

MOST_DOTS = 1000


class _Canvas(anywidget.AnyWidget):
    """The part that decodes and draws; ``z0``, ``z1``, … follow the sliders."""

    _esm = bundle("latent.js")
    _css = style()
    network = List().tag(sync=True)
    output = Dict().tag(sync=True)
    dims = List().tag(sync=True)
    grid = List().tag(sync=True)
    digits = List().tag(sync=True)
    names = List().tag(sync=True)
    reference = List().tag(sync=True)
    starts = List().tag(sync=True)
    map = Dict().tag(sync=True)

    def __init__(self, values: Sequence[float], **state: Any) -> None:
        self.add_traits(**{f"z{j}": Float(value).tag(sync=True) for j, value in enumerate(values)})
        super().__init__(**state)


class LatentExplorer(ipywidgets.VBox):
    """One slider per latent dimension, and what the decoder makes of the code, computed where it is shown.

    The trained network travels with the explorer, so it works in JupyterLab, in Colab and in a page without a kernel.

    Parameters
    ----------
    decoder : nn.Module
        Maps codes ``(n, k)`` to ``(n, ...)``; a ``Sequential`` in evaluation mode, on the CPU.
    output : Image or Curve
        What its numbers are.
    codes : Tensor, (n, k), optional
        Codes of data. Without ``limits`` the sliders reach as far as they do, and of two dimensions there is a map.
    labels : Tensor, (n,), optional
        Colour the map; at most ten different ones.
    starts : mapping of str to Tensor, (k,), optional
        Codes to start from, by name; a slider stands on the nearest of its 200 steps. The first is where the walk
        begins; without any, it is the middle of the codes or of the limits.
    limits : (low, high), or k of them, optional
        How far the sliders reach; -3 to 3 without ``codes``.
    dims : sequence of int, optional
        Which dimensions have a slider, at most 16; the others stay where they were started.
    names : sequence of str, optional
        What stands beside the sliders.

    Attributes
    ----------
    sliders : list of FloatSlider
    error : float
        Largest deviation of the network in the page from the decoder, measured at 256 codes inside the limits and in
        their corners, as a share of the range of its outputs.

    Raises
    ------
    TypeError, ValueError
        If the decoder, the output, the codes or the limits do not fit; nothing is shown then.

    Examples
    --------
    >>> decoder = nn.Sequential(nn.Linear(2, 12), nn.Sigmoid()).eval()
    >>> explorer = LatentExplorer(decoder, Image(3, 4), limits=(-1, 1), names=("height", "width"))
    >>> explorer.sliders[0].value = 0.5
    >>> explorer.z
    tensor([0.5000, 0.0000])
    """

    def __init__(
        self,
        decoder: nn.Module,
        output: Image | Curve,
        *,
        codes: Tensor | None = None,
        labels: Tensor | None = None,
        starts: Mapping[str, Tensor] | None = None,
        limits: Limits | Sequence[Limits] | None = None,
        dims: Sequence[int] | None = None,
        names: Sequence[str] | None = None,
    ) -> None:
        if not isinstance(output, Image | Curve):
            raise TypeError(f"output must be Image(h, w) or Curve(t, unit), got {type(output).__name__}")
        require_exportable(decoder)
        codes = None if codes is None else as_floats("codes", codes)
        walk = Walk.of(decoder, codes, starts, limits, dims)
        names = list(names or (f"z{_subscript(dim + 1)}" for dim in walk.dims))
        if len(names) != len(walk.dims):
            raise ValueError(f"{len(names)} names for {len(walk.dims)} sliders")
        fitted, held_out = walk.sample(seed=0), walk.sample(seed=1)
        decoded = _decode(decoder, output, torch.cat([fitted, held_out]))
        exported = export(decoder, fitted, held_out)
        map_ = _map(codes, labels, walk, names)

        self._decoder, self._output, self._walk, self.error = copy.deepcopy(decoder), output, walk, exported.error
        self.sliders = _sliders(names, walk)
        self._canvas = _Canvas(
            [slider.value for slider in self.sliders],
            network=exported.layers,
            output=output.for_page(decoded),
            dims=list(walk.dims),
            grid=walk.grid,
            digits=walk.digits,
            names=names,
            reference=walk.reference.tolist(),
            starts=[{"name": name, "z": z.tolist()} for name, z in walk.starts.items()] if starts else [],
            map=map_,
        )
        for j, slider in enumerate(self.sliders):
            ipywidgets.jslink((slider, "value"), (self._canvas, f"z{j}"))
        super().__init__([self._canvas, *self.sliders])
        self.add_class("course-explorer")

    @property
    def z(self) -> Tensor:
        """The code at which the sliders stand; (k,). Moved by a reader, they tell a kernel, if there is one."""
        z = torch.tensor(self._canvas.reference)
        z[list(self._walk.dims)] = torch.tensor([slider.value for slider in self.sliders])
        return z

    def contact_sheet(self, *, title: str = "") -> Figure:
        """The same walk as a figure: for paper, for search, for a browser without scripts.

        Two dimensions of a picture make a plane, the first growing to the right and the second upwards. Otherwise
        each dimension is walked on its own.
        """
        plane = isinstance(self._output, Image) and len(self.sliders) == 2
        n_across = 9 if self._output.size <= 256 else 7
        z = self._walk.plane(n_across) if plane else self._walk.along_each(7)
        decoded = _decode(self._decoder, self._output, z.flatten(0, 1)).unflatten(0, z.shape[:2])
        names = [slider.description for slider in self.sliders]
        if isinstance(self._output, Curve):
            return sheets.curves(decoded, self._output, names, title)
        ink = (decoded - self._output.low) / (self._output.high - self._output.low)
        pictures = ink.flatten(0, 1).unflatten(1, self._output.shape)
        figure = image_grid(pictures, z.shape[1], rows=() if plane else names, title=title)
        figure.supxlabel(f"{names[0]} →" if plane else "low → high", fontsize=11)
        figure.supylabel(f"{names[1]} →" if plane else "", fontsize=11)
        return figure


def _map(codes: Tensor | None, labels: Tensor | None, walk: Walk, names: Sequence[str]) -> dict[str, Any]:
    """Codes in the plane, for the page; empty unless there are just two dimensions."""
    labels = None if labels is None else torch.as_tensor(labels).cpu()
    if labels is not None and (codes is None or labels.shape != codes.shape[:1] or labels.is_floating_point()):
        n = 0 if codes is None else len(codes)
        raise ValueError(
            f"labels must be {n} whole numbers, one for each code; got {labels.dtype} {tuple(labels.shape)}"
        )
    if codes is None or walk.dims != (0, 1) or len(walk.limits) != 2:
        return {}
    low, high = torch.tensor(walk.limits).T
    inside = ((low <= codes) & (codes <= high)).all(1)
    codes, labels = codes[inside], None if labels is None else labels[inside]
    kinds = [] if labels is None else labels.unique().tolist()
    if len(kinds) > len(CLASSES):
        raise ValueError(f"{len(kinds)} different labels, at most {len(CLASSES)} have a colour")
    groups = [
        {"name": str(kind), "color": color, "at": codes[labels == kind].median(0).values.tolist()}
        for kind, color in zip(kinds, CLASSES, strict=False)
    ]
    shown = torch.arange(len(codes))[:: -(-len(codes) // MOST_DOTS) or 1]
    return {
        "codes": floats_as_text(codes[shown]),
        "labels": "".join(str(kinds.index(label)) for label in labels[shown].tolist()) if kinds else "0" * len(shown),
        "groups": groups or [{"name": "", "color": DATA, "at": [0, 0]}],
        "x": walk.limits[0],
        "y": walk.limits[1],
        "xlabel": names[0],
        "ylabel": names[1],
    }


def _decode(decoder: nn.Module, output: Image | Curve, z: Tensor) -> Tensor:
    """Outputs for codes (n, k), as (n, output.size)."""
    like = next(decoder.parameters(), z)
    try:
        with torch.no_grad():
            decoded = decoder(z.to(like.dtype, copy=True)).float()
        decoded = decoded.flatten(1) if decoded.ndim > 1 else decoded[:, None]
    except (RuntimeError, ValueError) as error:
        raise ValueError(f"the decoder cannot decode codes of shape {tuple(z.shape)}: {error}") from error
    if len(decoded) != len(z):
        raise ValueError(f"the decoder makes {len(decoded)} outputs of {len(z)} codes: does it flatten the batch?")
    if decoded.shape[1] != output.size:
        raise ValueError(f"the decoder gives {decoded.shape[1]} numbers for a code, but {output} has {output.size}")
    if not decoded.isfinite().all():
        raise ValueError("the decoder gives NaN or infinite values between the limits: choose narrower limits")
    return decoded


def _sliders(names: Sequence[str], walk: Walk) -> list[ipywidgets.FloatSlider]:
    looks = ipywidgets.SliderStyle(description_width=f"{max(map(len, names)) + 1}ch")
    layout = ipywidgets.Layout(**SLIDER_LAYOUT)  # one for all: each would travel
    values = walk.reference[list(walk.dims)].tolist()
    return [
        ipywidgets.FloatSlider(
            value,
            min=low,
            max=high,
            step=step,
            readout_format=f".{digits}f",
            description=name,
            style=looks,
            layout=layout,
        )
        for name, value, (low, high), (_, step), digits in zip(
            names, values, walk.slider_limits, walk.grid, walk.digits, strict=True
        )
    ]


def _subscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
