"""The student edition: how it is made from a notebook, and what must not be in it."""

from __future__ import annotations

import copy
import symtable
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.exercises.checking import known
from tests.answers.cells import exercises
from tools.notebooks import notebooks
from tools.student import edition
from tools.student.blocks import BlockError, blocks, part
from tools.student.edition import pack, without_outputs, without_solutions

each_notebook = pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)


def tagged(source: str, tag: str) -> NotebookNode:
    return new_code_cell(source, metadata={"tags": [tag]})


def sheet() -> NotebookNode:
    """A notebook with one exercise, executed."""
    cells = [
        new_markdown_cell("### Exercise 1.1.1 — A title"),
        tagged("answer = ...", "exercise"),
        tagged('exercises.check("1.1.1", answer)', "check"),
        tagged("answer = 42", "solution"),
        new_code_cell("print(1)", execution_count=3, outputs=[nbformat.v4.new_output("stream", text="1\n")]),
    ]
    return new_notebook(cells=cells)


def test_an_edition_has_no_solutions_and_no_outputs_and_the_original_keeps_both() -> None:
    original = sheet()
    before = copy.deepcopy(original)
    made = without_outputs(without_solutions(original, "x.ipynb"))
    assert original == before
    assert [cell.source for cell in made.cells] == [c.source for c in original.cells if c.source != "answer = 42"]
    assert all(not cell.outputs and cell.execution_count is None for cell in made.cells if cell.cell_type == "code")
    nbformat.validate(made)


def test_stubs_are_to_be_written_and_checks_give_points() -> None:
    _, stub, check, _ = without_solutions(sheet(), "x.ipynb").cells
    assert stub.metadata.nbgrader == {"schema_version": 3, "task": False, "grade": False, "grade_id": "exercise-1-1-1", "locked": False, "solution": True}  # fmt: skip
    assert check.metadata.nbgrader == {"schema_version": 3, "task": False, "grade": True, "grade_id": "check-1-1-1", "locked": True, "points": known()["1.1.1"].points, "solution": False}  # fmt: skip


def swap(cells: list, i: int, j: int) -> None:
    cells[i], cells[j] = cells[j], cells[i]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda cells: cells.pop(3), "exercise 1.1.1 needs three cells .* found exercise, check, None"),
        (lambda cells: cells.pop(1), "found check, solution, None"),
        (lambda cells: swap(cells, 1, 2), "found check, exercise, solution"),
        (lambda cells: swap(cells, 0, 1), "a cell tagged 'exercise' belongs to no exercise: 'answer = ...'"),
        (lambda cells: cells.append(tagged("6 * 7", "solution")), "a cell tagged 'solution' belongs to no exercise"),
        (lambda cells: cells.extend(copy.deepcopy(cells[:4])), "exercise 1.1.1 comes more than once"),
        (lambda cells: cells[2].update(source="check(answer)"), r"the check of exercise 1.1.1 does not call exercises"),
        (lambda cells: cells[3].metadata.update(tags=["solution", "check"]), "is tagged solution, check"),
        (
            lambda cells: cells[4].update(tagged("1", "solution") | {"cell_type": "markdown"}),
            "a markdown cell is tagged",
        ),
    ],
    ids=["no solution", "no stub", "check first", "text late", "stray", "twice", "other check", "two tags", "markdown"],
)
def test_a_notebook_with_damaged_exercises_is_refused(damage: Callable, message: str) -> None:
    damaged = sheet()
    damage(damaged.cells)
    with pytest.raises(BlockError, match=message):
        without_solutions(damaged, "x.ipynb")


def test_an_exercise_that_the_package_does_not_know_is_refused() -> None:
    unknown = nbformat.reads(nbformat.writes(sheet()).replace("1.1.1", "9.9.9"), as_version=4)
    with pytest.raises(BlockError, match=r"x\.ipynb: course_utils\.exercises declares no exercise 9\.9\.9"):
        without_solutions(unknown, "x.ipynb")


