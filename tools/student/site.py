"""Prepare _build/student: the sources of the student site, and a cache with the outputs of the book's own run.

What an exercise defines is used by no other cell, and numbers after the exercises start from a new seed. So leaving the
solutions out changes no output, and nothing has to be run again; tests hold both.

Usage: python -m tools.student.site
"""

from __future__ import annotations

import shutil
from typing import Any

import yaml
from jupyter_cache.base import CacheBundleIn

from tools.executed import EXTENSIONS, executed, strict_cache
from tools.notebooks import ROOT, notebooks
from tools.student.edition import DIST, INSTRUCTORS_PAGE, without_solutions

SITE = ROOT / "_build" / "student"


def configuration(original: dict[str, Any]) -> dict[str, Any]:
    """The book's configuration without whatever leads to the originals."""
    changed = {key: value for key, value in original.items() if key not in ("repository", "launch_buttons")}
    changed["title"] = f"{original['title']}: student edition"
    shown = {key: value for key, value in original["html"].items() if not key.endswith("_button")}
    extensions = dict.fromkeys(original["sphinx"]["local_extensions"], str(EXTENSIONS))
    return changed | {"html": shown, "sphinx": original["sphinx"] | {"local_extensions": extensions}}


def contents(original: dict[str, Any]) -> dict[str, Any]:
    """The table of contents without the page for instructors."""
    parts = []
    for part in original["parts"]:
        chapters = [chapter for chapter in part["chapters"] if chapter["file"] != INSTRUCTORS_PAGE]
        parts.append({**part, "chapters": chapters})
    return {**original, "parts": parts}


def fill_cache() -> None:
    """Give every page of the student site the outputs that its cells have in the book."""
    cache = strict_cache(SITE)
    for path in notebooks():
        notebook, data = executed(path)
        bundle = CacheBundleIn(without_solutions(notebook, path.name), uri=str(path), data=data)
        cache.cache_notebook_bundle(bundle, check_validity=False)


def main() -> None:
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.copytree(DIST / "student", SITE / "book")
    shutil.copytree(ROOT / "book" / "_static", SITE / "book" / "_static", dirs_exist_ok=True)
    for name, change in (("_config.yml", configuration), ("_toc.yml", contents)):
        original = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
        (SITE / name).write_text(yaml.safe_dump(change(original), allow_unicode=True), encoding="utf-8")
    fill_cache()


if __name__ == "__main__":
    main()
