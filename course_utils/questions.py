"""The seven questions that every part of the course asks of its model."""

from __future__ import annotations

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
    from IPython.display import Markdown

    if set(answers) != set(QUESTIONS):
        raise ValueError(f"seven_questions: answer each of {', '.join(QUESTIONS)}; got {', '.join(answers) or 'none'}")
    rows = [(QUESTIONS[name], *answers[name]) for name in QUESTIONS]
    lines = ["| question | answer | measured |", "|---|---|---|", *("| " + " | ".join(row) + " |" for row in rows)]
    return Markdown("\n".join(lines))
