"""Losses of the course, each a mean over a batch, and the likelihoods from which they are made, per example in nats."""

from course_utils.losses.adversarial import (
    NON_SATURATING,
    SATURATING,
    WASSERSTEIN,
    Game,
    critic_loss,
    discriminator_loss,
    gradient_penalty,
    non_saturating_loss,
    saturating_loss,
    wasserstein_loss,
)
from course_utils.losses.likelihood import bernoulli_nll, gaussian_nll
from course_utils.losses.reconstruction import classification_loss, denoising_loss, reconstruction_loss
from course_utils.losses.variational import (
    capacity_loss,
    elbo,
    full_covariance_elbo,
    iwae,
    kl_full_covariance,
    kl_standard_normal,
)

__all__ = [
    "NON_SATURATING",
    "SATURATING",
    "WASSERSTEIN",
    "Game",
    "bernoulli_nll",
    "capacity_loss",
    "classification_loss",
    "critic_loss",
    "denoising_loss",
    "discriminator_loss",
    "elbo",
    "full_covariance_elbo",
    "gaussian_nll",
    "gradient_penalty",
    "iwae",
    "kl_full_covariance",
    "kl_standard_normal",
    "non_saturating_loss",
    "reconstruction_loss",
    "saturating_loss",
    "wasserstein_loss",
]
