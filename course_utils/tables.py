"""Tables on the page: rivals and their numbers, and the seven questions that every part of the course asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.display import Markdown

QUESTIONS = {
    "interpret": "Can we **interpret** the code?",
    "data": "How much **data** does it need?",
    "labels": "Does it need **labels**?",
    "zero_shot": "Does it work **zero-shot** on new data?",
    "generate": "Can it **generate**?",
    "manipulate": "Can it **manipulate** one property?",
    "theory": "What **theory** stands behind it?",
}


def seven_questions(**answers: tuple[str, str]) -> Markdown:
    """Tabulate a model's answers.

    Parameters
    ----------
    **answers : tuple of str
        For each of ``interpret``, ``data``, ``labels``, ``zero_shot``, ``generate``, ``manipulate`` and ``theory``
        the answer in words, and what was measured.

    Raises
    ------
    ValueError
        If a question is missing or unknown.
    """
    if set(answers) != set(QUESTIONS):
        raise ValueError(f"seven_questions: answer each of {', '.join(QUESTIONS)}; got {', '.join(answers) or 'none'}")
    return _pipes(("question", "answer", "measured"), ((QUESTIONS[name], *answers[name]) for name in QUESTIONS))


def table(rows: Mapping[str, Mapping[str, float]], digits: int = 3) -> Markdown:
    """Tabulate what was measured of several rivals.

    Parameters
    ----------
    rows : mapping of str to mapping of str to number
        For each rival its numbers by their names, the same names in the same order for all.
    digits : int
        Behind the point; whole numbers have none.

    Raises
    ------
    ValueError
        If there is no row, or two rows differ in their names.

    Examples
    --------
    >>> print(table({"network": {"modes": 8, "distance": 0.0312}}).data)
    |  | modes | distance |
    |---|---:|---:|
    | network | 8 | 0.031 |
    """
    columns = {tuple(numbers) for numbers in rows.values()}
    if len(columns) != 1:
        raise ValueError(f"table: every row needs the same columns, got {' and '.join(map(str, columns)) or 'no row'}")
    cells = ((name, *(_written(value, digits) for value in numbers.values())) for name, numbers in rows.items())
    return _pipes(("", *columns.pop()), cells, numeric=True)


def _written(value: float, digits: int) -> str:
    return str(value) if isinstance(value, int) else f"{float(value):.{digits}f}"


def _pipes(header: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, numeric: bool = False) -> Markdown:
    """A pipe table, the numbers in all but the first column to the right."""
    from IPython.display import Markdown

    rule = "|---" + ("|---:" if numeric else "|---") * (len(header) - 1) + "|"
    return Markdown(
        "\n".join(["| " + " | ".join(header) + " |", rule, *("| " + " | ".join(row) + " |" for row in rows)])
    )
