"""How long a reader waits for the trajectory after the starting point has moved.

Usage: python -m benchmarks.flow   (after `make book`)

A network of two states (2-32-32-2, tanh) is followed by 400 steps of the method of Runge and Kutta, and by the reference
behind them. A move is one of the mouse, which holds the point. The clock is the browser's.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import torch
from playwright.sync_api import Page
from torch import nn

from benchmarks.sliders import chromium, handled
from course_utils.widgets import FlowExplorer
from tests.conftest import serve
from tests.embed import write_page

DRAG = """(move) => {
    const plot = document.querySelector(".course-explorer .explorer-map");
    const box = plot.getBoundingClientRect();
    const [clientX, clientY] = [box.x + box.width * (0.3 + 0.4 * ((move % 50) / 50)), box.y + box.height / 3];
    plot.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, pointerId: 1, bubbles: true }));
}"""


def rotation() -> nn.Module:
    """A network that has learnt to turn: most of its solutions stay in the window."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
    x = 4 * torch.rand(1024, 2) - 2
    wanted = torch.stack([x[:, 1], -x[:, 0]], 1)
    optimizer = torch.optim.Adam(network.parameters(), 1e-2)
    for _ in range(200):
        optimizer.zero_grad()
        nn.functional.mse_loss(network(x), wanted).backward()
        optimizer.step()
    return network.eval()


def drags(page: Page, folder: Path) -> tuple[np.ndarray, int]:
    """Milliseconds per move of the starting point, and the number of moves that were not drawn in the next frame."""
    explorer = FlowExplorer(rotation(), (1, 0), limits=(-2, 2), horizon=10, step=0.025, method="rk4")
    write_page(folder, explorer)
    with serve(folder) as url:
        page.goto(url)
        page.locator(".course-explorer .marker").hover()
        page.mouse.down()
        return handled(page, DRAG)


if __name__ == "__main__":
    with chromium() as page, tempfile.TemporaryDirectory() as folder:
        times, late = drags(page, Path(folder))
    print(f"starting point moved and drawn: median {np.median(times):.2f} ms   p95 {np.quantile(times, 0.95):.2f} ms")
    print(f"moves not drawn in the next frame: {late}")
