"""At the foot of a notebook's page: how long it ran, and with which versions."""

from __future__ import annotations

import platform
from importlib.metadata import version

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx

from course_utils.environment import THREADS

_PACKAGES = ("torch", "numpy", "scikit-learn", "matplotlib")


def add_run_footer(
    app: Sphinx,
    page: str,
    template: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    if doctree is None or page not in app.env.found_docs or not context.get("body"):
        return
    run = NbMetadataCollector.get_doc_data(app.env)[page].get("exec_data") or {}
    if run.get("runtime") is None:
        return
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    context["body"] += (
        f'<p class="run-footer" data-seconds="{run["runtime"]:.1f}">This page ran in '
        f"<strong>{run['runtime']:.0f} s</strong> with {THREADS} threads and no GPU: "
        f"Python {platform.python_version()}, {versions}.</p>"
    )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", add_run_footer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
