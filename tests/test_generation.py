"""What is measured of draws."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from course_utils.data import ring_centres, rings
from course_utils.metrics import high_quality_share, modes_found, sliced_wasserstein


def sample(seed: int, n: int = 300, d: int = 3) -> torch.Tensor:
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed))


def test_on_a_line_it_is_the_wasserstein_distance() -> None:
    x, y = sample(1, d=1), 1.3 * sample(2, d=1) + 0.4
    expected = wasserstein_distance(x[:, 0].numpy(), y[:, 0].numpy())
    assert sliced_wasserstein(x, y) == pytest.approx(expected, rel=1e-5)


def test_in_space_it_is_the_mean_over_random_lines() -> None:
    x, y = sample(1), sample(2) @ torch.tensor([[2.0, 0, 0], [1, 1, 0], [0, 0, 0.5]]) + 0.5
    rng = np.random.default_rng(0)
    lines = rng.normal(size=(4000, 3))
    lines /= np.linalg.norm(lines, axis=1, keepdims=True)
    expected = np.mean([wasserstein_distance(x.numpy() @ line, y.numpy() @ line) for line in lines])
    assert sliced_wasserstein(x, y, n_directions=4000) == pytest.approx(expected, rel=0.03)


def test_a_shift_counts_by_its_mean_shadow() -> None:
    x, shift = sample(1, d=2), torch.tensor([3.0, 0.0])
    assert sliced_wasserstein(x, x + shift, n_directions=5000) == pytest.approx(3 * 2 / math.pi, rel=0.03)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 10))
def test_it_is_zero_for_the_same_points_symmetric_and_scales_with_the_unit(seed: int, scale: float) -> None:
    x, y = sample(seed, 40), sample(seed + 5000, 40)
    distance = sliced_wasserstein(x, y)
    assert sliced_wasserstein(x, x[torch.randperm(40, generator=torch.Generator().manual_seed(seed))]) == pytest.approx(
        0, abs=1e-6
    )
    assert sliced_wasserstein(y, x) == pytest.approx(distance, rel=1e-4)
    assert sliced_wasserstein(scale * x, scale * y) == pytest.approx(scale * distance, rel=1e-3)


def test_the_seed_chooses_the_lines() -> None:
    x, y = sample(1), sample(2)
    assert sliced_wasserstein(x, y, seed=3) == sliced_wasserstein(x, y, seed=3)
    assert sliced_wasserstein(x, y, n_directions=5, seed=3) != sliced_wasserstein(x, y, n_directions=5, seed=4)


def test_the_values_of_the_literature_for_the_ring_are_met() -> None:
    real = rings(2000, 1).x
    one_mode = rings(2000, 2).x - rings(2000, 2).clean + ring_centres()[0]
    gaussian = real.mean(0) + sample(3, 2000, 2) @ torch.linalg.cholesky(real.T.cov()).T
    assert sliced_wasserstein(rings(2000, 5).x, real) < 0.06
    assert sliced_wasserstein(one_mode, real) == pytest.approx(1.14, abs=0.05)
    assert sliced_wasserstein(gaussian, real) == pytest.approx(0.27, abs=0.04)


def test_a_mode_counts_from_its_share_of_the_draws() -> None:
    centres = ring_centres()
    draws = centres[[0] * 98 + [1] * 2]
    assert modes_found(draws, centres) == 2
    assert modes_found(centres[[0] * 99 + [1]], centres) == 1
    assert modes_found(draws, centres, share=0.03) == 1


def test_a_draw_counts_inside_the_radius_only() -> None:
    centres = torch.tensor([[0.0, 0.0], [1.0, 0.0]])
    draws = torch.tensor([[0.0, 0.09], [1.0, -0.11], [0.5, 0.0], [0.93, 0.0]])
    assert high_quality_share(draws, centres) == pytest.approx(0.5)
    assert high_quality_share(draws, centres, radius=0.2) == pytest.approx(0.75)
    assert modes_found(draws, centres, share=0.25) == 2
    assert modes_found(draws, centres, radius=0.08, share=0.25) == 1


def test_real_points_have_all_modes_and_full_quality() -> None:
    real = rings(2000, 1).x
    assert (modes_found(real, ring_centres()), high_quality_share(real, ring_centres())) == (8, 1.0)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (torch.zeros(3, 2), torch.zeros(4, 2), "one shape"),
        (torch.zeros(3, 2), torch.zeros(3, 1), "one shape"),
        (torch.zeros(3), torch.zeros(3), "one shape"),
        (torch.zeros(0, 2), torch.zeros(0, 2), "one shape"),
        (torch.full((3, 2), math.nan), torch.zeros(3, 2), "finite"),
    ],
)
def test_samples_that_cannot_be_compared_are_refused(x: torch.Tensor, y: torch.Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sliced_wasserstein(x, y)


@pytest.mark.parametrize("measure", [modes_found, high_quality_share])
@pytest.mark.parametrize(
    ("x", "centres", "message"),
    [
        (torch.zeros(3, 2), torch.zeros(4, 3), "centres .m, d."),
        (torch.zeros(0, 2), torch.zeros(4, 2), "at least one"),
        (torch.zeros(3, 2), torch.full((1, 2), math.inf), "finite"),
    ],
)
def test_draws_that_cannot_be_judged_are_refused(measure, x: torch.Tensor, centres: torch.Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measure(x, centres)
