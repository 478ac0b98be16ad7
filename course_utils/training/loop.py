"""The training loop of one network."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR

from course_utils.progress import Progress
from course_utils.training.batches import Batch, TrainingError, are_finite, require_tensors, undone_on_failure

Loss = Callable[[nn.Module, Batch], Tensor]


@dataclass
class History:
    """Loss per epoch.

    Attributes
    ----------
    loss : list of float
        Mean over the batches of each epoch, while the weights change.
    held_out : list of float
        On the held-out data after each epoch; empty without such data.
    seconds : float
        Run time.
    """

    loss: list[float] = field(default_factory=list)
    held_out: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        if not self.loss:
            return "not trained"
        held_out = f", held out {self.held_out[-1]:.4f}" if self.held_out else ""
        return (
            f"{len(self.loss)} epochs in {self.seconds:.1f} s: loss {self.loss[0]:.4f} → {self.loss[-1]:.4f}{held_out}"
        )


def train_epoch(
    model: nn.Module, loss: Loss, batches: Iterable[Batch], optimizer: Optimizer, scheduler: LRScheduler
) -> Iterator[float]:
    """Take one optimiser step per batch and yield the loss of each."""
    for batch in batches:
        value = loss(model, batch)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        scheduler.step()
        yield value.item()


def fit(
    model: nn.Module,
    loss: Loss,
    data: Batch,
    *,
    held_out: Batch | None = None,
    epochs: int = 200,
    batch_size: int = 128,
    lr: float = 2e-3,
    weight_decay: float = 1e-2,
    seed: int = 0,
    name: str = "",
    on_epoch: Callable[[int, nn.Module], None] | None = None,
) -> History:
    """Minimise a loss with AdamW while the learning rate rises and falls once.

    Parameters
    ----------
    model : nn.Module
        Trained in place, left in evaluation mode.
    loss : callable
        ``loss(model, batch)`` returns one number to minimise, a mean over the batch.
    data : Tensor, (n, ...), or tuple of such tensors
        Of a tuple, a batch has the same rows of each tensor.
    held_out : like ``data``, optional
        Measured after each epoch, never trained on.
    epochs, batch_size : int
    lr : float
        Highest learning rate of the cycle.
    weight_decay : float
        Of AdamW.
    seed : int
        Order of the batches.
    name : str
        Stands before the line that reports the progress.
    on_epoch : callable, optional
        ``on_epoch(epoch, model)`` hears of every epoch that has ended, and of epoch 0 before the first; the model is
        in evaluation mode then.

    Returns
    -------
    History

    Raises
    ------
    TypeError, ValueError
        If the data are not finite floating-point tensors of equal length.
    TrainingError
        At the first loss that is not finite, or when the loss cannot be computed. The model has then the
        weights from before that epoch.

    References
    ----------
    AdamW: Loshchilov and Hutter 2019, arXiv:1711.05101. One cycle: Smith and Topin 2018, arXiv:1708.07120.
    """
    require_tensors("fit", data, "data")
    if held_out is not None:
        require_tensors("fit", held_out, "held_out")
    if epochs < 1 or batch_size < 1:
        raise ValueError(f"fit: epochs and batch_size must be at least 1, got {epochs} and {batch_size}")
    n = len(data if isinstance(data, Tensor) else data[0])
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=weight_decay)
    scheduler = OneCycleLR(optimizer, lr, total_steps=epochs * math.ceil(n / batch_size))
    generator = torch.Generator().manual_seed(seed)

    history, start = History(), time.perf_counter()
    on_epoch = on_epoch or (lambda epoch, model: None)
    on_epoch(0, model.eval())
    with Progress(name) as progress:
        for epoch in range(1, epochs + 1):
            rows = torch.randperm(n, generator=generator).split(batch_size)
            losses = train_epoch(model, loss, (_select(data, batch) for batch in rows), optimizer, scheduler)
            with undone_on_failure("fit", model):
                history.loss.append(_mean_of_finite(losses, model, epoch, history.loss[-1:]))
                if held_out is not None:
                    history.held_out.append(_held_out_loss(model, loss, held_out, epoch))
            on_epoch(epoch, model)
            progress.update(f"epoch {epoch} of {epochs}: loss {history.loss[-1]:.4f}")
        history.seconds = time.perf_counter() - start
        progress.finish(str(history))
    return history


def _mean_of_finite(losses: Iterator[float], model: nn.Module, epoch: int, last: list[float]) -> float:
    """Run an epoch and return the mean of its losses; raise at the first that is not finite."""
    seen: list[float] = []
    for value in losses:
        if not math.isfinite(value):
            raise TrainingError(_diverged(f"batch {len(seen) + 1}: {value}", epoch, (last + seen)[-1:]))
        seen.append(value)
    if not are_finite(model):
        raise TrainingError(_diverged("a weight that is not finite", epoch, seen[-1:]))
    return sum(seen) / len(seen)


def _held_out_loss(model: nn.Module, loss: Loss, held_out: Batch, epoch: int) -> float:
    model.eval()
    with torch.no_grad():
        value = loss(model, held_out).item()
    if not math.isfinite(value):
        raise TrainingError(_diverged(f"a held-out loss of {value}", epoch, []))
    return value


def _diverged(found: str, epoch: int, last: list[float]) -> str:
    before = f"; the last finite loss was {last[0]:.4g}" if last else ""
    return (
        f"fit: training diverged in epoch {epoch}, {found}{before}. The epoch was undone. "
        "Lower the learning rate, or look for a division or a logarithm of zero in the loss."
    )


def _select(data: Batch, rows: Tensor) -> Batch:
    return data[rows] if isinstance(data, Tensor) else tuple(t[rows] for t in data)
