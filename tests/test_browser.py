"""Every built page in Chromium, on a desktop and on a phone."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Browser

from tests.visit import Visit
from tools.notebooks import pages

pytestmark = pytest.mark.slow

VISITED = [*pages(), "search", "genindex"]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("page", VISITED)
def test_a_page_opens_cleanly(browser: Browser, site_url: str, page: str, width: int) -> None:
    with Visit(browser, site_url, page, width) as visit:
        visit.page.mouse.wheel(0, 50_000)
        visit.page.wait_for_load_state("networkidle")
        assert visit.problems == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("page", pages())
def test_code_does_not_scroll_on_a_desktop(browser: Browser, site_url: str, page: str) -> None:
    with Visit(browser, site_url, page, 1280) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach(details => (details.open = true))")
        wide = visit.page.evaluate(
            "[...document.querySelectorAll('article pre')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
        )
        assert wide == []


@pytest.mark.parametrize("page", pages())
def test_pictures_are_shown_and_formulas_have_their_fonts(browser: Browser, site_url: str, page: str) -> None:
    with Visit(browser, site_url, page, 1280) as visit:
        assert visit.page.evaluate(
            "[...document.querySelectorAll('article img')].every(i => i.complete && i.naturalWidth > 0)"
        )
        if visit.page.locator(".katex").count():
            loaded = "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)"
            assert "KaTeX_Math" in visit.page.evaluate(loaded)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_both_colour_schemes(browser: Browser, site_url: str, scheme: str) -> None:
    contrast = """element => {
        const linear = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        const of = text => text.match(/[\\d.]+/g).map(Number);
        const weigh = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
        const opaque = node => of(getComputedStyle(node).backgroundColor)[3] !== 0;
        let behind = element;
        while (!opaque(behind)) behind = behind.parentElement;
        const ink = weigh(of(getComputedStyle(element).color));
        const paper = weigh(of(getComputedStyle(behind).backgroundColor));
        return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    }"""
    page = "book/01-autoencoders/01-bottleneck"
    with Visit(browser, site_url, page, 1280, color_scheme=scheme) as visit:
        assert visit.page.locator("html").get_attribute("data-theme") == scheme
        for selector in (
            "article p",
            ".claim code",
            ".claim strong",
            ".claim-details",
            ".claim-holds > span",
            "article th",
            "article td",
            ".cell_output pre",
            ".verdict strong",
            ".verdict code",
            ".run-footer",
            ".katex",
        ):
            assert visit.page.locator(selector).first.evaluate(contrast) >= 4.5, selector


def test_the_text_is_there_without_javascript(browser: Browser, site_url: str) -> None:
    with Visit(browser, site_url, "book/01-autoencoders/01-bottleneck", 1280, java_script_enabled=False) as visit:
        assert [problem for problem in visit.problems if ".js" not in problem] == []
        for selector in ("article h1", "article p", ".katex-display", ".claim", "article img"):
            assert visit.page.locator(selector).first.is_visible(), selector


def test_search_finds_a_word_of_the_book(browser: Browser, site_url: str) -> None:
    with Visit(browser, f"{site_url}", "search", 1280) as visit:
        visit.page.goto(f"{site_url}search.html?q=bottleneck", wait_until="networkidle")
        visit.page.locator("#search-results li a", has_text="The bottleneck").first.wait_for(timeout=10_000)
        assert visit.problems == []


@pytest.mark.parametrize("page", pages())
def test_what_travels_for_a_page_is_small(browser: Browser, site_url: str, page: str) -> None:
    """With an empty cache, gzipped, without the widget manager that all pages with explorers share: at most 0.8 MB."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    tab, responses = context.new_page(), []
    tab.on("response", lambda response: responses.append(response))
    tab.goto(f"{site_url}{page}.html", wait_until="networkidle")
    weights = {r.url: len(gzip.compress(r.body())) for r in responses if "/vendor/" not in r.url}
    context.close()
    assert sum(weights.values()) <= 800_000, weights