def test_a_refused_notebook_leaves_the_last_edition_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "README.md").write_text("as it was", encoding="utf-8")

    def fail(notebook: NotebookNode, name: str) -> NotebookNode:
        raise BlockError(f"{name}: damaged")

    monkeypatch.setattr(edition, "DIST", tmp_path)
    monkeypatch.setattr(edition, "without_solutions", fail)
    with pytest.raises(SystemExit, match=r"make student: 01-bottleneck\.ipynb: damaged"):
        edition.main()
    assert [path.name for path in tmp_path.rglob("*")] == ["student", "README.md"]


def test_the_same_pages_give_the_same_archive(tmp_path: Path) -> None:
    for name in ("first", "second"):
        edition.write(tmp_path / name)
        pack(tmp_path / name, tmp_path / f"{name}.zip", "course")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "first.zip") as packed:
        names = packed.namelist()
        assert all(name.startswith("course/") for name in names)
        assert packed.read("course/README.md") == (tmp_path / "first" / "README.md").read_bytes()
    assert {"course/01-autoencoders/01-bottleneck.ipynb", "course/references.md", "course/intro.md"} <= set(names)
    assert "course/instructors.md" not in names


def test_readers_of_the_edition_are_told_how_to_work_with_it(tmp_path: Path) -> None:
    edition.write(tmp_path / "made")
    intro = (tmp_path / "made" / "intro.md").read_text(encoding="utf-8")
    assert "## How to work with it" in intro
    assert "Three ways to read" not in intro
    assert "## Licence" in intro
    assert (tmp_path / "made" / "_static" / "cover.png").exists()


# Leaving solutions out changes nothing else.


def names(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell defines for the cells after it, and all that it defines or takes from others."""
    code = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("%"))
    top = symtable.symtable(code, "cell", "exec")
    defined = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return defined, defined | _outer(top)


def _outer(scope: symtable.SymbolTable) -> set[str]:
    """Global names that are used in a scope or in one inside it."""
    found = {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global()}
    return found.union(*(_outer(inner) for inner in scope.get_children()))


def test_names_are_found_in_every_scope() -> None:
    cell = "%pip install x\nimport a.b as c\ny = [f(i) for i in z]\ndef g(u, v=w):\n    t = u\n    return lambda: t + y + h"
    defined, used = names(cell)
    assert defined == {"c", "y", "g"}
    assert used == {"c", "y", "g", "f", "z", "w", "h"}


@each_notebook
def test_what_an_exercise_defines_no_other_cell_uses(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    found = blocks(notebook, path.name)
    assert found
    for block in found:
        own = (block.stub, block.check, block.solution)
        defined = names(block.stub.source)[0] | names(block.solution.source)[0]
        assert defined
        for cell in notebook.cells:
            if cell.cell_type == "code" and cell not in own:
                assert not defined & names(cell.source)[1], f"exercise {block.number}: {cell.source}"


@each_notebook
def test_numbers_after_the_exercises_start_from_a_new_seed(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    last = max(place for place, cell in enumerate(cells) if part(cell))
    following = next(c for c in cells[last + 1 :] if c.cell_type == "code" and "remove-cell" not in c.metadata.get("tags", []))  # fmt: skip
    assert following.source.startswith("cu.setup(SEED)")


@pytest.mark.parametrize("number", list(exercises()))
def test_an_exercise_is_dressed_for_every_place_where_it_is_read(number: str) -> None:
    block, _ = exercises()[number]
    assert "<details><summary>Hint</summary>\n\n" in block.text.source
    assert block.text.source.rstrip().endswith("</details>")
    assert block.stub.metadata.tags == ["exercise"]
    assert block.check.metadata.tags == ["check"]
    solution = block.solution
    assert solution.metadata.tags == ["solution", "hide-cell"]
    assert solution.metadata.mystnb.code_prompt_show == "Show the solution"
    assert solution.metadata.jupyter.source_hidden  # JupyterLab
    assert solution.metadata.cellView == "form"  # Colab
    assert solution.source.startswith(f"# @title Solution of Exercise {number}\n")
