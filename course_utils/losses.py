"""Losses of the course: each takes a model and a batch and returns one number."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import cross_entropy


def reconstruction_loss(model: nn.Module, x: Tensor) -> Tensor:
    """Mean squared error between ``x``, (n, d), and what the model makes of it."""
    return ((model(x) - x) ** 2).mean()


def classification_loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
    """Mean cross-entropy in nats of the model's logits, (n, classes), for a batch ``(x, labels)``."""
    x, labels = batch
    return cross_entropy(model(x), labels)
