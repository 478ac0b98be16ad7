"""The two networks of an adversarial game."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from course_utils.models.layers import mlp


class Generator(nn.Module):
    """A network that makes examples out of noise.

    Parameters
    ----------
    k : int
        Width of the noise.
    n_out : int
        Width of an example.
    hidden : sequence of int
        Widths between them.

    Attributes
    ----------
    k : int
    network : nn.Sequential
    """

    def __init__(self, k: int, n_out: int, hidden: Sequence[int] = (64, 64, 64)) -> None:
        super().__init__()
        self.k = k
        self.network = mlp(k, *hidden, n_out, activation=nn.ReLU)

    def forward(self, z: Tensor) -> Tensor:
        """Examples, (n, n_out), from noise, (n, k).

        Raises
        ------
        ValueError
            If the noise has another width.
        """
        if z.shape[-1] != self.k:
            raise ValueError(f"{type(self).__name__}: noise of width {z.shape[-1]}, expected {self.k}")
        return self.network(z)


class ConditionalGenerator(Generator):
    """A generator that is told what to make, and hands on what it was told, so that a critic judges the pair.

    Parameters
    ----------
    k : int
        Width of what it is given: noise first, then what is asked for.
    n_out : int
        Width of an example.
    n_asked : int
        How many of the ``k`` numbers say what is asked for.
    hidden : sequence of int
        Widths between them.

    References
    ----------
    Mirza and Osindero 2014, arXiv:1411.1784.
    """

    def __init__(self, k: int, n_out: int, n_asked: int, hidden: Sequence[int] = (64, 64, 64)) -> None:
        if not 0 < n_asked <= k:
            raise ValueError(f"ConditionalGenerator: of {k} numbers, 1 to {k} can say what is asked for, got {n_asked}")
        super().__init__(k, n_out, hidden)
        self.n_asked = n_asked

    def forward(self, z: Tensor) -> Tensor:
        """Examples and behind them what was asked for, (n, n_out + n_asked), from noise and that, (n, k)."""
        return torch.cat([super().forward(z), z[..., -self.n_asked :]], dim=-1)


class Critic(nn.Sequential):
    """A network that gives each example, (n, n_in), a score, (n, 1): any number, not a probability.

    Parameters
    ----------
    n_in : int
        Width of an example.
    hidden : sequence of int
        Widths between example and score.
    """

    def __init__(self, n_in: int, hidden: Sequence[int] = (64, 64, 64)) -> None:
        super().__init__(*mlp(n_in, *hidden, 1, activation=nn.ReLU))
