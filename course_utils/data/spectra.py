"""A toy of galaxy spectra with known factors and known noise."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_utils.data.dataset import Dataset
from course_utils.data.factors import draw_or_require

FACTORS = {
    "age (Gyr)": (1.0, 12.0),
    "gas fraction": (0.0, 0.5),
    "metallicity (dex)": (-1.0, 0.3),
}
EMISSION = {  # nm: relative height
    372.7: 0.60,  # [O II]
    486.1: 0.35,  # H beta
    495.9: 0.20,  # [O III]
    500.7: 0.60,  # [O III]
    656.3: 1.00,  # H alpha
    658.3: 0.33,  # [N II]
    671.7: 0.15,  # [S II]
    673.1: 0.12,  # [S II]
}
ABSORPTION = {  # nm: optical depth at metallicity 0
    393.4: 0.50,  # Ca K
    396.8: 0.40,  # Ca H
    430.0: 0.25,  # G band
    517.5: 0.35,  # Mg b
    589.2: 0.25,  # Na D
}
N_WAVELENGTHS = 200
SIGMA_RED = 0.178  # median signal-to-noise 5 per pixel
DEAD = 0.02


def spectra(n: int | None = None, seed: int = 0, *, factors: Tensor | None = None) -> Dataset:
    r"""Synthetic galaxy spectra with noise of known size: a toy, made to be understood, not to fit galaxies.

    With the age :math:`a`, the gas fraction :math:`g`, the metallicity :math:`m` and
    :math:`\varphi(\lambda; c, w) = \exp(-(\lambda - c)^2 / 2 w^2)`, the flux at the wavelength :math:`\lambda` in nm is

    .. math::

        f(\lambda) &= \left(\tfrac{\lambda}{540}\right)^{s} \left(1 - \frac{b}{1 + e^{(\lambda - 400) / 4}}\right)
            e^{-10^m \sum_l \tau_l \varphi(\lambda; c_l, 4)} + 2.5\, g \sum_l h_l \varphi(\lambda; c_l, 2.5), \\
        s &= -2 + 3.5 \log_{10} a, \qquad b = 0.05 + 0.4 \log_{10} a,

    with the lines ``ABSORPTION`` (:math:`c_l: \tau_l`) and ``EMISSION`` (:math:`c_l: h_l`). What is measured is

    .. math::

        x(\lambda) = f(\lambda) + \sigma(\lambda)\, \varepsilon, \qquad \varepsilon \sim \mathcal{N}(0, 1), \qquad
        \sigma(\lambda) = 0.178 \left(1 + 2 e^{-(\lambda - 360) / 60}\right).

    The median signal-to-noise is 5 per pixel, and the noise at the blue end three times that at the red end.
    Each pixel is dead with probability 0.02: its sigma is infinite and its flux 0.

    Parameters
    ----------
    n : int, optional
        How many; 1000 by default, or as many as there are ``factors``.
    seed : int
        Of factors, noise and dead pixels.
    factors : Tensor, (n, 3), optional
        Used as they are. By default they are uniform in the ranges of ``FACTORS`` and independent: age from 1 to 12 Gyr,
        gas fraction from 0 to 0.5, metallicity from -1 to 0.3 dex.

    Returns
    -------
    Dataset
        ``x``, ``clean`` and ``sigma``: (n, 200), flux as a multiple of that at 540 nm without lines and break; ``grid``:
        360 to 720 nm; ``factors``: (n, 3).

    Raises
    ------
    TypeError, ValueError
        If ``factors`` are not numbers of shape (n, 3) within their ranges.

    Examples
    --------
    >>> old_without_gas = torch.tensor([[12.0, 0.0, 0.0]])
    >>> spectra(factors=old_without_gas).clean.shape
    torch.Size([1, 200])
    """
    generator = torch.Generator().manual_seed(seed)
    factors = draw_or_require("spectra", FACTORS, factors, n, generator)
    wavelength = torch.linspace(360, 720, N_WAVELENGTHS)
    clean = _flux(wavelength, factors)
    sigma = noise_at(wavelength).repeat(len(factors), 1)
    x = clean + sigma * torch.randn(clean.shape, generator=generator)
    sigma[torch.rand(clean.shape, generator=generator) < DEAD] = math.inf
    return Dataset(
        x=x,
        clean=clean,
        sigma=sigma,
        grid=wavelength,
        axes=("wavelength in nm",),
        factors=factors,
        factor_names=tuple(FACTORS),
        name="spectra",
    )


def noise_at(wavelength: Tensor) -> Tensor:
    """Standard deviation of the noise of :func:`spectra` in a live pixel at wavelengths in nm; of the same shape."""
    return SIGMA_RED * (1 + 2 * torch.exp(-(wavelength - 360) / 60))


def _flux(wavelength: Tensor, factors: Tensor) -> Tensor:
    """The formula of :func:`spectra` for factors (n, 3) at wavelengths (d,), in nm; (n, d)."""
    age, gas, metallicity = factors.T[:, :, None]
    slope, depth = -2 + 3.5 * age.log10(), 0.05 + 0.4 * age.log10()
    continuum = (wavelength / 540) ** slope * (1 - depth * torch.sigmoid((400 - wavelength) / 4))
    absorbed = continuum * torch.exp(-(10**metallicity) * _lines(wavelength, ABSORPTION, width=4))
    return absorbed + 2.5 * gas * _lines(wavelength, EMISSION, width=2.5)


def _lines(wavelength: Tensor, heights: dict[float, float], width: float) -> Tensor:
    return sum(height * torch.exp(-(((wavelength - centre) / width) ** 2) / 2) for centre, height in heights.items())
