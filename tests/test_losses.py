import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import dblquad, quad
from torch import Tensor
from torch.distributions import Bernoulli, Independent, MultivariateNormal, Normal, kl_divergence

from course_utils.losses import bernoulli_nll, elbo, gaussian_nll, iwae, kl_standard_normal
from course_utils.models import VAE


def randn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


finite = st.floats(-5, 5)


# Likelihoods


def test_gaussian_nll_agrees_with_torch_distributions() -> None:
    x, mu, logvar = randn(7, 5), randn(7, 5, seed=1), 2 * randn(7, 5, seed=2)
    expected = -Independent(Normal(mu, torch.exp(logvar / 2)), 1).log_prob(x)
    torch.testing.assert_close(gaussian_nll(x, mu, logvar), expected)


def test_gaussian_nll_belongs_to_a_density_that_integrates_to_1() -> None:
    def density(b: float, a: float) -> float:
        x = torch.tensor([a, b], dtype=torch.float64)
        return math.exp(-gaussian_nll(x, torch.tensor([0.5, -1.0]), torch.tensor([0.3, -0.7])))

    assert dblquad(density, -9, 9, -9, 9)[0] == pytest.approx(1, abs=1e-6)


def test_gaussian_nll_takes_one_logvar_for_all_and_draws_in_front() -> None:
    x, mu, logvar = randn(3, 4), randn(6, 3, 4, seed=1), torch.tensor(-1.2, dtype=torch.float64)
    found = gaussian_nll(x, mu, logvar)
    assert found.shape == (6, 3)
    torch.testing.assert_close(found[2, 1], -Normal(mu[2, 1], math.exp(-0.6)).log_prob(x[1]).sum())


def test_the_best_logvar_is_that_of_the_mean_squared_residual() -> None:
    x, mu = randn(50, 4), randn(50, 4, seed=1)
    logvar = ((x - mu) ** 2).mean().log().requires_grad_()
    (slope,) = torch.autograd.grad(gaussian_nll(x, mu, logvar).mean(), logvar)
    assert slope.item() == pytest.approx(0, abs=1e-12)


def test_bernoulli_nll_agrees_with_torch_distributions() -> None:
    x, logits = (randn(7, 5) > 0).double(), 3 * randn(7, 5, seed=1)
    expected = -Independent(Bernoulli(logits=logits), 1).log_prob(x)
    torch.testing.assert_close(bernoulli_nll(x, logits), expected)


def test_bernoulli_nll_of_all_pictures_are_probabilities_that_add_up_to_1() -> None:
    pictures = torch.cartesian_prod(*4 * [torch.tensor([0.0, 1.0], dtype=torch.float64)])
    assert torch.exp(-bernoulli_nll(pictures, randn(4))).sum().item() == pytest.approx(1)


def test_bernoulli_nll_has_its_slope_at_the_probability_minus_the_pixel() -> None:
    x, logits = (randn(6) > 0).double(), randn(6, seed=1).requires_grad_()
    (slope,) = torch.autograd.grad(bernoulli_nll(x, logits), logits)
    torch.testing.assert_close(slope, torch.sigmoid(logits.detach()) - x)


@pytest.mark.parametrize(("logit", "pixel", "expected"), [(800.0, 1.0, 0.0), (800.0, 0.0, 800.0), (-800.0, 1.0, 800.0)])
def test_bernoulli_nll_stays_finite_for_certain_models(logit: float, pixel: float, expected: float) -> None:
    assert bernoulli_nll(torch.tensor([pixel]), torch.tensor([logit])).item() == pytest.approx(expected)


# Divergence


def test_kl_standard_normal_agrees_with_torch_distributions() -> None:
    mu, logvar = randn(7, 5), 2 * randn(7, 5, seed=1)
    expected = kl_divergence(Normal(mu, torch.exp(logvar / 2)), Normal(0.0, 1.0)).sum(-1)
    torch.testing.assert_close(kl_standard_normal(mu, logvar), expected)


