"""FlowExplorer with three states in a page of its own: the heartbeat in space and over time."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page

from course_utils.models import mlp
from course_utils.ode import Formula, Heartbeat, solve
from course_utils.widgets import FlowExplorer
from tests.explorer import is_white_paper_on_the_page, shown
from tests.flow import REFERENCE, SOLUTION, drawn, middle, point, status, where
from tests.visit import settle

pytestmark = pytest.mark.slow

LIMITS = [(-1.5, 1.5), (-1.5, 1.5), (-0.6, 1.6)]
START = (-1.0, 0.0, -0.123)
SLIDERS = {"HR": (50, 120), "R": (0.8, 1.8), "T": (-0.4, 0.5), "PR": (0.12, 0.2), "ST": (-0.2, 0.2)}


def heart(**options: object) -> FlowExplorer:
    given = {"limits": LIMITS, "horizon": 2, "step": 0.004, "method": "rk4", "over_time": ("z",), "sliders": SLIDERS}
    return FlowExplorer(Heartbeat(), START, **given | options)


def solved(start: tuple[float, ...] = START, **factors: float) -> np.ndarray:
    return solve(Heartbeat(**factors), start, (0, 2), "rk4", step=0.004).x


def rotation(axis: int, degrees: float) -> np.ndarray:
    """Around one of the axes of the eye: 0 to the right, 2 upwards."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.eye(3)
    rest = [i for i in range(3) if i != axis]
    turn[np.ix_(rest, rest)] = [[c, -s], [s, c]]
    return turn


def projected(states: np.ndarray, limits: list = LIMITS) -> np.ndarray:
    """Where states (n, 3) are in the drawing: each scaled to -1..1, turned by 30 degrees, and seen from 25 degrees above."""
    low, high = np.transpose(limits)
    right, _, up = rotation(0, 25) @ rotation(2, -30) @ ((2 * states - low - high) / (high - low)).T
    return np.stack([173 + 90 * right, 134 - 90 * up], 1)


def path(page: Page, which: str) -> np.ndarray:
    """Points of a path in the left picture, in the units of the drawing."""
    settle(page)
    text = page.locator(f".explorer-map {which}").first.get_attribute("d")
    return np.array(re.findall(r"[MLV](\S+) ([^\sLhV]+)", text), dtype=float)


def test_the_orbit_is_pythons_seen_from_above_at_an_angle(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, heart()) as page:
        wanted = solved()
        assert np.abs(path(page, SOLUTION) - projected(wanted)).max() <= 0.006
        on_the_floor = np.column_stack([wanted[:, :2], np.full(len(wanted), -0.6)])
        assert np.abs(path(page, ".shadow") - projected(on_the_floor)).max() <= 0.006
        fine = solve(Heartbeat(), START, (0, 2), rtol=1e-10, atol=1e-12).x
        assert np.abs(path(page, REFERENCE)[[0, -1]] - projected(fine)[[0, -1]]).max() <= 0.006


def test_the_circle_lies_on_the_floor(browser: Browser, tmp_path: Path) -> None:
    """On the screen it is as wide as it is, and as high as the sine of 25 degrees makes it."""
    with shown(browser, tmp_path, heart()) as page:
        width, height = np.ptp(path(page, ".shadow"), axis=0)
        assert width == pytest.approx(2 * 90 / 1.5, abs=0.2)
        assert height / width == pytest.approx(np.sin(np.radians(25)), abs=0.01)
        corners = path(page, ".floor")
        low, high = zip(*LIMITS[:2], strict=True)
        square = [(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1]), (low[0], low[1])]
        assert corners == pytest.approx(projected(np.array([(*corner, -0.6) for corner in square])))


def test_only_the_chosen_state_is_drawn_over_time(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, heart()) as page:
        right = page.locator(".explorer-plot").nth(1)
        assert right.get_attribute("aria-label") == "z (mV) over t (s)"
        assert right.locator(SOLUTION).count() == 1
        assert right.locator("text.name").count() == 0
        over = drawn(page, f".state0{SOLUTION}", (0, 2), LIMITS[2])
        wanted = np.stack([np.linspace(0, 2, 501), solved()[:, 2]], 1)
        assert np.abs(over - wanted).max() <= 0.001


