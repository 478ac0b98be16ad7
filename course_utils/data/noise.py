"""Gaussian noise on what a generator has calculated."""

from __future__ import annotations

import torch
from torch import Tensor


def measure(clean: Tensor, sigma: Tensor | float, generator: torch.Generator) -> tuple[Tensor, Tensor | None]:
    """Numbers with noise, and its standard deviation in each of them, both like ``clean``; without noise ``clean`` and None.

    Parameters
    ----------
    clean : Tensor, (n, d)
    sigma : float or Tensor, (d,)
        Standard deviation of the noise, 0 or positive, in units of ``clean``.
    generator : torch.Generator
    """
    sigma = torch.as_tensor(sigma, dtype=clean.dtype).expand_as(clean).contiguous()
    if not sigma.any():
        return clean, None
    return clean + sigma * torch.randn(clean.shape, generator=generator), sigma
