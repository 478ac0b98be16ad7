"""The explorers of part 5 in the built site: a pendulum that gains energy, a step that is too long, a heart."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.explorer import WIDTHS, chapter, names, reset
from tests.flow import SOLUTION, choose, distance, drawn
from tests.visit import settle

pytestmark = pytest.mark.slow

EULER = "05-odes/01-euler"
HEART = "05-odes/02-mathematical-models"


@WIDTHS
def test_another_solver_closes_the_orbit_that_euler_leaves(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, EULER, width) as page:
        explorer = page.locator(".course-explorer").first
        by_euler = distance(explorer)
        choose(explorer, "Runge-Kutta 4")
        assert distance(explorer) < 0.01 < 0.3 < by_euler
        choose(explorer, "Euler")
        assert distance(explorer) == by_euler


@WIDTHS
def test_the_start_is_moved_by_keys_and_reset_returns_to_it(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, EULER, width) as page:
        explorer = page.locator(".course-explorer").first
        point, before = explorer.get_by_role("slider", name="starting point"), distance(explorer)
        start = point.get_attribute("aria-valuetext")
        for _ in range(5):
            point.press("ArrowRight")
        settle(page)
        assert point.get_attribute("aria-valuetext") != start
        assert distance(explorer) != before
        reset(explorer)
        assert distance(explorer) == before


@WIDTHS
def test_friction_makes_up_for_what_euler_gains(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, EULER, width) as page:
        explorer = page.locator(".course-explorer").first
        gained = distance(explorer)
        friction = explorer.get_by_role("slider", name="friction")
        friction.press("End")
        assert distance(explorer) < gained


@WIDTHS
def test_a_rate_beyond_the_limit_swings_up_and_a_picked_step_does_not(
    browser: Browser, site_url: str, width: int
) -> None:
    with chapter(browser, site_url, EULER, width) as page:
        explorer = page.locator(".course-explorer").nth(1)
        assert any("rate" in name for name in names(explorer))
        within = distance(explorer)
        explorer.get_by_role("slider", name="rate").press("End")
        beyond = distance(explorer)
        choose(explorer, "Dormand-Prince")
        assert distance(explorer) < 0.01
        assert within < 0.01
        assert beyond > 1


def above_rest(page: Page, t: float) -> float:
    """How far the ECG is at the time ``t`` above that between two beats, in mV."""
    time, z = drawn(page, f".state0{SOLUTION}", (0, 3), (-0.6, 1.6)).T
    return np.interp(t, time, z) - np.interp(1.05, time, z)


@WIDTHS
def test_t_turns_over_and_r_grows(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, HEART, width) as page:
        explorer = page.locator(".course-explorer").first
        assert [name.split(" ")[0] for name in names(explorer)][-5:] == ["HR", "R", "T", "PR", "ST"]
        r, t = above_rest(page, 0.5), above_rest(page, 0.75)
        assert t > 0.1
        explorer.get_by_role("slider", name="T (mV)", exact=True).press("Home")
        assert above_rest(page, 0.75) < -0.1
        explorer.get_by_role("slider", name="R (mV)", exact=True).press("End")
        assert above_rest(page, 0.5) > r + 0.2
        choose(explorer, "Euler")
        assert distance(explorer) > 0
