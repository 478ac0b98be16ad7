"""Scanned handwritten digits that ship with scikit-learn."""

from __future__ import annotations

import torch

from course_utils.data.dataset import Dataset


def digits(n: int | None = None, seed: int = 0) -> Dataset:
    """Real handwritten digits: 1797 images of 8 x 8 pixels.

    Parameters
    ----------
    n : int, optional
        How many to draw; all of them by default.
    seed : int
        Which ``n`` are drawn.

    Returns
    -------
    Dataset
        ``x``: (n, 64), ink from 0 (paper) to 1 (full), row by row; ``labels``: 0 to 9.

    References
    ----------
    Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
    doi:10.24432/C50P49.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return Dataset(
        x=torch.tensor(bunch.data / 16, dtype=torch.float32),
        axes=("pixel of 8 x 8, ink from 0 to 1",),
        labels=torch.tensor(bunch.target),
        name="digits",
    ).sample(n, seed=seed)
