"""FlowExplorer in a page of its own: with a mouse, a finger and a keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page

from course_utils.models import mlp
from course_utils.ode import Formula, Logistic, Pendulum, Spiral, solve
from course_utils.widgets import FlowExplorer
from tests.explorer import shown
from tests.flow import BOTTOM, HEIGHT, LEFT, REFERENCE, RIGHT, SOLUTION, TOP, WIDTH, drawn, middle, point, status, where
from tests.visit import barriers, settle

pytestmark = pytest.mark.slow

LIMITS = [(-4.0, 4.0), (-8.0, 8.0)]


def pendulum(**options) -> FlowExplorer:
    given = {"limits": LIMITS, "horizon": 5, "step": 0.1, "sliders": {"friction": (0, 1)}}
    return FlowExplorer(Pendulum(), (1.0, 0.5), **given | options)


def in_plane(page: Page, which: str = SOLUTION) -> np.ndarray:
    return drawn(page, f".explorer-map {which}", *LIMITS)


def test_the_plane_and_the_plot_over_time_show_what_python_finds(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum()) as page:
        for method in ("euler", "midpoint", "rk4", "dopri5"):
            wanted = solve(Pendulum(), (1, 0.5), (0, 5), method, step=None if method == "dopri5" else 0.1)
            assert np.abs(in_plane(page) - wanted.x).max() <= 0.001
            right = 14 + 9 * len("theta")
            for j in range(2):
                over = drawn(page, f".state{j}{SOLUTION}", (0, 5), (-8, 8), right)
                assert np.abs(over - np.stack([wanted.t, wanted.x[:, j]], 1)).max() <= 0.001
            assert f" {wanted.nfe} evaluations" in status(page)
            page.get_by_label("solver").press("ArrowDown")


def test_the_reference_is_fine_and_the_distance_at_the_end_is_told(browser: Browser, tmp_path: Path) -> None:
    found = solve(Pendulum(), (1, 0.5), (0, 5), "euler", step=0.1)
    wanted = solve(Pendulum(), (1, 0.5), (0, 5), rtol=1e-10, atol=1e-12)
    with shown(browser, tmp_path, pendulum()) as page:
        assert in_plane(page, REFERENCE)[-1] == pytest.approx(wanted.x[-1], abs=0.001)
        distance = np.linalg.norm(found.x[-1] - wanted.x[-1])
        assert status(page) == f"Euler: 50 steps of 0.1, 50 evaluations; at the end {distance:.2g} from the reference"
        assert page.locator(".explorer-note").text_content() == "Grey: Dormand-Prince, tolerance 1e-8."


def test_where_a_closed_form_is_known_it_is_the_reference(browser: Browser, tmp_path: Path) -> None:
    made = FlowExplorer(Spiral(), (1, 0.5), limits=LIMITS, horizon=5, step=0.1, sliders={"decay": (0, 1)})
    with shown(browser, tmp_path, made) as page:
        page.get_by_role("slider", name="decay (1/s)").press("End")
        assert "from the exact solution" in status(page)
        wanted = Spiral(decay=1).solution(np.linspace(0, 5, 301), (1, 0.5))
        assert np.abs(in_plane(page, REFERENCE) - wanted.T).max() <= 0.001
        assert page.locator(".explorer-note").text_content() == "Grey: the exact solution."


def test_the_mouse_drags_the_starting_point(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum()) as page:
        x, y = middle(point(page))
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 40, y - 30, steps=4)
        settle(page)
        assert middle(point(page)) == pytest.approx((x + 40, y - 30), abs=1)
        page.mouse.up()
        held = where(page)
        page.mouse.move(x, y)
        assert where(page) == held != "theta = 1.00, omega = 0.50"
        start = [float(text.split(" = ")[1]) for text in held.split(", ")]
        wanted = solve(Pendulum(), start, (0, 5), "euler", step=0.1)
        assert np.abs(in_plane(page) - wanted.x)[np.abs(wanted.x).max(1) < 8].max() <= 0.001
        page.locator(".explorer-map").click(position={"x": 250, "y": 150})
        assert where(page) != held


def test_the_starting_point_stays_in_the_window(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum()) as page:
        x, y = middle(point(page))
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 900, y + 600, steps=3)
        assert where(page) == "theta = 4.00, omega = -8.00"


def test_a_finger_drags_the_point_only_and_taps_anywhere(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum(), 360, has_touch=True) as page:
        touch = page.context.new_cdp_session(page)

        def drag(x: float, y: float) -> None:
            touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
            for step in range(1, 7):
                to = {"x": x + 4 * step, "y": y - 6 * step}
                touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [to]})
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            settle(page)

        before = where(page)
        x, y = middle(point(page))
        drag(x, y)
        assert middle(point(page)) == pytest.approx((x + 24, y - 36), abs=2)
        dragged = where(page)
        assert dragged != before
        drag(x - 100, y + 60)
        assert where(page) == dragged
        page.wait_for_function("scrollY > 0")
        page.locator(".explorer-map").tap(position={"x": 100, "y": 60})
        assert where(page) != dragged


def test_keys_move_the_starting_point_and_not_the_page(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum()) as page:
        for keys, there in (
            (["ArrowRight"], "theta = 1.08, omega = 0.50"),
            (["ArrowUp", "ArrowUp"], "theta = 1.08, omega = 0.82"),
            (["ArrowLeft", "ArrowDown"], "theta = 1.00, omega = 0.66"),
            (["Shift+ArrowLeft"], "theta = 0.20, omega = 0.66"),
            (["Shift+ArrowUp"] * 6, "theta = 0.20, omega = 8.00"),
            (["PageDown"], "theta = 0.20, omega = 6.40"),
            (["End"], "theta = 4.00, omega = 6.40"),
            (["Home", "PageDown", "PageUp"], "theta = -4.00, omega = 6.40"),
        ):
            for key in keys:
                point(page).press(key)
            assert where(page) == there
        assert page.evaluate("scrollY") == 0
        assert in_plane(page)[0] == pytest.approx([-4, 6.4], abs=0.001)


def test_a_key_that_comes_before_the_last_one_is_drawn_counts(browser: Browser, tmp_path: Path) -> None:
    twice = """marker => ["ArrowRight", "ArrowRight"].forEach((key) =>
        marker.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })))"""
    with shown(browser, tmp_path, pendulum()) as page:
        point(page).evaluate(twice)
        assert where(page) == "theta = 1.16, omega = 0.50"


def test_the_focus_can_be_seen(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum()) as page:
        ring = "marker => getComputedStyle(marker.lastChild).stroke"
        before = point(page).evaluate(ring)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "starting point"
        assert point(page).evaluate(ring) != before


def test_sliders_change_the_parameter_the_step_and_the_horizon(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum(steps=(0.01, 0.5))) as page:
        arrows = page.locator(".arrows").get_attribute("d")
        page.get_by_role("slider", name="friction (kg m²/s)").press("End")
        page.get_by_role("slider", name="step h (s)").press("Home")
        page.get_by_role("slider", name="horizon T (s)").press("End")
        assert status(page).startswith("Euler: 1000 steps of 0.01, 1000 evaluations")
        wanted = solve(Pendulum(friction=1), (1, 0.5), (0, 10), "euler", step=0.01)
        assert np.abs(in_plane(page) - wanted.x).max() <= 0.001
        assert page.locator(".arrows").get_attribute("d") != arrows
        assert "10" in page.locator(".explorer-plot").nth(1).locator("text").all_text_contents()


def test_a_step_beyond_the_horizon_is_cut(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum(steps=(0.01, 5))) as page:
        page.get_by_role("slider", name="step h (s)").press("End")
        page.get_by_role("slider", name="horizon T (s)").press("Home")
        assert status(page).startswith("Euler: 1 step of 0.5, 1 evaluation;")


def test_the_step_slider_does_nothing_to_a_solver_that_picks_its_steps(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum(method="dopri5")) as page:
        before = status(page)
        page.get_by_role("slider", name="step h (s)").press("Home")
        assert status(page) == before
        assert "that it picks itself, not by the slider" in before


def test_reset_returns_to_the_given_start_and_leaves_the_sliders(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum()) as page:
        page.get_by_role("slider", name="friction (kg m²/s)").press("End")
        before = status(page), in_plane(page).tolist()
        page.locator(".explorer-map").click(position={"x": 250, "y": 150})
        assert status(page) != before[0]
        page.get_by_role("button", name="Reset").click()
        assert (status(page), in_plane(page).tolist()) == before
        assert where(page) == "theta = 1.00, omega = 0.50"


def test_dots_stand_at_the_steps_where_these_are_few(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum(step=0.1, steps=(0.08, 1))) as page:
        dots = page.locator(".explorer-map .dots")
        assert drawn(page, ".explorer-map .dots", *LIMITS) == pytest.approx(in_plane(page))
        page.get_by_role("slider", name="step h (s)").press("Home")
        settle(page)
        assert dots.get_attribute("d") == ""


def test_two_views_of_one_explorer_move_together(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, pendulum(), views=2) as page:
        before = page.locator(f".explorer-map {SOLUTION}").first.get_attribute("d")
        point(page).press("ArrowUp")
        settle(page)
        paths = [path.get_attribute("d") for path in page.locator(f".explorer-map {SOLUTION}").all()]
        assert paths[0] == paths[1] != before


def one_state() -> FlowExplorer:
    return FlowExplorer(Logistic(), 0.5, limits=(0, 2), horizon=8, step=1, method="rk4", sliders={"rate": (0, 2)})


def test_one_state_is_drawn_over_time_and_moved_up_and_down(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, one_state()) as page:
        assert page.locator(".explorer-plot").count() == 1
        point(page).press("Shift+ArrowUp")
        assert where(page) == "x = 0.70"
        point(page).press("ArrowRight")
        assert where(page) == "x = 0.72"
        wanted = solve(Logistic(), [0.72], (0, 8), "rk4", step=1)
        found = drawn(page, SOLUTION, (0, 8), (0, 2))
        assert np.abs(found - np.stack([wanted.t, wanted.x[:, 0]], 1)).max() <= 0.001
        x, y = middle(point(page))
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 80, y - 50, steps=3)
        settle(page)
        assert middle(point(page)) == pytest.approx((x, y - 50), abs=1)
        page.mouse.up()
        page.get_by_role("slider", name="horizon T (a)").press("Home")
        assert drawn(page, SOLUTION, (0, 0.8), (0, 2))[-1, 0] == pytest.approx(0.8, abs=1e-3)
        assert point(page).count() == 1


def test_arrows_point_where_the_field_points(browser: Browser, tmp_path: Path) -> None:
    made = FlowExplorer(Formula({"x": "1", "y": "x"}), (0, 0), limits=(-3, 3), horizon=1, step=0.1)
    with shown(browser, tmp_path, made) as page:
        path = page.locator(".explorer-map .arrows").get_attribute("d")
        ends = re.findall(r"M(\S+) (\S+?)L(\S+) (\S+?)M", path)
        from_x, from_y, to_x, to_y = np.array(ends, dtype=float).T
        assert len(from_x) == 15**2
        x = np.tile((np.arange(15) + 0.5) / 15 * 6 - 3, 15)
        wanted = np.arctan2(x * (HEIGHT - TOP - BOTTOM), WIDTH - LEFT - RIGHT)
        assert np.arctan2(from_y - to_y, to_x - from_x) == pytest.approx(wanted, abs=0.02)


def test_a_network_is_followed_as_torch_says(browser: Browser, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = mlp(2, 16, 2).eval()
    made = FlowExplorer(network, (1, 0.5), limits=LIMITS, horizon=5, step=0.1, method="rk4")
    twin = mlp(2, 16, 2).double().requires_grad_(False)
    twin.load_state_dict(network.state_dict())
    wanted = solve(lambda t, x: twin(torch.from_numpy(x)[None])[0].numpy(), (1, 0.5), (0, 5), "rk4", step=0.1)
    with shown(browser, tmp_path, made) as page:
        assert np.abs(in_plane(page) - wanted.x).max() <= 0.001
        assert page.locator(".explorer-note").text_content() == "Grey: Dormand-Prince, tolerance 1e-6."


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: FlowExplorer(Formula({"x": "x**2"}), 1, limits=(0, 9), horizon=4, step=0.1), "stopped at t = 2.1: the state is no longer finite"),
        (lambda: FlowExplorer(Formula({"x": "x**2"}), 1, limits=(0, 9), horizon=4, step=0.1, method="dopri5"), "stopped at t = 1: the step has become too small"),
        (lambda: FlowExplorer(Formula({"x": "-1e6 * (x - cos(t))"}), 0, limits=(-2, 2), horizon=10, step=1, method="dopri5"), "after 20\u00a0000 evaluations: the problem may be stiff"),
        (lambda: FlowExplorer(Formula({"x": "1 / (1 - t)"}), 0, limits=(0, 9), horizon=2, step=0.3), "the reference ends at t = 1"),
        (lambda: FlowExplorer(Formula({"x": "-1 / (2 * x)"}, exact={"x": "sqrt(x0**2 - t)"}), 1, limits=(0, 2), horizon=2, step=0.3), "the exact solution ends at t = 1"),
        (lambda: FlowExplorer(Formula({"x": "-x"}, exact={"x": "log(-x0)"}), 1, limits=(0, 2), horizon=2, step=0.3), "the exact solution ends at t = 0"),
    ],
    ids=["infinite", "underflow", "stiff", "the reference", "the exact solution", "an exact solution that is nowhere"],
)  # fmt: skip
def test_a_field_that_cannot_be_followed_says_so(browser: Browser, tmp_path: Path, made: object, said: str) -> None:
    with shown(browser, tmp_path, made()) as page:
        assert said in status(page)
        for path in page.locator(".explorer-plot path").all():
            assert not re.search("NaN|Infinity|null", path.get_attribute("d"))


@pytest.mark.parametrize("made", [pendulum, one_state])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_serious_and_nothing_leaves_the_screen(
    browser: Browser, tmp_path: Path, made: object, width: int
) -> None:
    with shown(browser, tmp_path, made(), width) as page:
        assert barriers(page, "main") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for part in page.locator("svg.explorer-plot, .noUi-handle, .widget-readout, button, select, output").all():
            box = part.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        assert all(plot.bounding_box()["width"] <= 416 for plot in page.locator("svg.explorer-plot").all())


def test_names_at_the_ends_of_the_curves_do_not_cover_each_other(browser: Browser, tmp_path: Path) -> None:
    still = Formula({"first": "0", "second": "0"})
    with shown(browser, tmp_path, FlowExplorer(still, (0, 0.02), limits=(-1, 1), horizon=1, step=0.1)) as page:
        first, second = (page.locator(f"text.state{j}").bounding_box() for j in range(2))
        assert second["y"] + second["height"] <= first["y"] + 3
        plot = page.locator(".explorer-plot").nth(1).bounding_box()
        assert second["x"] + second["width"] <= plot["x"] + plot["width"]
