"""Explorers with a kernel: JupyterLab 4, and the classic notebook with the versions that Colab has."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.live import jupyter, lab, write_notebook

pytestmark = pytest.mark.slow

EXPLORER = """\
import torch
from course_utils.models import mlp
from course_utils.widgets import FrameExplorer, Image, LatentExplorer

torch.manual_seed(0)
codes = torch.randn(30, 2)
explorer = LatentExplorer(
    mlp(2, 16, 64).eval(), Image(8, 8), codes=codes, labels=torch.arange(30) % 3, starts={"a 3": codes[3], "a 4": codes[4]}
)
explorer"""
FRAMES = 'frames = FrameExplorer(torch.rand(3, 8, 8), ["0", "1", "2"], name="epoch", alt="Noise")\nframes'
ANSWER = 'print("kernel:", [round(v, 3) for v in explorer.z.tolist()], frames.slider.index)'


def drive(page: Page, ask: Callable[[], object]) -> None:
    """Sliders, a start and a click on the map change the picture, and the kernel hears of it."""
    explorer = page.locator(".course-explorer", has=page.locator(".explorer-map"))
    canvas, frame = explorer.locator("canvas").first, page.locator(".explorer-frame img")
    canvas.wait_for(timeout=60_000)
    frame.wait_for()
    handles = page.locator(".course-explorer :is(.noUi-handle, .ui-slider-handle)")
    assert [handle.get_attribute("aria-label") for handle in handles.all()] == ["z₁", "z₂", "epoch"]

    def shown() -> list[str]:
        page.wait_for_timeout(150)
        picture = canvas.evaluate("canvas => canvas.toDataURL()")
        return [picture, *explorer.locator(".widget-readout").all_inner_texts()]

    states = [shown()]
    for _ in range(3):
        handles.nth(0).press("ArrowRight")
    states.append(shown())
    explorer.get_by_role("button", name="Start from a 4").click()
    states.append(shown())
    explorer.locator(".explorer-map").click(position={"x": 150, "y": 60})
    states.append(shown())
    assert len({state[0] for state in states}) == 4
    assert len({tuple(state[1:]) for state in states}) == 4
    before = frame.get_attribute("src")
    handles.nth(2).press("ArrowRight")
    page.wait_for_timeout(150)
    assert frame.get_attribute("src") != before
    assert frame.get_attribute("alt") == "Noise: epoch 1"

    ask()
    answer = page.get_by_text("kernel: [")
    answer.wait_for(timeout=20_000)
    numbers = [float(text.replace("−", "-")) for text in states[-1][1:]]
    told = answer.inner_text().removeprefix("kernel: [").split("]")
    assert [float(number) for number in told[0].split(",")] == pytest.approx(numbers, abs=0.006)
    assert told[1].strip() == "1"


def test_jupyterlab(browser: Browser, tmp_path: Path) -> None:
    write_notebook(tmp_path / "live.ipynb", EXPLORER, FRAMES, ANSWER)
    with lab(Path(sys.executable).with_name("jupyter"), tmp_path) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.goto(f"{address}lab/tree/live.ipynb")
        page.locator(".jp-Cell").nth(2).wait_for(timeout=60_000)
        page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
        run = "n => { const notebook = jupyterapp.shell.currentWidget.content; notebook.activeCellIndex = n; return jupyterapp.commands.execute('notebook:run-cell'); }"
        for cell in (0, 1):
            page.evaluate(run, cell)
        drive(page, lambda: page.evaluate(run, 2))
        page.close()


def test_the_classic_notebook_with_the_versions_of_colab(browser: Browser, colab: Path, tmp_path: Path) -> None:
    write_notebook(tmp_path / "live.ipynb", EXPLORER, FRAMES, ANSWER)
    with jupyter(colab.with_name("jupyter"), "notebook", tmp_path, "--NotebookApp.token=") as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.goto(f"{address}notebooks/live.ipynb", wait_until="domcontentloaded")
        page.wait_for_function("window.Jupyter?.notebook?.kernel?.widget_manager", timeout=60_000)
        page.locator("#kernel_indicator_icon.kernel_idle_icon").wait_for()
        for cell in (0, 1):
            page.evaluate("n => { Jupyter.notebook.execute_cells([n]); }", cell)
        drive(page, lambda: page.evaluate("() => { Jupyter.notebook.execute_cells([2]); }"))
        page.close()
