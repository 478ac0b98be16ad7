"""Run the cells of an exercise as a student does, in a chapter whose imports and taught definitions have been run."""

from __future__ import annotations

import ast
import linecache
import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

import course_utils as cu
from tools.notebooks import notebooks
from tools.student.blocks import Block, blocks


@cache
def exercises() -> dict[str, tuple[Block, Path]]:
    """Every exercise of the book with its notebook."""
    found = [(block, path) for path in notebooks() for block in blocks(nbformat.read(path, as_version=4), path.name)]
    return {block.number: (block, path) for block, path in found}


def chapter(path: Path) -> dict[str, Any]:
    """What a reader has at hand: parameters, imports, taught definitions, and the number of pixels of the small digits."""
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    imports = next(cell for cell in code if not cell.metadata.get("tags"))
    tagged = [cell for cell in code if {"parameters", "taught"} & set(cell.metadata.get("tags", []))]
    names: dict[str, Any] = {"cu": cu, "n_pixels": 64}
    for cell in (tagged[0], imports, *tagged[1:]):
        exec(cell.source, names)
    return names


def names_checked(block: Block) -> list[str]:
    """The names that the check cell hands over."""
    return re.fullmatch(r'exercises\.check\("[\d.]+", (.+)\)', block.check.source).group(1).split(", ")


def answer(number: str, source: str) -> list[Any]:
    """Run a cell until the answers of an exercise are defined, and return them."""
    block, path = exercises()[number]
    names = chapter(path)
    asked = names_checked(block)
    filename = f"<answer to {number}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    for statement in ast.parse(source).body:
        exec(compile(ast.Module([statement], []), filename, "exec"), names)
        if all(name in names for name in asked):
            return [names[name] for name in asked]
    raise AssertionError(f"exercise {number}: the cell does not define {', '.join(asked)}")
