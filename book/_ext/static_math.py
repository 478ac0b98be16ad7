"""Formulas are typeset while the book is built, so that pages need no script for them.

KaTeX comes from ``book/_web/node_modules``, pinned by ``package-lock.json``. Only its style sheet and its fonts are
published.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinxcontrib import katex

ROOT = Path(__file__).parents[2]
KATEX = ROOT / "book" / "_web" / "node_modules" / "katex" / "dist"


def use_local_katex(app: Sphinx, config: Config) -> None:
    if not KATEX.is_dir():
        raise ExtensionError(
            f"{KATEX} is missing: run `make book`, which installs it with npm"
        )
    published = ROOT / "_build" / "web"
    shutil.rmtree(published, ignore_errors=True)
    (published / "katex" / "fonts").mkdir(parents=True)
    shutil.copy(KATEX / "katex.min.css", published / "katex")
    for font in (KATEX / "fonts").glob("*.woff2"):
        shutil.copy(font, published / "katex" / "fonts")
    config.html_static_path.append(str(published))
    config.katex_css_path = "katex/katex.min.css"
    config.katex_js_path = str(KATEX / "katex.min.js")
    katex.KATEX_DEFAULT_OPTIONS = {"throwOnError": True, "strict": "error"}
    katex.NODEJS_BINARY = (
        shutil.which("node", path=str(Path(sys.executable).parent)) or "node"
    )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", use_local_katex)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
