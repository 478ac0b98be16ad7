"""Exercises as a notebook holds them: text, stub, check and solution, four cells in this order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

HEADING = re.compile(r"^### Exercise (\d+\.\d+\.\d+) — (.+)$", flags=re.M)
PARTS = ("exercise", "check", "solution")


class BlockError(ValueError):
    """A notebook's exercises are not what the student edition needs."""


@dataclass(frozen=True)
class Block:
    """One exercise of a notebook."""

    number: str
    title: str
    text: NotebookNode
    stub: NotebookNode
    check: NotebookNode
    solution: NotebookNode


def part(cell: NotebookNode) -> str | None:
    """Which of ``PARTS`` a cell is, if any."""
    found = [tag for tag in cell.metadata.get("tags", []) if tag in PARTS]
    if len(found) > 1 or (found and cell.cell_type != "code"):
        raise BlockError(f"a {cell.cell_type} cell is tagged {', '.join(found)}: a code cell has one of these tags")
    return found[0] if found else None


def blocks(notebook: NotebookNode, name: str) -> list[Block]:
    """The exercises of a notebook, in order.

    Raises
    ------
    BlockError
        If a cell of an exercise is missing, out of its order, or belongs to no exercise.
    """
    found = list(_blocks(notebook, name))
    numbers = [block.number for block in found]
    if twice := {number for number in numbers if numbers.count(number) > 1}:
        raise BlockError(f"{name}: exercise {', '.join(sorted(twice))} comes more than once")
    return found


def _blocks(notebook: NotebookNode, name: str) -> Iterator[Block]:
    cells = iter(notebook.cells)
    for cell in cells:
        if stray := part(cell):
            raise BlockError(f"{name}: a cell tagged {stray!r} belongs to no exercise: {cell.source[:60]!r}")
        heading = HEADING.search(cell.source) if cell.cell_type == "markdown" else None
        if not heading:
            continue
        number, title = heading.groups()
        following = [next(cells, None) for _ in PARTS]
        tags = [part(one) if one is not None else None for one in following]
        if tags != list(PARTS):
            raise BlockError(
                f"{name}: exercise {number} needs three cells after its text, tagged {', '.join(PARTS)}; "
                f"found {', '.join(map(str, tags))}"
            )
        if f'exercises.check("{number}"' not in following[1].source:
            raise BlockError(f'{name}: the check of exercise {number} does not call exercises.check("{number}", …)')
        yield Block(number, title, cell, *following)
