import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import chi2, kstest
from sklearn.decomposition import PCA

from course_utils.metrics import chi_square, knn_accuracy, nearest_distance, unexplained_variance, valid_share


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


def test_chi_square_counts_residuals_in_units_of_their_noise() -> None:
    x, x_hat = torch.tensor([[1.0, 2.0, 9.0]]), torch.tensor([[0.0, 4.0, 0.0]])
    sigma = torch.tensor([[0.5, 2.0, float("inf")]])
    assert chi_square(x, x_hat, sigma**-2).tolist() == [(2**2 + 1**2) / 2]


def test_chi_square_of_pure_noise_follows_its_distribution() -> None:
    generator = torch.Generator().manual_seed(0)
    sigma = 0.1 + rand(2000, 30)
    sigma[rand(2000, 30, seed=1) < 0.2] = float("inf")
    truth = rand(2000, 30, seed=2)
    x = truth + torch.randn(2000, 30, generator=generator) * sigma.nan_to_num(posinf=0)
    n = sigma.isfinite().sum(1)
    found = n * chi_square(x, truth, sigma**-2)
    assert kstest(chi2.cdf(found, n), "uniform").pvalue > 0.001


def test_chi_square_does_not_hear_what_was_not_measured() -> None:
    x, weight = rand(5, 8), (rand(5, 8, seed=1) > 0.3).float()
    elsewhere = torch.where(weight > 0, x, 1e6)
    assert torch.equal(chi_square(x, rand(5, 8, seed=2), weight), chi_square(elsewhere, rand(5, 8, seed=2), weight))


def test_chi_square_refuses_what_is_not_finite() -> None:
    x = torch.ones(2, 3)
    for broken in ((x / 0, x), (x, x * float("nan"))):
        with pytest.raises(ValueError, match="must be finite; set to 0 what was not measured"):
            chi_square(*broken, x)


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (torch.ones(2, 4), r"differ in shape: \(2, 3\), \(2, 3\), \(2, 4\)"),
        (torch.tensor([[1.0, -1, 1], [1, 1, 1]]), "finite and not negative"),
        (torch.tensor([[1.0, float("inf"), 1], [1, 1, 1]]), "finite and not negative"),
        (torch.tensor([[1.0, 1, 1], [0, 0, 0]]), "some in each example positive"),
    ],
)
def test_weights_that_are_none_are_refused(weight: torch.Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        chi_square(torch.ones(2, 3), torch.ones(2, 3), weight)
