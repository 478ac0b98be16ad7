"""Chapters with a real data set run on it. What is tested is that they run, not what they measure."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tools.calibrate import with_parameters
from tools.notebooks import claims, notebooks

pytestmark = pytest.mark.slow

REAL = [path for path in notebooks() if "REAL_DATA = False" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_chapter_runs_on_real_data(real_data: Path, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setenv("COURSE_DATA_DIR", str(real_data))
    monkeypatch.setenv("COURSE_STRICT", "1")
    notebook = with_parameters(nbformat.read(path, as_version=4), "REAL_DATA = True", path.name)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    ).execute()
    made = claims(notebook)
    assert made
    assert all(claim["key"].endswith("/real") and claim["at_most"] is claim["at_least"] is None for claim in made)
