"""Rules that every notebook of the book follows, read from its source."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path

import nbformat
import pytest

from tools.notebooks import ROOT, notebooks, pages

NOTEBOOKS = notebooks()
MODULES = ("models", "losses", "training", "metrics", "ode")
SECTIONS = ("The idea", "The smallest version that works", "Look", "Play", "Where it breaks", "Exercises", "What we measured", "Further reading")  # fmt: skip

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str, tag: str = "") -> list[nbformat.NotebookNode]:
    found = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]
    return [cell for cell in found if not tag or tag in cell.metadata.get("tags", [])]


def prose(path: Path) -> str:
    """The Markdown of a page without its code and formulas."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n\n".join(cell.source for cell in cells(path, "markdown"))
    return re.sub(r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$", "", text, flags=re.S)


def test_the_table_of_contents_names_every_notebook_and_nothing_else() -> None:
    found = {p.relative_to(ROOT).as_posix() for p in (ROOT / "book").rglob("*.ipynb") if not {"node_modules", ".ipynb_checkpoints"} & set(p.parts)}  # fmt: skip
    assert found == {p.relative_to(ROOT).as_posix() for p in NOTEBOOKS}
    for page in pages():
        assert any((ROOT / f"{page}{suffix}").exists() for suffix in (".md", ".ipynb")), page


@each_notebook
def test_no_outputs_are_stored(path: Path) -> None:
    for cell in cells(path, "code"):
        assert not cell.outputs
        assert cell.execution_count is None


@each_notebook
def test_parameters_come_before_the_set_up(path: Path) -> None:
    code = cells(path, "code")
    assert code[0].metadata.tags == ["parameters"]
    assert code[0].source.startswith("SEED = 0")
    assert code[1].metadata.tags == ["set-up"]


def test_the_set_up_cell_is_the_same_everywhere() -> None:
    assert len({cell.source for path in NOTEBOOKS for cell in cells(path, "code", "set-up")}) == 1


@each_notebook
def test_the_sections_stand_in_their_order(path: Path) -> None:
    headings = re.findall(r"^## (.*)", "\n".join(cell.source for cell in cells(path, "markdown")), flags=re.M)
    found = [next((i for i, heading in enumerate(headings) if heading.startswith(name)), None) for name in SECTIONS]
    assert None not in found, f"missing: {[name for name, at in zip(SECTIONS, found, strict=True) if at is None]}"
    assert found == sorted(found)


@each_notebook
def test_no_cell_scrolls(path: Path) -> None:
    for cell in cells(path, "code"):
        lines = cell.source.splitlines()
        assert len(lines) <= 25, f"{len(lines)} lines, starting with {lines[0]}"
        assert max(map(len, lines)) <= 85, max(lines, key=len)


NOT_PORTABLE = {
    "directive": r"^\s*(```|:::+|~~~)\s*\{",
    "role": r"\{[\w:+-]+\}(?=`)",
    "raw HTML": r"<(?!/?(details|summary)>)[a-z/!][^>\n]*>",
    "reference definition": r"^\([\w-]+\)=$",
    "bracketed formula": r"\\[\[(]",
    "callout": r"^> \[!",
    "footnote": r"\[\^\w+\]",
    "definition or task list": r"^(:   |[-*] \[[ x]\])",
}


@pytest.mark.parametrize(
    ("kind", "sample"),
    [
        ("directive", "```{note}\nhello\n```"),
        ("role", "see {ref}`here`"),
        ("raw HTML", "a <b>bold</b> word"),
        ("reference definition", "(target)=\n# Title"),
        ("bracketed formula", r"\(x\)"),
        ("callout", "> [!NOTE]"),
        ("footnote", "a word[^1]"),
        ("definition or task list", "- [x] done"),
    ],
)
def test_the_rule_sees_what_it_forbids(kind: str, sample: str) -> None:
    assert re.search(NOT_PORTABLE[kind], sample, flags=re.M)


@pytest.mark.parametrize("page", pages())
@pytest.mark.parametrize("kind", NOT_PORTABLE)
def test_only_portable_markdown(page: str, kind: str) -> None:
    path = next(path for suffix in (".md", ".ipynb") if (path := ROOT / f"{page}{suffix}").exists())
    text = path.read_text(encoding="utf-8") if path.suffix == ".md" else "\n\n".join(c.source for c in cells(path, "markdown"))  # fmt: skip
    if kind not in ("role", "directive"):
        text = prose(path)
    found = re.search(NOT_PORTABLE[kind], text, flags=re.M)
    assert not found, f"{kind}: {found.group()}"


@each_notebook
def test_details_have_a_blank_line_and_no_formula_in_their_summary(path: Path) -> None:
    for cell in cells(path, "markdown"):
        for summary, after in re.findall(r"<summary>(.*?)</summary>(.{0,2})", cell.source, flags=re.S):
            assert "$" not in summary
            assert after == "\n\n"


@each_notebook
def test_taught_code_is_the_package_code(path: Path) -> None:
    for cell in cells(path, "code", "taught"):
        for node in ast.parse(cell.source).body:
            assert isinstance(node, ast.FunctionDef | ast.ClassDef), "a taught cell holds definitions only"
            assert ast.unparse(essence(node)) == ast.unparse(essence(packaged(node.name))), node.name


def packaged(name: str) -> ast.FunctionDef | ast.ClassDef:
    """The definition of the same name in the package."""
    for module in (importlib.import_module(f"course_utils.{module}") for module in MODULES):
        if getattr(getattr(module, name, None), "__module__", "").startswith(module.__name__):
            return ast.parse(inspect.getsource(getattr(module, name))).body[0]
    raise AssertionError(f"{name} is taught, but course_utils has it in none of {', '.join(MODULES)}")


def essence(node: ast.FunctionDef | ast.ClassDef) -> ast.FunctionDef | ast.ClassDef:
    """The definition without docstrings, annotations and leading guards (``if …: raise …``)."""
    for part in ast.walk(node):
        if isinstance(part, ast.arg):
            part.annotation = None
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            if isinstance(part, ast.FunctionDef):
                part.returns = None
            if ast.get_docstring(part) is not None:
                part.body = part.body[1:]
            while part.body and isinstance(part.body[0], ast.If) and isinstance(part.body[0].body[-1], ast.Raise):
                part.body = part.body[1:]
    return node


@pytest.mark.parametrize(
    ("taught", "imported", "same"),
    [
        ("def f(x, k=5): return x + k", "def f(x: int, k: int = 5) -> int:\n '''Doc.'''\n return x + k", True),
        ("def f(x): return x", "def f(x):\n if x < 0: raise ValueError\n return x", True),
        ("def f(x): return x", "def f(x):\n y = x\n return y", False),
        ("def f(x, k=5): return x + k", "def f(x, k=6): return x + k", False),
        ("def f(x): return x - 1", "def f(x): return 1 - x", False),
        ("def f(x): return x", "def f(x):\n if x < 0: x = 0\n return x", False),
    ],
)
def test_the_comparison_sees_differences_that_matter(taught: str, imported: str, same: bool) -> None:
    left, right = (ast.unparse(essence(ast.parse(code).body[0])) for code in (taught, imported))
    assert (left == right) is same


@each_notebook
def test_claim_keys_are_unique(path: Path) -> None:
    keys = re.findall(r"claim\(\s*\"([^\"]+)\"", "\n".join(cell.source for cell in cells(path, "code")))
    assert keys
    assert len(keys) == len(set(keys))
