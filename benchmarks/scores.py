"""How long the scores of disentanglement take: 10 000 examples, 10 codes, 6 factors.

Usage: python -m benchmarks.scores
"""

from __future__ import annotations

import time

import torch

from course_utils.data import Dataset
from course_utils.metrics import disentanglement


def seconds() -> float:
    """Seconds of one table, errors included, of codes that mix all factors and of some that are noise."""
    generator = torch.Generator().manual_seed(0)
    factors = torch.rand(10_000, 6, generator=generator)
    mixed = factors @ torch.randn(6, 6, generator=generator)
    noise = torch.randn(10_000, 4, generator=generator)
    data = Dataset(x=torch.cat([mixed, noise], 1), axes=("code",), factors=factors, factor_names=tuple("abcdef"))
    start = time.perf_counter()
    disentanglement(lambda x: x, data)
    return time.perf_counter() - start


if __name__ == "__main__":
    print(f"all scores of 10 codes and 6 factors, 10 000 examples: {seconds():.1f} s")
