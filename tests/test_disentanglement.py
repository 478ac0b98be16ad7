"""The scores of disentanglement, against other implementations, closed forms and codes whose scores are known."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy
from scipy.stats import norm
from sklearn.metrics import mutual_info_score
from torch import Tensor

from course_utils.data import Dataset
from course_utils.metrics import (
    dci,
    disentanglement,
    entropy,
    equal_mass_bins,
    equal_width_bins,
    factor_vae_score,
    focus,
    gaps,
    information_share,
    mig,
    mutual_information,
    sap,
)
from course_utils.metrics.disentanglement import _jackknife_error
from course_utils.models import VAE

N = 10_000

Scores = Callable[[Tensor, Tensor], list[float]]


def uniform(n: int = N, d: int = 3, seed: int = 0) -> Tensor:
    return torch.rand(n, d, generator=torch.Generator().manual_seed(seed))


def gaussian(n: int = N, d: int = 2, seed: int = 0) -> Tensor:
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed))


def turned(z: Tensor, degrees: float) -> Tensor:
    """Two codes in axes that are turned."""
    angle = math.radians(degrees)
    return z @ torch.tensor([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]], dtype=z.dtype)


def scores(z: Tensor, factors: Tensor, n_fit: int = 1000) -> list[float]:
    """MIG, SAP, the three of DCI, and the FactorVAE score."""
    return [
        mig(z, factors),
        sap(z, factors),
        *dci(z, factors, n_fit=n_fit),
        factor_vae_score(z, factors, n_votes=200).value,
    ]


# Bins and information


def test_bins_are_equally_full_and_in_order() -> None:
    values = gaussian(1000, 1)
    bins = equal_mass_bins(values, 20)
    assert bins.flatten().bincount().tolist() == [50] * 20
    assert bins[values.flatten().argsort(), 0].diff().min() == 0


def test_bins_of_equal_width_are_those_of_a_histogram() -> None:
    values = gaussian(1000, 3).double()
    for column, bins in zip(values.T, equal_width_bins(values, 7).T, strict=True):
        assert bins.bincount(minlength=7).tolist() == np.histogram(column, 7)[0].tolist()
    assert equal_width_bins(torch.full((40, 1), 7.0)).unique().tolist() == [0]
    assert equal_width_bins(torch.tensor([[0], [1], [2], [3]]), 2).flatten().tolist() == [0, 0, 1, 1]


def test_equal_values_share_a_bin() -> None:
    assert equal_mass_bins(torch.tensor([[3], [1], [3], [1], [2], [2]]), 3).flatten().tolist() == [2, 0, 2, 0, 1, 1]
    assert equal_mass_bins(torch.full((40, 1), 7.0)).unique().tolist() == [0]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=60))
def test_information_and_entropy_are_those_of_other_libraries(pairs: list[tuple[int, int]]) -> None:
    a, b = (torch.tensor(column)[:, None] for column in zip(*pairs, strict=True))
    assert mutual_information(a, b).item() == pytest.approx(mutual_info_score(a[:, 0], b[:, 0]), abs=1e-12)
    assert entropy(a).item() == pytest.approx(scipy_entropy(np.bincount(a[:, 0])), abs=1e-12)


def test_each_code_meets_each_factor() -> None:
    z, v = equal_mass_bins(gaussian(500, 3)), equal_mass_bins(uniform(500, 2))
    found = mutual_information(z, v)
    assert found.shape == (3, 2)
    assert found[2, 1].item() == pytest.approx(mutual_info_score(z[:, 2], v[:, 1]))


def test_independent_numbers_share_what_chance_gives_them() -> None:
    z, v = equal_mass_bins(gaussian(2000, 20)), equal_mass_bins(uniform(2000, 20, seed=1))
    assert mutual_information(z, v).mean().item() == pytest.approx(19 * 19 / (2 * 2000), rel=0.1)


def test_information_share_is_a_share_of_the_factors_entropy() -> None:
    levels = torch.randint(4, (N, 1), generator=torch.Generator().manual_seed(0))
    assert information_share(levels.float(), levels).item() == pytest.approx(1)
    half = (levels >= 2).float()
    assert information_share(half, levels).item() == pytest.approx(0.5, abs=0.01)


def test_a_gap_is_between_the_best_and_the_second_best() -> None:
    table = torch.tensor([[0.1, 0.9], [0.7, 0.2], [0.3, 0.8]])
    torch.testing.assert_close(gaps(table), torch.tensor([0.4, 0.1]))
    torch.testing.assert_close(gaps(table[:1]), table[0])


# Codes whose scores are known


def test_the_factors_themselves_are_perfect_codes() -> None:
    v = uniform()
    assert mig(v, v) == pytest.approx(0.99, abs=0.01)
    assert scores(v, v)[1:] == pytest.approx([1, 1, 1, 1, 1], abs=0.005)


def test_noise_tells_nothing() -> None:
    z, v = gaussian(d=3, seed=1), uniform()
    assert mig(z, v) < 0.002
    assert sap(z, v) < 0.001
    assert dci(z, v).informativeness < 0.02
    assert factor_vae_score(z, v).value == pytest.approx(1 / 3, abs=0.06)


def test_two_equal_codes_have_no_gap_and_are_incomplete() -> None:
    v = uniform(d=2)
    z = torch.cat([v, v], 1)
    assert mig(z, v) == sap(z, v) == 0
    found = dci(z, v)
    assert found.disentanglement == pytest.approx(1, abs=0.01)
    assert found.completeness < 0.95
    assert factor_vae_score(z, v).value == 1


GAP_AT = {0: 0.994, 5: 0.72, 10: 0.60, 20: 0.38, 30: 0.21, 45: 0.006}  # measured once, by degrees


@pytest.mark.parametrize(("degrees", "expected"), list(GAP_AT.items()))
def test_turning_two_codes_gives_the_table_for_bins_of_equal_width(degrees: float, expected: float) -> None:
    v = gaussian()
    assert mig(turned(v, degrees), v, binned=equal_width_bins) == pytest.approx(expected, abs=0.02)


def information_by_integration(correlation: float, n_bins: int = 20) -> float:
    """Between equal-mass bins of two Gaussian variables: the cells of the table integrated, not counted."""
    edges = norm.ppf(np.linspace(0, 1, n_bins + 1))
    middle = norm.ppf((np.arange(500 * n_bins) + 0.5) / (500 * n_bins))[:, None]
    below = norm.cdf((edges - correlation * middle) / math.sqrt(1 - correlation**2))
    cells = np.diff(below, axis=1).reshape(n_bins, 500, n_bins).mean(1) / n_bins
    return scipy_entropy(cells.ravel(), np.full(n_bins**2, n_bins**-2.0))


@pytest.mark.parametrize("degrees", list(GAP_AT)[1:])
def test_turning_two_codes_costs_what_integration_says(degrees: float) -> None:
    along, across = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    expected = (information_by_integration(along) - information_by_integration(across)) / math.log(20)
    v = gaussian()
    assert mig(turned(v, degrees), v) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("degrees", GAP_AT)
def test_the_squared_correlation_of_turned_codes_is_that_of_geometry(degrees: float) -> None:
    v = gaussian()
    assert sap(turned(v, degrees), v) == pytest.approx(math.cos(2 * math.radians(degrees)), abs=0.02)


def test_turning_by_half_a_right_angle_leaves_the_vote_to_chance() -> None:
    v = gaussian()
    assert factor_vae_score(turned(v, 45), v).value == pytest.approx(0.5, abs=0.06)
    assert factor_vae_score(turned(v, 10), v).value > 0.98


def test_mixed_codes_are_neither_disentangled_nor_complete() -> None:
    v = gaussian()
    found = dci(turned(v, 45), v)
    assert found.disentanglement < 0.1
    assert found.completeness < 0.1
    assert found.informativeness > 0.9


def test_what_a_code_does_not_tell_is_missing_in_its_informativeness() -> None:
    v = gaussian(d=1)
    z = v + gaussian(d=1, seed=1)
    assert dci(z, v).informativeness == pytest.approx(0.5, abs=0.04)


# What must not matter


@pytest.fixture(scope="module")
def entangled() -> tuple[Tensor, Tensor]:
    v = uniform(2000)
    return v @ torch.tensor([[1.0, 0.2, 0.0], [0.3, -0.8, 0.2], [0.0, 0.5, 1.0]]), v


def test_order_and_sign_of_the_codes_do_not_matter(entangled: tuple[Tensor, Tensor]) -> None:
    z, v = entangled
    assert scores(-z[:, [2, 0, 1]], v) == pytest.approx(scores(z, v), abs=0.01)


def test_scale_and_origin_of_the_codes_do_not_matter(entangled: tuple[Tensor, Tensor]) -> None:
    z, v = entangled
    assert scores(z * torch.tensor([100.0, 0.01, 3.0]) + 5, v) == pytest.approx(scores(z, v), abs=0.01)


def test_a_dead_code_does_not_matter(entangled: tuple[Tensor, Tensor]) -> None:
    z, v = entangled
    assert scores(torch.cat([z, torch.full((len(z), 2), 0.3)], 1), v) == pytest.approx(scores(z, v), abs=1e-6)


def test_a_code_that_barely_breathes_hardly_matters(entangled: tuple[Tensor, Tensor]) -> None:
    z, v = entangled
    breath = 1e-3 * gaussian(len(z), 1, seed=2)
    found = scores(torch.cat([z, breath], 1), v)
    for index in (0, 1, 2, 4, 5):  # completeness is measured against the number of codes
        assert found[index] == pytest.approx(scores(z, v)[index], abs=0.03)


def test_without_any_code_that_lives_all_scores_say_so() -> None:
    assert scores(torch.ones(500, 2), uniform(500)) == pytest.approx([0, 0, 0, 0, 0, 1 / 3])


def test_whole_numbers_are_factors_too() -> None:
    levels = torch.randint(5, (2000, 2), generator=torch.Generator().manual_seed(0))
    assert scores(levels.float(), levels) == pytest.approx([1] * 6, abs=0.01)
    assert scores(levels.float(), levels.float()) == scores(levels.float(), levels)
    assert scores(levels, levels) == scores(levels.float(), levels)


def test_one_factor_alone_can_be_scored() -> None:
    v = uniform(2000, 1)
    assert scores(v, v) == pytest.approx([1] * 6, abs=0.01)
    z = torch.cat([v, v], 1)
    assert mig(z, v) == 0
    assert dci(z, v, n_fit=500).disentanglement == pytest.approx(1)


# Disentanglement and completeness of a table


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([[1, 0], [0, 1]], (1, 1)),
        ([[1, 1], [1, 1]], (0, 0)),
        ([[1, 0], [1, 0], [0, 2]], (1, (2 - math.log(2) / math.log(3)) / 2)),
        ([[3, 1], [0, 4]], (1 - 0.5 * scipy_entropy([3, 1], base=2), 1 - 0.5 * scipy_entropy([4, 1], base=2))),
        ([[0, 0], [0, 0]], (0, 0)),
        ([[1, 0], [1, 0]], (1, 0)),
    ],
)
def test_focus_of_tables_counted_by_hand(table: list[list[float]], expected: tuple[float, float]) -> None:
    assert focus(torch.tensor(table, dtype=torch.float64)) == pytest.approx(expected)


# Errors and the table of a model


def test_leaving_out_one_at_a_time_gives_the_standard_error_of_a_mean() -> None:
    z = gaussian(200, 1).double()
    found = _jackknife_error(lambda z, _: z.mean().item(), z, z, len(z))
    assert found.item() == pytest.approx((z.std() / math.sqrt(len(z))).item())


@pytest.mark.parametrize("score", [mig, sap, partial(dci, n_fit=300)], ids=["mig", "sap", "dci"])
def test_the_error_is_how_far_another_sample_moves_the_score(score: Callable[[Tensor, Tensor], object]) -> None:
    samples = [gaussian(900, seed=seed) for seed in range(20)]
    samples = [(turned(v, 20) + 0.1 * gaussian(900, seed=50 + seed), v) for seed, v in enumerate(samples)]
    moved = torch.tensor([score(*sample) for sample in samples]).std(0)
    error = torch.stack([_jackknife_error(score, *sample, 10) for sample in samples[:5]]).mean(0)
    assert ((error / moved > 0.5) & (error / moved < 2)).all(), (error, moved)


def test_votes_have_the_error_of_their_number() -> None:
    found = factor_vae_score(turned(gaussian(), 45), gaussian(), n_votes=400)
    assert found.error == pytest.approx(math.sqrt(found.value * (1 - found.value) / 400))


def test_votes_are_judged_by_others_than_those_that_taught() -> None:
    z, v = gaussian(d=10, seed=1), uniform()
    found = [factor_vae_score(z, v, n_votes=60, seed=seed).value for seed in range(12)]
    assert np.mean(found) == pytest.approx(1 / 3, abs=0.06)  # .5 if the same votes taught and judged


def known(v: Tensor) -> Dataset:
    return Dataset(x=v, axes=("number",), factors=v, factor_names=tuple("abc"[: v.shape[1]]), name="numbers")


def test_one_call_gives_all_scores_with_their_errors() -> None:
    found = disentanglement(lambda x: x[:, [1, 0]], known(uniform(2000, 2)))
    for score in (
        found.mig,
        found.sap,
        found.disentanglement,
        found.completeness,
        found.informativeness,
        found.factor_vae,
    ):
        assert score.value == pytest.approx(1, abs=0.05)
        assert 0 <= score.error < 0.01
    assert found.share.shape == (2, 2)
    assert found.share[0, 1] > 0.9 > 0.1 > found.share[0, 0]
    assert found.factor_names == ("a", "b")
    assert [line.split(" ±")[0][:-6].rstrip() for line in str(found).splitlines()] == [
        "MIG",
        "SAP",
        "DCI disentanglement",
        "DCI completeness",
        "DCI informativeness",
        "FactorVAE score",
    ]


def test_the_table_has_the_scores_for_its_bins_and_seed() -> None:
    z, v = turned(gaussian(600), 40), gaussian(600)
    data = Dataset(x=z, axes=("code",), factors=v, factor_names=("a", "b"))
    found = disentanglement(lambda x: x, data, n_bins=7, seed=3)
    assert found.mig.value == mig(z, v, 7) != mig(z, v)
    assert found.share.equal(information_share(z, v, 7))
    assert found.factor_vae == factor_vae_score(z, v, n_bins=7, seed=3) != factor_vae_score(z, v, n_bins=7)
    assert found.disentanglement.value == dci(z, v, seed=3).disentanglement
    assert found.sap.error == _jackknife_error(sap, z, v, 10).item()
    assert found.completeness.error == _jackknife_error(partial(dci, seed=3), z, v, 3)[1].item()


def test_the_codes_of_a_vae_are_the_means() -> None:
    torch.manual_seed(0)
    vae, data = VAE(3, 2, (8,)), known(uniform(300, 3))
    expected = mig(vae.encode(data.x)[0].detach(), data.factors)
    assert disentanglement(vae, data).mig.value == pytest.approx(expected)


def test_scores_are_the_same_each_time_and_leave_the_random_state_alone() -> None:
    data = known(uniform(300, 2))
    state = torch.get_rng_state()
    assert str(disentanglement(lambda x: x, data)) == str(disentanglement(lambda x: x, data))
    assert torch.get_rng_state().equal(state)


# What cannot be compared

EACH = pytest.mark.parametrize("score", [mig, sap, dci, factor_vae_score, information_share])


@EACH
@pytest.mark.parametrize(
    ("z", "factors", "message"),
    [
        (torch.ones(50, 2), uniform(40), r"of the same examples, got \(50, 2\) and \(40, 3\)"),
        (torch.ones(50), uniform(50), r"got \(50,\) and \(50, 3\)"),
        (torch.ones(50, 0), uniform(50), r"got \(50, 0\)"),
        (torch.full((50, 2), math.nan), uniform(50), "must be finite; did the training diverge"),
        (uniform(50), torch.full((50, 2), math.inf), "must be finite"),
        (uniform(50), torch.cat([uniform(50), torch.ones(50, 1)], 1), "factor 3 is constant"),
        (uniform(50), torch.ones(50, 1, dtype=torch.long), "factor 0 is constant"),
    ],
)
def test_what_does_not_fit_together_is_refused(score: Scores, z: Tensor, factors: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        score(z, factors)


@pytest.mark.parametrize("score", [mig, factor_vae_score, information_share])
def test_fewer_examples_than_bins_are_refused(score: Scores) -> None:
    with pytest.raises(ValueError, match="as many examples, got 20 and 12"):
        score(uniform(12), uniform(12))


@pytest.mark.parametrize("binned", [equal_mass_bins, equal_width_bins])
def test_bins_need_two_numbers_or_more_and_finite_values(binned: Callable[[Tensor, int], Tensor]) -> None:
    with pytest.raises(ValueError, match=f"{binned.__name__}: needs 2 bins or more"):
        binned(uniform(), 1)
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="needs finite values"):
            binned(torch.tensor([[1.0], [bad]]), 2)


def test_data_without_factors_are_refused() -> None:
    with pytest.raises(ValueError, match="the factors of digits are not known"):
        disentanglement(lambda x: x, Dataset(x=uniform(), axes=("pixel",), name="digits"))
