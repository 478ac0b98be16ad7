"""The explorers of part 2 in the built site: frames, eight sliders on a picture, and a curve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.visit import Visit, settle

pytestmark = pytest.mark.slow

WIDTHS = pytest.mark.parametrize("width", [1280, 360])


@contextmanager
def explorer_of(browser: Browser, site_url: str, chapter: str, width: int) -> Iterator[tuple[Page, Locator]]:
    """A chapter's page and its explorer; nothing may go wrong, and nothing leave the screen, while it is used."""
    with Visit(browser, site_url, f"book/02-vaes/{chapter}", width) as visit:
        explorer = visit.page.locator(".course-explorer")
        yield visit.page, explorer
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.problems == []


def press(page: Page, explorer: Locator, slider: int, key: str) -> None:
    explorer.get_by_role("slider").nth(slider).press(key)
    settle(page)


@WIDTHS
def test_the_gaussian_slides_over_the_humps(browser: Browser, site_url: str, width: int) -> None:
    with explorer_of(browser, site_url, "01-likelihood", width) as (page, explorer):
        picture, seen = explorer.locator("img"), {}
        for _ in range(9):
            seen[picture.get_attribute("alt")] = picture.get_attribute("src")
            press(page, explorer, 0, "ArrowRight")
        assert len(seen) == len(set(seen.values())) == 9
        assert "mean of q 2.0" in picture.get_attribute("alt")


@WIDTHS
def test_places_of_the_code_change_the_digit(browser: Browser, site_url: str, width: int) -> None:
    with explorer_of(browser, site_url, "02-vae", width) as (page, explorer):
        canvas = explorer.locator("canvas").first

        def drawn() -> str:
            settle(page)
            return canvas.evaluate("canvas => canvas.toDataURL()")

        start, changed = drawn(), 0
        assert explorer.get_by_role("slider").count() == 8
        for slider in range(8):
            press(page, explorer, slider, "End")
            changed += drawn() != start
            explorer.get_by_role("button", name="Reset").click()
            assert drawn() == start
        assert changed >= 4
        explorer.get_by_role("button", name="Start from a 7").click()
        assert drawn() != start


@WIDTHS
def test_places_of_the_code_change_the_swing(browser: Browser, site_url: str, width: int) -> None:
    with explorer_of(browser, site_url, "03-uncertainty", width) as (page, explorer):
        curve = explorer.locator(".explorer-plot .curve:not(.unchanged)")

        def heights() -> np.ndarray:
            settle(page)
            return np.array(re.findall(r"[ML]\S+ ([^\sL]+)", curve.get_attribute("d")), dtype=float)

        start = heights()
        assert len(start) == 100
        for slider in range(3):
            press(page, explorer, slider, "End")
            assert np.abs(heights() - start).max() > 5
            explorer.get_by_role("button", name="Reset").click()
            np.testing.assert_allclose(heights(), start, atol=0.2)
        assert {"time (s)", "angle (rad)"} <= set(explorer.locator("text").all_text_contents())
