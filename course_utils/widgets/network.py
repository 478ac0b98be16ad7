"""A trained network as data that ``js/network.js`` can run."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.models import Oscillation
from course_utils.widgets.storage import as_text, floats_as_text

TOLERANCE = 0.01  # of the output range: what one byte per weight may cost

_ACTIVATIONS: dict[type[nn.Module], Callable[[Any], dict[str, Any]]] = {
    nn.ReLU: lambda layer: {"name": "relu"},
    nn.LeakyReLU: lambda layer: {"name": "leaky_relu", "slope": layer.negative_slope},
    nn.ELU: lambda layer: {"name": "elu", "alpha": layer.alpha},
    nn.Tanh: lambda layer: {"name": "tanh"},
    nn.Sigmoid: lambda layer: {"name": "sigmoid"},
    nn.Softplus: lambda layer: {"name": "softplus", "beta": layer.beta, "threshold": layer.threshold},
}
_NORMALISATIONS = (nn.BatchNorm1d, nn.BatchNorm2d)
_CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)
_WITHOUT_EFFECT = (nn.Flatten, nn.Unflatten, nn.Identity, nn.Dropout)  # on the order of the numbers
_LEAVES = (nn.Linear, *_CONVOLUTIONS, Oscillation, *_NORMALISATIONS, *_WITHOUT_EFFECT, *_ACTIVATIONS)
SUPPORTED = ", ".join((*(leaf.__name__ for leaf in _LEAVES), "Sequential"))


@dataclass(frozen=True)
class Exported:
    """A network for the page.

    Attributes
    ----------
    layers : list of dict
        For ``compile`` in ``js/network.js``.
    error : float
        Largest deviation from the network itself over the held-out codes, as a share of the range of its outputs.
    storage : {"int8", "float32"}
        Form of the weights.
    """

    layers: list[dict[str, Any]]
    error: float
    storage: str


def export(
    decoder: nn.Module, z: Tensor, held_out: Tensor, storage: str = "int8", *, called: str = "decoder"
) -> Exported:
    """Write a network down for the page.

    Parameters
    ----------
    decoder : nn.Module
        Maps ``(n, k)`` to ``(n, ...)``.
    z : Tensor, (n, k)
        Codes like those that the page will ask for; the rounding of the weights suits them.
    held_out : Tensor, (m, k)
        Other such codes, at which the error is measured.
    storage : {"int8", "float32"}
        One byte per weight, unless that costs more than ``TOLERANCE``; or four.
    called : str
        What an error message calls the network.

    Raises
    ------
    TypeError, ValueError
        As :func:`require_exportable`.
    """
    require_exportable(decoder, called)
    twin = copy.deepcopy(decoder).float()
    layers: list[dict[str, Any]] = []
    with torch.no_grad():
        wanted, x = twin(held_out.clone()), torch.cat([z, held_out])  # copies: a layer may work in place
        for layer in _leaves(twin):
            weights = _store(layer, x[: len(z)], storage)
            y = layer(x)
            if len(y) != len(x):
                raise ValueError(f"{layer} mixes the examples of a batch: {tuple(x.shape)} becomes {tuple(y.shape)}")
            if not isinstance(layer, _WITHOUT_EFFECT):
                layers.append(_describe(layer, x.shape[1:], y.shape[1:]) | weights)
            x = y
    error = _relative_error(x[len(z) :], wanted)
    if storage == "int8" and error > TOLERANCE:
        return export(decoder, z, held_out, "float32", called=called)
    return Exported(layers, error, storage)


def latent_size(decoder: nn.Module) -> int | None:
    """How many numbers the network takes, if its first layer tells."""
    for layer in _leaves(decoder):
        if isinstance(layer, nn.Linear):
            return layer.in_features
        if isinstance(layer, Oscillation):
            return len(layer.scale)
        if isinstance(layer, nn.Unflatten):
            return None if -1 in layer.unflattened_size else math.prod(layer.unflattened_size)
        if isinstance(layer, nn.BatchNorm1d):
            return layer.num_features
        if isinstance(layer, _CONVOLUTIONS):
            return None
    return None


def output_size(decoder: nn.Module) -> int | None:
    """How many numbers the network gives, if its last layer with weights is a linear one."""
    weighted = [layer for layer in _leaves(decoder) if isinstance(layer, (nn.Linear, *_CONVOLUTIONS))]
    return weighted[-1].out_features if weighted and isinstance(weighted[-1], nn.Linear) else None


def require_exportable(decoder: nn.Module, called: str = "decoder") -> None:
    """Refuse a network that the page could not run as torch runs it, and call it so.

    Raises
    ------
    TypeError
        If a layer is not among the supported ones, which the message lists.
    ValueError
        If the network is in training mode or not on the CPU, or holds a weight that is not finite.
    """
    leaves = list(_leaves(decoder, called))
    if any(module.training for module in decoder.modules()):
        raise ValueError(f"the {called} is in training mode: call {called}.eval() before it is explored")
    for name, values in decoder.state_dict().items():
        if values.device.type != "cpu":
            raise ValueError(
                f"the {called} is on {values.device}: an explorer needs it on the CPU; call {called}.cpu() first"
            )
        if not values.isfinite().all():
            bad = int((~values.isfinite()).sum())
            raise ValueError(f"the {called} holds NaN or infinite values: {bad} of {values.numel()} in {name}")
    for layer in leaves:
        if isinstance(layer, _NORMALISATIONS) and layer.running_var is None:
            raise ValueError(f"{layer} keeps no running statistics, so it cannot run on one example alone")


def _leaves(module: nn.Module, called: str = "decoder") -> Iterator[nn.Module]:
    """The layers of nested ``Sequential``s in the order in which they run."""
    kind = type(module)
    nested = isinstance(module, nn.Sequential) and kind.forward is nn.Sequential.forward
    if not (nested or kind in _LEAVES) or module._forward_hooks or module._forward_pre_hooks:
        raise TypeError(
            f"{kind.__name__} cannot run in the page. Build the {called} of these, without hooks: {SUPPORTED}"
        )
    if getattr(module, "padding_mode", "zeros") != "zeros":
        raise TypeError(
            f"{kind.__name__} with padding_mode={module.padding_mode!r} cannot run in the page, only 'zeros'"
        )
    if not nested:
        yield module
    else:
        for child in module:
            yield from _leaves(child, called)


def _store(layer: nn.Module, x: Tensor, storage: str) -> dict[str, Any]:
    """Weights as text, if the layer has a matrix of them; the layer goes on with what the page will read."""
    if not isinstance(layer, (nn.Linear, *_CONVOLUTIONS)):
        return {}
    matrix, inputs = layer.weight.flatten(1), None
    if isinstance(layer, nn.ConvTranspose2d):
        matrix = matrix.T  # so that each column is met by one input channel
    if isinstance(layer, nn.Linear):
        inputs = x.flatten(0, -2)
    elif layer.groups == 1:
        inputs = _patches(layer, x).transpose(1, 2).flatten(0, 1)
    text, stored = as_text(matrix, inputs, storage)
    if isinstance(layer, nn.ConvTranspose2d):
        stored = stored.T
    layer.weight.copy_(stored.reshape(layer.weight.shape))
    rows = len(matrix) if isinstance(layer, nn.Linear) else layer.out_channels
    bias = torch.zeros(rows) if layer.bias is None else layer.bias
    return {"weight": text, "bias": floats_as_text(bias)}


def _patches(layer: nn.Conv2d | nn.ConvTranspose2d, x: Tensor) -> Tensor:
    """What the weight's columns are multiplied with, at each place of the kernel; (n, columns, places)."""
    if isinstance(layer, nn.ConvTranspose2d):
        return x.flatten(2)
    return F.unfold(F.pad(x, _padding(layer)), layer.kernel_size, layer.dilation, stride=layer.stride)


