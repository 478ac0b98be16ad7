"""MNIST, read from its own IDX files."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
import torch

from course_utils.data.dataset import Dataset
from course_utils.data.fetch import DataError, fetch

URL = "https://ossci-datasets.s3.amazonaws.com/mnist/"
FILES = {
    "train": {
        "images": ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        "labels": ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
    },
    "t10k": {
        "images": ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
        "labels": ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
    },
}


def mnist(n: int | None = None, seed: int = 0, *, part: str = "t10k") -> Dataset:
    """Real handwritten digits of 28 x 28 pixels, downloaded on first use.

    Parameters
    ----------
    n : int, optional
        How many to draw; all of them by default.
    seed : int
        Which ``n`` are drawn.
    part : {"t10k", "train"}
        10 000 images, or 60 000.

    Returns
    -------
    Dataset
        ``x``: (n, 784), ink from 0 (paper) to 1 (full), row by row; ``labels``: 0 to 9.

    Raises
    ------
    DataError
        If a file cannot be had or is damaged.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition,
    Proc. IEEE 86(11), 1998, doi:10.1109/5.726791.
    """
    if part not in FILES:
        raise ValueError(f"mnist has the parts {', '.join(FILES)}; got {part!r}")
    images, labels = (read_idx(fetch(f"mnist/{name}", URL + name, md5)) for name, md5 in FILES[part].values())
    return Dataset(
        x=torch.from_numpy(images).flatten(1).float() / 255,
        axes=("pixel of 28 x 28, ink from 0 to 1",),
        labels=torch.from_numpy(labels).long(),
        name=f"mnist ({part})",
    ).sample(n, seed=seed)


def read_idx(path: Path) -> np.ndarray:
    """Read a gzipped IDX file of unsigned bytes.

    Layout: two zero bytes, the type (8), the number of dimensions, each dimension as a big-endian
    32-bit number, then the values.

    Raises
    ------
    DataError
        If the file is truncated, not gzip, or not such an IDX file.
    """
    advice = "Delete it and run again."
    try:
        with gzip.open(path) as file:
            content = file.read()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is truncated or damaged ({error}). {advice}") from error
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise DataError(
            f"{path} is not an IDX file of unsigned bytes: it starts with {content[:4].hex(' ')!r}. {advice}"
        )
    n_dimensions = content[3]
    start = 4 + 4 * n_dimensions
    if len(content) < start:
        raise DataError(f"{path} ends within its header of {n_dimensions} dimensions. {advice}")
    shape = struct.unpack(f">{n_dimensions}I", content[4:start])
    if len(content) - start != math.prod(shape):
        raise DataError(f"{path} holds {len(content) - start} values, its header says {math.prod(shape)}. {advice}")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()
