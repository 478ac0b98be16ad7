"""Pages load nothing that they do not use, and nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

# The theme's style sheet draws the same icons from its fonts; the script weighs 1.5 MB.
_ICON_SCRIPT = re.compile(
    r"[ \t]*<script[^>]*scripts/fontawesome\.js[^>]*></script>\n?"
)


def drop_thebe(
    app: Sphinx,
    page: str,
    template: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    """Live code cells are not offered; Sphinx would also declare the constants of sphinx-thebe twice."""
    context["script_files"] = [
        script
        for script in context["script_files"]
        if "thebe" not in str(getattr(script, "filename", script)).lower()
        and "THEBE" not in str(getattr(script, "attributes", {}).get("body", ""))
    ]


def drop_icon_script(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for name in sorted(app.env.found_docs | {"search", "genindex"}):
        path = out / f"{name}.html"
        text, count = _ICON_SCRIPT.subn("", path.read_text(encoding="utf-8"))
        if count != 1:
            raise ExtensionError(
                f"{name}.html: expected the theme's icon script once, found it {count} times"
            )
        path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("build-finished", drop_icon_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
