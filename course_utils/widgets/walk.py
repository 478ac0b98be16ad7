"""Where the sliders of an explorer can go."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from course_utils.widgets.network import latent_size

MOST_SLIDERS = 16
STEPS = 200  # per slider

Limits = tuple[float, float]


@dataclass(frozen=True)
class Walk:
    """Codes that can be reached.

    Attributes
    ----------
    dims : tuple of int
        Dimensions that have a slider; the others stay where the walk starts.
    limits : list of (low, high)
        Of each latent dimension.
    starts : dict of str to Tensor, (k,)
        Codes to start from, by name; where there is a slider, on one of its steps.
    """

    dims: tuple[int, ...]
    limits: list[Limits]
    starts: dict[str, Tensor]

    @classmethod
    def of(
        cls,
        decoder: nn.Module,
        codes: Tensor | None,
        starts: Mapping[str, Tensor] | None,
        limits: Limits | Sequence[Limits] | None,
        dims: Sequence[int] | None,
    ) -> Walk:
        """From what :class:`LatentExplorer` is given, which says what each means."""
        k = _dimensions(decoder, codes)
        chosen = _chosen(dims, k)
        pairs = _limits(limits, codes, k)
        begin = _starts(starts, codes, pairs)
        return cls(chosen, pairs, {name: _on_steps(z, chosen, pairs) for name, z in begin.items()})

    @property
    def reference(self) -> Tensor:
        """Where the sliders stand in the beginning; (k,)."""
        return next(iter(self.starts.values()))

    @property
    def digits(self) -> list[int]:
        """Decimals that tell the steps of each slider apart, two at least."""
        return [decimals(step) for _, step in self.grid]

    @property
    def grid(self) -> list[tuple[float, float]]:
        """Lowest value and step of each slider."""
        return [(low, (high - low) / STEPS) for low, high in self.slider_limits]

    @property
    def slider_limits(self) -> list[Limits]:
        """Of the dimensions that have a slider."""
        return [self.limits[dim] for dim in self.dims]

    def sample(self, seed: int, n: int = 256) -> Tensor:
        """Codes that the sliders can reach from any start, half of them with every slider at an end; (n, k)."""
        generator = torch.Generator().manual_seed(seed)
        begin = torch.stack(list(self.starts.values()))
        z = begin[torch.randint(len(begin), (n,), generator=generator)]
        for dim, (low, high) in zip(self.dims, self.slider_limits, strict=True):
            share = torch.rand(n, generator=generator)
            share[: n // 2].round_()
            z[:, dim] = low + (high - low) * share
        return z

    def plane(self, n: int) -> Tensor:
        """Codes on a grid over two dimensions, the top row with the highest second one; (n, n, k)."""
        across, up = (torch.linspace(*limits, n) for limits in self.slider_limits)
        z = self.reference.repeat(n, n, 1)
        z[..., self.dims[0]] = across
        z[..., self.dims[1]] = up.flip(0)[:, None]
        return z

    def along_each(self, n: int) -> Tensor:
        """For each slider, codes that differ in its dimension alone; (sliders, n, k)."""
        z = self.reference.repeat(len(self.dims), n, 1)
        for row, (dim, limits) in enumerate(zip(self.dims, self.slider_limits, strict=True)):
            z[row, :, dim] = torch.linspace(*limits, n)
        return z


def _dimensions(decoder: nn.Module, codes: Tensor | None) -> int:
    """How many latent dimensions the decoder has."""
    k = latent_size(decoder)
    if codes is not None:
        if codes.ndim != 2 or not len(codes) or not codes.isfinite().all() or k not in (None, codes.shape[1]):
            raise ValueError(
                f"codes must be finite and of shape (n, {k or 'k'}), as the decoder takes them; got {tuple(codes.shape)}"
            )
        k = codes.shape[1]
    if k is None:
        raise ValueError("how many latent dimensions the decoder has cannot be told from its first layer: pass codes")
    return k


def _chosen(dims: Sequence[int] | None, k: int) -> tuple[int, ...]:
    """The dimensions that have a slider."""
    try:
        chosen = tuple(range(k)) if dims is None else tuple(operator.index(dim) for dim in dims)
    except TypeError:
        chosen = ()
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
        return list(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))
    return as_pairs((-3.0, 3.0) if limits is None else limits, k)


def as_pairs(limits: Limits | Sequence[Limits], k: int) -> list[Limits]:
    """Lowest and highest value of each of ``k`` dimensions, from these or from one pair for all."""
    try:
        pairs = torch.as_tensor(limits, dtype=torch.float64).expand(k, 2)
        usable = bool(pairs.isfinite().all() and (pairs[:, 0] < pairs[:, 1]).all())
    except (TypeError, ValueError, RuntimeError):
        usable = False
    if not usable:
        raise ValueError(f"limits must be one pair (low, high) with low < high, or {k} of them; got {limits}")
    return [(low, high) for low, high in pairs.tolist()]


def _starts(starts: Mapping[str, Tensor] | None, codes: Tensor | None, limits: list[Limits]) -> dict[str, Tensor]:
    """Codes to start from, by name, all of them between the limits."""
    low, high = torch.tensor(limits).T
    if starts is not None and not isinstance(starts, Mapping):
        raise TypeError(f"starts must be a mapping of names to codes, got {type(starts).__name__}")
    if not starts:
        middle = (low + high) / 2 if codes is None else codes.mean(0)
        return {"the middle": middle.clamp(low, high)}
    begin = {name: as_floats(f"start {name!r}", z) for name, z in starts.items()}
    for name, z in begin.items():
        if z.shape != low.shape or not ((low <= z) & (z <= high)).all():
            pairs = ", ".join(f"{a:.3g} to {b:.3g}" for a, b in limits)
            raise ValueError(f"start {name!r} must be {len(limits)} numbers in the limits {pairs}; got {z.tolist()}")
    return begin


def decimals(step: float) -> int:
    """Decimals that tell multiples of a step apart, two at least."""
    return max(2, math.ceil(-math.log10(step) - 1e-3))


def as_floats(name: str, values: object) -> Tensor:
    """Numbers as a tensor of 32-bit floats on the CPU."""
    try:
        return torch.as_tensor(values).detach().float().cpu()
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(f"{name} must be a tensor of numbers, got {type(values).__name__}: {error}") from None


def _on_steps(z: Tensor, dims: tuple[int, ...], limits: list[Limits]) -> Tensor:
    """The code with every dimension that has a slider rounded to one of its steps."""
    z = z.clone()
    for dim in dims:
        low, high = limits[dim]
        z[dim] = low + ((z[dim] - low) / (high - low) * STEPS).round() / STEPS * (high - low)
    return z
