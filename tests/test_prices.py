"""Simulated prices against the closed forms of their processes."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from course_utils.data import prices
from course_utils.data.prices import REVERSION, WALK, revert, walk

N = 20_000
GRIDS = {
    "two": torch.tensor([1.25, 3.0]),
    "uneven": torch.tensor([0.1, 1.25, 1.3, 2.9, 3.0]),
    "each minute": torch.arange(1, 181) / 60,
}


def draw(process, t: torch.Tensor, *factors: float, seed: int = 0) -> np.ndarray:
    """N paths with the same factors."""
    return process(t, torch.tensor(factors).repeat(N, 1), torch.Generator().manual_seed(seed)).double().numpy()


def require_moments(found: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> None:
    """Within 4.5 standard errors of the normal distribution with these moments."""
    sd = np.sqrt(np.diag(covariance))
    assert (np.abs(found.mean(0) - mean) < 4.5 * sd / math.sqrt(N)).all()
    errors = np.sqrt((np.outer(sd, sd) ** 2 + covariance**2) / N)
    assert (np.abs(np.cov(found.T) - covariance) < 4.5 * errors).all()


@pytest.mark.parametrize("grid", GRIDS)
def test_a_walk_has_the_moments_of_geometric_brownian_motion(grid: str) -> None:
    t = GRIDS[grid].double().numpy()
    found = draw(walk, GRIDS[grid], 5.0, 60.0)  # so volatile that the term in its square is seen
    require_moments(found, (5 - 60**2 / 200) * t, 60**2 * np.minimum.outer(t, t))


def test_the_mean_price_grows_with_the_drift_alone() -> None:
    relative = np.exp(draw(walk, torch.tensor([1.0, 2.0]), 10.0, 50.0) / 100)
    errors = 4.5 * relative.std(0) / math.sqrt(N)
    assert (np.abs(relative.mean(0) - np.exp([0.1, 0.2])) < errors).all()


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("rate", [0.5, 4.0])
def test_reversion_has_the_moments_of_an_ornstein_uhlenbeck_process(grid: str, rate: float) -> None:
    t = GRIDS[grid].double().numpy()
    found = draw(revert, GRIDS[grid], 0.8, rate, 0.5)
    apart, together = np.abs(np.subtract.outer(t, t)), np.add.outer(t, t)
    covariance = 0.5**2 / (2 * rate) * (np.exp(-rate * apart) - np.exp(-rate * together))
    require_moments(found, 0.8 * (1 - np.exp(-rate * t)), covariance)


@pytest.mark.parametrize("process", [(walk, (0.3, 0.7)), (revert, (0.8, 2.0, 0.7))])
def test_prices_are_normal_at_any_time(process: tuple) -> None:
    found = draw(process[0], GRIDS["uneven"], *process[1])
    for values in found.T:
        assert kstest((values - values.mean()) / values.std(), "norm").pvalue > 0.001


def test_a_slow_reversion_to_zero_is_a_walk_without_drift() -> None:
    found = draw(revert, torch.tensor([1.0, 3.0]), 0.0, 1e-5, 0.5)
    np.testing.assert_allclose(found.var(0), [0.25, 0.75], rtol=0.05)


@pytest.mark.parametrize("reverting", [False, True])
def test_a_window_tells_the_price_after_each_minute(reverting: bool) -> None:
    found = prices(4, reverting=reverting)
    assert found.x.shape == (4, 180)
    assert found.grid.tolist() == list(range(1, 181))
    assert found.axes == ("time in minutes",)
    assert found.clean is found.sigma is None
    process = revert if reverting else walk
    generator = torch.Generator().manual_seed(7)
    given = prices(factors=found.factors, reverting=reverting, seed=7, minutes=30)
    np.testing.assert_allclose(given.x, process(torch.arange(1, 31) / 60, found.factors, generator), atol=1e-6)


@pytest.mark.parametrize(("reverting", "ranges"), [(False, WALK), (True, REVERSION)])
def test_factors_are_independent_and_uniform_in_their_ranges(reverting: bool, ranges: dict) -> None:
    found = prices(5000, seed=3, reverting=reverting, minutes=2)
    assert found.factor_names == tuple(ranges)
    for values, (low, high) in zip(found.factors.T, ranges.values(), strict=True):
        assert kstest((values - low) / (high - low), "uniform").pvalue > 0.001
    assert (torch.corrcoef(found.factors.T) - torch.eye(len(ranges))).abs().max() < 4 / 5000**0.5


def test_given_factors_are_used_as_they_are() -> None:
    up, down = torch.tensor([[0.5, 0.2]]).repeat(500, 1), torch.tensor([[-0.5, 1.0]]).repeat(500, 1)
    found = prices(factors=torch.cat([up, down]), seed=1)
    assert torch.equal(found.factors, torch.cat([up, down]))
    assert found.x[:500, -1].mean() == pytest.approx(1.5, abs=0.1)
    assert found.x[500:, -1].mean() == pytest.approx(-1.5, abs=0.4)
    steps = found.x.diff().std(1) * 60**0.5
    assert steps[:500].mean() == pytest.approx(0.2, rel=0.02)
    assert steps[500:].mean() == pytest.approx(1.0, rel=0.02)


@pytest.mark.parametrize("reverting", [False, True])
def test_a_seed_fixes_everything_and_nothing_else_does(reverting: bool) -> None:
    torch.manual_seed(1)
    first = prices(5, seed=9, reverting=reverting)
    torch.manual_seed(2)
    again, other = prices(5, seed=9, reverting=reverting), prices(5, seed=10, reverting=reverting)
    for name in ("x", "factors"):
        assert torch.equal(getattr(first, name), getattr(again, name))
        assert not torch.equal(getattr(first, name), getattr(other, name))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"n": 0}, "at least 1"),
        ({"minutes": 1}, "minutes must be a whole number of at least 2, got 1"),
        ({"minutes": 90.0}, "whole number"),
        ({"factors": torch.ones(4, 3)}, r"shape \(n, 2\)"),
        ({"factors": torch.ones(4, 2), "reverting": True}, r"shape \(n, 3\)"),
        ({"factors": torch.tensor([[0.0, 0.0]])}, r"volatility \(%/√h\) must lie from 0.2 to 1"),
        ({"factors": torch.tensor([[math.nan, 0.5]])}, r"drift \(%/h\)"),
        ({"path": "prices.csv", "reverting": True}, "those of a file have no known factors"),
        ({"path": "prices.csv", "factors": torch.ones(1, 2)}, "those of a file have no known factors"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        prices(**wrong)
