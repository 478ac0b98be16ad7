"""Run notebooks with five seeds and write what each claim measured to course_utils/calibration.csv.

Usage: python -m tools.calibrate [CHAPTER ...], by the names of the notebooks without suffix; all of them by default.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from course_utils.claims import CALIBRATION
from tools.notebooks import ROOT, claims, notebooks

SEEDS = range(5)
Row = tuple[str, ...]  # key, seed, value, versions


class CalibrationError(RuntimeError):
    """A notebook cannot be calibrated."""


def with_parameters(notebook: nbformat.NotebookNode, code: str, name: str) -> nbformat.NotebookNode:
    """A copy of the notebook with other parameters, set after its cell tagged ``parameters``."""
    tagged = [i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise CalibrationError(f"{name}: needs exactly one cell tagged 'parameters', has {len(tagged)}")
    cells = [*notebook.cells]
    cells.insert(tagged[0] + 1, nbformat.v4.new_code_cell(code))
    return nbformat.from_dict({**notebook, "cells": cells})


def measure(path: Path, seed: int) -> dict[str, float]:
    """Values of the notebook's claims for one seed."""
    notebook = with_parameters(nbformat.read(path, as_version=4), f"SEED = {seed}", path.name)
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    ).execute()
    return {claim["key"]: claim["value"] for claim in claims(notebook)}


def require_spread(values: dict[str, dict[int, float]], name: str) -> None:
    """Refuse a notebook in which no claim depends on the seed: it was not set, or not used."""
    if values and all(len(set(of_key.values())) == 1 for of_key in values.values()):
        raise CalibrationError(f"{name}: all claims have the same value for every seed; does the notebook use SEED?")


def chosen(names: list[str]) -> list[Path]:
    """The notebooks with these names, or all."""
    known = {path.stem: path for path in notebooks()}
    if unknown := set(names) - known.keys():
        raise CalibrationError(f"no chapter is called {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return [path for name, path in known.items() if not names or name in names]


def rows_of(path: Path, versions: str) -> list[Row]:
    """The rows of the table that a notebook fills."""
    values: dict[str, dict[int, float]] = defaultdict(dict)
    for seed in SEEDS:
        print(f"{path.relative_to(ROOT)}: seed {seed}", flush=True)
        for key, value in measure(path, seed).items():
            values[key][seed] = value
    require_spread(values, path.name)
    return [(key, str(seed), f"{v:.6g}", versions) for key, by_seed in values.items() for seed, v in by_seed.items()]


def kept(rows: list[Row]) -> list[Row]:
    """The rows of the present table whose keys were not measured again."""
    again = {key for key, *_ in rows}
    with CALIBRATION.open(newline="", encoding="utf-8") as file:
        return [row for row in map(tuple, list(csv.reader(file))[1:]) if row[0] not in again]


def main(names: list[str]) -> None:
    os.environ.pop("COURSE_STRICT", None)
    versions = "; ".join(f"{name} {version(name)}" for name in ("torch", "numpy", "scikit-learn"))
    rows = [row for path in chosen(names) for row in rows_of(path, versions)]
    if names:
        rows = kept(rows) + rows
    partial = CALIBRATION.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("key", "seed", "value", "versions"))
        writer.writerows(rows)
    partial.replace(CALIBRATION)
    print(f"{len(rows)} values in {CALIBRATION.relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CalibrationError as error:
        sys.exit(f"calibrate: {error}")
