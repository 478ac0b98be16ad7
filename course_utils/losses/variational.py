"""Lower bounds of the log-likelihood and the divergences in them, per example in nats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from course_utils.losses.likelihood import gaussian_nll, overflow

if TYPE_CHECKING:
    from course_utils.models import VAE, FullCovarianceVAE


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
        raise ValueError(overflow("kl_standard_normal", "exp(logvar)", logvar.max()))
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
