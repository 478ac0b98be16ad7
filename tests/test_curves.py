"""Explorers that no chapter shows yet, in a page of their own: curves, many sliders, one slider."""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Browser, Page
from torch import Tensor, nn

from course_utils.models import mlp
from course_utils.widgets import Curve, Image, LatentExplorer
from course_utils.widgets.assets import FOLDER
from course_utils.widgets.network import TOLERANCE
from tests.explorer import shown
from tests.visit import barriers, settle

pytestmark = pytest.mark.slow

T = torch.linspace(0, 6, 40)


def waves() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(mlp(3, 24, 40), nn.Tanh()).eval()


def explorer() -> LatentExplorer:
    starts = {"low": torch.tensor([-0.99, 0.5, 0.99]), "high": torch.tensor([2.0, -2.0, 0.0])}
    return LatentExplorer(waves(), Curve(T, "s", name="time", value="height"), starts=starts, dims=(2, 0))


def drawn(page: Page, which: str, output: dict) -> Tensor:
    """The heights of a drawn curve, read from its path."""
    settle(page)
    path = page.locator(which).get_attribute("d")
    y = torch.tensor([float(v) for v in re.findall(r"[ML]\S+ (\S+?)(?=L|$)", path)])
    bottom, top = 258, 10  # of the axes, in the units of the drawing
    return output["low"] + (bottom - y) / (bottom - top) * (output["high"] - output["low"])


def test_a_curve_is_torchs_and_stands_before_the_one_it_started_from(browser: Browser, tmp_path: Path) -> None:
    made = explorer()
    output = made.children[0].get_state()["output"]
    with shown(browser, tmp_path, made) as page:

        def agrees(which: str, z: list[float]) -> None:
            with torch.no_grad():
                wanted = waves()(torch.tensor([z]))[0]
            assert (drawn(page, which, output) - wanted).abs().max() <= TOLERANCE * (output["high"] - output["low"])

        # a slider has steps of 0.03
        agrees(".curve:not(.unchanged)", [-0.99, 0.5, 0.99])
        page.get_by_role("slider", name="z₃").press("End")
        page.get_by_role("slider", name="z₁").press("Home")
        agrees(".curve:not(.unchanged)", [-3.0, 0.5, 3.0])
        agrees(".curve.unchanged", [-0.99, 0.5, 0.99])
        page.get_by_role("button", name="Start from high").click()
        settle(page)
        assert page.locator(".widget-readout").all_inner_texts() == ["0.00", "2.01"]
        page.get_by_role("slider", name="z₃").press("Home")
        agrees(".curve:not(.unchanged)", [2.01, -2, -3])
        agrees(".curve.unchanged", [2.01, -2, 0])
        page.get_by_role("button", name="Reset").click()
        agrees(".curve:not(.unchanged)", [2.01, -2, 0])


@pytest.mark.parametrize(("scale", "note"), [(1.0, r"flux"), (1e-17, r"flux, in 10⁻¹[⁷⁸]"), (1e6, r"flux, in 10[⁵⁶]")])
def test_a_power_of_ten_goes_to_the_name_of_the_axis(browser: Browser, tmp_path: Path, scale: float, note: str) -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(1, 2), nn.Tanh(), nn.Linear(2, 5)).eval()
    network[2].weight.data *= scale
    network[2].bias.data *= scale
    days = 2459000.5 + torch.arange(5, dtype=torch.float64) / 100
    with shown(browser, tmp_path, LatentExplorer(network, Curve(days, "d", value="flux"))) as page:
        texts = page.locator(".explorer-plot text").all_text_contents()
        assert sum(bool(re.fullmatch(note, text)) for text in texts) == 1
        boxes = [text.bounding_box() for text in page.locator(".explorer-plot text[text-anchor=middle]").all()[:-2]]
        assert all(a["x"] + a["width"] < b["x"] for a, b in pairwise(boxes))
        plot = page.locator(".explorer-plot").bounding_box()
        assert all(text.bounding_box()["x"] >= plot["x"] for text in page.locator(".explorer-plot text").all())


def test_axes_have_names_and_round_ticks(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, explorer()) as page:
        texts = page.locator(".explorer-plot text").all_text_contents()
        assert {"time (s)", "height", "0", "2", "4", "6"} <= set(texts)
        label = page.locator(".explorer-plot").get_attribute("aria-label")
        assert label == "Decoded curve of height over time (s) at z₃ = 0.99, z₁ = -0.99"


@pytest.mark.parametrize("k", [1, 16])
def test_from_one_slider_to_sixteen(browser: Browser, tmp_path: Path, k: int) -> None:
    made = LatentExplorer(mlp(k, 8, 15).eval(), Image(3, 5), names=[f"factor {j}" for j in range(k)])
    with shown(browser, tmp_path, made) as page:
        handles = page.get_by_role("slider")
        assert [handle.get_attribute("aria-label") for handle in handles.all()] == [f"factor {j}" for j in range(k)]
        canvas = page.locator("canvas").first
        seen = set()
        for handle in handles.all():
            handle.press("End")
            settle(page)
            seen.add(canvas.evaluate("canvas => canvas.toDataURL()"))
        assert len(seen) == k
        assert barriers(page, "main") == []


def test_an_explorer_whose_codes_all_lie_beyond_its_limits_has_no_map(browser: Browser, tmp_path: Path) -> None:
    made = LatentExplorer(mlp(2, 8, 15).eval(), Image(3, 5), codes=torch.full((4, 2), 9.0), limits=(-1, 1))
    with shown(browser, tmp_path, made) as page:
        assert page.locator(".explorer-map").count() == 0
        before = page.locator("canvas").evaluate("canvas => canvas.toDataURL()")
        page.get_by_role("slider", name="z₁").press("Home")
        settle(page)
        assert page.locator("canvas").evaluate("canvas => canvas.toDataURL()") != before


def test_a_slider_that_comes_late_is_named_too(browser: Browser) -> None:
    page = browser.new_page()
    module = "data:text/javascript;base64," + base64.b64encode((FOLDER / "sliders.js").read_bytes()).decode()
    label = page.evaluate(
        """async (module) => {
            const { nameSliders } = await import(module);
            document.body.innerHTML = '<div class="course-explorer"><div id="canvas"></div></div>';
            nameSliders(document.querySelector("#canvas"), 1);
            const slider = '<div class="widget-slider"><label class="widget-label">ink</label><i class="noUi-handle"></i></div>';
            document.querySelector(".course-explorer").insertAdjacentHTML("beforeend", slider);
            await new Promise(requestAnimationFrame);
            return document.querySelector(".noUi-handle").getAttribute("aria-label");
        }""",
        module,
    )
    page.close()
    assert label == "ink"


def test_two_views_of_one_explorer_move_together(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, explorer(), views=2) as page:
        before = page.locator(".curve:not(.unchanged)").first.get_attribute("d")
        page.get_by_role("slider", name="z₁").first.press("End")
        settle(page)
        paths = [path.get_attribute("d") for path in page.locator(".curve:not(.unchanged)").all()]
        assert paths[0] == paths[1] != before
