"""The ring of Gaussians."""

import math

import pytest
import torch

from course_utils.data import ring_centres, rings
from course_utils.data.rings import RADIUS, SIGMA


def test_points_lie_around_the_centre_of_their_label() -> None:
    found = rings(4000, seed=1)
    angle = 2 * math.pi * found.labels / 8
    centre = torch.stack([RADIUS * torch.cos(angle), RADIUS * torch.sin(angle)], 1)
    torch.testing.assert_close(found.clean, centre)
    assert (found.x - centre).std().item() == pytest.approx(SIGMA, rel=0.03)
    assert (found.x - centre).mean().abs().item() < 4 * SIGMA / math.sqrt(8000)


def test_every_mode_is_as_likely_as_the_others() -> None:
    counts = rings(8000, n_modes=5).labels.bincount()
    assert len(counts) == 5
    assert ((counts - 1600).abs() < 4 * math.sqrt(8000 * 0.2 * 0.8)).all()


def test_the_coordinates_have_a_variance_of_about_one() -> None:
    torch.testing.assert_close(rings(8000).x.var(0), torch.ones(2), atol=0.05, rtol=0)


def test_given_angles_are_used_as_they_are() -> None:
    found = rings(factors=torch.tensor([[0.0], [math.pi / 2]]), radius=3.0, sigma=0.0)
    torch.testing.assert_close(found.x, torch.tensor([[3.0, 0.0], [0.0, 3.0]]), atol=1e-6, rtol=0)
    assert found.labels is None
    assert found.sigma is None


def test_the_centres_stand_in_the_order_of_the_labels() -> None:
    found = rings(100, n_modes=3, radius=2.0)
    torch.testing.assert_close(ring_centres(3, 2.0)[found.labels], found.clean)


def test_the_seed_decides() -> None:
    assert torch.equal(rings(10, 3).x, rings(10, 3).x)
    assert not torch.equal(rings(10, 3).x, rings(10, 4).x)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n": 0}, "n must be a whole number"),
        ({"n_modes": 0}, "n_modes must be"),
        ({"n_modes": 2.0}, "n_modes must be"),
        ({"radius": 0.0}, "radius must be positive"),
        ({"sigma": -0.1}, "sigma 0 or positive"),
        ({"sigma": math.nan}, "sigma 0 or positive"),
        ({"factors": torch.zeros(3)}, r"shape \(n, 1\)"),
        ({"factors": torch.full((2, 1), 7.0)}, "angle .rad. must lie from 0"),
    ],
)
def test_impossible_rings_are_refused(given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rings(**given)
