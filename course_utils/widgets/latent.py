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
from course_utils.widgets.assets import bundle, style
from course_utils.widgets.network import Exported, export, latent_size, require_exportable
from course_utils.widgets.outputs import Curve, Image

MOST_SLIDERS = 16
MOST_DOTS = 1000
STEPS = 200  # per slider
SAMPLES = 256  # codes at which the page's network is compared with the decoder

Limits = tuple[float, float]


class _Canvas(anywidget.AnyWidget):
    """The part that decodes and draws; ``z0``, ``z1``, … follow the sliders."""

    _esm = bundle("latent.js")
    _css = style()
    network = List().tag(sync=True)
    output = Dict().tag(sync=True)
    dims = List().tag(sync=True)
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
        Codes of data. The sliders reach as far as they do, and of two dimensions there is a map of them.
    labels : Tensor, (n,), optional
        Colour the map; at most ten different ones.
    starts : mapping of str to Tensor, (k,), optional
        Codes to start from, by name. The first is where the sliders stand in the beginning; without any, it is the
        middle of the codes or of the limits.
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
        Largest deviation of the network in the page from the decoder, measured at codes between the limits, as a
        share of the range of its outputs.

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
        require_exportable(decoder)
        k = _dimensions(decoder, codes)
        self.dims = _chosen(dims, k)
        names = list(names or (f"z{_subscript(dim + 1)}" for dim in self.dims))
        if len(names) != len(self.dims):
            raise ValueError(f"{len(names)} names for {len(self.dims)} sliders")
        self.limits = _limits(limits, codes, k)
        begin = _starts(starts, codes, self.limits)
        self._decoder, self._output, self._reference = copy.deepcopy(decoder), output, next(iter(begin.values()))

        sample = self._sample(torch.stack(list(begin.values())))
        decoded = _decode(decoder, output, sample)
        self.exported: Exported = export(decoder, sample)
        self.sliders = [
            _slider(name, self._reference[dim].item(), self.limits[dim])
            for name, dim in zip(names, self.dims, strict=True)
        ]
        self._canvas = _Canvas(
            [slider.value for slider in self.sliders],
            network=self.exported.layers,
            output=output.for_page(decoded),
            dims=list(self.dims),
            names=names,
            reference=self._reference.tolist(),
            starts=[{"name": name, "z": z.tolist()} for name, z in begin.items()] if starts else [],
            map=self._map(codes, labels, names),
        )
        for j, slider in enumerate(self.sliders):
            ipywidgets.jslink((slider, "value"), (self._canvas, f"z{j}"))
        super().__init__([self._canvas, *self.sliders])
        self.add_class("course-explorer")

    @property
    def error(self) -> float:
        """See the class."""
        return self.exported.error

    @property
    def z(self) -> Tensor:
        """The code at which the sliders stand; (k,). Moved by a reader, they tell a kernel, if there is one."""
        z = torch.tensor(self._canvas.reference)
        z[list(self.dims)] = torch.tensor([slider.value for slider in self.sliders])
        return z

    def contact_sheet(self, *, title: str = "") -> Figure:
        """The same walk as a figure: for paper, for search, for a browser without scripts.

        Two dimensions of a picture make a plane, the first growing to the right and the second upwards. Otherwise
        each dimension is walked on its own.
        """
        plane = isinstance(self._output, Image) and len(self.dims) == 2
        z = self._plane() if plane else self._walks()
        decoded = _decode(self._decoder, self._output, z.flatten(0, 1)).unflatten(0, z.shape[:2])
        rows = [] if plane else [slider.description for slider in self.sliders]
        if isinstance(self._output, Image):
            ink = (decoded - self._output.low) / (self._output.high - self._output.low)
            return image_grid(ink.flatten(0, 1).unflatten(1, self._output.shape), z.shape[1], rows=rows, title=title)
        return sheets.curves(decoded, self._output, rows, title)

    def _plane(self, n: int = 9) -> Tensor:
        """Codes on a grid, the top row with the highest second dimension; (n, n, k)."""
        across, up = (torch.linspace(*self.limits[dim], n) for dim in self.dims)
        z = self._reference.repeat(n, n, 1)
        z[..., self.dims[0]] = across
        z[..., self.dims[1]] = up.flip(0)[:, None]
        return z

    def _walks(self, n: int = 7) -> Tensor:
        """For each slider, codes that differ from the start in that dimension alone; (sliders, n, k)."""
        z = self._reference.repeat(len(self.dims), n, 1)
        for row, dim in enumerate(self.dims):
            z[row, :, dim] = torch.linspace(*self.limits[dim], n)
        return z

    def _sample(self, begin: Tensor) -> Tensor:
        """Codes that the sliders can reach from the given ones, spread at random; (SAMPLES, k)."""
        generator = torch.Generator().manual_seed(0)
        z = begin[torch.randint(len(begin), (SAMPLES,), generator=generator)]
        for dim in self.dims:
            low, high = self.limits[dim]
            z[:, dim] = low + (high - low) * torch.rand(SAMPLES, generator=generator)
        return z

    def _map(self, codes: Tensor | None, labels: Tensor | None, names: Sequence[str]) -> dict[str, Any]:
        """Codes in the plane, for the page; empty unless there are just two dimensions."""
        if labels is not None and (codes is None or len(labels) != len(codes)):
            raise ValueError(f"{len(labels)} labels for {0 if codes is None else len(codes)} codes")
        if codes is None or self.dims != (0, 1) or len(self.limits) != 2:
            return {}
        kinds = [] if labels is None else labels.unique().tolist()
        if len(kinds) > len(CLASSES):
            raise ValueError(f"{len(kinds)} different labels, at most {len(CLASSES)} have a colour")
        groups = [
            {"name": str(kind), "color": color, "at": _rounded(codes[labels == kind].median(0).values)}
            for kind, color in zip(kinds, CLASSES, strict=False)
        ]
        shown = torch.arange(len(codes))[:: -(-len(codes) // MOST_DOTS)]
        return {
            "codes": [_rounded(code) for code in codes[shown]],
            "labels": [kinds.index(label) for label in labels[shown].tolist()] if kinds else [0] * len(shown),
            "groups": groups or [{"name": "", "color": DATA, "at": [0, 0]}],
            "x": self.limits[0],
            "y": self.limits[1],
            "xlabel": names[0],
            "ylabel": names[1],
        }


def _dimensions(decoder: nn.Module, codes: Tensor | None) -> int:
    """How many latent dimensions the decoder has."""
    k = latent_size(decoder)
    if codes is not None:
        if codes.ndim != 2 or not codes.isfinite().all() or k not in (None, codes.shape[1]):
            raise ValueError(
                f"codes must be finite and of shape (n, {k or 'k'}), as the decoder takes them; got {tuple(codes.shape)}"
            )
        k = codes.shape[1]
    if k is None:
        raise ValueError(
            "how many latent dimensions the decoder has cannot be told: begin it with Linear or Unflatten, or pass codes"
        )
    return k


def _chosen(dims: Sequence[int] | None, k: int) -> tuple[int, ...]:
    """The dimensions that have a slider."""
    chosen = tuple(range(k)) if dims is None else tuple(dims)
    if len(chosen) > MOST_SLIDERS:
        raise ValueError(
            f"{len(chosen)} latent dimensions are too many for one explorer, at most {MOST_SLIDERS} have a slider: "
            "choose some, for example dims=(0, 1, 2), by how much each of them changes the output"
        )
    if not chosen or len(set(chosen)) < len(chosen) or not all(dim in range(k) for dim in chosen):
        raise ValueError(f"dims must be different whole numbers from 0 to {k - 1}, got {dims}")
    return chosen


def _limits(limits: Limits | Sequence[Limits] | None, codes: Tensor | None, k: int) -> list[Limits]:
    """Lowest and highest value of each dimension."""
    if limits is None and codes is not None:
        low, high = codes.amin(0), codes.amax(0)
        margin = torch.where(high > low, 0.05 * (high - low), 0.5)
        pairs = torch.stack([low - margin, high + margin], dim=1)
    else:
        pairs = torch.as_tensor((-3.0, 3.0) if limits is None else limits, dtype=torch.float32)
        pairs = pairs.expand(k, 2) if pairs.shape in ((2,), (k, 2)) else pairs
    if pairs.shape != (k, 2) or not pairs.isfinite().all() or not (pairs[:, 0] < pairs[:, 1]).all():
        raise ValueError(f"limits must be one pair (low, high) with low < high, or {k} of them; got {limits}")
    return [(low, high) for low, high in pairs.tolist()]


def _starts(starts: Mapping[str, Tensor] | None, codes: Tensor | None, limits: list[Limits]) -> dict[str, Tensor]:
    """Codes to start from, by name, all of them between the limits."""
    low, high = torch.tensor(limits).T
    if not starts:
        middle = (low + high) / 2 if codes is None else codes.float().mean(0)
        return {"the middle": middle.detach().clamp(low, high)}
    begin = {name: torch.as_tensor(z).detach().float() for name, z in starts.items()}
    for name, z in begin.items():
        if z.shape != low.shape or not ((low <= z) & (z <= high)).all():
            raise ValueError(
                f"start {name!r} must be {len(limits)} numbers between the limits, got {z.tolist()}; "
                f"the limits are {[_rounded(torch.tensor(pair)) for pair in limits]}"
            )
    return begin


def _decode(decoder: nn.Module, output: Image | Curve, z: Tensor) -> Tensor:
    """Outputs for codes (n, k), as (n, output.size)."""
    like = next(decoder.parameters(), z)
    try:
        with torch.no_grad():
            decoded = decoder(z.to(like.dtype)).float().flatten(1)
    except (RuntimeError, ValueError) as error:
        raise ValueError(f"the decoder cannot decode codes of shape {tuple(z.shape)}: {error}") from error
    if decoded.shape[1] != output.size:
        raise ValueError(f"the decoder gives {decoded.shape[1]} numbers for a code, but {output} has {output.size}")
    if not decoded.isfinite().all():
        raise ValueError("the decoder gives NaN or infinite values between the limits: choose narrower limits")
    return decoded


def _slider(name: str, value: float, limits: Limits) -> ipywidgets.FloatSlider:
    low, high = limits
    layout = {"width": "100%", "max_width": "36rem"}
    step = (high - low) / STEPS
    return ipywidgets.FloatSlider(value, min=low, max=high, step=step, description=name, layout=layout)


def _subscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _rounded(values: Tensor) -> list[float]:
    return [float(f"{value:.4g}") for value in values.tolist()]
