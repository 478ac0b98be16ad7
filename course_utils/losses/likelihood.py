"""Negative log-likelihoods, per example in nats."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import softplus


def gaussian_nll(x: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    """Negative log-likelihood of ``x`` under independent Gaussians, summed over the last dimension.

    Parameters
    ----------
    x, mu : Tensor, (..., d)
        Data and means, of shapes that broadcast.
    logvar : Tensor, (..., d) or ()
        Logarithm of the *variance*: the standard deviation is ``exp(logvar / 2)``.

    Returns
    -------
    Tensor, (...)
        Nats per example.

    Raises
    ------
    ValueError
        If ``exp(-logvar)`` is too large for the numbers in use.
    """
    if torch.exp(-logvar).isinf().any():
        raise ValueError(overflow("gaussian_nll", "exp(-logvar)", logvar.min()))
    squared = (x - mu) ** 2 * torch.exp(-logvar)
    return 0.5 * (squared + logvar + math.log(2 * math.pi)).sum(-1)


def bernoulli_nll(x: Tensor, logits: Tensor) -> Tensor:
    """Negative log-likelihood of ``x`` under independent Bernoulli variables, summed over the last dimension.

    Parameters
    ----------
    x : Tensor, (..., d)
        0 or 1. Grey values between them are accepted, as many do; the number is then no likelihood any more.
    logits : Tensor, (..., d)
        Logarithm of the odds ``p / (1 - p)``.

    Returns
    -------
    Tensor, (...)
        Nats per example.

    Raises
    ------
    ValueError
        If ``x`` leaves the range from 0 to 1.
    """
    if not ((x >= 0) & (x <= 1)).all():
        raise ValueError(
            f"bernoulli_nll: x must lie from 0 to 1, got {x.min():.4g} to {x.max():.4g}; for other data use gaussian_nll"
        )
    return (softplus(logits) - x * logits).sum(-1)


def overflow(name: str, what: str, logvar: Tensor) -> str:
    """What a loss says when a logarithm of a variance is too large or too small for it."""
    return (
        f"{name}: {what} overflows at a logvar of {logvar.item():.4g}. Is a standard deviation or a variance given where its "
        "logarithm belongs? If training drove it there, lower the learning rate or keep sigma above a smallest value."
    )
