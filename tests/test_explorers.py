"""The explorers of the built site: with a keyboard, a mouse and a finger, served and from a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import torch
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Locator, Page

from course_utils.widgets.network import TOLERANCE
from tests.conftest import ROOT
from tests.visit import Visit, barriers, settle
from tools.notebooks import notebooks, pages

pytestmark = pytest.mark.slow

CHAPTER = "book/01-autoencoders/01-bottleneck"
VIEW = "application/vnd.jupyter.widget-view+json"
WITH_EXPLORERS = [
    path.relative_to(ROOT).with_suffix("").as_posix() for path in notebooks() if "Explorer(" in path.read_text("utf-8")
]


@pytest.fixture(params=["served", "from a folder"])
def address(request: pytest.FixtureRequest, site: Path, site_url: str) -> str:
    """Where the site is, with a slash at the end."""
    return site_url if request.param == "served" else f"{site.as_uri()}/"


@pytest.fixture
def chapter(browser: Browser, address: str) -> Iterator[Page]:
    """The first chapter, opened; nothing may go wrong while it is used."""
    with Visit(browser, address, CHAPTER, 1280) as visit:
        latent(visit.page).locator("canvas").first.wait_for()
        yield visit.page
        assert visit.problems == []


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """The same on a phone."""
    with Visit(browser, address, CHAPTER, 360, has_touch=True, is_mobile=True) as visit:
        latent(visit.page).locator("canvas").first.wait_for()
        yield visit.page
        assert visit.problems == []


def latent(page: Page) -> Locator:
    return page.locator(".course-explorer", has=page.locator(".explorer-map"))


def frames(page: Page) -> Locator:
    return page.locator(".course-explorer", has=page.locator(".explorer-frame"))


def handle(page: Page, name: str) -> Locator:
    """A slider's handle, found by the name that a screen reader would say."""
    return page.get_by_role("slider", name=name, exact=True)


def shown(page: Page) -> tuple[str, str, list[str]]:
    """What the reader sees of the latent explorer: picture, marker on the map, and the numbers beside the sliders."""
    settle(page)
    explorer = latent(page)
    picture = explorer.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
    return picture, explorer.locator(".marker").get_attribute("transform"), numbers(page)


def numbers(page: Page) -> list[str]:
    """What stands beside the sliders, with a plain minus sign."""
    return [text.replace("−", "-") for text in latent(page).locator(".widget-readout").all_inner_texts()]


def moves_everything(page: Page, act: Callable[[], object]) -> None:
    """The act changes the picture, the marker and the numbers."""
    before = shown(page)
    act()
    after = shown(page)
    assert all(old != new for old, new in zip(before, after, strict=True)), (before[1:], after[1:])


@pytest.mark.parametrize("key", ["ArrowRight", "ArrowLeft", "PageUp", "Home", "End"])
def test_the_keyboard_moves_the_picture(chapter: Page, key: str) -> None:
    for name in ("z₁", "z₂"):
        moves_everything(chapter, lambda name=name: handle(chapter, name).press(key))


def test_the_keyboard_comes_to_every_control(chapter: Page) -> None:
    latent(chapter).get_by_role("button").first.focus()
    reached = set()
    for _ in range(25):
        focused = chapter.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
        )
        reached.add(focused)
        chapter.keyboard.press("Tab")
    assert {*(f"Start from a {digit}" for digit in range(10)), "Reset", "z₁", "z₂"} <= reached


def test_the_mouse_drags_a_slider(chapter: Page) -> None:
    def drag() -> None:
        box = handle(chapter, "z₁").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        chapter.mouse.move(x, y)
        chapter.mouse.down()
        chapter.mouse.move(x + 60, y, steps=6)
        chapter.mouse.up()

    handle(chapter, "z₁").scroll_into_view_if_needed()
    moves_everything(chapter, drag)


def test_a_click_and_a_drag_on_the_map_move_the_sliders(chapter: Page) -> None:
    map_ = latent(chapter).locator(".explorer-map")
    moves_everything(chapter, lambda: map_.click(position={"x": 300, "y": 60}))

    def drag() -> None:
        box = map_.bounding_box()
        chapter.mouse.move(box["x"] + 120, box["y"] + 100)
        chapter.mouse.down()
        chapter.mouse.move(box["x"] + 160, box["y"] + 150, steps=5)

    moves_everything(chapter, drag)
    held = shown(chapter)
    chapter.mouse.up()
    assert shown(chapter) == held


def test_the_marker_goes_where_the_click_was(chapter: Page) -> None:
    map_ = latent(chapter).locator(".explorer-map")
    map_.click(position={"x": 200, "y": 150})
    shown(chapter)
    map_box, marker = map_.bounding_box(), latent(chapter).locator(".marker .reach").bounding_box()
    assert marker["x"] + marker["width"] / 2 - map_box["x"] == pytest.approx(200, abs=2)
    assert marker["y"] + marker["height"] / 2 - map_box["y"] == pytest.approx(150, abs=2)
    decoded = latent(chapter).locator("canvas").first.get_attribute("aria-label")
    first, second = numbers(chapter)
    assert decoded == f"Decoded picture at z₁ = {first}, z₂ = {second}"


def test_a_start_moves_the_sliders_and_reset_returns_to_it(chapter: Page) -> None:
    explorer = latent(chapter)
    start = explorer.get_by_role("button", name="Start from a 4")
    moves_everything(chapter, start.click)
    assert start.get_attribute("aria-pressed") == "true"
    assert explorer.locator("[aria-pressed=true]").count() == 1
    began = shown(chapter)
    moves_everything(chapter, lambda: (handle(chapter, "z₁").press("End"), handle(chapter, "z₂").press("Home")))
    moves_everything(chapter, explorer.get_by_role("button", name="Reset").click)
    assert shown(chapter) == began