def test_all_states_are_drawn_over_time_with_their_names_apart(browser: Browser, tmp_path: Path) -> None:
    still = Formula({"x": "0", "y": "0", "z": "0"})
    made = FlowExplorer(still, (0.01, 0, 0.02), limits=(-1, 1), horizon=1, step=0.1)
    with shown(browser, tmp_path, made) as page:
        assert page.locator(".explorer-plot").nth(1).get_attribute("aria-label") == "x and y and z over t"
        boxes = [page.locator(f"text.state{j}").bounding_box() for j in (2, 0, 1)]
        assert [page.locator(f"text.state{j}").text_content() for j in range(3)] == ["x", "y", "z"]
        for above, below in pairwise(boxes):
            assert above["y"] + above["height"] <= below["y"] + 3
        colors = [
            page.locator(f".state{j}{SOLUTION}").evaluate("path => getComputedStyle(path).stroke") for j in range(3)
        ]
        assert len(set(colors)) == 3
        fills = [page.locator(f"text.state{j}").evaluate("text => getComputedStyle(text).fill") for j in range(3)]
        assert fills == colors


def test_the_mouse_moves_the_first_two_states_at_the_height_of_the_third(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, heart()) as page:
        assert where(page) == "x = -1.00, y = 0.00, z = -0.12"
        x, y = middle(point(page))
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 60, y + 30, steps=4)
        settle(page)
        assert middle(point(page)) == pytest.approx((x + 60, y + 30), abs=1)
        page.mouse.up()
        told = re.fullmatch(r"x = (\S+), y = (\S+), z = -0\.12", where(page))
        start = (*map(float, told.groups()), START[2])
        assert np.abs(path(page, SOLUTION) - projected(solved(start))).max() <= 0.006
        page.mouse.move(x, y)
        page.locator(".explorer-map").click(position={"x": 5, "y": 150})
        assert where(page).startswith("x = -1.50, ")


def test_keys_move_the_first_two_states_within_their_limits(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, heart()) as page:
        for keys, there in (
            (["ArrowRight"], "x = -0.97, y = 0.00, z = -0.12"),
            (["ArrowUp", "ArrowUp"], "x = -0.97, y = 0.06, z = -0.12"),
            (["Shift+ArrowLeft"], "x = -1.27, y = 0.06, z = -0.12"),
            (["PageUp"] * 6, "x = -1.27, y = 1.50, z = -0.12"),
            (["End", "PageDown"], "x = 1.50, y = 1.20, z = -0.12"),
            (["Home"], "x = -1.50, y = 1.20, z = -0.12"),
        ):
            for key in keys:
                point(page).press(key)
            assert where(page) == there
        assert path(page, SOLUTION)[0] == pytest.approx(projected(np.array([[-1.5, 1.2, START[2]]]))[0], abs=0.006)
        page.get_by_role("button", name="Reset").click()
        assert where(page) == "x = -1.00, y = 0.00, z = -0.12"
        assert np.abs(path(page, SOLUTION) - projected(solved())).max() <= 0.006


def test_a_plumb_line_leads_from_the_start_to_its_shadow(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, heart()) as page:
        point(page).press("ArrowRight")
        settle(page)
        line = page.locator(".explorer-map svg .upright").get_attribute("d")
        u, v, down = map(float, re.fullmatch(r"M(\S+) (\S+)V(\S+)", line).groups())
        above, below = projected(np.array([(-0.97, 0, START[2]), (-0.97, 0, -0.6)]))
        assert [(u, v), (u, down)] == [pytest.approx(above), pytest.approx(below)]


