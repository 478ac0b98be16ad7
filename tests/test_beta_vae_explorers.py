"""The explorers of part 3 in the built site: a sweep of beta, four named sliders, and two decoders side by side."""

from __future__ import annotations

import base64
import io

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Browser

from tests.explorer import WIDTHS, chapter, frames, heights, names, press, reset, swing
from tests.visit import settle

pytestmark = pytest.mark.slow

DOTS, PENDULUM = "03-beta-vae/01-disentangling", "03-beta-vae/02-pendulum"


@WIDTHS
def test_the_sweep_shows_another_traversal_for_each_beta(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, DOTS, width) as page:
        explorer = page.locator(".course-explorer", has=page.locator(".explorer-frame"))
        seen = frames(explorer, 20)  # more than there are
        assert len(seen) >= 4
        assert all("beta" in alt for alt in seen)


@WIDTHS
def test_used_codes_change_the_dot_and_unused_ones_hardly_do(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, DOTS, width) as page:
        explorer = page.locator(".course-explorer", has=page.locator(".explorer-views"))
        canvas = explorer.locator("canvas").first

        def drawn() -> np.ndarray:
            settle(page)
            png = canvas.evaluate("canvas => canvas.toDataURL()").partition(",")[2]
            return np.asarray(PIL.Image.open(io.BytesIO(base64.b64decode(png))), dtype=int)

        reset(explorer)
        start, moved = drawn(), {"used": [], "unused": []}
        for slider, name in enumerate(names(explorer)):
            press(explorer, slider, "End")
            moved["unused" if "unused" in name else "used"].append(np.abs(drawn() - start).max())
            reset(explorer)
            np.testing.assert_array_equal(drawn(), start)
        assert [len(moved[kind]) for kind in ("used", "unused")] == [2, 2]
        assert min(moved["used"]) > 60  # of 255
        assert max(moved["unused"]) < 20


@WIDTHS
def test_both_decoders_draw_and_follow_the_keyboard(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, PENDULUM, width) as page:
        explorers = page.locator(".course-explorer")
        assert explorers.count() == 2
        for explorer, sliders in zip(explorers.all(), (6, 3), strict=True):
            start = heights(explorer)
            assert len(start) == 100
            assert len(names(explorer)) == sliders
            for slider in range(sliders):
                press(explorer, slider, "End")
                assert np.abs(heights(explorer) - start).max() > 3
                reset(explorer)
                np.testing.assert_allclose(heights(explorer), start, atol=0.2)
            explorer.get_by_role("button", name="Start from curve 2").click()
            assert np.abs(heights(explorer) - start).max() > 3


@WIDTHS
def test_one_decoder_does_not_follow_the_sliders_of_the_other(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, PENDULUM, width) as page:
        by_beta, by_equation = page.locator(".course-explorer").all()
        before = heights(by_equation)
        press(by_beta, 0, "End")
        np.testing.assert_array_equal(heights(by_equation), before)


def test_the_decoders_stand_side_by_side_on_a_desk_and_below_each_other_on_a_phone(
    browser: Browser, site_url: str
) -> None:
    places = {}
    for width in (1280, 360):
        with chapter(browser, site_url, PENDULUM, width) as page:
            places[width] = [explorer.bounding_box() for explorer in page.locator(".course-explorer").all()]
    (left, right), (above, below) = places[1280], places[360]
    assert left["x"] + left["width"] <= right["x"] + 1
    assert abs(left["y"] - right["y"]) < 2
    assert above["y"] + above["height"] <= below["y"] + 1
    assert abs(above["x"] - below["x"]) < 2


def test_the_sliders_of_the_equation_do_what_their_names_say(browser: Browser, site_url: str) -> None:
    with chapter(browser, site_url, PENDULUM, 1280) as page:
        equation = page.locator(".course-explorer").nth(1)
        assert names(equation) == ["amplitude", "frequency", "phase"]

        press(equation, 0, "Home")
        low = swing(equation)
        press(equation, 0, "End")
        high = swing(equation)
        assert high[0] != pytest.approx(low[0], rel=0.5)
        assert high[1] == low[1]
        press(equation, 1, "Home")
        slow = swing(equation)
        press(equation, 1, "End")
        fast = swing(equation)
        assert abs(fast[1] - slow[1]) >= 2
        assert fast[0] == pytest.approx(slow[0], rel=0.1)
