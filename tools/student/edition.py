"""Write dist/student: every page without solutions and outputs, ready for Colab and for nbgrader, and a zip of it.

Usage: python -m tools.student.edition
"""

from __future__ import annotations

import copy
import re
import shutil
import sys
import zipfile
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode

from course_utils.exercises.checking import known
from tools.notebooks import ROOT, pages
from tools.student.blocks import Block, BlockError, blocks

DIST = ROOT / "dist"
HERE = Path(__file__).parent
INSTRUCTORS_PAGE = "book/instructors"
_FOR_READERS = re.compile(r"^## Three ways to read\n.*?(?=^## |\Z)", flags=re.M | re.S)
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^):]+)\)")


def without_solutions(notebook: NotebookNode, name: str) -> NotebookNode:
    """A copy without solution cells, its stubs and checks marked for nbgrader."""
    edition = copy.deepcopy(notebook)
    for block in blocks(edition, name):
        edition.cells.remove(block.solution)
        _mark(block, name)
    return edition


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """A copy as if it had never been run."""
    blank = copy.deepcopy(notebook)
    for cell in blank.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return blank


def _mark(block: Block, name: str) -> None:
    if block.number not in known():
        raise BlockError(f"{name}: course_utils.exercises declares no exercise {block.number}")
    shared = {"schema_version": 3, "task": False}
    key = block.number.replace(".", "-")
    block.stub.metadata["nbgrader"] = {**shared, "grade": False, "grade_id": f"exercise-{key}", "locked": False, "solution": True}  # fmt: skip
    block.check.metadata["nbgrader"] = {**shared, "grade": True, "grade_id": f"check-{key}", "locked": True, "points": known()[block.number].points, "solution": False}  # fmt: skip


def write(folder: Path, root: Path = ROOT) -> None:
    """Write the pages of the student edition into a new folder, at the places that they have in ``book``."""
    how_to_work = (HERE / "how_to_work.md").read_text(encoding="utf-8")
    title = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["title"]
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(f"# {title}: student edition\n\n{how_to_work}", encoding="utf-8")
    for page in pages(root / "_toc.yml"):
        if page == INSTRUCTORS_PAGE:
            continue
        target = folder / Path(page).relative_to("book")
        target.parent.mkdir(parents=True, exist_ok=True)
        notebook = root / f"{page}.ipynb"
        if notebook.exists():
            edition = without_outputs(without_solutions(nbformat.read(notebook, as_version=4), notebook.name))
            nbformat.write(edition, target.with_name(f"{target.name}.ipynb"))
            text = "\n".join(cell.source for cell in edition.cells if cell.cell_type == "markdown")
        else:
            text = (root / f"{page}.md").read_text(encoding="utf-8")
            made = _FOR_READERS.sub(lambda _: f"{how_to_work}\n", text)
            target.with_name(f"{target.name}.md").write_text(made, encoding="utf-8")
        _copy_pictures(text, (root / page).parent, target.parent)


def _copy_pictures(text: str, source: Path, target: Path) -> None:
    for picture in _PICTURE.findall(text):
        (target / picture).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / picture, target / picture)


def pack(folder: Path, archive: Path, name: str) -> None:
    """Zip a folder under another name. The same content gives the same bytes."""
    partial = archive.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{name}/{path.relative_to(folder).as_posix()}")
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    partial.replace(archive)


def main() -> None:
    made, published = DIST / "student.partial", DIST / "student"
    shutil.rmtree(made, ignore_errors=True)
    try:
        write(made)
        shutil.rmtree(published, ignore_errors=True)
        made.rename(published)
    except BlockError as error:
        sys.exit(f"make student: {error}")
    finally:
        shutil.rmtree(made, ignore_errors=True)
    shutil.copy(HERE / "nbgrader_config.py", DIST)
    pack(published, DIST / "student.zip", "from-autoencoders-to-neural-odes")
    print(f"{published.relative_to(ROOT)}, {published.name}.zip and nbgrader_config.py beside it")


if __name__ == "__main__":
    main()
