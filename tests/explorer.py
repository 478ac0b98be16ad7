"""An explorer in a reader's hands, in the built site or in a page of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from ipywidgets import VBox
from playwright.sync_api import Browser, Locator, Page

from tests.conftest import serve
from tests.embed import write_page
from tests.visit import Visit, barriers, settle

WIDTHS = pytest.mark.parametrize("width", [1280, 360])


@contextmanager
def chapter(browser: Browser, site_url: str, name: str, width: int) -> Iterator[Page]:
    """A page with explorers; nothing may go wrong, and nothing leave the screen, while it is used."""
    with Visit(browser, site_url, f"book/{name}", width) as visit:
        visit.page.locator(".explorer-views, .explorer-frame").first.wait_for()
        yield visit.page
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.problems == []


@contextmanager
def shown(
    browser: Browser, folder: Path, explorer: VBox, width: int = 1280, *, views: int = 1, **options: bool
) -> Iterator[Page]:
    """An explorer in a page of its own, as often as there are views; nothing may go wrong while it is used."""
    write_page(folder, explorer)
    html = (folder / "index.html").read_text("utf-8")
    view = re.search(r'<script type="[^"]*widget-view\+json">.*?</script>', html)[0]
    (folder / "index.html").write_text(html.replace(view, "</main><main>".join([view] * views)), encoding="utf-8")
    (folder / "favicon.ico").touch()
    with serve(folder) as url, Visit(browser, url, "index", width, **options) as visit:
        visit.page.locator(".explorer-views").nth(views - 1).wait_for()
        yield visit.page
        assert visit.problems == []


def is_white_paper_on_the_page(page: Page, width: int) -> None:
    """Axe finds nothing serious, every plot is white, and nothing leaves the screen."""
    assert barriers(page, "main") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for plot in page.locator("svg.explorer-plot").all():
        assert plot.evaluate("plot => getComputedStyle(plot).backgroundColor") == "rgb(255, 255, 255)"
        box = plot.bounding_box()
        assert box["x"] + box["width"] <= width


def press(explorer: Locator, slider: int, key: str) -> None:
    """A key on the handle of a slider."""
    explorer.get_by_role("slider").nth(slider).press(key)
    settle(explorer.page)


def names(explorer: Locator) -> list[str]:
    """Of its sliders, as a screen reader tells them."""
    return [slider.get_attribute("aria-label") for slider in explorer.get_by_role("slider").all()]


def reset(explorer: Locator) -> None:
    """Back to where the walk began."""
    explorer.get_by_role("button", name="Reset").click()


def heights(explorer: Locator) -> np.ndarray:
    """Of the drawn curve, downwards, in the units of the drawing."""
    settle(explorer.page)
    path = explorer.locator(".explorer-plot .curve:not(.unchanged)").get_attribute("d")
    return np.array(re.findall(r"[ML]\S+ ([^\sL]+)", path), dtype=float)


def swing(explorer: Locator) -> tuple[float, int]:
    """Height of the drawn curve, and how often it crosses its middle."""
    y = heights(explorer)
    return np.ptp(y), int((np.diff(np.sign(y - (y.max() + y.min()) / 2)) != 0).sum())


def frames(explorer: Locator, presses: int) -> dict[str, str]:
    """Alternative text and source of each picture, from the first on; the slider stays at its end."""
    picture, seen = explorer.locator("img"), {}
    for _ in range(presses):
        seen[picture.get_attribute("alt")] = picture.get_attribute("src")
        press(explorer, 0, "ArrowRight")
    assert len(seen) == len(set(seen.values()))
    return seen
