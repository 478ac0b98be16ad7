"""Losses of the course, each a mean over a batch, and the likelihoods from which they are made, per example in nats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, dropout, softplus

if TYPE_CHECKING:
    from course_utils.models import VAE, FullCovarianceVAE


def reconstruction_loss(model: nn.Module, x: Tensor) -> Tensor:
    """Mean squared error between ``x``, (n, d), and what the model makes of it."""
    return ((model(x) - x) ** 2).mean()


def classification_loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
    """Mean cross-entropy in nats of the model's logits, (n, classes), for a batch ``(x, labels)``."""
    x, labels = batch
    return cross_entropy(model(x), labels)


def denoising_loss(model: nn.Module, batch: tuple[Tensor, Tensor], hidden: float = 0.3) -> Tensor:
    """Squared error per measured number in units of its noise, while a random part of the input is hidden.

    Parameters
    ----------
    model : nn.Module
    batch : tuple of Tensor, (n, d) each
        Measurements, centred, 0 where nothing was measured; and their weights ``1 / sigma ** 2``, 0 there.
    hidden : float
        Share of the input that is set to 0; the rest is scaled by ``1 / (1 - hidden)`` to make up for it.

    Returns
    -------
    Tensor
        About 1 if the model misses nothing but the noise.

    Raises
    ------
    ValueError
        If this is no batch of finite measurements and their weights.

    References
    ----------
    Vincent, Larochelle, Bengio and Manzagol 2008, doi:10.1145/1390156.1390294, with a noisy target as in Batson and Royer
    2019, arXiv:1901.11365.
    """
    if not _is_weighted(batch):
        raise ValueError(
            "denoising_loss: a batch is a pair of x and its weights, finite and of one shape; weights are positive, "
            "or 0 where nothing was measured, and not all of them are 0"
        )
    x, weight = batch
    x_hat = model(dropout(x, hidden))
    return (weight * (x_hat - x) ** 2).sum() / (weight > 0).sum()


def _is_weighted(batch: tuple[Tensor, Tensor]) -> bool:
    if not isinstance(batch, tuple) or len(batch) != 2 or batch[0].shape != batch[1].shape:
        return False
    x, weight = batch
    return bool((x.isfinite() & weight.isfinite() & (weight >= 0)).all() and (weight > 0).any())


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
        raise ValueError(_overflow("gaussian_nll", "exp(-logvar)", logvar.min()))
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


def kl_standard_normal(mu: Tensor, logvar: Tensor) -> Tensor:
    """Kullback-Leibler divergence of diagonal Gaussians from the standard normal one, summed over the last dimension.

    Parameters
    ----------
    mu, logvar : Tensor, (..., k)
        Means and logarithms of the variances.

    Returns
    -------
    Tensor, (...)
        Nats per example: 0 for the standard normal distribution itself, positive for any other.

    Raises
    ------
    ValueError
        If ``exp(logvar)`` is too large for the numbers in use.

    References
    ----------
    Kingma and Welling 2014, arXiv:1312.6114, appendix B.
    """
    if torch.exp(logvar).isinf().any():
        raise ValueError(_overflow("kl_standard_normal", "exp(logvar)", logvar.max()))
    return 0.5 * (mu**2 + torch.exp(logvar) - logvar - 1).sum(-1)


def elbo(model: VAE, x: Tensor, beta: float = 1.0) -> Tensor:
    """Lower bound of the log-likelihood of each example, from one draw of its code.

    Parameters
    ----------
    model : VAE
    x : Tensor, (n, d)
    beta : float
        Weight of the divergence from the prior. Only 1 gives a bound.

    Returns
    -------
    Tensor, (n,)
        Nats; its negative mean is the loss.

    Raises
    ------
    ValueError
        If ``beta`` is negative.

    References
    ----------
    Kingma and Welling 2014, arXiv:1312.6114.
    """
    if beta < 0:
        raise ValueError(
            f"elbo: beta must be 0 or positive, got {beta}; below 0 the codes are driven away from the prior"
        )
    mu, logvar = model.encode(x)
    z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
    return -model.nll(x, z) - beta * kl_standard_normal(mu, logvar)


