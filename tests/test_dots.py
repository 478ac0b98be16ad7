"""The pictures of one blob."""

import pytest
import torch

from course_utils import data


def test_a_dot_is_a_gaussian_around_its_centre() -> None:
    (picture,) = data.dots(factors=torch.tensor([[4.0, 11.5]]), width=2.0).x.reshape(-1, 16, 16)
    for row, column in ((11, 4), (12, 4), (3, 9), (15, 0)):
        squared = (column - 4) ** 2 + (row - 11.5) ** 2
        assert picture[row, column].item() == pytest.approx(torch.exp(torch.tensor(-squared / 8)).item(), rel=1e-5)


def test_the_centre_of_the_ink_is_the_factors() -> None:
    dots = data.dots(50, seed=1, x_range=(6, 9), y_range=(6, 9), width=1.0)
    ink = dots.x.reshape(-1, 16, 16)
    pixel = torch.arange(16.0)
    x, y = (ink.sum(1) * pixel).sum(1), (ink.sum(2) * pixel).sum(1)
    torch.testing.assert_close(torch.stack([x, y], 1) / ink.sum((1, 2))[:, None], dots.factors, atol=1e-3, rtol=0)


def test_places_are_independent_and_uniform_in_their_ranges() -> None:
    x, y = data.dots(20_000, x_range=(2, 5), y_range=(7, 13)).factors.T
    assert 2 <= x.min() < 2.01 < 4.99 < x.max() <= 5
    assert 7 <= y.min() < 7.01 < 12.99 < y.max() <= 13
    assert x.var().item() == pytest.approx(9 / 12, rel=0.03)
    assert abs(torch.corrcoef(torch.stack([x, y]))[0, 1]) < 0.03


def test_a_seed_fixes_the_dots() -> None:
    assert data.dots(5, seed=3).x.equal(data.dots(5, seed=3).x)
    assert not data.dots(5, seed=3).x.equal(data.dots(5, seed=4).x)


def test_a_thousand_dots_come_unless_told() -> None:
    dots = data.dots()
    assert dots.x.shape == (1000, 256)
    assert dots.factor_names == ("x (pixels)", "y (pixels)")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"n": 0}, "n must be a whole number"),
        ({"x_range": (5.0, 5.0)}, "a range must increase within 0 to 15"),
        ({"y_range": (3.0, 16.0)}, "a range must increase within 0 to 15"),
        ({"width": 0.0}, "width must be positive"),
        ({"width": float("nan")}, "width must be positive"),
        ({"factors": torch.tensor([[2.0, 5.0]])}, r"x \(pixels\) must lie from 3 to 12"),
        ({"factors": torch.zeros(3, 3)}, r"factors must have shape \(n, 2\)"),
        ({"factors": torch.full((4, 2), 5.0), "n": 3}, r"factors must have shape \(3, 2\)"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        data.dots(**wrong)


def test_factors_must_be_floating_point_numbers() -> None:
    with pytest.raises(TypeError, match="factors must be a floating-point tensor"):
        data.dots(factors=torch.tensor([[4, 5]]))


def test_the_radius_can_vary_as_a_third_factor() -> None:
    dots = data.dots(20_000, width=(2.0, 3.0))
    assert dots.factor_names == ("x (pixels)", "y (pixels)", "radius (pixels)")
    radius = dots.factors[:, 2]
    assert 2 <= radius.min() < 2.01 < 2.99 < radius.max() <= 3
    assert abs(torch.corrcoef(dots.factors.T)[2, :2]).max() < 0.03


def test_a_radius_is_the_standard_deviation_of_its_blob() -> None:
    wide = data.dots(factors=torch.tensor([[4.0, 11.5, 2.5], [7.0, 7.0, 1.0]]), width=(1.0, 3.0))
    for picture, factors in zip(wide.x, wide.factors, strict=True):
        alone = data.dots(factors=factors[None, :2], width=factors[2].item())
        torch.testing.assert_close(picture, alone.x[0])


def test_noise_has_its_standard_deviation_and_leaves_the_clean_picture() -> None:
    noisy, clean = data.dots(500, seed=1, noise=0.3), data.dots(500, seed=1)
    assert noisy.clean.equal(clean.x)
    assert noisy.factors.equal(clean.factors)
    difference = noisy.x - noisy.clean
    assert difference.std().item() == pytest.approx(0.3, rel=0.01)
    assert abs(difference.mean().item()) < 0.005
    assert (noisy.sigma == 0.3).all()
    assert clean.sigma is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"width": (3.0, 2.0)}, "a range of positive radii that increases"),
        ({"width": (2.0, 2.0)}, "a range of positive radii that increases"),
        ({"width": (0.0, 2.0)}, "a range of positive radii that increases"),
        ({"width": float("inf")}, "width must be positive"),
        ({"width": (1.0, 2.0), "factors": torch.full((4, 2), 5.0)}, r"factors must have shape \(n, 3\)"),
        ({"width": (1.0, 2.0), "factors": torch.full((4, 3), 5.0)}, r"radius \(pixels\) must lie from 1 to 2"),
        ({"noise": -0.1}, "noise must be 0 or positive"),
        ({"noise": float("nan")}, "noise must be 0 or positive"),
    ],
)
def test_radius_and_noise_that_cannot_be_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        data.dots(**wrong)
