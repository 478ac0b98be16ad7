"""Networks that write their input down as a code, and read it back."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from course_utils.losses import gaussian_nll
from course_utils.models.layers import mlp


class Autoencoder(nn.Module):
    """An encoder into ``k`` numbers, and a decoder back.

    Parameters
    ----------
    n_pixels : int
        Width of the input and of the output.
    k : int
        Width of the code.
    hidden : sequence of int
        Widths between input and code; the decoder mirrors them.
    """

    def __init__(self, n_pixels: int, k: int, hidden: Sequence[int] = (256, 128)) -> None:
        super().__init__()
        self.encoder = mlp(n_pixels, *hidden, k)
        self.decoder = mlp(k, *reversed(hidden), n_pixels)

    def forward(self, x: Tensor) -> Tensor:
        """Reconstruct ``x``, (n, n_pixels), from its code, (n, k)."""
        z = self.encoder(x)
        return self.decoder(z)


class VAE(nn.Module):
    """An encoder into a Gaussian over ``k`` codes, and a decoder into a Gaussian over pictures.

    All pixels share one standard deviation, which is learnt: ``exp(logvar / 2)``.

    Parameters
    ----------
    n_pixels : int
        Width of the input and of the output.
    k : int
        Width of the code, at most that of the input.
    hidden : sequence of int
        Widths between input and code; the decoder mirrors them.
    sigma : float
        The standard deviation from which it starts, in units of the data.

    Raises
    ------
    ValueError
        If the code is wider than the input, or ``sigma`` is not positive.

    References
    ----------
    Kingma and Welling 2014, arXiv:1312.6114. The learnt standard deviation: Rybkin, Daniilidis and Levine 2021,
    arXiv:2006.13202.
    """

    def __init__(self, n_pixels: int, k: int, hidden: Sequence[int] = (256, 128), sigma: float = 1.0) -> None:
        if not 1 <= k <= n_pixels:
            raise ValueError(f"VAE: the code needs from 1 to {n_pixels} numbers, as many as the data have, got {k}")
        if not 0 < sigma < math.inf:
            raise ValueError(f"VAE: sigma must be positive and finite, got {sigma}")
        super().__init__()
        self.encoder = mlp(n_pixels, *hidden, 2 * k)
        self.decoder = mlp(k, *reversed(hidden), n_pixels)
        self.logvar = nn.Parameter(torch.tensor(2 * math.log(sigma)))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and logarithm of the variance, (n, k) each, of the codes of ``x``, (n, n_pixels)."""
        mu, logvar = self.encoder(x).chunk(2, dim=-1)
        return mu, logvar

    def decode(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Mean, (..., n_pixels), and logarithm of the variance of the pictures with the codes ``z``, (..., k)."""
        return self.decoder(z), self.logvar

    def nll(self, x: Tensor, z: Tensor) -> Tensor:
        """Negative log-likelihood in nats, (...), of ``x``, (n, n_pixels), given the codes ``z``, (..., n, k)."""
        return gaussian_nll(x, *self.decode(z))

    def forward(self, x: Tensor) -> Tensor:
        """Reconstruct ``x``, (n, n_pixels), from the mean of its code."""
        mu, _ = self.encode(x)
        return self.decode(mu)[0]


class HeteroscedasticVAE(VAE):
    """A VAE whose decoder tells a standard deviation for each number, beside its mean.

    For data whose noise is not the same everywhere.

    Parameters
    ----------
    n_pixels : int
        Width of the input; the decoder's output is twice as wide.
    k : int
        Width of the code, at most that of the input.
    hidden : sequence of int
        Widths between input and code; the decoder mirrors them.

    References
    ----------
    Nix and Weigend 1994, doi:10.1109/ICNN.1994.374138, for the second output.
    """

    def __init__(self, n_pixels: int, k: int, hidden: Sequence[int] = (256, 128)) -> None:
        super().__init__(n_pixels, k, hidden)
        del self.logvar  # the decoder tells it now
        self.decoder = mlp(k, *reversed(hidden), 2 * n_pixels)

    def decode(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and logarithm of the variance, (..., n_pixels) each, of what has the codes ``z``, (..., k)."""
        mu, logvar = self.decoder(z).chunk(2, dim=-1)
        return mu, logvar


class FullCovarianceVAE(VAE):
    """A VAE whose posterior is a Gaussian with any covariance, not only along the axes.

    Parameters
    ----------
    n_pixels : int
        Width of the input and of the output.
    k : int
        Width of the code, at most that of the input.
    hidden : sequence of int
        Widths between input and code; the decoder mirrors them.
    sigma : float
        The standard deviation of the pixels from which it starts, in units of the data.
    """

    def __init__(self, n_pixels: int, k: int, hidden: Sequence[int] = (256, 128), sigma: float = 1.0) -> None:
        super().__init__(n_pixels, k, hidden, sigma)
        self.k = k
        self.encoder = mlp(n_pixels, *hidden, k + k * (k + 1) // 2)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean, (n, k), and Cholesky factor of the covariance, (n, k, k), of the codes of ``x``, (n, n_pixels)."""
        mu, entries = self.encoder(x).tensor_split([self.k], dim=-1)
        factor = entries.new_zeros(*mu.shape, self.k)
        rows, columns = torch.tril_indices(self.k, self.k)
        factor[..., rows, columns] = entries
        diagonal = factor.diagonal(dim1=-2, dim2=-1)
        return mu, factor.tril(-1) + torch.diag_embed(torch.exp(diagonal))