def capacity_loss(model: VAE, x: Tensor, capacity: float, gamma: float) -> Tensor:
    """Misfit, and what the divergence from the prior strays from a capacity that rises while the training goes on.

    Parameters
    ----------
    model : VAE
    x : Tensor, (n, d)
    capacity : float
        Nats that the code is meant to carry per example.
    gamma : float
        Weight of the straying.

    Returns
    -------
    Tensor
        Mean over the examples, in nats.

    Raises
    ------
    ValueError
        If capacity or weight is negative.

    References
    ----------
    Burgess et al. 2018, arXiv:1804.03599.
    """
    if capacity < 0 or gamma < 0:
        raise ValueError(f"capacity_loss: capacity and gamma must be 0 or positive, got {capacity} and {gamma}")
    mu, logvar = model.encode(x)
    z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
    kl = kl_standard_normal(mu, logvar).mean()
    return model.nll(x, z).mean() + gamma * (kl - capacity).abs()


def full_covariance_elbo(model: FullCovarianceVAE, x: Tensor, beta: float = 1.0) -> Tensor:
    """The bound of :func:`elbo` for a posterior with any covariance.

    Parameters
    ----------
    model : FullCovarianceVAE
    x : Tensor, (n, d)
    beta : float
        Weight of the divergence from the prior. Only 1 gives a bound.

    Returns
    -------
    Tensor, (n,)
        Nats.

    Raises
    ------
    ValueError
        If ``beta`` is negative.
    """
    if beta < 0:
        raise ValueError(f"full_covariance_elbo: beta must be 0 or positive, got {beta}")
    mu, factor = model.encode(x)
    z = mu + (factor @ torch.randn_like(mu)[..., None]).squeeze(-1)
    return -model.nll(x, z) - beta * kl_full_covariance(mu, factor)


def kl_full_covariance(mu: Tensor, factor: Tensor) -> Tensor:
    """Kullback-Leibler divergence of Gaussians with any covariance from the standard normal one.

    Parameters
    ----------
    mu : Tensor, (..., k)
        Means.
    factor : Tensor, (..., k, k)
        Cholesky factors of the covariances: lower triangular, with a positive diagonal.

    Returns
    -------
    Tensor, (...)
        Nats per example.

    Raises
    ------
    ValueError
        If a diagonal is not positive.
    """
    if not (factor.diagonal(dim1=-2, dim2=-1) > 0).all():
        smallest = factor.diagonal(dim1=-2, dim2=-1).min()
        raise ValueError(f"kl_full_covariance: the diagonal of a Cholesky factor is positive, got {smallest:.4g}")
    diagonal = factor.diagonal(dim1=-2, dim2=-1)
    trace = (factor**2).sum((-2, -1))
    return 0.5 * ((mu**2).sum(-1) + trace - mu.shape[-1]) - diagonal.log().sum(-1)


def iwae(model: VAE, x: Tensor, n_draws: int) -> Tensor:
    """Lower bound of the log-likelihood of each example, from several draws of its code, weighted by their importance.

    Parameters
    ----------
    model : VAE
    x : Tensor, (n, d)
    n_draws : int
        K. With 1 it is the ELBO in expectation; with more the bound rises towards the log-likelihood.

    Returns
    -------
    Tensor, (n,)
        Nats.

    Raises
    ------
    ValueError
        If there is no draw.

    References
    ----------
    Burda, Grosse and Salakhutdinov 2016, arXiv:1509.00519.
    """
    if n_draws < 1:
        raise ValueError(f"iwae: needs at least one draw, got {n_draws}")
    mu, logvar = model.encode(x)
    z = mu + torch.exp(0.5 * logvar) * torch.randn(n_draws, *mu.shape)
    zero = torch.zeros_like(mu)
    log_weight = gaussian_nll(z, mu, logvar) - gaussian_nll(z, zero, zero) - model.nll(x, z)
    return torch.logsumexp(log_weight, dim=0) - math.log(n_draws)


def _overflow(name: str, what: str, logvar: Tensor) -> str:
    return (
        f"{name}: {what} overflows at a logvar of {logvar.item():.4g}. Is a standard deviation or a variance given where its "
        "logarithm belongs? If training drove it there, lower the learning rate or keep sigma above a smallest value."
    )
