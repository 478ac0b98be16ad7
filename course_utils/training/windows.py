"""Vector fields are fitted to short pieces of trajectories."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from course_utils.ode import rk4
from course_utils.training.batches import Batch, require_tensors
from course_utils.training.loop import History, fit


def windows(t: Tensor, x: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """All pieces of so many successive observations, each with its own times.

    Parameters
    ----------
    t : Tensor, (T,) or (n, T)
        Times of the observations, increasing; one row for all trajectories or one for each.
    x : Tensor, (T, d) or (n, T, d)
        One trajectory or several.
    length : int
        From 2 to T.

    Returns
    -------
    tuple of Tensor
        Times (n * (T - length + 1), length) and states (n * (T - length + 1), length, d).
    """
    if not 2 <= length <= x.shape[-2]:
        raise ValueError(f"windows: length must be from 2 to the {x.shape[-2]} observations, got {length}")
    if not (t.diff() > 0).all():
        raise ValueError("windows: the times of each trajectory must increase; sort them, and the states with them")
    x = x if x.ndim == 3 else x[None]
    t = t.expand(x.shape[:2])
    return t.unfold(1, length, 1).flatten(0, 1), x.unfold(1, length, 1).movedim(-1, -2).flatten(0, 1)


def rollout(field: nn.Module, x0: Tensor, t: Tensor, substeps: int = 1) -> Tensor:
    """States (n, T, d) from the starts (n, d), at times (n, T) of each one's own, by steps of RK4 between them."""
    x = [x0]
    for start, end in zip(t.mT[:-1, :, None], t.mT[1:, :, None], strict=True):
        state, h = x[-1], (end - start) / substeps
        for i in range(substeps):
            state = rk4(field, start + i * h, state, h)
        x.append(state)
    return torch.stack(x, dim=1)


def window_loss(field: nn.Module, batch: Batch) -> Tensor:
    """Mean squared distance of the field's own solution from each window, which it starts at the first observation."""
    t, x = batch
    return (rollout(field, x[:, 0], t) - x).square().mean()


def fit_windows(
    field: nn.Module,
    t: Tensor,
    x: Tensor,
    *,
    schedule: Iterable[tuple[int, int]] = ((10, 500),),
    batch_size: int = 64,
    lr: float = 1e-2,
    seed: int = 0,
    name: str = "",
) -> History:
    """Fit a vector field to windows of observed trajectories, short ones first.

    Parameters
    ----------
    field : nn.Module
        ``field(t, x)``; trained in place, left in evaluation mode.
    t : Tensor, (T,) or (n, T)
    x : Tensor, (T, d) or (n, T, d)
        Observed states; bring them to similar sizes, since all count alike in the loss.
    schedule : iterable of (length, epochs)
        Observations in a window, and how often all windows of this length are seen, one pair after the other.
    batch_size : int
    lr : float
        Highest learning rate; it rises and falls once for each pair of the schedule.
    seed, name
        As for :func:`fit`.

    Returns
    -------
    History

    Raises
    ------
    TypeError, ValueError
        If times, states and lengths do not fit.
    TrainingError
        As :func:`fit` does.

    References
    ----------
    Turan and Jäschke 2021, doi:10.1109/LCSYS.2021.3135835: why long trajectories are fitted piece by piece.
    """
    require_tensors(
        "fit_windows", (t if t.ndim == 2 else t.expand(len(x), -1), x) if x.ndim == 3 else (t, x), "t and x"
    )
    total = History()
    for length, epochs in schedule:
        pieces = windows(t, x, length)
        history = fit(
            field,
            window_loss,
            pieces,
            epochs=epochs,
            batch_size=batch_size,
            lr=lr,
            weight_decay=0.0,
            seed=seed,
            name=name,
        )
        total.loss += history.loss
        total.seconds += history.seconds
    return total
