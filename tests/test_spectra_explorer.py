"""The explorer of the spectra in the built site: a curve that is walked along a direction with a meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.visit import Visit, settle

pytestmark = pytest.mark.slow

CHAPTER = "book/01-autoencoders/02-denoising"
H_ALPHA, CONTINUUM = 656.3, 620.0  # nm


@pytest.fixture(params=[1280, 360])
def page(request: pytest.FixtureRequest, browser: Browser, site_url: str) -> Iterator[Page]:
    with Visit(browser, site_url, CHAPTER, request.param) as visit:
        yield visit.page
        assert visit.problems == []


def curve(page: Page, selector: str = ".curve:not(.unchanged)") -> np.ndarray:
    """Heights of the drawn curve at its 200 wavelengths, upwards, in units of the drawing."""
    settle(page)
    path = page.locator(f".explorer-plot {selector}").get_attribute("d")
    return -np.array([float(y) for _, y in re.findall(r"[ML](\S+) (\S+?)(?=L|$)", path)])


def at(wavelength: float) -> int:
    return round((wavelength - 360) / 360 * 199)


def press(page: Page, slider: str, key: str) -> None:
    page.get_by_role("slider", name=slider, exact=True).press(key)


def test_more_gas_raises_the_emission_line_and_hardly_the_continuum(page: Page) -> None:
    start = curve(page)
    assert len(start) == 200
    press(page, "gas fraction", "Home")
    low = curve(page)
    press(page, "gas fraction", "End")
    rise = curve(page) - low
    assert rise[at(H_ALPHA)] > 10 * abs(rise[at(CONTINUUM)])
    assert low[at(H_ALPHA)] < start[at(H_ALPHA)] < curve(page)[at(H_ALPHA)]


def test_the_first_rest_tilts_the_continuum(page: Page) -> None:
    press(page, "rest 1", "Home")
    low = curve(page)
    press(page, "rest 1", "End")
    rise = curve(page) - low
    assert rise[at(420)] * rise[-1] < 0


def test_the_start_stays_behind_the_walk_and_reset_returns_to_it(page: Page) -> None:
    page.get_by_role("button", name="Start from an old one").click()
    old = curve(page)
    press(page, "gas fraction", "PageUp")
    press(page, "rest 2", "End")
    assert np.abs(curve(page) - old).max() > 1
    np.testing.assert_allclose(curve(page, ".curve.unchanged"), old, atol=1e-3)
    page.get_by_role("button", name="Reset").click()
    np.testing.assert_allclose(curve(page), old, atol=1e-3)


def test_axes_have_names_and_units(page: Page) -> None:
    texts = page.locator(".explorer-plot text").all_text_contents()
    assert {"wavelength (nm)", "flux"} <= set(texts)
