"""The built pages, read as files."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

from tests.conftest import ROOT
from tools.notebooks import notebooks, pages

pytestmark = pytest.mark.slow

each_page = pytest.mark.parametrize("page", pages())
LOADED = {"script": "src", "img": "src", "link": "href", "source": "src", "iframe": "src"}


def soup(site: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


def target(site: Path, page: str, address: str) -> Path:
    return (
        ((site / page).parent / unquote(urlsplit(address).path)).resolve()
        if urlsplit(address).path
        else site / f"{page}.html"
    )


@cache
def anchors(path: Path) -> set[str]:
    """What links into a page can name."""
    found = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select("[id]")
    return {element["id"] for element in found}


@each_page
def test_every_picture_has_an_alt_text(site: Path, page: str) -> None:
    for image in soup(site, page).select("article img"):
        alt = image.get("alt", "")
        assert len(alt) > 40, image["src"]
        assert not re.search(r"[0-9a-f]{20}", alt)


@each_page
def test_links_and_anchors_lead_somewhere(site: Path, page: str) -> None:
    for link in soup(site, page).select("a[href]"):
        address, anchor = urldefrag(link["href"])
        if urlsplit(address).scheme:
            continue
        path = target(site, page, address)
        assert path.exists(), link["href"]
        if anchor and path.suffix == ".html":
            assert unquote(anchor) in anchors(path), link["href"]


@each_page
def test_nothing_is_loaded_from_elsewhere_and_nothing_is_missing(site: Path, page: str) -> None:
    for tag, attribute in LOADED.items():
        for element in soup(site, page).select(f"{tag}[{attribute}]"):
            if element.get("rel") in (["canonical"], ["search"], ["index"], ["next"], ["prev"]):
                continue
            address = element[attribute]
            assert not urlsplit(address).netloc, address
            assert address.startswith("data:") or target(site, page, address).exists(), address


@each_page
def test_a_page_reads_without_scripts(site: Path, page: str) -> None:
    article = soup(site, page).select_one("article")
    for element in article.select("script, pre, annotation"):
        element.decompose()
    text = article.get_text(" ")
    source = next(path for suffix in (".md", ".ipynb") if (path := ROOT / f"{page}{suffix}").exists()).read_text(
        "utf-8"
    )
    assert len(text.split()) > 150
    assert not re.search(r"\$[^$\n]+\$|\\\(|\\\[", text), "a formula was left as source"
    if "$$" in source:
        assert article.select(".katex-display .katex-html")


@each_page
def test_a_page_names_its_licence_and_offers_its_source(site: Path, page: str) -> None:
    whole = soup(site, page)
    addresses = [link["href"] for link in whole.select("a[href]")]
    assert "https://creativecommons.org/licenses/by/4.0/" in [link["href"] for link in whole.select("footer a[href]")]
    assert any("/edit/main/" in address for address in addresses)
    assert any("/issues/new" in address for address in addresses)
    if (ROOT / f"{page}.ipynb").exists():
        assert any(address.startswith("https://colab.research.google.com/github/") for address in addresses)


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_chapter_runs_within_its_time_and_says_so(site: Path, path: Path) -> None:
    footer = soup(site, path.relative_to(ROOT).with_suffix("").as_posix()).select_one(".run-footer")
    assert float(footer["data-seconds"]) <= 90
    assert re.search(r"ran in \d+ s with 2 threads and no GPU: Python 3\.[\d.]+, torch 2", footer.get_text())


def test_the_first_chapter_runs_within_a_minute(site: Path) -> None:
    footer = soup(site, "book/01-autoencoders/01-bottleneck").select_one(".run-footer")
    assert float(footer["data-seconds"]) <= 60


@each_page
def test_every_icon_has_its_glyph(site: Path, page: str) -> None:
    static = site / "_static"
    style = (static / "styles" / "pydata-sphinx-theme.css").read_text(encoding="utf-8")
    glyphs = {code for path in static.rglob("fa-*.woff2") for code in TTFont(path).getBestCmap()}
    icons = {name for element in soup(site, page).select("[class*=fa-]") for name in element["class"]}
    drawn = {name: re.search(rf'\.{name}:before[^{{]*\{{content:"\\([0-9a-f]+)"', style) for name in icons}
    codes = {name: int(rule[1], 16) for name, rule in drawn.items() if rule}
    assert len(codes) > 5
    assert not {name for name, code in codes.items() if code not in glyphs}
