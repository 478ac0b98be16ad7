"""The explorers of part 6 in the built site: a flow with fewer steps, and learned fields beside the true ones."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator

from tests.explorer import WIDTHS, chapter, reset
from tests.flow import choose, distance
from tests.visit import settle

pytestmark = pytest.mark.slow

FLOW = "06-neural-odes/01-resnet-to-ode"
CENTRES = "06-neural-odes/02-learning-dynamics"
SWINGS = "06-neural-odes/03-missing-times"


def move(explorer: Locator, **times: int) -> None:
    """The starting point, by so many presses of arrow keys."""
    point = explorer.get_by_role("slider", name="starting point")
    for key, n in times.items():
        for _ in range(n):
            point.press(f"Arrow{key}")
    settle(explorer.page)


@WIDTHS
def test_fewer_steps_leave_the_flow_and_a_better_solver_returns(browser: Browser, site_url: str, width: int) -> None:
    with chapter(browser, site_url, FLOW, width) as page:
        explorer = page.locator(".course-explorer").first
        tenths = distance(explorer)
        explorer.get_by_role("slider", name="step h").press("End")
        assert distance(explorer) > 2 * tenths
        choose(explorer, "Dormand-Prince")
        assert distance(explorer) < tenths


@WIDTHS
@pytest.mark.parametrize(("chapter_of", "key"), [(CENTRES, "Up"), (SWINGS, "Right")])
def test_the_learned_field_is_right_where_the_data_were_and_not_far_off(
    browser: Browser, site_url: str, width: int, chapter_of: str, key: str
) -> None:
    with chapter(browser, site_url, chapter_of, width) as page:
        explorer = page.locator(".course-explorer").first
        assert "the true field" in explorer.locator(".explorer-note").text_content()
        near = distance(explorer)
        move(explorer, **{key: 200})
        assert distance(explorer) > 3 * near
        reset(explorer)
        assert distance(explorer) == near
