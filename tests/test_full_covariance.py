"""A posterior with any covariance, its divergence from the prior, and a capacity that rises."""

import math

import pytest
import torch
from torch.distributions import MultivariateNormal, kl_divergence

from course_utils.exercises.draw import normal
from course_utils.losses import capacity_loss, elbo, full_covariance_elbo, kl_full_covariance, kl_standard_normal
from course_utils.models import VAE, FullCovarianceVAE


def factors(n: int, k: int) -> torch.Tensor:
    """Cholesky factors, (n, k, k)."""
    entries = normal(n, k, k)
    return entries.tril(-1) + torch.diag_embed(entries.diagonal(dim1=1, dim2=2).exp())


def test_the_divergence_is_that_of_torch() -> None:
    mu, factor = normal(6, 4).double(), factors(6, 4).double()
    prior = MultivariateNormal(torch.zeros(4).double(), torch.eye(4).double())
    expected = kl_divergence(MultivariateNormal(mu, scale_tril=factor), prior)
    torch.testing.assert_close(kl_full_covariance(mu, factor), expected)


def test_along_the_axes_it_is_the_divergence_of_a_diagonal_posterior() -> None:
    mu, logvar = normal(6, 4), normal(6, 4, seed=1)
    found = kl_full_covariance(mu, torch.diag_embed(torch.exp(logvar / 2)))
    torch.testing.assert_close(found, kl_standard_normal(mu, logvar))


def test_a_factor_without_a_positive_diagonal_is_refused() -> None:
    with pytest.raises(ValueError, match="the diagonal of a Cholesky factor is positive, got -1"):
        kl_full_covariance(torch.zeros(2), -torch.eye(2))


def test_the_encoder_tells_a_mean_and_a_cholesky_factor() -> None:
    vae, x = FullCovarianceVAE(9, 4, (8, 7)), normal(5, 9)
    mu, factor = vae.encode(x)
    assert mu.shape == (5, 4)
    assert factor.shape == (5, 4, 4)
    assert factor.equal(factor.tril())
    assert (factor.diagonal(dim1=1, dim2=2) > 0).all()
    assert (factor.tril(-1) != 0).sum() == 5 * 6
    torch.testing.assert_close(vae(x), vae.decoder(mu))


def test_draws_have_the_covariance_that_the_encoder_tells() -> None:
    class Recorder(FullCovarianceVAE):
        def nll(self, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
            self.z = z
            return super().nll(x, z)

    torch.manual_seed(0)
    vae = Recorder(9, 3, (8,))
    x = normal(1, 9).expand(200_000, 9)
    with torch.no_grad():
        full_covariance_elbo(vae, x)
        mu, factor = vae.encode(x[:1])
    torch.testing.assert_close(vae.z.mean(0), mu[0], atol=0.01, rtol=0)
    torch.testing.assert_close(torch.cov(vae.z.T), (factor @ factor.mT)[0], atol=0.02, rtol=0.02)


def test_the_bound_is_misfit_and_weighted_divergence() -> None:
    vae, x = FullCovarianceVAE(9, 4, (8,)), normal(5, 9)
    torch.manual_seed(1)
    low = full_covariance_elbo(vae, x, beta=3)
    torch.manual_seed(1)
    torch.testing.assert_close(full_covariance_elbo(vae, x) - 2 * kl_full_covariance(*vae.encode(x)), low)
    torch.manual_seed(1)
    mu, factor = vae.encode(x)
    z = mu + torch.einsum("nij,nj->ni", factor, torch.randn_like(mu))
    torch.testing.assert_close(log_likelihood(vae, x, z) - 3 * kl_full_covariance(mu, factor), low)


def log_likelihood(vae: VAE, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
    return torch.distributions.Normal(vae.decoder(z), torch.exp(vae.logvar / 2)).log_prob(x).sum(1)


def test_a_negative_beta_is_refused() -> None:
    with pytest.raises(ValueError, match="beta must be 0 or positive"):
        full_covariance_elbo(FullCovarianceVAE(9, 2), normal(2, 9), beta=-1)


@pytest.mark.parametrize("capacity", [0.0, 2.5, 1000.0])
def test_the_capacity_loss_is_misfit_and_distance_from_the_capacity(capacity: float) -> None:
    vae, x = VAE(9, 4, (8,)), normal(50, 9)
    torch.manual_seed(1)
    bound = elbo(vae, x, beta=0).mean()
    distance = abs(kl_standard_normal(*vae.encode(x)).mean() - capacity)
    torch.manual_seed(1)
    torch.testing.assert_close(capacity_loss(vae, x, capacity, gamma=7), -bound + 7 * distance)


def test_a_capacity_below_and_above_pull_in_opposite_directions() -> None:
    vae, x = VAE(9, 4, (8,)), normal(50, 9)
    gradients = []
    for capacity in (0.0, 1000.0):
        vae.zero_grad()
        torch.manual_seed(1)
        capacity_loss(vae, x, capacity, gamma=1e6).backward()
        gradients.append(vae.encoder[-1].weight.grad.flatten().clone())
    assert torch.cosine_similarity(*gradients, dim=0) < -0.99


@pytest.mark.parametrize("wrong", [{"capacity": -1.0, "gamma": 1.0}, {"capacity": 1.0, "gamma": -1.0}])
def test_capacity_and_weight_are_not_negative(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="capacity and gamma must be 0 or positive"):
        capacity_loss(VAE(9, 2), normal(2, 9), **wrong)


def test_a_posterior_can_be_turned_without_a_cost() -> None:
    mu, factor = normal(6, 3).double(), factors(6, 3).double()
    turn = torch.linalg.qr(normal(3, 3).double()).Q
    turned = torch.linalg.cholesky(turn @ factor @ factor.mT @ turn.T)
    assert math.isclose(
        kl_full_covariance(mu @ turn.T, turned).sum(), kl_full_covariance(mu, factor).sum(), rel_tol=1e-9
    )
