"""A FlowExplorer in a page, as the tests look at it."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Locator, Page

from tests.visit import settle

SOLUTION, REFERENCE = ".curve:not(.unchanged)", ".curve.unchanged"
LEFT, RIGHT, TOP, BOTTOM, WIDTH, HEIGHT = 46, 10, 10, 42, 340, 300  # of the axes, in the units of the drawing


def drawn(page: Page, which: str, x: tuple[float, float], y: tuple[float, float], right: float = RIGHT) -> np.ndarray:
    """Points of a path in the units of the axes, (n, 2)."""
    settle(page)
    numbers = re.findall(r"[ML](\S+) ([^\sLh]+)", page.locator(which).get_attribute("d"))
    u, v = np.array(numbers, dtype=float).T
    return np.stack(
        [
            x[0] + (u - LEFT) / (WIDTH - LEFT - right) * (x[1] - x[0]),
            y[0] + (HEIGHT - BOTTOM - v) / (HEIGHT - BOTTOM - TOP) * (y[1] - y[0]),
        ],
        1,
    )


def status(page: Page) -> str:
    settle(page)
    return page.locator(".explorer-status").first.text_content()


def point(page: Page) -> Locator:
    return page.get_by_role("slider", name="starting point").first


def where(page: Page) -> str:
    settle(page)
    return point(page).get_attribute("aria-valuetext")


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def distance(explorer: Locator) -> float:
    """From the end of the solution to that of the reference, as the line below the pictures tells it."""
    settle(explorer.page)
    told = explorer.locator(".explorer-status").text_content()
    return float(re.search(r"at the end (\S+) from the", told).group(1))


def choose(explorer: Locator, solver: str) -> None:
    explorer.get_by_label("solver").select_option(label=solver)
