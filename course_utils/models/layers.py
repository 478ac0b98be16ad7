"""What networks are put together from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn


def mlp(*sizes: int, activation: type[nn.Module] = nn.ELU) -> nn.Sequential:
    """Fully connected layers of the given sizes, with a bend between every two.

    Parameters
    ----------
    *sizes : int
        Widths from input to output: ``mlp(64, 256, 2)`` maps ``(n, 64)`` to ``(n, 2)``.
    activation : class of nn.Module
        The bend.

    References
    ----------
    ELU: Clevert, Unterthiner and Hochreiter 2016, arXiv:1511.07289.
    """
    layers = []
    for n_in, n_out in pairwise(sizes):
        layers += [nn.Linear(n_in, n_out), activation()]
    return nn.Sequential(*layers[:-1])


class Oscillation(nn.Module):
    """A decoder that is an equation: three codes are amplitude, frequency and phase, each moved and stretched.

    Parameters
    ----------
    t : Tensor, (d,)
        Times in s.
    offset, scale : sequence of three float
        From a code to the amplitude in units of the data, the frequency in Hz and the phase in rad: where each starts to
        be learnt.
    """

    def __init__(self, t: Tensor, offset: Sequence[float], scale: Sequence[float]) -> None:
        if t.ndim != 1 or len(offset) != 3 or len(scale) != 3:
            raise ValueError(
                f"Oscillation: needs times (d,), three offsets and three scales, got {tuple(t.shape)}, {len(offset)} and {len(scale)}"
            )
        super().__init__()
        self.register_buffer("t", t)
        self.offset = nn.Parameter(torch.tensor(offset))
        self.scale = nn.Parameter(torch.tensor(scale))

    def forward(self, z: Tensor) -> Tensor:
        """Curves, (..., d), of the codes ``z``, (..., 3)."""
        amplitude, frequency, phase = (self.offset + self.scale * z)[..., None].unbind(-2)
        return amplitude * torch.cos(2 * math.pi * frequency * self.t + phase)
