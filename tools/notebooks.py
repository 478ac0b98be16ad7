"""The notebooks of the book, and what their executed copies say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import yaml

ROOT = Path(__file__).parents[1]


def pages(toc: Path = ROOT / "_toc.yml") -> list[str]:
    """Every page named in ``_toc.yml``, in order, without suffix."""
    content = yaml.safe_load(toc.read_text(encoding="utf-8"))
    return [content["root"], *(chapter["file"] for part in content["parts"] for chapter in part["chapters"])]


def notebooks() -> list[Path]:
    """The pages that are notebooks."""
    return [path for page in pages() if (path := ROOT / f"{page}.ipynb").exists()]


def claims(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """The claims in the outputs of an executed notebook, as :class:`course_utils.claims.Claim` states them."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [dict(output.metadata["claim"]) for output in outputs if "claim" in output.get("metadata", {})]
