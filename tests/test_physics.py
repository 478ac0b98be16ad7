"""Whether a curve could be a pendulum's."""

import math

import pytest
import torch
from scipy.special import ellipk

from course_utils.data import oscillations, pendulum
from course_utils.data.pendulum import GRAVITY
from course_utils.metrics import amplitude_and_frequency, pendulum_fit


def test_true_pendulums_obey_the_equation_with_gravity_over_length() -> None:
    swings = pendulum(200, seed=3)
    r2, k = pendulum_fit(swings.x, swings.grid)
    assert r2.min() > 0.999
    torch.testing.assert_close(k, GRAVITY / swings.factors[:, 2], rtol=5e-3, atol=0)


def test_a_rough_curve_scores_low() -> None:
    rough = pendulum(50, noise=0.05)
    assert pendulum_fit(rough.x, rough.grid).r2.median() < 0.7


def test_pure_noise_has_a_k_that_no_pendulum_has() -> None:
    t = pendulum(1).grid
    noise = torch.randn(50, len(t), generator=torch.Generator().manual_seed(0))
    r2, k = pendulum_fit(noise, t)
    assert r2.max() < 0.9
    assert k.min() > 50


def test_the_share_is_one_minus_the_missed_over_the_variance() -> None:
    t = torch.arange(1, 101) * 0.05
    curve = t[None] ** 2  # accelerates by 2 everywhere, so it has no variance to explain except what rounding leaves
    falling = 0.1 * t[None] ** 3
    pull, acceleration = torch.sin(falling)[:, 5:-5].double(), (0.6 * t)[None, 5:-5].double()
    k = -(acceleration * pull).sum() / (pull**2).sum()
    missed = ((acceleration + k * pull) ** 2).sum() / ((acceleration - acceleration.mean()) ** 2).sum()
    fit = pendulum_fit(falling, t)
    assert fit.k.item() == pytest.approx(k.item(), rel=1e-3)
    assert fit.r2.item() == pytest.approx(1 - missed.item(), rel=1e-3)
    assert pendulum_fit(curve, t).r2.item() < -1000


def test_a_quarter_of_the_length_has_four_times_the_k_whatever_the_unit_of_time() -> None:
    swings = pendulum(20, seed=1)
    slow = pendulum_fit(swings.x, 2 * swings.grid)
    torch.testing.assert_close(4 * slow.k, pendulum_fit(swings.x, swings.grid).k, rtol=1e-4, atol=0)


def test_amplitude_and_frequency_of_an_oscillation_are_found() -> None:
    waves = oscillations(200, seed=2)
    found = amplitude_and_frequency(waves.x, waves.grid)
    torch.testing.assert_close(found, waves.factors[:, :2], rtol=0.01, atol=0.0)


def test_amplitude_and_frequency_of_a_pendulum_are_those_of_its_energy_and_period() -> None:
    swings = pendulum(100, seed=5)
    theta0, omega0, length, _ = swings.factors.double().T
    cosine = torch.cos(theta0) - length * omega0**2 / (2 * GRAVITY)
    amplitude = torch.acos(cosine)
    period = 4 * torch.sqrt(length / GRAVITY) * torch.from_numpy(ellipk(((1 - cosine) / 2).numpy()))
    expected = torch.stack([amplitude, 1 / period], 1).float()
    torch.testing.assert_close(amplitude_and_frequency(swings.x, swings.grid), expected, rtol=0.003, atol=0)


def test_a_swing_to_the_left_counts_as_one_to_the_right() -> None:
    swings = pendulum(20, seed=6)
    torch.testing.assert_close(
        amplitude_and_frequency(-swings.x, swings.grid), amplitude_and_frequency(swings.x, swings.grid)
    )
    falling = torch.linspace(1, -3, 100)[None]
    assert amplitude_and_frequency(falling, swings.grid)[0, 0].item() == pytest.approx(2.8, abs=0.05)


def test_a_curve_that_does_not_swing_has_no_frequency() -> None:
    t = torch.arange(1, 101) * 0.05
    amplitude, frequency = amplitude_and_frequency(t[None] - 2, t)[0]
    assert amplitude == pytest.approx(2.75, abs=0.01)
    assert frequency.isnan()


@pytest.mark.parametrize("measure", [pendulum_fit, amplitude_and_frequency])
@pytest.mark.parametrize(
    ("x", "t", "message"),
    [
        (torch.zeros(2, 20), torch.arange(19.0), "curves .n, d."),
        (torch.zeros(20), torch.arange(20.0), "curves .n, d."),
        (torch.zeros(2, 11), torch.arange(11.0), "more than 11"),
        (torch.full((2, 20), math.nan), torch.arange(20.0), "finite"),
        (torch.ones(2, 20), torch.arange(20.0) ** 2, "equal steps"),
        (torch.ones(2, 20), -torch.arange(20.0), "increase"),
        (torch.ones(2, 20), torch.full((20,), math.nan), "increase"),
    ],
)
def test_curves_that_cannot_be_judged_are_refused(measure, x: torch.Tensor, t: torch.Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measure(x, t)


def test_a_curve_that_rests_has_no_r2() -> None:
    with pytest.raises(ValueError, match="rests"):
        pendulum_fit(torch.zeros(1, 30), torch.arange(30.0))
