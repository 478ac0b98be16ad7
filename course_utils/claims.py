"""Numbers that the prose relies on, checked on every strict run."""

from __future__ import annotations

import csv
import html
import math
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from course_utils.environment import in_notebook

CALIBRATION = Path(__file__).with_name("calibration.csv")
_KEY = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)+")


@dataclass(frozen=True)
class Claim:
    """A measured number with what is said of it."""

    key: str
    value: float
    at_least: float | None = None
    at_most: float | None = None
    baseline: Sequence[tuple[str, float]] = ()  # pairs: a dict would lose its order in the stored notebook
    unit: str = ""

    @property
    def bounded(self) -> bool:
        return self.at_least is not None or self.at_most is not None

    @property
    def holds(self) -> bool:
        above = self.at_least is None or self.value >= self.at_least
        below = self.at_most is None or self.value <= self.at_most
        return math.isfinite(self.value) and above and below

    @property
    def verdict(self) -> str:
        if not math.isfinite(self.value):
            return "✗"
        return "·" if not self.bounded else "✓" if self.holds else "✗"

    @property
    def details(self) -> str:
        """Bound and baselines in words; for a claim that fails, the range of the five calibrated seeds too."""
        parts = []
        if self.at_least is not None:
            parts.append(f"at least {self._show(self.at_least)}")
        if self.at_most is not None:
            parts.append(f"at most {self._show(self.at_most)}")
        parts += [f"{name} {self._show(value)}" for name, value in self.baseline]
        if self.bounded and not self.holds and (seen := calibrated().get(self.key)):
            low, high = min(seen.values()), max(seen.values())
            parts.append(
                f"expected {self._show(low)} to {self._show(high)}: the range of seeds {', '.join(map(str, seen))}"
            )
        return "; ".join(parts)

    def _show(self, value: float) -> str:
        return f"{value:.3g}{' ' * bool(self.unit)}{self.unit}"

    def __str__(self) -> str:
        details = f"   ({self.details})" if self.details else ""
        return f"{self.verdict} {self.key} = {self._show(self.value)}{details}"

    def to_html(self) -> str:
        state = {"✓": "holds", "✗": "fails", "·": "reported"}[self.verdict]
        details = f' <span class="claim-details">{html.escape(self.details)}</span>' if self.details else ""
        return (
            f'<div class="claim claim-{state}"><span aria-hidden="true">{self.verdict}</span> '
            f"<code>{html.escape(self.key)}</code> <strong>{html.escape(self._show(self.value))}</strong>{details}</div>"
        )


class ClaimError(AssertionError):
    """A claim does not hold in a strict run."""


def claim(
    key: str,
    value: float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    baseline: dict[str, float] | None = None,
    unit: str = "",
    real: bool = False,
) -> None:
    """Show a number, its bound and its baseline on one line, and check it in a strict run.

    In a notebook the claim travels as metadata of the line that shows it: the executed notebook is the
    ledger from which the tests and ``make calibrate`` read.

    Parameters
    ----------
    key : str
        ``part/data/quantity``: lower case, digits and hyphens between slashes.
    value : float
        The measured number; a tensor or array with one element will do.
    at_least, at_most : float, optional
        Bounds, both included. Give both for a theory claim with a tolerance.
    baseline : dict of str to float, optional
        What the number is compared with, by name. A bound lies no further from the mean of the five
        calibrated seeds than half-way to the first one.
    unit : str
        Written after each number.
    real : bool
        The chapter runs on real data: the key ends in ``/real`` and the bounds are not applied.

    Raises
    ------
    ValueError
        If the key is malformed or ``value`` is not one number.
    ClaimError
        If the number is not finite or out of its bounds and ``COURSE_STRICT=1``.

    Examples
    --------
    >>> claim("demo/circle/pi", 3.1416, at_least=3.14, at_most=3.15, baseline={"Archimedes": 22 / 7})
    ✓ demo/circle/pi = 3.14   (at least 3.14; at most 3.15; Archimedes 3.14)
    """
    if not _KEY.fullmatch(key):
        raise ValueError(
            f"claim key {key!r}: write lower-case words with digits and hyphens between slashes, as in 'autoencoders/digits/knn-2d'"
        )
    try:
        number = float(value.detach() if hasattr(value, "detach") else value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"claim {key!r}: the value must be one number, got {type(value).__name__}: {error}") from None
    if real:
        key, at_least, at_most = f"{key}/real", None, None
    pairs = [(name, float(found)) for name, found in (baseline or {}).items()]
    made = Claim(key, number, at_least, at_most, pairs, unit)
    _publish(made)
    if os.environ.get("COURSE_STRICT") == "1" and not made.holds:
        raise ClaimError(str(made))


@cache
def calibrated() -> dict[str, dict[int, float]]:
    """Values of every claim in the calibration table: ``{key: {seed: value}}``."""
    table: dict[str, dict[int, float]] = {}
    if CALIBRATION.exists():
        with CALIBRATION.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                table.setdefault(row["key"], {})[int(row["seed"])] = float(row["value"])
    return table


def _publish(made: Claim) -> None:
    if not in_notebook():
        print(made)
        return
    from IPython.display import display

    display({"text/plain": str(made), "text/html": made.to_html()}, metadata={"claim": asdict(made)}, raw=True)
