"""Pages with widgets load require.js, the widget manager and anywidget from the site itself; other pages none of them.

They lie in the folder ``vendor``, not below ``_static``, whose scripts every page would load.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import anywidget
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "book" / "_web" / "node_modules"

# The manager styles icons with fonts that it looks for beside the page, and so takes the theme's icons away. No widget
# of the book shows an icon.
_ICON_RULE = re.compile(
    r"\.fa[a-z]?(?:,\.fa[a-z]?)*\{(?:font-|-moz-osx-font-)[^{}]*\}"
)

# The manager asks require.js for the module "anywidget".
_PATH = 'requirejs.config({ paths: { anywidget: new URL("anywidget", document.currentScript.src).href } });\n'


def copy_scripts(app: Sphinx, config: Config) -> None:
    published = ROOT / "_build" / "widgets" / "vendor"
    shutil.rmtree(published, ignore_errors=True)
    published.mkdir(parents=True)
    try:
        shutil.copy(MODULES / "requirejs" / "require.js", published)
        manager = (
            MODULES / "@jupyter-widgets" / "html-manager" / "dist" / "embed-amd.js"
        ).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ExtensionError(
            f"{error.filename} is missing: run `make book`, which installs it with npm"
        ) from error
    shutil.copy(
        Path(anywidget.__file__).parent / "nbextension" / "index.js",
        published / "anywidget.js",
    )
    (published / "anywidget-path.js").write_text(_PATH, encoding="utf-8")
    (published / "manager.js").write_text(without_icons(manager), encoding="utf-8")

    config.html_extra_path.append(str(published.parent))
    config.nb_ipywidgets_js = {
        f"../vendor/{name}": {"defer": "defer"}
        for name in ("require.js", "anywidget-path.js", "manager.js")
    }


def without_icons(manager: str) -> str:
    """The widget manager without its style for icons."""
    manager, count = _ICON_RULE.subn("", manager)
    if not count:
        raise ExtensionError(
            "the widget manager has no style for icons any more: has it changed?"
        )
    return manager


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", copy_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
