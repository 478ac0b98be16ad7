"""Networks of the course."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from course_utils.losses import gaussian_nll


def mlp(*sizes: int) -> nn.Sequential:
    """Fully connected layers of the given sizes, with an ELU between every two.

    Parameters
    ----------
    *sizes : int
        Widths from input to output: ``mlp(64, 256, 2)`` maps ``(n, 64)`` to ``(n, 2)``.

    References
    ----------
    ELU: Clevert, Unterthiner and Hochreiter 2016, arXiv:1511.07289.
    """
    layers = []
    for n_in, n_out in pairwise(sizes):
        layers += [nn.Linear(n_in, n_out), nn.ELU()]
    return nn.Sequential(*layers[:-1])


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


def find_code(decoder: nn.Module, x: Tensor, observed: Tensor, z: Tensor, steps: int = 100, lr: float = 0.05) -> Tensor:
    """Search the codes whose decoded pictures agree with the pixels that are seen.

    Parameters
    ----------
    decoder : nn.Module
        Maps codes (n, k) to pictures (n, d). It is not changed.
    x : Tensor, (n, d)
        Pictures; what is not observed is ignored.
    observed : Tensor, (n, d)
        1 where a pixel is seen, 0 where it is hidden; or how much each pixel counts, as the inverse variance of its noise.
    z : Tensor, (n, k)
        Where the search starts.
    steps, lr : int, float
        Steps of Adam, and their size.

    Returns
    -------
    Tensor, (n, k)
        The codes that were found.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or a number is not finite.
    """
    if x.shape != observed.shape or len(z) != len(x):
        raise ValueError(
            f"find_code: x {tuple(x.shape)}, observed {tuple(observed.shape)}, z {tuple(z.shape)} do not fit together"
        )
    if not x.isfinite().all() or not observed.isfinite().all():
        raise ValueError("find_code: x and observed must be finite; set to 0 what is hidden")
    z = z.clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    for _ in range(steps):
        error = (observed * (decoder(z) - x) ** 2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    return z.detach()


def latent_direction(z: Tensor, w: Tensor) -> Tensor:
    """The step of a code that goes with a growth of the read-out ``w @ z`` by 1, as the codes themselves move.

    Of all steps that raise the read-out by 1, it is the regression of the codes on it. What it leaves of a code is
    not correlated with the read-out.

    Parameters
    ----------
    z : Tensor, (n, k)
        Codes.
    w : Tensor, (k,)
        Weights of a linear read-out.

    Returns
    -------
    Tensor, (k,)

    Raises
    ------
    ValueError
        If codes and weights do not fit together, or the read-out is the same for all codes.

    References
    ----------
    Haufe and others 2014, doi:10.1016/j.neuroimage.2013.10.067: weights read, patterns show.
    """
    if z.ndim != 2 or w.shape != z.shape[1:] or z.dtype != w.dtype:
        raise ValueError(
            f"latent_direction: codes {tuple(z.shape)} of {z.dtype} and weights {tuple(w.shape)} of {w.dtype} do not fit "
            "together: codes are (n, k), weights (k,), of one type"
        )
    if not ((z - z.mean(0)) @ w).any():
        raise ValueError("latent_direction: the read-out is the same for all codes, so no step goes with its growth")
    centred = z - z.mean(0)
    towards = centred.T @ (centred @ w)
    return towards / (w @ towards)
