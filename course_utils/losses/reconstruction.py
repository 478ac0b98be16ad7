"""Losses of reconstruction and classification, each a mean over a batch."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import cross_entropy, dropout


def reconstruction_loss(model: nn.Module, x: Tensor) -> Tensor:
    """Mean squared error between ``x``, (n, d), and what the model makes of it."""
    return ((model(x) - x) ** 2).mean()


def classification_loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
    """Mean cross-entropy in nats of the model's logits, (n, classes), for a batch ``(x, labels)``."""
    x, labels = batch
    return cross_entropy(model(x), labels)


def denoising_loss(model: nn.Module, batch: tuple[Tensor, Tensor], hidden: float = 0.3) -> Tensor:
    """Squared error per measured number in units of its noise, while a random part of the input is hidden.

    Parameters
    ----------
    model : nn.Module
    batch : tuple of Tensor, (n, d) each
        Measurements, centred, 0 where nothing was measured; and their weights ``1 / sigma ** 2``, 0 there.
    hidden : float
        Share of the input that is set to 0; the rest is scaled by ``1 / (1 - hidden)`` to make up for it.

    Returns
    -------
    Tensor
        About 1 if the model misses nothing but the noise.

    Raises
    ------
    ValueError
        If this is no batch of finite measurements and their weights.

    References
    ----------
    Vincent, Larochelle, Bengio and Manzagol 2008, doi:10.1145/1390156.1390294, with a noisy target as in Batson and Royer
    2019, arXiv:1901.11365.
    """
    if not _is_weighted(batch):
        raise ValueError(
            "denoising_loss: a batch is a pair of x and its weights, finite and of one shape; weights are positive, "
            "or 0 where nothing was measured, and not all of them are 0"
        )
    x, weight = batch
    x_hat = model(dropout(x, hidden))
    return (weight * (x_hat - x) ** 2).sum() / (weight > 0).sum()


def _is_weighted(batch: tuple[Tensor, Tensor]) -> bool:
    if not isinstance(batch, tuple) or len(batch) != 2 or batch[0].shape != batch[1].shape:
        return False
    x, weight = batch
    return bool((x.isfinite() & weight.isfinite() & (weight >= 0)).all() and (weight > 0).any())
