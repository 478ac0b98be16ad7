"""How good a reconstruction, a code or a draw is."""

from __future__ import annotations

import torch
from torch import Tensor


def unexplained_variance(x: Tensor, x_hat: Tensor, mean: Tensor) -> float:
    """Share of the variance of ``x`` that a reconstruction misses.

    Parameters
    ----------
    x, x_hat : Tensor, (n, d)
        Data and reconstruction.
    mean : Tensor, (d,)
        What one would say without a model: the mean of the training data.

    Returns
    -------
    float
        0 for a perfect reconstruction, 1 for one that is no better than the mean, above 1 for one that is worse.
    """
    if x.shape != x_hat.shape:
        raise ValueError(f"unexplained_variance: x {tuple(x.shape)} and x_hat {tuple(x_hat.shape)} differ in shape")
    return (((x - x_hat) ** 2).sum() / ((x - mean) ** 2).sum()).item()


def chi_square(x: Tensor, x_hat: Tensor, weight: Tensor) -> Tensor:
    """Squared residual of each example in units of the noise, per number that was measured.

    Parameters
    ----------
    x, x_hat : Tensor, (n, d)
        Measurements and model.
    weight : Tensor, (n, d)
        Inverse variance ``1 / sigma ** 2`` of the noise, 0 where nothing was measured.

    Returns
    -------
    Tensor, (n,)
        About 1 where only noise is left, above where the model misses something; the reduced chi-square, but for the
        parameters of the model.
    """
    if not x.shape == x_hat.shape == weight.shape:
        shapes = ", ".join(str(tuple(values.shape)) for values in (x, x_hat, weight))
        raise ValueError(f"chi_square: x, x_hat and weight differ in shape: {shapes}")
    if not (x.isfinite() & x_hat.isfinite()).all():
        raise ValueError("chi_square: x and x_hat must be finite; set to 0 what was not measured, and its weight too")
    if not ((weight >= 0) & weight.isfinite()).all() or not (weight > 0).any(1).all():
        raise ValueError("chi_square: weights must be finite and not negative, and some in each example positive")
    return (weight * (x - x_hat) ** 2).sum(1) / (weight > 0).sum(1)


def knn_accuracy(z: Tensor, labels: Tensor, z_test: Tensor, labels_test: Tensor, k: int = 5) -> float:
    """Share of test codes whose ``k`` nearest training codes vote for the right label.

    Parameters
    ----------
    z, z_test : Tensor, (n, d) and (m, d)
    labels, labels_test : Tensor of int, (n,) and (m,)
    k : int
        Number of neighbours.
    """
    from sklearn.neighbors import KNeighborsClassifier

    if len(z) != len(labels) or len(z_test) != len(labels_test):
        raise ValueError(
            f"knn_accuracy: {len(z)} codes with {len(labels)} labels, {len(z_test)} test codes with {len(labels_test)} labels"
        )
    return float(KNeighborsClassifier(k).fit(z, labels).score(z_test, labels_test))


def nearest_distance(x: Tensor, reference: Tensor) -> Tensor:
    """Euclidean distance from each row of ``x``, (n, d), to the nearest row of ``reference``, (m, d)."""
    return torch.cdist(x, reference).min(dim=1).values


def valid_share(x: Tensor, training: Tensor, held_out: Tensor) -> float:
    """Share of pictures that lie as close to the training data as real ones do.

    A picture is valid when its nearest training picture is closer than the 95th percentile of the
    distances that held-out pictures have. Held-out pictures score 0.95 by definition. The rule rejects what is
    far from all data; blurred averages and copies pass it.

    Parameters
    ----------
    x : Tensor, (n, d)
        The pictures in question.
    training, held_out : Tensor, (m, d) and (l, d)
        Real pictures.
    """
    limit = nearest_distance(held_out, training).quantile(0.95)
    return (nearest_distance(x, training) <= limit).float().mean().item()


def active_units(mu: Tensor, threshold: float = 0.01) -> int:
    """How many numbers of a code the data move.

    Parameters
    ----------
    mu : Tensor, (n, k)
        Means of the codes of at least two examples.
    threshold : float
        A unit is active where the variance of its mean is larger.

    Raises
    ------
    ValueError
        If there are fewer than two codes, or one is not finite.

    References
    ----------
    Burda, Grosse and Salakhutdinov 2016, arXiv:1509.00519.
    """
    if mu.ndim != 2 or len(mu) < 2 or not mu.isfinite().all():
        raise ValueError(f"active_units: needs finite codes of two or more examples, (n, k), got {tuple(mu.shape)}")
    return int((mu.var(dim=0) > threshold).sum())


def coverage(x: Tensor, low: Tensor, high: Tensor) -> float:
    """Share of the numbers ``x`` that lie in their intervals from ``low`` to ``high``, all of one shape.

    Raises
    ------
    ValueError
        If the shapes differ, a number is NaN, or an interval ends before it begins.
    """
    if not x.shape == low.shape == high.shape:
        shapes = ", ".join(str(tuple(values.shape)) for values in (x, low, high))
        raise ValueError(f"coverage: x, low and high differ in shape: {shapes}")
    if x.isnan().any() or not (low <= high).all():
        raise ValueError("coverage: x must not be NaN, and no interval may end before it begins")
    return ((low <= x) & (x <= high)).float().mean().item()
