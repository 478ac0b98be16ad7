import math

import numpy as np
import pytest
import torch
from scipy.special import ellipj, ellipk, ellipkinc
from scipy.stats import kstest

from course_utils.data import pendulum
from course_utils.data.pendulum import FACTORS, swing

GRAVITY, DURATION = 10, 5  # as the chapters say, in m/s² and s


def exact(t: np.ndarray, theta0: float, omega0: float, length: float) -> np.ndarray:
    """The swing by elliptic functions: sin(theta / 2) = k sn(u, k^2), with k the sine of half the highest angle."""
    omega = math.sqrt(GRAVITY / length)
    k = math.sqrt(math.sin(theta0 / 2) ** 2 + (omega0 / (2 * omega)) ** 2)
    start = ellipkinc(math.asin(math.sin(theta0 / 2) / k), k**2)  # on its way up
    sn, _, _, _ = ellipj(omega * t + start, k**2)
    return 2 * np.arcsin(k * sn)


def at_edges() -> torch.Tensor:
    """Pendulums in every corner of the ranges."""
    return torch.cartesian_prod(*(torch.tensor(ends) for ends in FACTORS.values()))


def test_a_swing_is_the_exact_solution_by_elliptic_functions() -> None:
    found = pendulum(factors=torch.cat([at_edges(), pendulum(50, seed=1).factors]))
    expected = [exact(found.grid.double().numpy(), *factors[:3]) for factors in found.factors.double().tolist()]
    np.testing.assert_allclose(found.clean, expected, atol=2e-6)


def test_the_exact_solution_starts_as_told() -> None:
    t = np.array([0, 1e-6])
    for theta0, omega0, length, _ in at_edges().double().tolist():
        first, second = exact(t, theta0, omega0, length)
        assert first == pytest.approx(theta0, abs=1e-12)
        assert (second - first) / 1e-6 == pytest.approx(omega0, abs=1e-4)


def test_energy_is_conserved_also_far_beyond_the_five_seconds() -> None:
    t = torch.linspace(0.001, 20, 20_000, dtype=torch.float64)
    factors = at_edges()
    theta = swing(t, factors).double()
    velocity = (theta[:, 2:] - theta[:, :-2]) / (t[2:] - t[:-2])
    _, _, length, _ = factors.double().T[:, :, None]
    energy = velocity**2 / 2 - GRAVITY / length * torch.cos(theta[:, 1:-1])
    theta0, omega0, length, _ = factors.double().T
    at_start = omega0**2 / 2 - GRAVITY / length * torch.cos(theta0)
    assert (energy - at_start[:, None]).abs().max() < 2e-3 * GRAVITY


def test_the_period_is_that_of_large_swings_not_of_small_ones() -> None:
    factors = torch.tensor([[1.5, 0.5, 1.0, 1.0]])
    t = torch.linspace(0.001, 5, 50_000, dtype=torch.float64)
    theta = swing(t, factors)[0]
    down = t[1:][(theta[:-1] > 0) & (theta[1:] <= 0)]
    k2 = math.sin(0.75) ** 2 + 0.5**2 / (4 * GRAVITY)
    assert down.diff()[0] == pytest.approx(4 * ellipk(k2) / math.sqrt(GRAVITY), rel=1e-3)
    assert down.diff()[0] > 1.1 * 2 * math.pi / math.sqrt(GRAVITY)


def test_the_mass_has_no_influence() -> None:
    factors = pendulum(20, seed=2).factors
    heavier = factors.clone()
    heavier[:, 3] = 4 - heavier[:, 3]
    assert torch.equal(pendulum(factors=factors).clean, pendulum(factors=heavier).clean)


def test_every_other_factor_has_an_influence() -> None:
    factors = torch.tensor([[1.0, 1.0, 1.5, 2.0]])
    for j in range(3):
        other = factors.clone()
        other[0, j] += 0.1
        assert (pendulum(factors=other).clean - pendulum(factors=factors).clean).abs().max() > 0.05


def test_factors_are_independent_and_uniform_in_their_ranges() -> None:
    found = pendulum(5000, seed=3, n_times=2)
    assert found.factor_names == tuple(FACTORS)
    for values, (low, high) in zip(found.factors.T, FACTORS.values(), strict=True):
        assert kstest((values - low) / (high - low), "uniform").pvalue > 0.001
    correlation = torch.corrcoef(found.factors.T) - torch.eye(4)
    assert correlation.abs().max() < 4 / 5000**0.5


