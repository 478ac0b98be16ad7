"""The explorers of part 5 in the built site: a pendulum that gains energy, and a step that is too long."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator

from tests.explorer import WIDTHS, chapter, names, reset
from tests.visit import settle

pytestmark = pytest.mark.slow

EULER = "05-odes/01-euler"


def distance(explorer: Locator) -> float:
    """From the end of the solution to that of the reference, as the line below the pictures tells it."""
    settle(explorer.page)
    told = explorer.locator(".explorer-status").text_content()
    return float(re.search(r"at the end (\S+) from the", told).group(1))


def choose(explorer: Locator, solver: str) -> None:
    explorer.get_by_label("solver").select_option(label=solver)


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
