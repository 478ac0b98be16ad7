import math

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from course_utils.data import spectra
from course_utils.data.spectra import FACTORS


def by_hand(wavelength: float, age: float, gas: float, metallicity: float) -> float:
    """The formula of the docstring, for one wavelength and one galaxy."""

    def line(centre: float, width: float) -> float:
        return math.exp(-((wavelength - centre) ** 2) / (2 * width**2))

    slope, step = -2 + 3.5 * math.log10(age), 0.05 + 0.4 * math.log10(age)
    absorbed = 0.5 * line(393.4, 4) + 0.4 * line(396.8, 4) + 0.25 * line(430, 4)
    absorbed += 0.35 * line(517.5, 4) + 0.25 * line(589.2, 4)
    emitted = 0.6 * line(372.7, 2.5) + 0.35 * line(486.1, 2.5) + 0.2 * line(495.9, 2.5) + 0.6 * line(500.7, 2.5)
    emitted += line(656.3, 2.5) + 0.33 * line(658.3, 2.5) + 0.15 * line(671.7, 2.5) + 0.12 * line(673.1, 2.5)
    stars = (wavelength / 540) ** slope * (1 - step / (1 + math.exp((wavelength - 400) / 4)))
    return stars * math.exp(-(10**metallicity) * absorbed) + 2.5 * gas * emitted


def test_the_true_flux_is_the_formula() -> None:
    found = spectra(4, seed=1)
    expected = [[by_hand(w, *factors) for w in found.grid.tolist()] for factors in found.factors.tolist()]
    np.testing.assert_allclose(found.clean, expected, rtol=2e-5)


def test_two_hundred_wavelengths_from_360_to_720_nm() -> None:
    found = spectra(3)
    assert found.axes == ("wavelength in nm",)
    np.testing.assert_allclose(found.grid, np.linspace(360, 720, 200), rtol=1e-6)


def test_factors_are_independent_and_uniform_in_their_ranges() -> None:
    found = spectra(5000, seed=2)
    assert found.factor_names == tuple(FACTORS)
    for values, (low, high) in zip(found.factors.T, FACTORS.values(), strict=True):
        assert kstest((values - low) / (high - low), "uniform").pvalue > 0.001
    correlation = torch.corrcoef(found.factors.T) - torch.eye(3)
    assert correlation.abs().max() < 4 / 5000**0.5


def test_noise_is_gaussian_with_the_sigma_that_is_told() -> None:
    found = spectra(500, seed=3)
    live = found.sigma.isfinite()
    noise = ((found.x - found.clean) / found.sigma)[live]
    assert kstest(noise[:20_000], "norm").pvalue > 0.001
    per_pixel = torch.where(live, (found.x - found.clean) / found.sigma, 0).square().sum(0) / live.sum(0)
    assert per_pixel.sub(1).abs().max() < 5 * (2 / 500) ** 0.5


def test_signal_to_noise_is_five_and_three_times_worse_at_the_blue_end() -> None:
    found = spectra(4000, seed=4)
    live = found.sigma.isfinite()
    assert (found.clean / found.sigma)[live].median() == pytest.approx(5, rel=0.02)
    sigma = found.sigma.where(live, torch.nan).nanmean(0)
    assert sigma[0] / sigma[-1] == pytest.approx(3, rel=0.02)


def test_one_pixel_in_fifty_is_dead_and_reads_zero() -> None:
    found = spectra(2000, seed=5)
    dead = found.sigma.isinf()
    assert dead.float().mean() == pytest.approx(0.02, abs=0.001)
    assert not found.x[dead].any()
    assert not found.weight[dead].any()


def test_a_seed_fixes_everything_and_nothing_else_does() -> None:
    torch.manual_seed(1)
    first = spectra(5, seed=7)
    torch.manual_seed(2)
    again, other = spectra(5, seed=7), spectra(5, seed=8)
    for name in ("x", "clean", "sigma", "factors"):
        assert torch.equal(getattr(first, name), getattr(again, name))
        assert not torch.equal(getattr(first, name), getattr(other, name))


def test_given_factors_are_used_as_they_are() -> None:
    factors = torch.tensor([[2.0, 0.5, -1.0], [12.0, 0.0, 0.3]])
    found = spectra(factors=factors)
    assert torch.equal(found.factors, factors)
    assert found.clean[0, -1] == pytest.approx(by_hand(720, 2, 0.5, -1), rel=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "n must be a whole number of at least 1, got 0"),
        ({"n": 2.5}, "n must be a whole number of at least 1, got 2.5"),
        ({"factors": torch.tensor([[13.0, 0.1, 0.0]])}, r"age \(Gyr\) must lie from 1 to 12, got 13"),
        ({"factors": torch.tensor([[5.0, -0.1, 0.0]])}, "gas fraction must lie from 0 to 0.5"),
        ({"factors": torch.tensor([[5.0, 0.1, float("nan")]])}, "metallicity"),
        ({"factors": torch.rand(4, 2)}, r"must have shape \(n, 3\)"),
        ({"factors": torch.rand(0, 3)}, r"must have shape \(n, 3\)"),
        ({"n": 3, "factors": torch.ones(2, 3)}, r"must have shape \(3, 3\)"),
    ],
)
def test_what_is_no_galaxy_of_the_toy_is_refused(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        spectra(**arguments)


def test_factors_must_be_numbers() -> None:
    with pytest.raises(TypeError, match="floating-point tensor, got list"):
        spectra(factors=[[1, 2, 3]])
    with pytest.raises(TypeError, match=r"floating-point tensor, got torch\.int64"):
        spectra(factors=torch.tensor([[1, 0, 0]]))
