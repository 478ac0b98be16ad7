"""`make book` fails when it should, and again, and when only the package broke. Seen on a toy book with the real set-up."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import nbformat
import pytest
import yaml

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

TOC = {"format": "jb-book", "root": "book/intro", "parts": [{"chapters": [{"file": "book/toy"}]}]}


class Toy:
    """A book of two pages, built by the project's own Makefile, configuration and environment."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("Makefile", "_config.yml", "requirements.txt", "pyproject.toml", "course_utils/environment.py", "book/_ext", "book/_static", "book/_web/package.json", "book/_web/package-lock.json"):  # fmt: skip
            source, target = ROOT / name, root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)
        (root / ".venv").symlink_to(ROOT / ".venv")
        (root / "book" / "_web" / "node_modules").symlink_to(ROOT / "book" / "_web" / "node_modules")
        (root / "_toc.yml").write_text(yaml.safe_dump(TOC), encoding="utf-8")
        (root / "book" / "intro.md").write_text("# Toy\n", encoding="utf-8")
        self.package("ANSWER = 42")
        self.notebook("import course_utils\nprint(course_utils.ANSWER)")

    def package(self, code: str) -> None:
        time.sleep(0.05)  # make compares times: be later than the last build
        (self.root / "course_utils" / "__init__.py").write_text(code, encoding="utf-8")

    def notebook(self, code: str, text: str = "# Toy chapter") -> None:
        time.sleep(0.05)
        cells = [nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell(code)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), self.root / "book" / "toy.ipynb")

    def make(self) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(self.root)}
        return subprocess.run(
            ["make", "book"], cwd=self.root, capture_output=True, text=True, env=environment, timeout=300
        )

    @property
    def page(self) -> str:
        return (self.root / "_build" / "html" / "book" / "toy.html").read_text(encoding="utf-8")


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path)


def test_a_book_is_built_and_not_built_again(toy: Toy) -> None:
    first = toy.make()
    assert first.returncode == 0, first.stdout + first.stderr
    assert ">42\n" in toy.page
    again = toy.make()
    assert again.returncode == 0
    assert "Building" not in again.stdout


def test_a_failing_notebook_fails_the_build_every_time(toy: Toy) -> None:
    assert toy.make().returncode == 0
    toy.notebook("1 / 0")
    for _ in range(2):
        done = toy.make()
        assert done.returncode != 0
        assert "ZeroDivisionError" in done.stdout + done.stderr
    toy.notebook("print(1 + 1)")
    assert toy.make().returncode == 0


def test_a_change_of_the_package_alone_runs_the_notebooks_again(toy: Toy) -> None:
    assert toy.make().returncode == 0
    toy.package("ANSWER = 43")
    assert toy.make().returncode == 0
    assert ">43\n" in toy.page
    toy.package("")
    for _ in range(2):
        done = toy.make()
        assert done.returncode != 0
        assert "no attribute 'ANSWER'" in done.stdout + done.stderr


def test_a_page_that_is_gone_is_noticed(toy: Toy) -> None:
    assert toy.make().returncode == 0
    (toy.root / "book" / "toy.ipynb").unlink()
    assert toy.make().returncode != 0


@pytest.mark.parametrize(
    ("code", "text", "message"),
    [
        ("print(1)", "# Toy\n\nSee [nothing](nowhere.md).", "nowhere.md"),
        ("print(1)", "# Toy\n\n$\\undefinedcommand$", "undefinedcommand"),
        ("import warnings; warnings.warn('careful')", "# Toy", "stderr was found"),
    ],
    ids=["broken link", "broken formula", "warning on the page"],
)
def test_a_warning_fails_the_build_every_time(toy: Toy, code: str, text: str, message: str) -> None:
    toy.notebook(code, text)
    for _ in range(2):
        done = toy.make()
        assert done.returncode != 0
        assert message in done.stdout + done.stderr
