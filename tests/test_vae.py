"""The variational autoencoder and what is counted of it."""

import math

import pytest
import torch
from torch.distributions import Normal

from course_utils.exercises.draw import normal
from course_utils.losses import elbo, iwae
from course_utils.metrics import active_units
from course_utils.models import VAE
from course_utils.training import TrainingError, fit


def test_encoder_and_decoder_have_the_shapes_of_code_and_picture() -> None:
    vae, x = VAE(9, 4, (8, 7)), normal(5, 9)
    mu, logvar = vae.encode(x)
    assert mu.shape == logvar.shape == (5, 4)
    assert vae(x).shape == (5, 9)
    assert vae.nll(x, normal(6, 5, 4)).shape == (6, 5)


def test_a_reconstruction_is_the_mean_picture_of_the_mean_code() -> None:
    vae, x = VAE(9, 2), normal(5, 9)
    mu, _ = vae.encode(x)
    torch.testing.assert_close(vae(x), vae.decoder(mu))


def test_all_pixels_share_the_noise_from_which_it_starts() -> None:
    vae, x, z = VAE(9, 2, sigma=0.3), normal(5, 9), normal(5, 2)
    expected = -Normal(vae.decoder(z), 0.3).log_prob(x).sum(1)
    torch.testing.assert_close(vae.nll(x, z), expected)


def test_the_noise_is_learnt() -> None:
    torch.manual_seed(0)
    vae, x = VAE(4, 1, (8,), sigma=0.3), 0.1 * normal(512, 4)
    fit(vae, lambda model, x: -elbo(model, x).mean(), x, epochs=60, lr=0.05)
    assert torch.exp(0.5 * vae.logvar).item() == pytest.approx(0.1, rel=0.1)


def test_a_batch_of_one_has_its_bounds() -> None:
    vae, x = VAE(9, 2), normal(1, 9)
    assert elbo(vae, x).shape == iwae(vae, x, 3).shape == (1,)
    assert elbo(vae, x).isfinite().all()


@pytest.mark.parametrize("k", [0, 10])
def test_a_code_is_no_wider_than_the_data(k: int) -> None:
    with pytest.raises(ValueError, match=f"from 1 to 9 numbers, as many as the data have, got {k}"):
        VAE(9, k)


@pytest.mark.parametrize("sigma", [0.0, -1.0, math.nan, math.inf])
def test_the_noise_starts_at_a_positive_number(sigma: float) -> None:
    with pytest.raises(ValueError, match="sigma must be positive"):
        VAE(9, 2, sigma=sigma)


def test_a_logvar_that_overflows_stops_the_training_and_says_where_to_look() -> None:
    vae = VAE(9, 2)
    with torch.no_grad():
        vae.encoder[-1].bias[2:] = 200.0
    before = {name: value.clone() for name, value in vae.state_dict().items()}
    with pytest.raises(TrainingError, match=r"exp\(logvar\) overflows at a logvar of"):
        fit(vae, lambda model, x: -elbo(model, x).mean(), normal(20, 9), epochs=1)
    assert all(value.equal(before[name]) for name, value in vae.state_dict().items())


def test_active_units_are_those_that_the_data_move() -> None:
    codes = normal(1000, 4) * torch.tensor([1.0, 0.2, 0.05, 0.0])
    assert active_units(codes) == 2
    assert active_units(codes + 7) == 2
    assert active_units(codes, threshold=0.1) == 1


@pytest.mark.parametrize("codes", [torch.zeros(1, 3), torch.zeros(5), torch.full((4, 2), math.nan)])
def test_units_of_one_code_cannot_be_counted(codes: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="finite codes of two or more examples"):
        active_units(codes)
