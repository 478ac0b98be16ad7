"""Intervals and noise: what *How sure is it? Noise, code and network* teaches, against independent references."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import norm
from torch.distributions import Independent, Normal

from course_utils.exercises.vaes.uncertainty import PAID, total_sigma
from course_utils.losses import elbo, gaussian_nll
from course_utils.metrics import coverage
from course_utils.models import VAE, HeteroscedasticVAE

INF = math.inf


def test_coverage_counts_the_numbers_inside_their_own_intervals() -> None:
    x = torch.tensor([[0.0, 1.0], [2.0, 3.0]])
    low, high = torch.tensor([[-1.0, 2.0], [2.0, 0.0]]), torch.tensor([[1.0, 3.0], [2.5, 2.9]])
    assert coverage(x, low, high) == 0.5  # inside, below, on the edge, above


@pytest.mark.parametrize("reach", [0.5, 1.0, 1.96])
def test_coverage_of_a_normal_interval_is_its_probability(reach: float) -> None:
    generator = torch.Generator().manual_seed(0)
    sigma = 0.1 + torch.rand(400, 500, generator=generator)
    x = sigma * torch.randn(400, 500, generator=generator)
    expected = norm.cdf(reach) - norm.cdf(-reach)
    assert coverage(x, -reach * sigma, reach * sigma) == pytest.approx(expected, abs=4 * 0.5 / 200_000**0.5)


def test_an_interval_may_be_a_point_or_everything() -> None:
    x = torch.zeros(3)
    assert coverage(x, torch.zeros(3), torch.zeros(3)) == 1
    assert coverage(x, torch.full((3,), -INF), torch.full((3,), INF)) == 1
    assert coverage(x, torch.full((3,), 1e-6), torch.ones(3)) == 0


def test_coverage_does_not_broadcast() -> None:
    with pytest.raises(ValueError, match=r"\(3, 2\), \(2,\), \(3, 2\)"):
        coverage(torch.zeros(3, 2), torch.zeros(2), torch.zeros(3, 2))


@pytest.mark.parametrize(
    ("x", "low", "high"), [(math.nan, 0.0, 1.0), (0.0, 1.0, -1.0), (0.0, math.nan, 1.0), (0.0, -1.0, math.nan)]
)
def test_coverage_refuses_what_is_no_interval(x: float, low: float, high: float) -> None:
    with pytest.raises(ValueError, match="coverage"):
        coverage(*(torch.tensor([value]) for value in (x, low, high)))


def model() -> HeteroscedasticVAE:
    torch.manual_seed(0)
    return HeteroscedasticVAE(7, 3, hidden=(16, 8))


def test_each_number_has_a_mean_and_a_noise_of_its_own() -> None:
    mu, logvar = model().decode(torch.randn(5, 3))
    assert mu.shape == logvar.shape == (5, 7)
    assert not torch.equal(mu, logvar)
    assert (logvar.std(0) > 0).all()  # differs from code to code
    assert (logvar.std(1) > 0).all()  # and from number to number


def test_the_means_are_the_first_half_of_the_decoder() -> None:
    vae = model()
    z = torch.randn(5, 3)
    mu, logvar = vae.decode(z)
    assert torch.equal(torch.cat([mu, logvar], dim=1), vae.decoder(z))


def test_the_likelihood_is_that_of_independent_normal_distributions() -> None:
    vae = model().double()
    x, z = torch.randn(5, 7, dtype=torch.float64), torch.randn(4, 5, 3, dtype=torch.float64)
    mu, logvar = vae.decode(z)
    expected = -Independent(Normal(mu, torch.exp(logvar / 2)), 1).log_prob(x)
    torch.testing.assert_close(vae.nll(x, z), expected)


def test_no_parameter_is_left_without_a_gradient() -> None:
    vae = model()
    elbo(vae, torch.randn(9, 7)).mean().backward()
    assert all(parameter.grad is not None for parameter in vae.parameters())


def test_it_has_the_encoder_of_a_vae_and_no_shared_noise() -> None:
    vae = model()
    torch.manual_seed(0)
    shared = VAE(7, 3, hidden=(16, 8))
    x = torch.randn(5, 7)
    for of_one, of_other in zip(vae.encode(x), shared.encode(x), strict=True):
        assert torch.equal(of_one, of_other)
    assert "logvar" in dict(shared.named_parameters())
    assert "logvar" not in dict(vae.named_parameters())


def test_reconstruction_is_the_mean_of_the_decoder_at_the_mean_of_the_code() -> None:
    vae = model()
    x = torch.randn(5, 7)
    assert torch.equal(vae(x), vae.decoder(vae.encode(x)[0])[:, :7])


def test_a_code_wider_than_the_data_is_refused() -> None:
    with pytest.raises(ValueError, match="code"):
        HeteroscedasticVAE(4, 5)


@pytest.mark.parametrize(("name", "bias", "sigma"), [("honest", 0, 3), ("silent", 0, 0), ("biased", 4, 0)])
def test_what_the_squared_error_of_a_draw_pays_is_counted_right(name: str, bias: float, sigma: float) -> None:
    generator = torch.Generator().manual_seed(1)
    draw, noise = torch.randn(2, 400_000, generator=generator, dtype=torch.float64)
    paid = (bias + sigma * draw - 3 * noise) ** 2
    assert PAID.expected[name] == pytest.approx(paid.mean().item(), abs=4 * paid.std().item() / 400_000**0.5)


def test_the_likelihood_is_cheapest_where_the_variance_is_the_mean_squared_error() -> None:
    x = torch.randn(2000, 1, generator=torch.Generator().manual_seed(2), dtype=torch.float64) * 3
    logvar = (x**2).mean().log().requires_grad_()
    gaussian_nll(x, torch.zeros(()), logvar).mean().backward()
    assert abs(logvar.grad) < 1e-12
    for step in (-0.1, 0.1):
        assert gaussian_nll(x, torch.zeros(()), logvar + step).mean() > gaussian_nll(x, torch.zeros(()), logvar).mean()


def test_the_law_of_total_variance_gives_the_spread_of_all_draws() -> None:
    generator = torch.Generator().manual_seed(3)
    mu, logvar = torch.tensor([0.0, 1.0, 5.0]), torch.tensor([0.0, -1.4, 1.4])
    which = torch.randint(3, (400_000,), generator=generator)
    x = mu[which] + torch.exp(logvar / 2)[which] * torch.randn(400_000, generator=generator)
    (found,) = total_sigma(mu[:, None], logvar[:, None])
    assert found == pytest.approx(np.std(x.numpy()), rel=0.01)
