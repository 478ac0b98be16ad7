"""The bounds of the claims against what five seeds measured."""

import json
import re
from pathlib import Path
from statistics import median

import pytest

from course_utils.claims import Claim, calibrated
from tests.conftest import ROOT
from tools.executed import executed
from tools.notebooks import claims, notebooks

SEEDS = {0, 1, 2, 3, 4}
MEDIANS = {  # what a chapter says of most trainings, not of each: from, to
    "beta-vae/dots/mig-best": (0.6, 1),
    "beta-vae/dots/mig-vae": (0, 0.4),
    "beta-vae/dots/mig-isotropic": (0, 0.3),
    "beta-vae/pendulum/mig-beta": (0, 0.15),
    "beta-vae/pendulum/mig-equation": (0.5, 1),
}


def problem(claim: Claim, values: dict[int, float]) -> str | None:
    """What is wrong with the bounds of a claim, given its value for each seed."""
    if set(values) != SEEDS:
        return f"{claim.key}: calibrated for seeds {sorted(values)}; run make calibrate"
    for seed, value in values.items():
        if not Claim(claim.key, value, claim.at_least, claim.at_most).holds:
            return f"{claim.key}: seed {seed} gave {value}, out of bounds"
    theory = claim.at_least is not None and claim.at_most is not None
    if not claim.bounded or theory:
        return None
    if not claim.baseline and len(set(values.values())) == 1:
        return None  # exact for every seed: theory too
    if not claim.baseline:
        return f"{claim.key}: a measured bound needs a baseline"
    (_, baseline), *_ = claim.baseline
    if Claim(claim.key, baseline, claim.at_least, claim.at_most).holds:
        return f"{claim.key}: its first baseline lies within the bound"
    mean = sum(values.values()) / len(values)
    bound = claim.at_most if claim.at_least is None else claim.at_least
    if abs(bound - mean) > abs(baseline - mean) / 2:
        return f"{claim.key}: {bound} is further from the mean {mean:.3g} than half-way to the baseline {baseline:.3g}"
    return None


@pytest.mark.parametrize(
    ("claim", "values", "message"),
    [
        (Claim("a/b", 0.5, at_most=0.6, baseline=[("x", 1)]), {s: 0.5 + s / 100 for s in range(5)}, None),
        (Claim("a/b", 0.5, at_most=0.6, baseline=[("x", 1)]), {s: 0.5 + s / 30 for s in range(5)}, "seed 4 gave"),
        (Claim("a/b", 0.5, at_most=0.8, baseline=[("x", 1)]), {s: 0.5 + s / 100 for s in range(5)}, "half-way"),
        (Claim("a/b", 0.5, at_least=0.1, baseline=[("x", 0)]), {s: 0.5 + s / 100 for s in range(5)}, "half-way"),
        (
            Claim("a/b", 0.5, at_most=0.6, baseline=[("x", 0.3)]),
            {s: 0.5 + s / 100 for s in range(5)},
            "within the bound",
        ),
        (Claim("a/b", 0.5, at_most=0.6), {s: 0.5 + s / 100 for s in range(5)}, "needs a baseline"),
        (Claim("a/b", 0.5, at_most=0.6, baseline=[("x", 1)]), {0: 0.5, 1: 0.4}, r"seeds \[0, 1\]"),
        (Claim("a/b", 0.5, at_least=0.4, at_most=0.6), {s: 0.5 + s / 100 for s in range(5)}, None),
        (Claim("a/b", 0.0, at_most=1e-6), dict.fromkeys(range(5), 0.0), None),
        (Claim("a/b", 0.0, at_most=0.8, baseline=[("x", 1)]), dict.fromkeys(range(5), 0.0), "half-way"),
        (Claim("a/b", 0.5), {s: 0.5 + s for s in range(5)}, None),
    ],
)
def test_the_rule_for_bounds(claim: Claim, values: dict[int, float], message: str | None) -> None:
    found = problem(claim, values)
    assert found is None if message is None else re.search(message, found)


@pytest.mark.parametrize("key", MEDIANS)
def test_what_is_said_of_most_trainings_holds_for_the_median_of_five(key: str) -> None:
    low, high = MEDIANS[key]
    assert low <= median(calibrated()[key].values()) <= high


@pytest.mark.slow
def test_every_claim_of_the_built_book_is_calibrated_and_bounded(site: Path) -> None:
    problems, ledger = [], []
    for path in notebooks():
        notebook, _ = executed(path)
        for row in claims(notebook):
            claim = Claim(**row)
            problems.append(problem(claim, calibrated().get(claim.key, {})))
            ledger.append({"notebook": path.relative_to(ROOT).as_posix(), **row})
    (ROOT / "_build" / "claims.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in ledger), encoding="utf-8")
    assert ledger
    assert not any(problems), "\n".join(filter(None, problems))
    assert set(calibrated()) == {row["key"] for row in ledger}, "the table has keys that no notebook claims"
