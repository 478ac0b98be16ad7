"""How far a predicted trajectory lies from the true one."""

from __future__ import annotations

import torch
from torch import Tensor


def nrmse(found: Tensor, true: Tensor, *, reference: Tensor | None = None) -> float:
    """Root mean squared distance from the truth, over the spread of the truth.

    Parameters
    ----------
    found, true : Tensor, (…, T, d)
        States at T times.
    reference : Tensor, (…, T', d), optional
        The true states whose spread counts, those of the training span for example; ``true`` by default.

    Returns
    -------
    float
        1 is what the mean of the reference achieves on the reference; infinite if a found state is not finite.

    Examples
    --------
    >>> true = torch.tensor([[0.0], [2.0]])
    >>> nrmse(torch.ones(2, 1), true)
    1.0
    """
    if found.shape != true.shape or true.ndim < 2:
        raise ValueError(
            f"nrmse: found and true must both be (…, T, d), got {tuple(found.shape)} and {tuple(true.shape)}"
        )
    reference = true if reference is None else reference
    if reference.shape[-1] != true.shape[-1]:
        raise ValueError(f"nrmse: the reference has {reference.shape[-1]} states, the truth {true.shape[-1]}")
    deviations = reference - reference.mean(dim=tuple(range(reference.ndim - 1)), keepdim=True)
    spread = deviations.square().mean().sqrt()
    if not spread > 0:
        raise ValueError("nrmse: the reference does not vary, so there is no spread to compare with")
    if not found.isfinite().all():
        return torch.inf
    return ((found - true).square().mean().sqrt() / spread).item()
