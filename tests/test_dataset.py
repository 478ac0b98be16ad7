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
        ({"x": torch.zeros(3)}, ValueError, r"shape \(n, ...\), got \(3,\)"),
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
