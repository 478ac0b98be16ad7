"""What a screen reader is told about folded cells is what everybody reads: "Show the code"."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

_HIDES_THE_PROMPT = ' aria-label="Toggle hidden content"'


def let_summaries_speak(
    app: Sphinx,
    page: str,
    template: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    if context.get("body"):
        context["body"] = context["body"].replace(_HIDES_THE_PROMPT, "")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", let_summaries_speak)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
