"""The notebooks as the last strict build of the book left them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.cache.main import JupyterCacheBase
from nbformat import NotebookNode

from tools.notebooks import ROOT

EXTENSIONS = ROOT / "book" / "_ext"
sys.path.append(str(EXTENSIONS))
from execution_cache import cache_folder  # noqa: E402


def strict_cache(source: Path = ROOT) -> JupyterCacheBase:
    """The cache of strict runs of a site with these sources."""
    return get_cache(cache_folder(source, strict="1"))


def executed(path: Path) -> tuple[NotebookNode, dict[str, Any]]:
    """A notebook with its outputs, and what the cache knows of the run.

    Raises
    ------
    KeyError
        If the book has not been built since the notebook or the package changed.
    """
    cache = strict_cache()
    key, notebook = cache.merge_match_into_notebook(nbformat.read(path, as_version=4))
    return notebook, cache.get_cache_record(key).data
