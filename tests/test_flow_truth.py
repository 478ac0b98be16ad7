"""FlowExplorer with a learned field beside the true one, in a page of its own."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page
from torch import nn

from course_utils.models import mlp
from course_utils.ode import Formula, Heartbeat, Logistic, Pendulum, Spiral, System, solve
from course_utils.widgets import FlowExplorer
from tests.explorer import is_white_paper_on_the_page, reset, shown
from tests.flow import REFERENCE, SOLUTION, drawn, middle, point, status, where
from tests.visit import settle

pytestmark = pytest.mark.slow

LIMITS = [(-2.0, 2.0), (-3.0, 3.0)]
START = (1.0, 0.5)


def network(n_in: int = 2, n_out: int = 2) -> nn.Module:
    torch.manual_seed(0)
    return mlp(n_in, 16, n_out).eval()


def rate(field: nn.Module) -> Callable[[float, np.ndarray], np.ndarray]:
    twin = copy.deepcopy(field).double().requires_grad_(False)
    return lambda t, x: twin(torch.from_numpy(x)[None])[0].numpy()


def learned(field: System | nn.Module | None = None, truth: System | None = None, **options: object) -> FlowExplorer:
    given = {"limits": LIMITS, "horizon": 2, "step": 0.01, "method": "rk4", "truth": truth or Spiral()}
    return FlowExplorer(field or network(), START, **given | options)


def one_state(**options: object) -> FlowExplorer:
    given = {"limits": (0, 2), "horizon": 4, "step": 0.1, "method": "rk4", "truth": Logistic()}
    return FlowExplorer(network(1, 1), 0.5, **given | options)


def in_plane(page: Page, which: str) -> np.ndarray:
    return drawn(page, f".explorer-map {which}", *LIMITS)


def both_are_pythons(page: Page, start: tuple[float, ...]) -> None:
    """The grey path is that of the truth, the coloured one that of the network."""
    wanted = solve(rate(network()), start, (0, 2), "rk4", step=0.01).x
    assert np.abs(in_plane(page, SOLUTION) - wanted).max() <= 0.001
    true = Spiral().solution(np.linspace(0, 2, 301), start).T
    assert np.abs(in_plane(page, REFERENCE) - true).max() <= 0.001
    assert distance(page) == pytest.approx(np.linalg.norm(wanted[-1] - true[-1]), rel=0.05)


def distance(page: Page) -> float:
    """From the end of the solution to that of the true one, as the line below the pictures tells it."""
    return float(re.search(r"; at the end (\S+) from the true solution$", status(page))[1])


def told_start(page: Page) -> tuple[float, ...]:
    return tuple(float(text.split(" = ")[1]) for text in where(page).split(", "))


def test_one_dragged_start_is_that_of_both(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, learned()) as page:
        both_are_pythons(page, START)
        x, y = middle(point(page))
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 60, y + 20, steps=4)
        page.mouse.up()
        assert told_start(page) != START
        both_are_pythons(page, told_start(page))


def test_keys_move_both_and_reset_returns(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, learned()) as page:
        before = status(page)
        point(page).press("Shift+ArrowLeft")
        point(page).press("ArrowUp")
        assert where(page) == "x = 0.60, y = 0.56"
        both_are_pythons(page, (0.6, 0.56))
        reset(page)
        assert status(page) == before
        both_are_pythons(page, START)


def test_over_time_the_truth_is_grey_and_gives_the_names(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, learned(truth=Pendulum())) as page:
        assert where(page) == "theta = 1.00, omega = 0.50"
        assert page.locator("text.name").all_text_contents() == ["theta", "omega"]
        wanted = solve(rate(network()), START, (0, 2), "rk4", step=0.01)
        true = solve(Pendulum(), START, (0, 2), rtol=1e-10, atol=1e-12).x[-1]
        for j in range(2):
            window = (0, 2), (-3, 3), 14 + 9 * len("theta")
            found = drawn(page, f".state{j}{SOLUTION}", *window)
            assert np.abs(found - np.stack([wanted.t, wanted.x[:, j]], 1)).max() <= 0.001
            assert drawn(page, f".state{j}{REFERENCE}", *window)[-1] == pytest.approx([2, true[j]], abs=0.001)


@pytest.mark.parametrize(
    ("truth", "way"), [(Spiral(), "exact"), (Pendulum(), "Dormand-Prince, tolerance 1e-8")], ids=["exact", "solved"]
)
def test_the_note_tells_how_the_true_field_is_followed(
    browser: Browser, tmp_path: Path, truth: System, way: str
) -> None:
    with shown(browser, tmp_path, learned(truth=truth)) as page:
        assert page.locator(".explorer-note").text_content() == f"Grey: the true field, {way}."
        assert status(page).startswith("Runge-Kutta 4: 200 steps of 0.01, 800 evaluations; at the end ")
        assert status(page).endswith(" from the true solution")


def arrows(browser: Browser, folder: Path, made: FlowExplorer) -> list[str]:
    folder.mkdir()
    with shown(browser, folder, made) as page:
        return [path.get_attribute("d") for path in page.locator(".arrows").all()]


@pytest.mark.parametrize(("d", "truth", "x0"), [(2, Spiral(), START), (1, Logistic(), 0.5)], ids=["two", "one"])
def test_arrows_of_the_truth_stand_behind_those_of_the_field(
    browser: Browser, tmp_path: Path, d: int, truth: System, x0: object
) -> None:
    field, options = network(d, d), {"limits": (0, 2), "horizon": 4, "step": 0.1}
    alone = [
        arrows(browser, tmp_path / str(n), FlowExplorer(one, x0, **options)) for n, one in enumerate((truth, field))
    ]
    both = arrows(browser, tmp_path / "both", FlowExplorer(field, x0, truth=truth, **options))
    assert both == [path for (path,) in alone]
    assert both[0] != both[1]


def test_arrows_have_the_colours_of_the_curves(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, learned()) as page:

        def stroke(which: str) -> str:
            return page.locator(f".explorer-map {which}").evaluate("path => getComputedStyle(path).stroke")

        assert stroke(".arrows >> nth=0") == stroke(REFERENCE)
        assert stroke(".arrows >> nth=1") == stroke(SOLUTION) != stroke(REFERENCE)


def test_a_parameter_turns_the_arrows_of_the_field_alone(browser: Browser, tmp_path: Path) -> None:
    made = learned(Spiral(), Spiral(), sliders={"decay": (0, 1)})
    with shown(browser, tmp_path, made) as page:
        true, given = (path.get_attribute("d") for path in page.locator(".arrows").all())
        assert true == given
        assert distance(page) < 1e-6
        page.get_by_role("slider", name="decay (1/s)").press("End")
        settle(page)
        assert page.locator(".arrows").nth(0).get_attribute("d") == true
        assert page.locator(".arrows").nth(1).get_attribute("d") != given
        fast = Spiral(decay=1).solution(np.array([2.0]), START)[:, 0]
        assert in_plane(page, SOLUTION)[-1] == pytest.approx(fast, abs=0.001)
        slow = Spiral().solution(np.array([2.0]), START)[:, 0]
        assert in_plane(page, REFERENCE)[-1] == pytest.approx(slow, abs=0.001)


def test_one_state_beside_the_truth(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, one_state()) as page:
        point(page).press("Shift+ArrowUp")
        assert where(page) == "x = 0.70"
        wanted = solve(rate(network(1, 1)), [0.7], (0, 4), "rk4", step=0.1)
        found = drawn(page, SOLUTION, (0, 4), (0, 2))
        assert np.abs(found - np.stack([wanted.t, wanted.x[:, 0]], 1)).max() <= 0.001
        times = np.linspace(0, 4, 301)
        true = np.stack([times, Logistic().solution(times, [0.7])[0]], 1)
        assert np.abs(drawn(page, REFERENCE, (0, 4), (0, 2)) - true).max() <= 0.001


def test_three_states_beside_the_truth_have_no_arrows(browser: Browser, tmp_path: Path) -> None:
    field = Formula({"a": "-b", "b": "a", "c": "0"})
    limits = [(-1.5, 1.5), (-1.5, 1.5), (-0.6, 1.6)]
    made = FlowExplorer(field, (-1, 0, -0.1), limits=limits, horizon=1, step=0.01, truth=Heartbeat(), over_time=["z"])
    with shown(browser, tmp_path, made) as page:
        assert page.locator(".arrows").count() == 0
        over = [drawn(page, f".state0{which}", (0, 1), (-0.6, 1.6)) for which in (SOLUTION, REFERENCE)]
        assert over[0][:, 1] == pytest.approx(-0.1, abs=0.001)
        assert over[1][:, 1].max() > 0.5  # the heart beats
        assert page.locator(".explorer-note").text_content().startswith("Grey: the true field")


def test_a_network_that_knows_the_time_is_followed_as_torch_says(browser: Browser, tmp_path: Path) -> None:
    field = network(3, 2)
    twin = rate(field)
    wanted = solve(lambda t, x: twin(t, np.append(x, t)), START, (0, 2), "rk4", step=0.01).x
    with shown(browser, tmp_path, learned(field)) as page:
        assert np.abs(in_plane(page, SOLUTION) - wanted).max() <= 0.001


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("made", [learned, one_state])
def test_axe_finds_nothing_serious_and_nothing_leaves_the_white_paper(
    browser: Browser, tmp_path: Path, made: Callable[..., FlowExplorer], width: int, options: dict
) -> None:
    with shown(browser, tmp_path, made(), width, **options) as page:
        is_white_paper_on_the_page(page, width)
