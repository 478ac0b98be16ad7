"""Every notebook as a Colab user runs it: Colab's versions, the installed wheel, another folder, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT, run
from tools.notebooks import notebooks

pytestmark = pytest.mark.slow

OFFLINE = ROOT / "tests" / "offline"


def test_the_versions_are_those_of_colab(colab: Path) -> None:
    pins = [line for line in (ROOT / "requirements-colab.txt").read_text().splitlines() if "==" in line]
    frozen = run(colab, "-m", "pip", "freeze").stdout.splitlines()
    assert not set(pins) - set(frozen)


def test_the_wheel_is_satisfied_with_what_colab_has(colab: Path) -> None:
    assert "course-utils" not in run(colab, "-m", "pip", "check").stdout


def run_notebook(colab: Path, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [colab, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout=120", "-p", "no:cacheprovider", "-q", path],
        cwd=path.parent,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(OFFLINE), "COURSE_STRICT": "1"},
    )


def test_a_kernel_has_these_versions_this_package_and_no_network(colab: Path, tmp_path: Path) -> None:
    code = (
        "import socket, sys, course_utils, numpy\n"
        f"assert sys.prefix == {str(colab.parents[1])!r}\n"
        "assert numpy.__version__ == '2.1.3'\n"
        "assert 'site-packages' in course_utils.__file__\n"
        "try:\n    socket.create_connection(('example.org', 80))\n"
        "except OSError as error:\n    assert 'the network is off in this test' in str(error)\n"
        "else:\n    raise AssertionError('the network is on')"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbformat.write(notebook, tmp_path / "probe.ipynb")
    done = run_notebook(colab, tmp_path / "probe.ipynb")
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr


def test_a_failing_cell_is_noticed(colab: Path, tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(notebook, tmp_path / "probe.ipynb")
    assert run_notebook(colab, tmp_path / "probe.ipynb").returncode == 1


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(colab: Path, tmp_path: Path, path: Path) -> None:
    done = run_notebook(colab, Path(shutil.copy(path, tmp_path)))
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    assert " passed" in done.stdout