def test_a_finger_moves_everything(phone: Page) -> None:
    """A tap on the track, a tap on the map, and a drag of the handle."""
    track, map_ = latent(phone).locator(".noUi-target").first, latent(phone).locator(".explorer-map")
    track.scroll_into_view_if_needed()
    moves_everything(phone, lambda: track.tap(position={"x": 12, "y": 4}))
    moves_everything(phone, lambda: map_.tap(position={"x": 230, "y": 60}))

    touch = phone.context.new_cdp_session(phone)

    def drag(element: Locator) -> None:
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 7):
            touch.send(
                "Input.dispatchTouchEvent",
                {"type": "touchMove", "touchPoints": [{"x": x - 9 * step, "y": y - 3 * step}]},
            )
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    moves_everything(phone, lambda: drag(handle(phone, "z₁")))
    moves_everything(phone, lambda: drag(latent(phone).locator(".marker")))


def test_a_phone_shows_the_whole_explorer(phone: Page) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    for explorer in (latent(phone), frames(phone)):
        box = explorer.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        inside = explorer.locator("canvas, svg, img, .noUi-handle, .widget-readout, button").all()
        assert all(b["x"] >= 0 and b["x"] + b["width"] <= 361 for b in (part.bounding_box() for part in inside))


def test_the_progress_of_the_training_is_a_row_of_frames(chapter: Page) -> None:
    picture = frames(chapter).locator("img")
    seen = []
    for _ in range(9):
        seen.append((picture.get_attribute("src"), picture.get_attribute("alt")))
        handle(chapter, "epoch").press("ArrowRight")
    assert len({source for source, _ in seen}) == 9
    assert seen[0][1].endswith(": epoch 0")
    assert seen[-1][1].endswith(": epoch 200")
    assert "200" in frames(chapter).inner_text()
    handle(chapter, "epoch").press("Home")
    assert picture.get_attribute("alt").endswith(": epoch 0")


def widget_state(site: Path) -> list[dict]:
    """The states of the widgets in the first chapter."""
    page = BeautifulSoup((site / f"{CHAPTER}.html").read_text("utf-8"), "html.parser")
    (script,) = page.select('script[type="application/vnd.jupyter.widget-state+json"]')
    return [model["state"] for model in json.loads(script.string)["state"].values()]


@cache
def decoded_by_torch(codes: str) -> str:
    command = [sys.executable, "-m", "tests.decode", ROOT / f"{CHAPTER}.ipynb", "squeezed.decoder"]
    return subprocess.run(command, input=codes, capture_output=True, text=True, cwd=ROOT, check=True).stdout


def test_the_picture_is_torchs(chapter: Page, site: Path) -> None:
    """At every start and in the four corners of the map, within the documented error."""
    states = widget_state(site)
    starts = next(state["starts"] for state in states if "starts" in state)
    limits = {s["description"]: (s["min"], s["max"]) for s in states if str(s.get("description")).startswith("z")}
    ink = """canvas => {
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
        copy.drawImage(canvas, 0, 0);
        return [...copy.getImageData(0, 0, canvas.width, canvas.height).data].filter((_, n) => n % 4 === 0);
    }"""

    def picture() -> list[float]:
        shown(chapter)
        return [1 - value / 255 for value in latent(chapter).locator("canvas").first.evaluate(ink)]

    codes, pictures = [], []
    for start in starts:
        latent(chapter).get_by_role("button", name=f"Start from {start['name']}").click()
        codes.append(start["z"])
        pictures.append(picture())
    for first, across in zip(limits["z₁"], ("Home", "End"), strict=True):
        for second, up in zip(limits["z₂"], ("Home", "End"), strict=True):
            handle(chapter, "z₁").press(across)
            handle(chapter, "z₂").press(up)
            codes.append([first, second])
            pictures.append(picture())

    decoded = torch.tensor(json.loads(decoded_by_torch(json.dumps(codes))))
    allowed = TOLERANCE * (decoded.max() - decoded.min()) + 0.5 / 255 + 1e-6
    assert (torch.tensor(pictures) - decoded.clamp(0, 1)).abs().max() <= allowed
    assert torch.tensor(pictures).std(0).max() > 0.2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("page", pages())
def test_axe_finds_nothing_serious_in_the_article(
    browser: Browser, site_url: str, page: str, width: int, scheme: str
) -> None:
    with Visit(browser, site_url, page, width, color_scheme=scheme) as visit:
        assert barriers(visit.page, "article") == []


@pytest.mark.parametrize("page", WITH_EXPLORERS)
def test_a_contact_sheet_stands_under_every_explorer(browser: Browser, site_url: str, page: str) -> None:
    """Also without JavaScript."""
    with Visit(browser, site_url, page, 1280, java_script_enabled=False) as visit:
        outputs = visit.page.locator(".cell_output", has=visit.page.locator(f"script[type='{VIEW}']"))
        assert outputs.count() == visit.page.locator(f"script[type='{VIEW}']").count() > 0
        for output in outputs.all():
            sheets = output.locator(f"script[type='{VIEW}'] ~ img").all()
            assert sheets
            assert all(sheet.is_visible() for sheet in sheets)


def test_pages_without_widgets_load_nothing_of_them(site: Path) -> None:
    for page in pages():
        loaded = "vendor/" in (site / f"{page}.html").read_text("utf-8")
        assert loaded == (page in WITH_EXPLORERS), page
