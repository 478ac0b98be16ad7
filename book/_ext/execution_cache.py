"""Execution results are reused only while nothing that they depend on has changed.

jupyter-cache compares the code of a notebook and nothing else. The name of the cache folder therefore carries a hash of
the package, of the pinned versions, of the Python version and of the strictness of the run.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

ROOT = Path(__file__).parents[2]


def fingerprint(root: Path, strict: str | None) -> str:
    """Hash of everything besides a notebook's own code that its outputs depend on."""
    digest = hashlib.sha256(f"{sys.version} strict={strict}".encode())
    package = (
        path
        for path in (root / "course_utils").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )
    for path in sorted([*package, root / "requirements.txt"]):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder(source: Path, strict: str | None) -> Path:
    """Where the execution results of the present state of the project are kept for a site with these sources."""
    return source / "_build" / f"cache-{fingerprint(ROOT, strict)}"


def choose_cache(app: Sphinx, config: Config) -> None:
    folder = cache_folder(Path(app.srcdir), os.environ.get("COURSE_STRICT"))
    config.nb_execution_cache_path = str(folder)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", choose_cache)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
