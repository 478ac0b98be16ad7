"""How long a data set of synthetic heartbeats takes: 4096 beats of 128 samples.

Usage: python -m benchmarks.heartbeats
"""

from __future__ import annotations

import time

from course_utils.data import heartbeats


def seconds() -> float:
    """Seconds to draw the factors and to calculate the beats."""
    start = time.perf_counter()
    heartbeats(4096)
    return time.perf_counter() - start


if __name__ == "__main__":
    print(f"4096 heartbeats of 128 samples: {seconds():.2f} s")