def _padding(layer: nn.Conv2d | nn.ConvTranspose2d) -> tuple[int, int, int, int]:
    """Zeros on the left, right, top and bottom; torch's ``"same"`` puts the odd one on the right and at the bottom."""
    if layer.padding == "valid":
        return 0, 0, 0, 0
    if layer.padding == "same":
        total_h, total_w = (d * (k - 1) for d, k in zip(layer.dilation, layer.kernel_size, strict=True))
        return total_w // 2, total_w - total_w // 2, total_h // 2, total_h - total_h // 2
    h, w = layer.padding
    return w, w, h, h


def _describe(layer: nn.Module, x: torch.Size, y: torch.Size) -> dict[str, Any]:
    """Kind and geometry of a layer that maps an example of shape ``x`` to one of shape ``y``."""
    if (activation := _ACTIVATIONS.get(type(layer))) is not None:
        return {"kind": "activation", "size": y.numel(), **activation(layer)}
    if isinstance(layer, nn.Linear):
        return {"kind": "linear", "n_in": x[-1], "n_out": y[-1], "count": y.numel() // y[-1]}
    if isinstance(layer, Oscillation):
        return {"kind": "oscillation"} | {name: floats_as_text(values) for name, values in layer.state_dict().items()}
    if isinstance(layer, _NORMALISATIONS):
        scale = (layer.running_var + layer.eps).rsqrt()
        scale = scale if layer.weight is None else scale * layer.weight
        shift = (0 if layer.bias is None else layer.bias) - layer.running_mean * scale
        return {
            "kind": "affine", "scale": floats_as_text(scale), "shift": floats_as_text(shift), "inner": y[1:].numel(),
        }  # fmt: skip
    left, _, top, _ = _padding(layer)
    return {
        "kind": "transposed_conv" if isinstance(layer, nn.ConvTranspose2d) else "conv",
        "from": list(x),
        "to": list(y),
        "kernel": list(layer.kernel_size),
        "stride": list(layer.stride),
        "padding": [top, left],
        "dilation": list(layer.dilation),
        "groups": layer.groups,
    }


def _relative_error(found: Tensor, wanted: Tensor) -> float:
    """Largest deviation, as a share of the range of what is wanted; of its size where that does not vary."""
    spread = wanted.max() - wanted.min()
    scale = spread if spread > 0 else wanted.abs().max().clamp(min=1e-30)
    return ((found - wanted).abs().max() / scale).item()
