"""A wrong answer, as a student writes it."""

from __future__ import annotations

from typing import NamedTuple


class Wrong(NamedTuple):
    """What is replaced in the solution, or a whole answer; and words of the hint that it must get."""

    hint: str
    changes: dict[str, str] | str

    def source(self, solution: str) -> str:
        if isinstance(self.changes, str):
            return self.changes
        for old, new in self.changes.items():
            assert old in solution, f"{old!r} is not in the solution any more"
            solution = solution.replace(old, new)
        return solution
