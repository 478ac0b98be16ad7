"""Weights as text: one byte each, or four."""

from __future__ import annotations

import base64

import numpy as np
import torch
from torch import Tensor


def floats_as_text(values: Tensor) -> str:
    """Base64 of 32-bit little-endian numbers."""
    return base64.b64encode(values.detach().numpy().astype("<f4").tobytes()).decode()


def as_text(matrix: Tensor, inputs: Tensor | None, storage: str) -> tuple[dict[str, str], Tensor]:
    """Store a weight matrix.

    Parameters
    ----------
    matrix : Tensor, (rows, columns)
    inputs : Tensor, (n, columns), or None
        What the matrix is multiplied with; see :func:`round_rows`.
    storage : {"int8", "float32"}

    Returns
    -------
    dict of str to str
        Base64 for the page.
    Tensor, (rows, columns)
        The matrix that the page will read.
    """
    if storage == "float32":
        return {"float32": floats_as_text(matrix)}, matrix
    q, scale = round_rows(matrix, inputs)
    text = base64.b64encode(q.numpy().astype(np.int8).tobytes()).decode()
    return {"int8": text, "scale": floats_as_text(scale)}, q.float() * scale


def round_rows(matrix: Tensor, inputs: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Whole numbers from -127 to 127 and one scale per row that replace a matrix.

    Without ``inputs`` each weight is rounded by itself. With them the columns are rounded one after the other, and the
    columns that are still free make up for the error of each, as far as these inputs are concerned.

    Parameters
    ----------
    matrix : Tensor, (rows, columns)
    inputs : Tensor, (n, columns), optional

    Returns
    -------
    Tensor of int8, (rows, columns)
    Tensor, (rows, 1)

    References
    ----------
    Frantar, Ashkboos, Hoefler and Alistarh 2023, arXiv:2210.17323 (GPTQ).
    """
    scale = matrix.abs().amax(1, keepdim=True).clamp(min=1e-30) / 127
    w = (matrix / scale).double()
    if inputs is None:
        return w.round().to(torch.int8), scale
    share = _share_of_error(inputs.double())
    for j in range(w.shape[1]):
        rounded = w[:, j].round().clamp(-127, 127)
        w[:, j + 1 :] -= torch.outer(w[:, j] - rounded, share[j, j + 1 :])
        w[:, j] = rounded
    return w.to(torch.int8), scale


def _share_of_error(inputs: Tensor) -> Tensor:
    """Row j says how each later column answers an error of 1 in column j; (columns, columns)."""
    hessian = inputs.T @ inputs
    damping = 0.01 * hessian.diagonal().mean().clamp(min=1e-12)
    hessian += damping * torch.eye(len(hessian), dtype=hessian.dtype)
    upper = torch.linalg.cholesky(torch.linalg.inv(hessian), upper=True)
    return upper / upper.diagonal()[:, None]
