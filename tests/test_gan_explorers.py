"""The explorers of part 4 in the built site: a game round by round, inputs without names, and orders."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.explorer import WIDTHS, chapter, frames, heights, names, press, reset, swing

pytestmark = pytest.mark.slow

GAME, TRAJECTORIES = "04-gans/01-the-game", "04-gans/02-trajectories"


@WIDTHS
def test_the_game_is_told_round_by_round(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, GAME, width) as page:
        seen = frames(page.locator(".course-explorer"), 60)  # more than there are
        assert len(seen) >= 12
        assert all("round" in alt for alt in seen)


@WIDTHS
def test_every_input_changes_the_swing_and_reset_returns_to_it(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, TRAJECTORIES, width) as page:
        explorer = page.locator(".course-explorer").first
        start = heights(explorer)
        assert len(start) == 100
        assert len(names(explorer)) == 8
        for slider in range(8):
            press(explorer, slider, "End")
            assert np.abs(heights(explorer) - start).max() > 3
            reset(explorer)
            np.testing.assert_allclose(heights(explorer), start, atol=0.2)


@WIDTHS
def test_the_orders_are_obeyed(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, TRAJECTORIES, width) as page:
        explorer = page.locator(".course-explorer").nth(1)
        amplitude, frequency, *_ = names(explorer)
        assert "amplitude" in amplitude
        assert "frequency" in frequency
        press(explorer, 0, "Home")
        low, _ = swing(explorer)
        press(explorer, 0, "End")
        high, _ = swing(explorer)
        assert high > 1.8 * low
        reset(explorer)
        press(explorer, 1, "Home")
        _, slow = swing(explorer)
        press(explorer, 1, "End")
        _, fast = swing(explorer)
        assert fast > slow


def test_the_two_generators_follow_their_own_sliders(browser: Browser, site_url: str) -> None:
    with chapter(browser, site_url, TRAJECTORIES, 1280) as page:
        free, told = page.locator(".course-explorer").all()
        before = heights(told)
        press(free, 0, "End")
        np.testing.assert_array_equal(heights(told), before)
