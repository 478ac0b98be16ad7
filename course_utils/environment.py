"""What every notebook does first."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

THREADS = 2


def setup(seed: int, *, gpu: bool = False) -> torch.device:
    """Seed every generator, fix the thread count, load the figure style, choose the device.

    Parameters
    ----------
    seed : int
        Seeds Python, NumPy and torch. Not negative.
    gpu : bool
        Ask for a GPU. Off by default, so that everybody sees the same numbers.

    Returns
    -------
    torch.device
        The CPU, or the GPU that was asked for.

    Raises
    ------
    ValueError
        If ``seed`` is negative or not a whole number.
    RuntimeError
        If a GPU is asked for and torch finds none.
    """
    import matplotlib.pyplot as plt
    import numpy as np
    import torch

    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise ValueError(f"seed must be a whole number from 0 to 2**32 - 1, got {seed!r}")
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  (libraries still read it)
    torch.manual_seed(seed)
    torch.set_num_threads(THREADS)

    from course_utils.plotting import STYLE

    plt.style.use(STYLE)

    if not gpu:
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    raise RuntimeError(
        "setup(gpu=True): torch finds no GPU here. In Colab choose Runtime > Change runtime type; "
        "elsewhere leave gpu=False, every chapter runs on a CPU."
    )


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this code."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")
