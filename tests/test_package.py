import random
import re
import subprocess
import sys
import time
import tomllib

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

import course_utils as cu
from tests.conftest import ROOT


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd="/").stdout


def test_import_is_quick_and_loads_neither_torch_nor_matplotlib() -> None:
    loaded = run(
        "import course_utils, sys; print([m for m in ('torch', 'matplotlib', 'numpy', 'IPython') if m in sys.modules])"
    )
    assert loaded.strip() == "[]"
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        run("import course_utils")
        with_import = time.perf_counter() - start
        start = time.perf_counter()
        run("pass")
        seconds.append(with_import - (time.perf_counter() - start))
    assert min(seconds) < 0.3


def test_import_changes_no_generator_and_no_style() -> None:
    code = (
        "import random, numpy, torch, matplotlib; before = (random.getstate(), torch.get_rng_state().sum(), "
        "dict(matplotlib.rcParams)); from course_utils import data, exercises, losses, metrics, models, plotting, training; exercises.checking.known(); "
        "print(before == (random.getstate(), torch.get_rng_state().sum(), dict(matplotlib.rcParams)))"
    )
    assert run(code).strip() == "True"


def test_submodules_come_when_they_are_asked_for() -> None:
    assert (
        run("import course_utils as cu; print(cu.data.digits.__name__, 'models' in dir(cu))").strip() == "digits True"
    )
    with pytest.raises(AttributeError, match=r"no 'modles'; it has claim, .*models"):
        cu.modles  # noqa: B018


def test_setup_makes_every_generator_repeat_itself() -> None:
    def draw() -> tuple:
        cu.setup(3)
        return random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002

    assert draw() == draw()
    assert torch.get_num_threads() == 2
    assert plt.rcParams["axes.titleweight"] == "bold"


def test_setup_stays_on_the_cpu_unless_asked() -> None:
    assert cu.setup(0) == torch.device("cpu")


@pytest.mark.skipif(torch.cuda.is_available() or torch.backends.mps.is_available(), reason="this machine has a GPU")
def test_a_gpu_that_is_missing_is_named() -> None:
    with pytest.raises(RuntimeError, match="torch finds no GPU here"):
        cu.setup(0, gpu=True)


@pytest.mark.parametrize("seed", [-1, 1.5, "0", True, 2**32])
def test_a_seed_must_be_a_whole_number(seed: object) -> None:
    with pytest.raises(ValueError, match="seed must be a whole number"):
        cu.setup(seed)


def test_the_package_asks_for_lower_bounds_only() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        assert re.fullmatch(r"[a-z-]+>=[\d.]+", requirement), requirement


def test_the_seven_questions_are_all_answered() -> None:
    answers = dict.fromkeys(
        ("interpret", "data", "labels", "zero_shot", "generate", "manipulate", "theory"), ("yes", "1")
    )
    table = cu.seven_questions(**answers).data
    assert table.count("\n") == 8
    assert "| Can it **generate**? | yes | 1 |" in table
    with pytest.raises(ValueError, match="answer each of interpret"):
        cu.seven_questions(interpret=("yes", "1"))


def test_a_table_has_a_row_for_each_rival_and_a_column_for_each_number() -> None:
    rows = {"a": {"modes": 8, "share": torch.tensor(0.25)}, "b": {"modes": 3, "share": 1.0}}
    written = [line.strip("| ").split(" | ") for line in cu.table(rows, digits=2).data.splitlines()]
    assert written[0] == ["modes", "share"]
    assert written[2:] == [["a", "8", "0.25"], ["b", "3", "1.00"]]


@pytest.mark.parametrize("rows", [{}, {"a": {"x": 1.0}, "b": {"y": 1.0}}])
def test_rows_with_other_columns_are_no_table(rows: dict) -> None:
    with pytest.raises(ValueError, match="same columns"):
        cu.table(rows)
