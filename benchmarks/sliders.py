"""How long a reader waits for the picture after a slider has moved: our explorer against ``interact`` with matplotlib.

Usage: python -m benchmarks.sliders   (after `make book`)

Both show the same decoder (2-128-256-784, 28 x 28 pixels) in one JupyterLab notebook with a live kernel, in the same
run; the explorer is also measured in a page without a kernel. A move is a key pressed on the slider's handle. The
clock is the browser's.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from course_utils.models import mlp
from course_utils.widgets import Image, LatentExplorer
from tests.conftest import serve
from tests.embed import write_page
from tests.live import lab, write_notebook
from tests.visit import FLAGS, find_chromium

MOVES, LIVE_MOVES = 200, 50

DECODER = """\
import ipywidgets, torch
import matplotlib.pyplot as plt
from course_utils.models import mlp
from course_utils.widgets import Image, LatentExplorer

torch.manual_seed(0)
decoder = mlp(2, 128, 256, 784).eval().requires_grad_(False)
"""
EXPLORER = "LatentExplorer(decoder, Image(28, 28))"
INTERACT = """\
def show(z1, z2):
    plt.figure(figsize=(3, 3))
    plt.imshow(decoder(torch.tensor([[z1, z2]])).reshape(28, 28), cmap="gray_r")
    plt.axis("off")
    plt.show()

ipywidgets.interact(show, z1=(-3.0, 3.0, 0.03), z2=(-3.0, 3.0, 0.03));"""

PRESS = """(move) => {
    const key = move % 100 < 50 ? "ArrowRight" : "ArrowLeft";
    const handle = document.querySelector(".course-explorer .noUi-handle");
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}"""

# Time spent in the event and in the frame callback that it asks for, and whether that callback ran in the next frame.
_HANDLED = """async ([act, moves]) => {
    const once = eval(act);
    const ask = window.requestAnimationFrame.bind(window);
    let [spent, drawn] = [0, 0];
    window.requestAnimationFrame = (callback) => ask((time) => {
        const start = performance.now();
        callback(time);
        spent += performance.now() - start;
        drawn += 1;
    });
    const [times, late] = [[], []];
    for (let move = 0; move < moves; move++) {
        [spent, drawn] = [0, 0];
        const start = performance.now();
        once(move);
        const handled = performance.now() - start;
        await new Promise(ask);
        times.push(handled + spent);
        if (drawn !== 1) late.push(move);
        await new Promise(ask);
    }
    return { times, late };
}"""

# Time from the event until another picture is in the document.
UNTIL_CHANGED = """async ([handleAt, pictureAt, moves]) => {
    const handle = document.querySelector(handleAt);
    const state = () => {
        const picture = document.querySelector(pictureAt);
        return picture?.tagName === "CANVAS" ? picture.toDataURL() : picture?.complete ? picture.src : null;
    };
    const frame = () => new Promise(requestAnimationFrame);
    const times = [];
    for (let move = 0; move < moves; move++) {
        const before = state();
        const start = performance.now();
        const key = move % 100 < 50 ? "ArrowRight" : "ArrowLeft";
        handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        for (let now = before; now === before || now === null; now = state()) await frame();
        times.push(performance.now() - start);
        await new Promise((done) => setTimeout(done, 30));
    }
    return times;
}"""


@contextmanager
def chromium() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser.new_page(viewport={"width": 1280, "height": 1400})
        browser.close()


def handled(page: Page, act: str) -> tuple[np.ndarray, int]:
    """Milliseconds per move, and the number of moves that were not drawn in the next frame, after some to warm up."""
    page.evaluate(_HANDLED, [act, 20])
    result = page.evaluate(_HANDLED, [act, MOVES])
    return np.array(result["times"]), len(result["late"])


def without_kernel(page: Page, folder: Path) -> tuple[np.ndarray, int]:
    """As :func:`handled`, for a decoder of MNIST's size."""
    write_page(folder, LatentExplorer(mlp(2, 128, 256, 784).eval(), Image(28, 28)))
    with serve(folder) as url:
        page.goto(url)
        page.locator(".course-explorer canvas").wait_for()
        return handled(page, PRESS)


def with_kernel(page: Page, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Milliseconds from a move to another picture: the explorer, and ``interact``."""
    write_notebook(folder / "bench.ipynb", DECODER + EXPLORER, INTERACT)
    with lab(Path(sys.executable).with_name("jupyter"), folder) as address:
        page.goto(f"{address}lab/tree/bench.ipynb")
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        )
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        page.locator(".course-explorer canvas").wait_for(timeout=60_000)
        page.locator(".widget-interact img").wait_for(timeout=60_000)
        page.wait_for_timeout(2000)
        ours = (".course-explorer .noUi-handle", ".course-explorer canvas")
        theirs = (".widget-interact .noUi-handle", ".widget-interact img")
        times = [page.evaluate(UNTIL_CHANGED, [*where, LIVE_MOVES]) for where in (ours, theirs)]
    return np.array(times[0]), np.array(times[1])


def main() -> None:
    with chromium() as page, tempfile.TemporaryDirectory() as alone, tempfile.TemporaryDirectory() as live:
        moves, late = without_kernel(page, Path(alone))
        ours, theirs = with_kernel(page, Path(live))
    for name, times in (
        ("event handled and drawn", moves),
        ("explorer, event to picture", ours),
        ("interact, event to picture", theirs),
    ):
        print(
            f"{name:28} median {np.median(times):7.2f} ms   p95 {np.quantile(times, 0.95):7.2f} ms   ({len(times)} moves)"
        )
    print(f"moves not drawn in the next frame: {late}")
    print(f"interact / explorer: {np.median(theirs) / np.median(ours):.1f} (medians)")


if __name__ == "__main__":
    main()