@pytest.mark.parametrize(("mu", "logvar"), [(0.7, -1.0), (-2.0, 0.5)])
def test_kl_standard_normal_agrees_with_its_integral(mu: float, logvar: float) -> None:
    q, p = Normal(mu, math.exp(logvar / 2)), Normal(0.0, 1.0)

    def integrand(z: float) -> float:
        at = torch.tensor(z, dtype=torch.float64)
        return (q.log_prob(at).exp() * (q.log_prob(at) - p.log_prob(at))).item()

    found = kl_standard_normal(*torch.tensor([[mu], [logvar]], dtype=torch.float64))
    assert found.item() == pytest.approx(quad(integrand, -12, 12)[0], rel=1e-5)


def test_kl_standard_normal_is_the_mean_difference_of_two_surprises() -> None:
    mu, logvar, zero = randn(3), randn(3, seed=1), torch.zeros(3, dtype=torch.float64)
    z = mu + torch.exp(logvar / 2) * randn(200_000, 3, seed=2)
    difference = gaussian_nll(z, zero, zero) - gaussian_nll(z, mu, logvar)
    error = difference.std().item() / len(z) ** 0.5
    assert difference.mean().item() == pytest.approx(kl_standard_normal(mu, logvar).item(), abs=4 * error)


@given(mu=finite, logvar=finite)
def test_kl_standard_normal_is_never_negative(mu: float, logvar: float) -> None:
    assert kl_standard_normal(*torch.tensor([[mu], [logvar]], dtype=torch.float64)).item() >= 0


def test_kl_standard_normal_is_0_for_the_standard_normal_alone() -> None:
    zero, some = torch.zeros(4), torch.full((4,), 0.1)
    assert kl_standard_normal(zero, zero) == 0
    assert kl_standard_normal(some, zero) > 0
    assert kl_standard_normal(zero, some) > 0
    assert kl_standard_normal(zero, -some) > 0


# Bounds


def linear_vae() -> VAE:
    """Two numbers in the code, four in a picture, and straight lines between them: the evidence is a Gaussian."""
    torch.manual_seed(0)
    model = VAE(4, 2, hidden=()).double().requires_grad_(False)
    model.logvar.fill_(-0.5)
    return model


def log_evidence(model: VAE, x: Tensor) -> Tensor:
    """Of a linear VAE, in closed form."""
    weight = model.decoder[0].weight
    covariance = weight @ weight.T + torch.exp(model.logvar) * torch.eye(4, dtype=x.dtype)
    return MultivariateNormal(model.decoder[0].bias, covariance).log_prob(x)


def with_exact_posterior(model: VAE) -> VAE:
    """The same with independent codes and an encoder that knows their posterior."""
    variance = torch.exp(model.logvar)
    model.decoder[0].weight.copy_(torch.linalg.qr(model.decoder[0].weight).Q)
    weight, bias = model.decoder[0].weight, model.decoder[0].bias
    gain = 1 / (1 + variance)
    model.encoder[0].weight.copy_(torch.cat([gain * weight.T, torch.zeros_like(weight.T)]))
    model.encoder[0].bias.copy_(torch.cat([-gain * weight.T @ bias, (variance * gain).log().expand(2)]))
    return model


def mean_of(bound: Callable[[Tensor], Tensor], x: Tensor, repeats: int = 20_000) -> tuple[float, float]:
    """Mean of many draws of a bound for one picture, and its standard error."""
    values = bound(x.expand(repeats, -1))
    return values.mean().item(), values.std().item() / repeats**0.5


def test_elbo_lies_below_the_evidence_by_the_divergence_from_the_posterior() -> None:
    model, x = linear_vae(), randn(1, 4, seed=3)
    weight, bias, variance = model.decoder[0].weight, model.decoder[0].bias, torch.exp(model.logvar)
    covariance = torch.linalg.inv(torch.eye(2, dtype=x.dtype) + weight.T @ weight / variance)
    posterior = MultivariateNormal((x - bias) @ weight @ covariance / variance, covariance)
    mu, logvar = model.encode(x)
    gap = kl_divergence(MultivariateNormal(mu, torch.exp(logvar).diag_embed()), posterior)
    found, error = mean_of(lambda rows: elbo(model, rows), x)
    assert found == pytest.approx((log_evidence(model, x) - gap).item(), abs=4 * error)


