"""A page without a kernel that holds one explorer and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ipywidgets import VBox
from ipywidgets.embed import dependency_state, embed_data

from tests.conftest import ROOT

VENDOR = ROOT / "_build" / "widgets" / "vendor"
_MIME = "application/vnd.jupyter.widget"


def embedded(explorer: VBox) -> dict:
    """What a page holds of an explorer: ``manager_state`` and ``view_specs``."""
    return embed_data(views=[explorer], state=dependency_state(explorer, drop_defaults=False))


def write_page(folder: Path, explorer: VBox) -> None:
    """Write ``index.html`` with the scripts of the built site."""
    shutil.copytree(VENDOR, folder / "vendor")
    names = ("require.js", "anywidget-path.js", "manager.js")
    scripts = "".join(f'<script src="vendor/{name}"></script>' for name in names)
    data = embedded(explorer)
    state, view = json.dumps(data["manager_state"]), json.dumps(data["view_specs"][0])
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Explorer</title>{scripts}'
        f'<script type="{_MIME}-state+json">{state}</script>'
        f'<main><script type="{_MIME}-view+json">{view}</script></main></html>',
        encoding="utf-8",
    )
