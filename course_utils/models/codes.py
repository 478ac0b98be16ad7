"""What can be found out about a trained decoder and its codes."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def find_code(decoder: nn.Module, x: Tensor, observed: Tensor, z: Tensor, steps: int = 100, lr: float = 0.05) -> Tensor:
    """Search the codes whose decoded pictures agree with the pixels that are seen.

    Parameters
    ----------
    decoder : nn.Module
        Maps codes (n, k) to pictures (n, d). It is not changed.
    x : Tensor, (n, d)
        Pictures; what is not observed is ignored.
    observed : Tensor, (n, d)
        1 where a pixel is seen, 0 where it is hidden; or how much each pixel counts, as the inverse variance of its noise.
    z : Tensor, (n, k)
        Where the search starts.
    steps, lr : int, float
        Steps of Adam, and their size.

    Returns
    -------
    Tensor, (n, k)
        The codes that were found.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or a number is not finite.
    """
    if x.shape != observed.shape or len(z) != len(x):
        raise ValueError(
            f"find_code: x {tuple(x.shape)}, observed {tuple(observed.shape)}, z {tuple(z.shape)} do not fit together"
        )
    if not x.isfinite().all() or not observed.isfinite().all():
        raise ValueError("find_code: x and observed must be finite; set to 0 what is hidden")
    z = z.clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    for _ in range(steps):
        error = (observed * (decoder(z) - x) ** 2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    return z.detach()


def latent_direction(z: Tensor, w: Tensor) -> Tensor:
    """The step of a code that goes with a growth of the read-out ``w @ z`` by 1, as the codes themselves move.

    Of all steps that raise the read-out by 1, it is the regression of the codes on it. What it leaves of a code is
    not correlated with the read-out.

    Parameters
    ----------
    z : Tensor, (n, k)
        Codes.
    w : Tensor, (k,)
        Weights of a linear read-out.

    Returns
    -------
    Tensor, (k,)

    Raises
    ------
    ValueError
        If codes and weights do not fit together, or the read-out is the same for all codes.

    References
    ----------
    Haufe and others 2014, doi:10.1016/j.neuroimage.2013.10.067: weights read, patterns show.
    """
    if z.ndim != 2 or w.shape != z.shape[1:] or z.dtype != w.dtype:
        raise ValueError(
            f"latent_direction: codes {tuple(z.shape)} of {z.dtype} and weights {tuple(w.shape)} of {w.dtype} do not fit "
            "together: codes are (n, k), weights (k,), of one type"
        )
    if not ((z - z.mean(0)) @ w).any():
        raise ValueError("latent_direction: the read-out is the same for all codes, so no step goes with its growth")
    centred = z - z.mean(0)
    towards = centred.T @ (centred @ w)
    return towards / (w @ towards)