def test_elbo_with_the_exact_posterior_has_the_evidence_as_its_mean() -> None:
    model, x = with_exact_posterior(linear_vae()), randn(1, 4, seed=3)
    found, error = mean_of(lambda rows: elbo(model, rows), x)
    assert found == pytest.approx(log_evidence(model, x).item(), abs=4 * error)


@pytest.mark.parametrize("n_draws", [1, 7])
def test_iwae_with_the_exact_posterior_is_the_evidence_whatever_is_drawn(n_draws: int) -> None:
    model, x = with_exact_posterior(linear_vae()), randn(9, 4, seed=3)
    torch.testing.assert_close(iwae(model, x, n_draws), log_evidence(model, x))


def test_iwae_with_one_draw_is_the_elbo_in_expectation() -> None:
    model, x = linear_vae(), randn(1, 4, seed=3)
    one, error = mean_of(lambda rows: iwae(model, rows, 1), x)
    bound, other_error = mean_of(lambda rows: elbo(model, rows), x)
    assert one == pytest.approx(bound, abs=4 * math.hypot(error, other_error))


def test_iwae_rises_with_the_draws_towards_the_evidence() -> None:
    model, x = linear_vae(), randn(1, 4, seed=3)
    evidence = log_evidence(model, x).item()
    bounds = [mean_of(lambda rows, k=k: iwae(model, rows, k), x, repeats=4000)[0] for k in (1, 5, 50)]
    assert bounds[0] < bounds[1] < bounds[2] <= evidence + 0.01
    assert bounds[2] == pytest.approx(evidence, abs=0.1 * (evidence - bounds[0]))


def test_beta_weighs_the_divergence_and_nothing_else() -> None:
    model, x = linear_vae(), randn(5, 4, seed=3)
    values = []
    for beta in (0.0, 1.0, 4.0):
        torch.manual_seed(1)
        values.append(elbo(model, x, beta))
    kl = kl_standard_normal(*model.encode(x))
    torch.testing.assert_close(values[0] - values[1], kl)
    torch.testing.assert_close(values[0] - values[2], 4 * kl)


def test_elbo_has_a_gradient_for_the_encoder_through_the_draw() -> None:
    model, x = linear_vae().requires_grad_(), randn(5, 4, seed=3)
    torch.manual_seed(1)
    elbo(model, x, beta=0.0).sum().backward()
    assert model.encoder[0].weight.grad.abs().min() > 0
    assert model.logvar.grad != 0


# Errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: gaussian_nll(torch.zeros(2), torch.zeros(2), torch.tensor([0.0, -200.0])),
            "overflows at a logvar of -200",
        ),
        (lambda: kl_standard_normal(torch.zeros(2), torch.tensor([0.0, 200.0])), "overflows at a logvar of 200"),
        (lambda: bernoulli_nll(torch.tensor([0.0, 1.5]), torch.zeros(2)), "from 0 to 1, got 0 to 1.5"),
        (lambda: bernoulli_nll(torch.tensor([-0.5, 1.0]), torch.zeros(2)), "use gaussian_nll"),
        (
            lambda: elbo(linear_vae(), torch.zeros(1, 4, dtype=torch.float64), beta=-1),
            "beta must be 0 or positive, got -1",
        ),
        (lambda: iwae(linear_vae(), torch.zeros(1, 4, dtype=torch.float64), 0), "at least one draw, got 0"),
    ],
)
def test_what_cannot_be_calculated_is_refused(call: Callable[[], Tensor], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_the_largest_logvar_that_can_be_calculated_is_accepted() -> None:
    assert gaussian_nll(torch.zeros(1), torch.zeros(1), torch.tensor([-88.0])).isfinite()
    assert kl_standard_normal(torch.zeros(1), torch.tensor([88.0])).isfinite()
