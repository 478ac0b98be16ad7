"""Spirals with and without missing observations, and the distance between trajectories."""

from __future__ import annotations

import math

import pytest
import torch

from course_utils.data import spirals
from course_utils.metrics import nrmse
from course_utils.ode import Spiral


def test_each_is_a_solution_of_its_equation() -> None:
    found = spirals(5, seed=3)
    for x, (radius, angle, decay, frequency) in zip(found.clean, found.factors.tolist(), strict=True):
        start = radius * math.cos(angle), radius * math.sin(angle)
        expected = Spiral(decay=decay, frequency=frequency).solution(found.grid.numpy(), start)
        torch.testing.assert_close(x.T.double(), torch.from_numpy(expected), rtol=0, atol=2e-5)


def test_the_same_seed_gives_the_same_data() -> None:
    first, second = (spirals(4, seed=1, noise=0.1, missing=0.3) for _ in range(2))
    assert torch.equal(first.x, second.x)
    assert torch.equal(first.sigma, second.sigma)
    assert not torch.equal(first.x, spirals(4, seed=2, noise=0.1, missing=0.3).x)


def test_factors_are_independent_and_in_their_ranges() -> None:
    factors = spirals(4000).factors
    assert (factors[:, 0].min(), factors[:, 0].max()) == pytest.approx((0.5, 2.0), abs=0.01)
    assert (factors.T.corrcoef() - torch.eye(4)).abs().max() < 0.06


def test_as_many_are_missing_in_each_and_never_the_first() -> None:
    found = spirals(50, noise=0.2, missing=0.6, n_times=50)
    gone = found.sigma.isinf()
    assert (gone.all(2) == gone.any(2)).all()
    assert (gone[..., 0].sum(1) == 30).all()
    assert not gone[:, 0].any()
    assert len({tuple(row.tolist()) for row in gone[..., 0]}) > 40
    assert not found.x[gone].any()


def test_the_noise_is_as_large_as_it_says() -> None:
    found = spirals(500, noise=0.2)
    assert (found.x - found.clean).std().item() == pytest.approx(0.2, rel=0.02)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"noise": -1.0}, "noise must be 0 or positive"),
        ({"missing": 1.0, "noise": 0.1}, "missing must be a share"),
        ({"missing": -0.1, "noise": 0.1}, "missing must be a share"),
        ({"missing": math.nan, "noise": 0.1}, "missing must be a share"),
        ({"missing": 0.5}, "give noise="),
        ({"n_times": 1}, "n_times must be"),
        ({"factors": torch.zeros(2, 3)}, "factors must have shape"),
    ],
    ids=str,
)
def test_options_that_do_not_fit_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        spirals(**options)


def test_the_mean_scores_one_and_the_truth_zero() -> None:
    true = torch.randn(50, 2, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 5.0]) + 3
    assert nrmse(true.mean(0).expand_as(true), true) == pytest.approx(1.0, rel=1e-5)
    assert nrmse(true, true) == 0


def test_the_spread_may_come_from_another_span() -> None:
    true = torch.tensor([[0.0], [2.0]])
    assert nrmse(true + 3, true, reference=torch.tensor([[0.0], [6.0]])) == pytest.approx(1.0)


def test_a_solution_that_exploded_is_infinitely_far() -> None:
    true = torch.tensor([[0.0], [2.0]])
    assert nrmse(torch.tensor([[0.0], [math.nan]]), true) == math.inf


@pytest.mark.parametrize(
    ("found", "true", "reference", "words"),
    [
        (torch.zeros(3, 2), torch.zeros(2, 2), None, "must both be"),
        (torch.zeros(3), torch.zeros(3), None, "must both be"),
        (torch.zeros(3, 2), torch.ones(3, 2), None, "does not vary"),
        (torch.zeros(3, 2), torch.ones(3, 2), torch.zeros(3, 1), "reference has 1 states"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    found: torch.Tensor, true: torch.Tensor, reference: torch.Tensor | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        nrmse(found, true, reference=reference)