def test_factors_are_those_of_the_pendulums_beside_them() -> None:
    found = pendulum(5, seed=4)
    assert torch.equal(pendulum(factors=found.factors).clean, found.clean)


def test_sigma_is_the_noise_at_the_start_plus_its_growth() -> None:
    found = pendulum(3, noise=0.2, noise_rate=0.1)
    np.testing.assert_allclose(found.sigma, (0.2 + 0.1 * found.grid).repeat(3, 1), rtol=1e-6)


def test_noise_is_gaussian_with_the_sigma_that_is_told() -> None:
    found = pendulum(300, seed=5, noise=0.01, noise_rate=0.1)
    noise = (found.x - found.clean) / found.sigma
    assert kstest(noise.flatten(), "norm").pvalue > 0.001
    assert (noise.square().mean(0) - 1).abs().max() < 5 * (2 / 300) ** 0.5


def test_noise_is_independent_of_the_swing_and_of_its_neighbours() -> None:
    found = pendulum(300, seed=6, noise_rate=0.1)
    noise = (found.x - found.clean) / found.sigma
    assert abs(np.corrcoef(noise.flatten(), found.clean.flatten())[0, 1]) < 4 / 30_000**0.5
    assert abs((noise[:, 1:] * noise[:, :-1]).mean()) < 4 / 30_000**0.5


def test_without_noise_the_truth_is_measured() -> None:
    found = pendulum(3)
    assert torch.equal(found.x, found.clean)
    assert found.sigma is None


def test_times_are_equally_spaced_from_after_the_start_to_the_end() -> None:
    found = pendulum(2, n_times=50)
    np.testing.assert_allclose(found.grid, np.linspace(0, DURATION, 51)[1:], rtol=1e-6)
    assert found.x.shape == (2, 50)
    assert found.axes == ("time in s",)


def test_fewer_times_show_the_same_swing() -> None:
    factors = pendulum(4, seed=7).factors
    np.testing.assert_allclose(
        pendulum(factors=factors, n_times=50).clean, pendulum(factors=factors).clean[:, 1::2], atol=1e-6
    )


def test_a_pendulum_swings_the_same_in_any_company() -> None:
    many = pendulum(200, seed=8)
    alone = pendulum(factors=many.factors[17:18])
    np.testing.assert_allclose(alone.clean[0], many.clean[17], atol=2e-6)


def test_a_seed_fixes_everything_and_nothing_else_does() -> None:
    torch.manual_seed(1)
    first = pendulum(5, seed=9, noise_rate=0.1)
    torch.manual_seed(2)
    again, other = pendulum(5, seed=9, noise_rate=0.1), pendulum(5, seed=10, noise_rate=0.1)
    for name in ("x", "clean", "factors"):
        assert torch.equal(getattr(first, name), getattr(again, name))
        assert not torch.equal(getattr(first, name), getattr(other, name))


def test_another_seed_measures_the_same_pendulums_again() -> None:
    first = pendulum(5, seed=11, noise_rate=0.1)
    again = pendulum(factors=first.factors, seed=12, noise_rate=0.1)
    assert torch.equal(first.clean, again.clean)
    assert not torch.equal(first.x, again.x)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"noise": -0.1}, "noise and noise_rate must be 0 or positive"),
        ({"noise_rate": math.nan}, "noise and noise_rate must be 0 or positive"),
        ({"noise_rate": math.inf}, "noise and noise_rate must be 0 or positive"),
        ({"n_times": 1}, "at least 2"),
        ({"n_times": 10.0}, "whole number"),
        ({"n": 0}, "at least 1"),
        ({"factors": torch.ones(3)}, r"shape \(n, 4\)"),
        ({"factors": torch.tensor([[1.0, 1.0, 3.0, 2.0]])}, r"length \(m\) must lie from 1 to 2.5"),
        ({"factors": torch.tensor([[1.0, math.nan, 2.0, 2.0]])}, "omega0"),
        ({"factors": torch.tensor([[1.0, 1.0, 2.0, 2.0]]), "n": 2}, r"shape \(2, 4\)"),
    ],
)
def test_what_cannot_be_is_refused_by_name(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pendulum(**wrong)


def test_factors_must_be_floating_point_numbers() -> None:
    with pytest.raises(TypeError, match="floating-point"):
        pendulum(factors=torch.ones(2, 4, dtype=torch.int64))
