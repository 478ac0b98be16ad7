"""The figures of executed notebooks travel with 256 colours: less than half of the bytes, and the eye sees no difference."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image
from sphinx.application import Sphinx

_OF_A_NOTEBOOK = re.compile(r"[0-9a-f]{64}\.png")


def lighten_figures(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    for path in (Path(app.outdir) / app.builder.imagedir).glob("*.png"):
        if _OF_A_NOTEBOOK.fullmatch(path.name):
            lighten(path)


def lighten(path: Path) -> None:
    """Rewrite an opaque PNG with a palette, if that makes it smaller."""
    with Image.open(path) as image:
        if image.mode == "P" or image.convert("RGBA").getextrema()[3] != (255, 255):
            return
        light = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    new = path.with_suffix(".new")
    light.save(new, format="png", optimize=True)
    if new.stat().st_size < path.stat().st_size:
        new.replace(path)
    else:
        new.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", lighten_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
