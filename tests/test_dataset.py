import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits

from course_utils.data import Dataset, digits


def dataset(n: int = 10, **changes) -> Dataset:
    return Dataset(
        **{"x": torch.arange(2.0 * n).reshape(n, 2), "axes": ("pixel",), "labels": torch.arange(n)} | changes
    )


def test_digits_are_scikit_learns_scaled_to_one() -> None:
    found, source = digits(), load_digits()
    np.testing.assert_allclose(found.x.numpy() * 16, source.data)
    np.testing.assert_array_equal(found.labels, source.target)
    assert found.x.min() == 0
    assert found.x.max() == 1


def test_a_sample_of_digits_keeps_labels_with_pictures() -> None:
    everything, some = digits(), digits(50, seed=3)
    rows = torch.cdist(some.x, everything.x).argmin(1)
    assert torch.equal(everything.labels[rows], some.labels)
    assert len(set(rows.tolist())) == 50


@given(n=st.integers(2, 60), fraction=st.floats(0.05, 0.95), seed=st.integers(0, 99))
def test_a_split_loses_and_doubles_nothing(n: int, fraction: float, seed: int) -> None:
    whole = dataset(n)
    n_first = round(fraction * n)
    if n_first in (0, n):
        with pytest.raises(ValueError, match="leaves one part empty"):
            whole.split(fraction, seed=seed)
        return
    first, second = whole.split(fraction, seed=seed)
    assert len(first) == n_first
    assert sorted([*first.labels.tolist(), *second.labels.tolist()]) == list(range(n))
    for part in (first, second):
        assert torch.equal(part.x[:, 0], 2.0 * part.labels)


def test_a_split_depends_on_its_seed_alone() -> None:
    torch.manual_seed(1)
    first = dataset().split(0.5, seed=7)[0].labels
    torch.manual_seed(2)
    assert torch.equal(first, dataset().split(0.5, seed=7)[0].labels)
    assert not torch.equal(first, dataset().split(0.5, seed=8)[0].labels)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"x": np.zeros((3, 2))}, TypeError, "floating-point tensor, got ndarray"),
        ({"x": torch.zeros(3, 2, dtype=torch.long)}, TypeError, "got torch.int64"),
        ({"x": torch.zeros(3)}, ValueError, r"shape \(n, ...\) and not be empty, got \(3,\)"),
        ({"axes": ()}, ValueError, "0 axes named"),
        ({"x": torch.tensor([[0.0, 1], [float("nan"), 1]])}, ValueError, "NaN or infinite values, first in example 1"),
        ({"labels": torch.arange(9)}, ValueError, r"labels of shape \(9,\) for 10 examples"),
        ({"labels": list(range(10))}, TypeError, "labels must be a tensor of whole numbers, got list"),
        ({"labels": torch.zeros(10)}, TypeError, "got torch.float32"),
        (
            {"factors": torch.full((10, 1), float("inf")), "factor_names": ("size",)},
            ValueError,
            "factors holds NaN or infinite values, first in example 0",
        ),
        ({"factors": torch.zeros(10, 2), "factor_names": ("size",)}, ValueError, r"expected \(10, 1\)"),
    ],
)
def test_bad_input_is_named(changes: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        dataset(**changes)


@pytest.mark.parametrize("n", [0, 11])
def test_a_sample_must_fit(n: int) -> None:
    with pytest.raises(ValueError, match="n must be from 1 to 10"):
        dataset().sample(n)


INF, NAN = float("inf"), float("nan")
FLUX, SIGMA = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), torch.tensor([[0.5, INF, 1.0], [1.0, 2.0, INF]])


def measured(**changes) -> Dataset:
    fields = {"x": FLUX, "sigma": SIGMA, "grid": torch.tensor([360.0, 400.0, 500.0]), "axes": ("wavelength in nm",)}
    return Dataset(**fields | changes)


def test_what_was_not_measured_is_zero_and_weighs_nothing() -> None:
    found = measured(x=torch.tensor([[1.0, NAN, 3.0], [4.0, 5.0, INF]]))
    assert found.x.tolist() == [[1, 0, 3], [4, 5, 0]]
    assert found.weight.tolist() == [[4, 0, 1], [1, 0.25, 0]]


def test_the_input_of_a_dataset_is_left_alone() -> None:
    x = FLUX.clone()
    measured(x=x)
    assert torch.equal(x, FLUX)


def test_taking_examples_takes_their_noise_and_truth_along() -> None:
    part = measured(clean=2 * FLUX).take(torch.tensor([1]))
    assert part.sigma.tolist() == [[1, 2, INF]]
    assert part.clean.tolist() == [[8, 10, 12]]
    assert part.grid.tolist() == [360, 400, 500]


def test_without_sigma_there_are_no_weights() -> None:
    with pytest.raises(ValueError, match="noise of these data is not known"):
        _ = dataset().weight


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sigma": torch.tensor([[1.0, 1, 1], [1, 0, 1]])}, "sigma must be positive.* first in example 1"),
        ({"sigma": torch.tensor([[1.0, -1, 1], [1, 1, 1]])}, "sigma must be positive.* first in example 0"),
        ({"sigma": torch.tensor([[1.0, NAN, 1], [1, 1, 1]])}, "sigma must be positive.* first in example 0"),
        ({"sigma": torch.tensor([[1.0, 1, 1], [INF, INF, INF]])}, "infinite throughout.* first in example 1"),
        (
            {"sigma": torch.tensor([[1.0, 1, 1], [1, 1e-20, 1]])},
            "is 0 or infinite in torch.float32: rescale.* first in example 1",
        ),
        (
            {"sigma": torch.tensor([[1e25, 1, 1], [1, 1, 1]])},
            "is 0 or infinite in torch.float32: rescale.* first in example 0",
        ),
        ({"x": torch.rand(0, 3)}, r"not be empty, got \(0, 3\)"),
        ({"sigma": torch.ones(2, 4)}, r"sigma of shape \(2, 4\) for x of shape \(2, 3\)"),
        ({"x": torch.tensor([[1.0, 2, 3], [NAN, 5, 6]])}, "x holds NaN or infinite values, first in example 1"),
        ({"clean": torch.ones(3, 2)}, r"clean of shape \(3, 2\) for x"),
        ({"clean": FLUX * NAN}, "clean holds NaN"),
        ({"grid": torch.tensor([400.0, 360.0, 500.0])}, "grid must be finite and increase; sort it"),
        ({"grid": torch.tensor([360.0, 360.0, 500.0])}, "grid must be finite and increase"),
        ({"grid": torch.tensor([360.0, 400.0, NAN])}, "grid must be finite and increase"),
        ({"grid": torch.tensor([360.0, 400.0, INF])}, "grid must be finite and increase"),
        (
            {"x": torch.ones(2, 3, 3), "sigma": None, "axes": ("a", "b"), "grid": torch.rand(3, 3)},
            r"grid of shape \(3, 3\)",
        ),
        ({"grid": torch.tensor([360.0, 400.0])}, r"grid of shape \(2,\) for x of shape \(2, 3\)"),
    ],
)
def test_measurements_that_make_no_sense_are_refused(changes: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measured(**changes)


@pytest.mark.parametrize("field", ["sigma", "clean", "grid"])
def test_what_is_known_of_measurements_must_be_tensors(field: str) -> None:
    with pytest.raises(TypeError, match=f"{field} must be a floating-point tensor, got list"):
        measured(**{field: [[1, 2, 3]]})
