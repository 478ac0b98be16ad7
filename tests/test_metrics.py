import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA

from course_utils.metrics import knn_accuracy, nearest_distance, unexplained_variance, valid_share


def rand(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def test_unexplained_variance_agrees_with_pcas_own_account() -> None:
    x = rand(200, 6) @ rand(6, 6, seed=1)
    pca = PCA(2).fit(x)
    x_hat = torch.as_tensor(pca.inverse_transform(pca.transform(x)))
    assert unexplained_variance(x, x_hat, x.mean(0)) == pytest.approx(1 - pca.explained_variance_ratio_.sum(), abs=1e-5)


@given(scale=st.floats(0.1, 100), shift=st.floats(-10, 10))
def test_unexplained_variance_has_no_unit(scale: float, shift: float) -> None:
    x, x_hat = rand(50, 4).double(), rand(50, 4, seed=1).double()
    share = unexplained_variance(x, x_hat, x.mean(0))
    moved = unexplained_variance(scale * x + shift, scale * x_hat + shift, scale * x.mean(0) + shift)
    assert moved == pytest.approx(share)


def test_unexplained_variance_is_0_for_a_copy_and_1_for_the_mean() -> None:
    x = rand(50, 4)
    assert unexplained_variance(x, x, x.mean(0)) == 0
    assert unexplained_variance(x, x.mean(0).expand_as(x), x.mean(0)) == 1


def test_knn_accuracy_agrees_with_a_vote_by_hand() -> None:
    z, z_test = rand(60, 2), rand(40, 2, seed=1)
    labels, labels_test = (z[:, 0] * 3).long(), (z_test[:, 0] * 3).long()
    right = 0
    for code, label in zip(z_test, labels_test, strict=True):
        nearest = np.argsort(((z - code) ** 2).sum(1).numpy())[:5]
        right += np.bincount(labels[nearest]).argmax() == label
    assert knn_accuracy(z, labels, z_test, labels_test) == pytest.approx(right / 40)


def test_nearest_distance_agrees_with_scipy() -> None:
    x, reference = rand(30, 5), rand(40, 5, seed=1)
    np.testing.assert_allclose(nearest_distance(x, reference), cdist(x, reference).min(1), atol=1e-6)


def test_95_percent_of_held_out_pictures_are_valid_and_snow_is_not() -> None:
    training, held_out = rand(500, 3), rand(400, 3, seed=1)
    assert valid_share(held_out, training, held_out) == pytest.approx(0.95, abs=0.01)
    assert valid_share(training, training, held_out) == 1
    assert valid_share(rand(100, 3) + 5, training, held_out) == 0


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(ValueError, match=r"x \(3, 2\) and x_hat \(3, 1\)"):
        unexplained_variance(rand(3, 2), rand(3, 1), rand(2))
    with pytest.raises(ValueError, match="6 codes with 5 labels"):
        knn_accuracy(rand(6, 2), torch.zeros(5), rand(3, 2), torch.zeros(3))
