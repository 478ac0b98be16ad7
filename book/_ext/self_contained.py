"""Pages load nothing that they do not use, and nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from fontTools import subset
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

# The theme's style sheet draws the same icons from its fonts; the script weighs 1.5 MB.
_ICON_SCRIPT = re.compile(
    r"[ \t]*<script[^>]*scripts/fontawesome\.js[^>]*></script>\n?"
)
_ICON = re.compile(r"\bfa-[a-z0-9-]+")
_ICON_RULE = re.compile(
    r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}'
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


def lighten_icons(app: Sphinx, exception: Exception | None) -> None:
    """Leave out the icon script, and every icon that no page shows."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    used: set[str] = set()
    for path in sorted(Path(app.outdir).rglob("*.html")):
        if static in path.parents:
            continue
        text, count = _ICON_SCRIPT.subn("", path.read_text(encoding="utf-8"))
        if count > 1 or (count == 0 and "fontawesome" in text):
            raise ExtensionError(
                f"{path}: expected the theme's icon script once, found it {count} times"
            )
        path.write_text(text, encoding="utf-8")
        used.update(_ICON.findall(text))
    for path in static.rglob("*.js"):
        if path.name != "fontawesome.js":
            used.update(_ICON.findall(path.read_text(encoding="utf-8")))
    _subset_fonts(static, used)


def _subset_fonts(static: Path, icons: set[str]) -> None:
    style = (static / "styles" / "pydata-sphinx-theme.css").read_text(
        encoding="utf-8"
    )
    codes = [
        int(code, 16)
        for names, code in _ICON_RULE.findall(style)
        if icons & set(_ICON.findall(names))
    ]
    fonts = list((static / "vendor" / "fontawesome").rglob("*.woff2"))
    if not codes or not fonts:
        raise ExtensionError(
            "no icon of the theme was found: has its style sheet changed?"
        )
    options = subset.Options(flavor="woff2", notdef_outline=True)
    for path in fonts:
        font = subset.load_font(str(path), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=codes)
        subsetter.subset(font)
        subset.save_font(font, str(path), options)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("build-finished", lighten_icons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
