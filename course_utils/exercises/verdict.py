"""What a check says: in a terminal as text, in a notebook as a small panel."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from course_utils.environment import in_notebook

_STATES = {"blank": ("○", "not attempted", "#8c8c8c"), "right": ("✓", "correct", "#009E73"), "wrong": ("✗", "not yet", "#D55E00")}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """The answer to an answer.

    Attributes
    ----------
    number, title : str
        Of the exercise; the title is empty where there is none.
    state : {"blank", "right", "wrong"}
    message : str
        What to do next. Code stands in backticks.
    rows : sequence of pairs
        Label and text: the case, expected, given, their difference. Rows without text are left out.
    """

    number: str
    title: str
    state: str
    message: str
    rows: Sequence[tuple[str, str]] = ()

    @property
    def headline(self) -> str:
        mark, words, _ = _STATES[self.state]
        return f"{mark} {self.number} {words}"

    def __str__(self) -> str:
        lines = [f"{self.headline}: {self.title}" if self.title else self.headline, f"  {self.message}"]
        return "\n".join(lines + [f"  {label:<11} {text}" for label, text in self.rows if text])

    def to_html(self) -> str:
        title = f" {html.escape(self.title)}" if self.title else ""
        grid = "display: grid; grid-template-columns: max-content 1fr; gap: 0.15em 1em; margin-top: 0.3em"
        code = "white-space: pre-wrap; overflow-wrap: anywhere; background: none; border: 0; padding: 0; color: inherit"
        cells = "".join(
            f'<span>{html.escape(label)}</span><code style="{code}">{html.escape(text)}</code>'
            for label, text in self.rows
            if text
        )
        table = f'<div style="{grid}">{cells}</div>' if cells else ""
        message = re.sub(r"`([^`]+)`", rf'<code style="{code}">\1</code>', html.escape(self.message))
        return _panel(self.state, f"<div><strong>{self.headline}</strong>{title}</div><div>{message}</div>{table}")


def _panel(state: str, content: str) -> str:
    style = f"border-left: 4px solid {_STATES[state][2]}; padding: 0.3em 0.9em; margin: 0.4em 0; line-height: 1.5"
    return f'<div class="verdict verdict-{state}" style="{style}">{content}</div>'


def list_on_page(summary: str, rows: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """States and titles below one another: as text and as HTML."""
    lines = [f"{_STATES[state][0]} {text}" for state, text in rows]
    page = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
    state = "right" if rows and all(state == "right" for state, _ in rows) else "blank"
    return "\n".join([*lines, summary]), _panel(state, f"{page}<div><strong>{html.escape(summary)}</strong></div>")


def show_on_page(text: str, page: str) -> None:
    """Display HTML in a notebook, text elsewhere."""
    if not in_notebook():
        print(text)
        return
    from IPython.display import display

    display({"text/plain": text, "text/html": page}, raw=True)
