"""The explorers of part 2 in the built site: frames, eight sliders on a picture, and a curve."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.explorer import WIDTHS, chapter, frames, heights, press, reset
from tests.visit import settle

pytestmark = pytest.mark.slow


@WIDTHS
def test_the_gaussian_slides_over_the_humps(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, "02-vaes/01-likelihood", width) as page:
        explorer = page.locator(".course-explorer")
        seen = frames(explorer, 9)
        assert len(seen) == 9
        assert "mean of q 2.0" in list(seen)[-1]


@WIDTHS
def test_places_of_the_code_change_the_digit(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, "02-vaes/02-vae", width) as page:
        explorer = page.locator(".course-explorer")
        canvas = explorer.locator("canvas").first

        def drawn() -> str:
            settle(page)
            return canvas.evaluate("canvas => canvas.toDataURL()")

        start, changed = drawn(), 0
        assert explorer.get_by_role("slider").count() == 8
        for slider in range(8):
            press(explorer, slider, "End")
            changed += drawn() != start
            reset(explorer)
            assert drawn() == start
        assert changed >= 4
        explorer.get_by_role("button", name="Start from a 7").click()
        assert drawn() != start


@WIDTHS
def test_places_of_the_code_change_the_swing(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, "02-vaes/03-uncertainty", width) as page:
        explorer = page.locator(".course-explorer")
        start = heights(explorer)
        assert len(start) == 100
        for slider in range(3):
            press(explorer, slider, "End")
            assert np.abs(heights(explorer) - start).max() > 5
            reset(explorer)
            np.testing.assert_allclose(heights(explorer), start, atol=0.2)
        assert {"time (s)", "angle (rad)"} <= set(explorer.locator("text").all_text_contents())
