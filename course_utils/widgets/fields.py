"""Vector fields for the page, each with its twin in Python."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from course_utils.ode import System
from course_utils.widgets.network import export, latent_size, output_size, require_exportable
from course_utils.widgets.walk import Limits

Array = NDArray[np.floating]

_CALLED = "field"
_SUBSCRIPTED = ("x₁", "x₂", "x₃")


@dataclass(frozen=True)
class PageField:
    """A vector field that the page can run.

    Attributes
    ----------
    sent : dict
        For ``fieldOf`` in ``js/field.js``.
    rate : function of (t, x)
        The same field in Python.
    exact : function of (t, x0), or None
        States (d, n) of the solution at the times (n,), where a closed form is known.
    states : tuple of str
    parameters : dict of str to float
    units : mapping of str to str
    fine : float
        Relative tolerance of the reference where there is no closed form; the absolute one is a hundredth of it.
    error : float
        Largest deviation of the page's field from the one that was given, as a share of the range of its values.
    """

    sent: dict[str, Any]
    rate: Callable[[float, Array], Array]
    exact: Callable[[Array, Array], Array] | None
    states: tuple[str, ...]
    parameters: Mapping[str, float]
    units: Mapping[str, str]
    fine: float
    error: float

    def label(self, name: str) -> str:
        """A state, a parameter or ``t``, with its unit if it has one."""
        return f"{name} ({self.units[name]})" if name in self.units else name


def dimensions(field: System | nn.Module) -> int | None:
    """How many states a field has, if it tells.

    Raises
    ------
    TypeError, ValueError
        If the page cannot run it.
    """
    if isinstance(field, System):
        return len(field.equations)
    if not isinstance(field, nn.Module):
        raise TypeError(
            f"the field must be a System, a Formula or a network, so that the page can run it; got {type(field).__name__}"
        )
    require_exportable(field, _CALLED)
    inputs, rates = latent_size(field), output_size(field)
    return rates if rates and inputs == rates + 1 else inputs  # one more: the time


def page_field(field: System | nn.Module, limits: list[Limits], horizon: float = 1.0) -> PageField:
    """A system or a network for the page; a network is tried at states between the limits, at times up to the horizon."""
    return _system(field) if isinstance(field, System) else _network(field, limits, horizon)


def _system(system: System) -> PageField:
    sent = {
        "kind": "formulas",
        "states": list(system.equations),
        "parameters": system.parameters,
        "rates": list(system.trees.values()),
        "exact": list(system.exact_trees.values()),
    }
    exact = system.solution if system.exact else None
    states = tuple(system.equations)
    return PageField(sent, system, exact, states, system.parameters, system.units, fine=1e-8, error=0.0)


def _network(network: nn.Module, limits: list[Limits], horizon: float) -> PageField:
    d, timed = len(limits), latent_size(network) == len(limits) + 1
    ranges = [*limits, (0.0, horizon)] if timed else limits
    fitted, held_out = (_between(ranges, seed) for seed in (0, 1))
    _require_rates(network, torch.cat([fitted, held_out]), d)
    exported = export(network, fitted, held_out, "float32", called=_CALLED)
    twin = copy.deepcopy(network).double()  # the page reckons with 64 bits

    def rate(t: float, x: Array) -> Array:
        with torch.no_grad():
            return twin(torch.from_numpy(np.append(x, t) if timed else x)[None])[0].numpy()

    sent = {"kind": "network", "layers": exported.layers, "inputs": len(ranges)}
    states = _SUBSCRIPTED[:d] if d > 1 else ("x",)
    return PageField(sent, rate, None, states, {}, {}, fine=1e-6, error=exported.error)


def _between(limits: list[Limits], seed: int, n: int = 256) -> Tensor:
    """Points (n, d) inside the limits."""
    low, high = torch.tensor(limits).T
    return low + (high - low) * torch.rand(n, len(limits), generator=torch.Generator().manual_seed(seed))


def _require_rates(network: nn.Module, x: Tensor, d: int) -> None:
    """Refuse a network that does not map states (n, d), or these and the time (n, d + 1), to d finite rates each."""
    like = next(network.parameters(), x)
    try:
        with torch.no_grad():
            rates = network(x.to(like.dtype, copy=True))
    except (RuntimeError, ValueError) as error:
        raise ValueError(f"the field cannot be evaluated at states of shape {tuple(x.shape)}: {error}") from error
    if rates.shape != (len(x), d):
        raise ValueError(
            f"the field must map states (n, {d}) to rates (n, {d}); got {tuple(rates.shape)} from {tuple(x.shape)}. "
            f"With the time last, it maps (n, {d + 1})"
        )
    if not rates.isfinite().all():
        raise ValueError("the field gives NaN or infinite rates between the limits: choose narrower limits")
