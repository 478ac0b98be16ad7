"""The JavaScript of the explorers, as the one module text that anywidget wants."""

from __future__ import annotations

import re
from pathlib import Path

SLIDER_LAYOUT = {"width": "100%", "max_width": "576px"}
FOLDER = Path(__file__).with_name("js")
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', flags=re.M)
_EXPORT = re.compile(r"^export (?!default\b)", flags=re.M)
_FOR_READERS = re.compile(r"^\s*(//.*|/\*.*\*/)\n|^\s+", flags=re.M)
_IN_STYLES = re.compile(r"(?<=[{};,])\s+|\s+(?={)|(?<=[a-z]:)\s+")


def bundle(name: str) -> str:
    """A module with everything that it imports from its own folder, each file once, before its first use.

    The files share one scope then, so their top-level names must differ. Comments and indentation do not travel.
    """
    files: dict[str, str] = {}

    def add(name: str) -> None:
        text = (FOLDER / name).read_text(encoding="utf-8")
        for imported in _IMPORT.findall(text):
            if imported not in files:
                add(imported)
        files[name] = _EXPORT.sub("", _IMPORT.sub("", text))

    add(name)
    return _FOR_READERS.sub("", "\n".join(files.values()))


def style(*more: str) -> str:
    """The style sheet of all explorers, and those of one."""
    text = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("explorer.css", *more))
    return _IN_STYLES.sub("", _FOR_READERS.sub("", text))