@pytest.mark.parametrize("name", SLIDERS)
def test_every_factor_of_the_heart_has_a_slider(browser: Browser, tmp_path: Path, name: str) -> None:
    with shown(browser, tmp_path, heart()) as page:
        before = path(page, SOLUTION)
        page.get_by_role("slider", name=re.compile(rf"^{name} \(")).press("End")
        after = path(page, SOLUTION)
        assert np.abs(after - projected(solved(**{name: SLIDERS[name][1]}))).max() <= 0.006
        assert np.abs(after - before).max() > 5


def test_the_line_below_tells_steps_evaluations_and_the_distance(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, heart()) as page:
        fine = solve(Heartbeat(), START, (0, 2), rtol=1e-10, atol=1e-12).x[-1]
        assert status(page).startswith("Runge-Kutta 4: 500 steps of 0.004, 2000 evaluations; at the end ")
        told = float(re.search(r"at the end (\S+) from the reference", status(page))[1])
        assert told == pytest.approx(np.linalg.norm(solved()[-1] - fine), rel=0.5)
        assert page.locator(".explorer-note").text_content() == "Grey: Dormand-Prince, tolerance 1e-8."


def test_two_views_of_a_heart_move_together(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, heart(), views=2) as page:
        before = path(page, SOLUTION)
        point(page).press("ArrowUp")
        settle(page)
        first, second = (one.get_attribute("d") for one in page.locator(f".explorer-map {SOLUTION}").all())
        assert first == second
        assert np.abs(path(page, SOLUTION) - before).max() > 0.1


def test_dots_stand_at_the_steps_of_few(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, heart(method="dopri5", horizon=1)) as page:
        assert path(page, ".dots") == pytest.approx(path(page, SOLUTION))
        page.get_by_label("solver").select_option(label="Runge-Kutta 4")
        settle(page)
        assert page.locator(".explorer-map .dots").get_attribute("d") == ""


def test_a_network_of_three_states_is_followed_as_torch_says(browser: Browser, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = mlp(3, 16, 3).eval()
    made = FlowExplorer(network, (1, 0.5, 0), limits=(-2, 2), horizon=2, step=0.1, method="rk4", over_time=["x₃"])
    twin = mlp(3, 16, 3).double().requires_grad_(False)
    twin.load_state_dict(network.state_dict())
    wanted = solve(lambda t, x: twin(torch.from_numpy(x)[None])[0].numpy(), (1, 0.5, 0), (0, 2), "rk4", step=0.1).x
    with shown(browser, tmp_path, made) as page:
        assert np.abs(path(page, SOLUTION) - projected(wanted, [(-2, 2)] * 3)).max() <= 0.006
        assert where(page) == "x₁ = 1.00, x₂ = 0.50, x₃ = 0.00"


def texts_stay_on(page: Page) -> None:
    """No word or number leaves its picture."""
    for plot in page.locator("svg.explorer-plot").all():
        box = plot.bounding_box()
        for text in plot.locator("text").all():
            inner = text.bounding_box()
            assert inner["x"] >= box["x"]
            assert inner["y"] >= box["y"]
            assert inner["x"] + inner["width"] <= box["x"] + box["width"]
            assert inner["y"] + inner["height"] <= box["y"] + box["height"]


def test_long_names_stay_in_the_picture(browser: Browser, tmp_path: Path) -> None:
    names = {"horizontal": "m", "sideways": "m/s", "vertical": "m/s²"}
    still = Formula(dict.fromkeys(names, "0"), units=names)
    made = FlowExplorer(still, (0, 0, 0), limits=(-1e6, 1e6), horizon=1, step=0.1, over_time=["vertical"])
    with shown(browser, tmp_path, made) as page:
        left = page.locator(".explorer-map text").all_text_contents()
        assert left[-3:] == ["horizontal (m), in 10⁶", "sideways (m/s), in 10⁶", "vertical (m/s²), in 10⁶"]
        texts_stay_on(page)


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_serious_and_the_plots_stay_white_paper(
    browser: Browser, tmp_path: Path, width: int, options: dict
) -> None:
    with shown(browser, tmp_path, heart(), width, **options) as page:
        is_white_paper_on_the_page(page, width)
        texts_stay_on(page)
