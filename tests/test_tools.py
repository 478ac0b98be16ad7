import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from tests.conftest import ROOT
from tools.calibrate import CALIBRATION, CalibrationError, chosen, kept, require_spread, with_parameters
from tools.notebooks import claims, notebooks
from tools.repo import current, rewrite

NEW = "https://github.com/someone/a-course"


def notebook(*tags: str) -> nbformat.NotebookNode:
    made = [nbformat.v4.new_code_cell("SEED = 0", metadata={"tags": [tag]}) for tag in tags]
    return nbformat.v4.new_notebook(cells=[*made, nbformat.v4.new_code_cell("print(SEED)")])


def test_a_seed_is_set_after_the_parameters_and_the_original_kept() -> None:
    original = notebook("parameters")
    changed = with_parameters(original, "SEED = 3", "x.ipynb")
    assert [cell.source for cell in changed.cells] == ["SEED = 0", "SEED = 3", "print(SEED)"]
    assert len(original.cells) == 2


@pytest.mark.parametrize("tags", [(), ("parameters", "parameters")])
def test_a_notebook_without_parameters_is_not_calibrated(tags: tuple[str, ...]) -> None:
    with pytest.raises(CalibrationError, match=r"x\.ipynb: needs exactly one cell tagged 'parameters'"):
        with_parameters(notebook(*tags), "SEED = 0", "x.ipynb")


def test_values_that_no_seed_changes_are_refused() -> None:
    require_spread({"a/b": {0: 1.0, 1: 1.0}, "a/c": {0: 1.0, 1: 1.1}}, "x.ipynb")
    with pytest.raises(CalibrationError, match="same value for every seed"):
        require_spread({"a/b": {0: 1.0, 1: 1.0}, "a/c": {0: 2.0, 1: 2.0}}, "x.ipynb")


def test_claims_are_read_from_outputs() -> None:
    made = notebook("parameters")
    made.cells[0].outputs = [
        nbformat.v4.new_output("stream", text="hello"),
        nbformat.v4.new_output("display_data", {"text/plain": "✓"}, metadata={"claim": {"key": "a/b", "value": 1.0}}),
    ]
    assert claims(made) == [{"key": "a/b", "value": 1.0}]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project as git sees it."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_the_repository_url_changes_everywhere_at_once(project: Path) -> None:
    old = current(project)
    changed = {path.relative_to(project).as_posix() for path in rewrite(f"{NEW}.git", project)}
    assert {"_config.yml", "README.md", "book/01-autoencoders/01-bottleneck.ipynb"} <= changed
    assert yaml.safe_load((project / "_config.yml").read_text())["repository"]["url"] == NEW
    left = subprocess.run(["grep", "-rIl", "--exclude-dir=.git", old, "."], cwd=project, capture_output=True, text=True)
    assert left.stdout == ""
    assert rewrite(NEW, project) != []
    rewrite(old, project)
    assert (project / "README.md").read_bytes() == (ROOT / "README.md").read_bytes()


@pytest.mark.parametrize("url", ["", "http://example.org/course", "https://github.com/only-owner"])
def test_another_kind_of_url_is_refused(project: Path, url: str) -> None:
    with pytest.raises(ValueError, match="OWNER/NAME"):
        rewrite(url, project)


@pytest.mark.parametrize(
    ("before", "message"),
    [
        (
            "import sys; sys.version_info = (3, 8); sys.version = '3.8.1 x'",
            "Python 3.11 or newer is needed, this is 3.8.1",
        ),
        (
            "import sys; sys.modules['ensurepip'] = None",
            "no venv module. On Debian and Ubuntu: sudo apt install python3-venv",
        ),
    ],
)
def test_a_missing_tool_gives_one_line(before: str, message: str) -> None:
    code = f"{before}; import runpy; runpy.run_path({str(ROOT / 'tools' / 'check_python.py')!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_lock_file_names_a_host() -> None:
    assert "://" not in (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-colab.txt").read_text()
    assert "resolved" not in (ROOT / "book" / "_web" / "package-lock.json").read_text()


def test_chapters_are_chosen_by_name() -> None:
    assert [path.stem for path in chosen(["02-vae", "01-bottleneck"])] == ["01-bottleneck", "02-vae"]
    assert chosen([]) == notebooks()
    with pytest.raises(CalibrationError, match="no chapter is called vae; there are 01-bottleneck"):
        chosen(["vae"])


def test_what_was_not_measured_again_is_kept() -> None:
    key = "autoencoders/digits/knn-2d"
    rows = kept([(key, "0", "1", "")])
    with CALIBRATION.open(encoding="utf-8") as file:
        lines = file.read().splitlines()[1:]
    assert [",".join(row) for row in rows] == [line for line in lines if not line.startswith(f"{key},")]
    assert len(lines) - len(rows) == 5
