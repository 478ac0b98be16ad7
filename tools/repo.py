"""Rewrite the repository's URL wherever the project names it.

Usage: python -m tools.repo https://github.com/OWNER/NAME
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

from tools.notebooks import ROOT

_GITHUB = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+")


def current(root: Path = ROOT) -> str:
    """The URL that the project names now."""
    return yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]


def rewrite(url: str, root: Path = ROOT) -> list[Path]:
    """Replace the URL in every file that git tracks, and return the files that changed."""
    url = url.removesuffix("/").removesuffix(".git")
    if not _GITHUB.fullmatch(url):
        raise ValueError(
            f"write URL=https://github.com/OWNER/NAME, got {url!r}: Colab opens notebooks from GitHub only"
        )
    old, changed = current(root), []
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        path = root / name
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        if old in text:
            path.write_text(text.replace(old, url), encoding="utf-8")
            changed.append(path)
    return changed


if __name__ == "__main__":
    try:
        files = rewrite(sys.argv[1] if len(sys.argv) > 1 else "")
    except ValueError as error:
        sys.exit(f"make repo: {error}")
    print(f"changed {len(files)} files: {', '.join(str(path.relative_to(ROOT)) for path in files) or 'none'}")
