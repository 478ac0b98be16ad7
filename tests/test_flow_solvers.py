"""The formulas, the fields and the solvers of the page, in node: against scipy, torch and course_utils.ode."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import RK45, solve_ivp
from scipy.integrate._ivp.rk import RungeKutta
from torch import nn

from course_utils.models import mlp
from course_utils.ode import (
    Formula,
    Heartbeat,
    LinearLotkaVolterra,
    Logistic,
    LotkaVolterra,
    Pendulum,
    Solution,
    SolverError,
    Spiral,
    System,
    TwoCentres,
    VanDerPol,
    parse,
    solve,
)
from course_utils.ode.formula import FUNCTIONS, Tree, formulas
from course_utils.widgets.fields import page_field
from tests.javascript import Ask, javascript

FIXED = ("euler", "midpoint", "rk4")
METHODS = (*FIXED, "dopri5")

# Where they start, and how long they run.
SYSTEMS: dict[str, tuple[System, tuple[float, ...], float]] = {
    "Spiral": (Spiral(), (1.5, 0.2), 8.0),
    "Pendulum": (Pendulum(), (1.2, 0.0), 6.0),
    "Pendulum with friction": (Pendulum(friction=0.4, length=0.7), (2.5, -1.0), 6.0),
    "LotkaVolterra": (LotkaVolterra(), (2.0, 1.0), 6.0),
    "LinearLotkaVolterra": (LinearLotkaVolterra(), (0.5, -0.3), 6.0),
    "TwoCentres": (TwoCentres(sharpness=2.0), (0.5, 0.7), 10.0),
    "Logistic": (Logistic(rate=1.3, capacity=2.0), (0.1,), 8.0),
    "VanDerPol": (VanDerPol(), (0.5, 0.0), 8.0),
    "Heartbeat": (Heartbeat(HR=90.0, PR=0.14), (-0.8, 0.3, 0.1), 1.0),
}
EACH_SYSTEM = pytest.mark.parametrize(("system", "x0", "horizon"), SYSTEMS.values(), ids=SYSTEMS)


@pytest.fixture(scope="module")
def page() -> Iterator[Ask]:
    """Answers as the page would."""
    with javascript("run_flow.mjs") as ask:
        yield ask


def in_page(page: Ask, field: System | nn.Module, x0: tuple[float, ...], method: str, **options: float) -> dict:
    """A solution, with its times and states as arrays."""
    sent = page_field(field, [(-3.0, 3.0)] * len(x0)).sent
    found = page({"ask": "solution", "field": sent, "x0": x0, "method": method, **options})
    return found | {"t": np.array(found["t"]), "x": np.array(found["x"], dtype=float).T}


def tableau(nodes: list[float], rows: list[list[float]], weights: list[float]) -> type[RungeKutta]:
    """A method of scipy's that takes equal steps."""
    n = len(nodes)
    members = {"n_stages": n, "order": n, "error_estimator_order": n, "C": np.array(nodes), "B": np.array(weights)}
    members["A"] = np.array([row + [0.0] * (n - len(row)) for row in rows])
    return type("Fixed", (RungeKutta,), members | {"E": np.zeros(n + 1), "P": np.zeros((n + 1, 1))})


OF_SCIPY = {
    "euler": tableau([0], [[]], [1]),
    "midpoint": tableau([0, 1 / 2], [[], [1 / 2]], [0, 1]),
    "rk4": tableau([0, 1 / 2, 1 / 2, 1], [[], [1 / 2], [0, 1 / 2], [0, 0, 1]], [1 / 6, 1 / 3, 1 / 3, 1 / 6]),
}


@pytest.mark.parametrize("method", FIXED)
@EACH_SYSTEM
def test_equal_steps_are_scipys(page: Ask, system: System, x0: tuple[float, ...], horizon: float, method: str) -> None:
    step = horizon / 64  # a sum of these is exact
    found = in_page(page, system, x0, method, step=step, horizon=horizon)
    wanted = solve_ivp(system, (0, horizon), x0, OF_SCIPY[method], first_step=step, max_step=step, rtol=1.0)
    assert len(wanted.t) == 65
    assert np.abs(found["x"] - wanted.y.T).max() <= 1e-6 * np.ptp(wanted.y)


@EACH_SYSTEM
def test_dormand_and_prince_come_to_scipys_end(
    page: Ask, system: System, x0: tuple[float, ...], horizon: float
) -> None:
    tolerance = {"rtol": 1e-9, "atol": 1e-12}
    found = in_page(page, system, x0, "dopri5", horizon=horizon, **tolerance)
    wanted = solve_ivp(system, (0, horizon), x0, RK45, first_step=horizon / 100, **tolerance)
    assert np.abs(found["x"][-1] - wanted.y[:, -1]).max() <= 1e-6 * np.ptp(wanted.y)


@EACH_SYSTEM
def test_until_one_is_rejected_the_steps_of_dormand_and_prince_are_scipys(
    page: Ask, system: System, x0: tuple[float, ...], horizon: float
) -> None:
    """After a rejection scipy does not let the next step grow."""
    wanted = RK45(system, 0, np.array(x0), horizon, first_step=horizon / 100, rtol=1e-3, atol=1e-6)
    found = in_page(page, system, x0, "dopri5", horizon=horizon, rtol=1e-3, atol=1e-6)
    compared = 0
    for t, x in zip(found["t"][1:], found["x"][1:], strict=True):
        evaluated = wanted.nfev
        wanted.step()
        if wanted.nfev - evaluated > 6:
            break
        compared += 1
        assert t == pytest.approx(wanted.t, rel=1e-9)
        assert np.abs(x - wanted.y).max() <= 1e-9 * np.abs(x).max()
    assert compared >= 2


@pytest.mark.parametrize("method", METHODS)
@EACH_SYSTEM
def test_every_step_is_pythons(page: Ask, system: System, x0: tuple[float, ...], horizon: float, method: str) -> None:
    options = {"step": horizon / 70.5} if method in FIXED else {"rtol": 1e-4, "atol": 1e-7}
    agrees(
        in_page(page, system, x0, method, horizon=horizon, **options),
        solve(system, x0, (0, horizon), method, **options),
    )


def agrees(found: dict, wanted: Solution) -> None:
    """The same times, states and evaluations."""
    assert found["stopped"] == ""
    assert found["nfe"] == wanted.nfe
    assert found["t"] == pytest.approx(wanted.t, abs=1e-9)
    assert np.abs(found["x"] - wanted.x).max() <= 1e-9


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("d", [1, 2])
def test_a_network_is_integrated_as_torch_and_python_do(page: Ask, d: int, method: str) -> None:
    torch.manual_seed(0)
    network = mlp(d, 32, 32, d).eval()
    twin = copy.deepcopy(network).double().requires_grad_(False)
    options = {"step": 0.1} if method in FIXED else {"rtol": 1e-3, "atol": 1e-5}
    wanted = solve(lambda t, x: twin(torch.from_numpy(x)[None])[0].numpy(), [1.0, -0.5][:d], (0, 5), method, **options)
    agrees(in_page(page, network, (1.0, -0.5)[:d], method, horizon=5, **options), wanted)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("d", [1, 2, 3])
def test_a_network_that_knows_the_time_is_integrated_as_torch_and_python_do(page: Ask, d: int, method: str) -> None:
    torch.manual_seed(0)
    network = mlp(d + 1, 32, 32, d).eval()
    twin = copy.deepcopy(network).double().requires_grad_(False)
    x0, options = [1.0, -0.5, 0.2][:d], {"step": 0.1} if method in FIXED else {"rtol": 1e-3, "atol": 1e-5}
    wanted = solve(lambda t, x: twin(torch.tensor([[*x, t]]))[0].numpy(), x0, (0, 5), method, **options)
    agrees(in_page(page, network, x0, method, horizon=5, **options), wanted)
    still = solve(lambda t, x: twin(torch.tensor([[*x, 0.0]]))[0].numpy(), x0, (0, 5), "rk4", step=0.1)
    assert np.abs(wanted.x[-1] - still.x[-1]).max() > 0.01  # the time matters


@EACH_SYSTEM
def test_exact_solutions_are_pythons(page: Ask, system: System, x0: tuple[float, ...], horizon: float) -> None:
    if not system.exact:
        assert page_field(system, [(-3.0, 3.0)] * len(x0)).exact is None
        return
    times = np.linspace(0, horizon, 50)
    sent = page_field(system, [(-3.0, 3.0)] * len(x0)).sent
    found = page({"ask": "exact", "field": sent, "x0": x0, "times": times.tolist()})
    assert pytest.approx(system.solution(times, x0), abs=1e-12) == np.array(found).T


SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 1e-300, -1e300, math.inf, -math.inf, math.nan)


def like_python(page: Ask, tree: Tree, points: list[tuple[float, ...]]) -> None:
    """The page finds Python's values, infinities and NaN among them."""
    found = np.array(page({"ask": "values", "tree": tree, "names": ["x", "y"], "points": points}), dtype=float)
    with np.errstate(all="ignore"):
        value = formulas([tree], ("x", "y"), {})
        wanted = np.array([value(np.float64(x), np.float64(y))[0] for x, y in points])
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-300, nan_ok=True)


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "**"])
def test_an_operator_gives_what_it_gives_in_python(page: Ask, operator: str) -> None:
    finite = [value for value in SPECIAL if math.isfinite(value)]
    points = [(x, y) for x in finite for y in finite]
    like_python(page, parse(f"x {operator} y", ("x", "y")), points)
    infinite = [
        f"({x}) {operator} ({y})"
        for x in ("1", "-1", "2", "1e200**2", "-1e200**2", "0*1e200**2")
        for y in ("1e200**2", "-1e200**2", "0*1e200**2")
    ]
    for text in infinite:
        like_python(page, parse(text, ()), [(0.0, 0.0)])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_gives_what_it_gives_in_python(page: Ask, function: str) -> None:
    points = [(x, 0.0) for x in (*filter(math.isfinite, SPECIAL), *np.linspace(-7, 7, 41).tolist()) if abs(x) < 1e300]
    like_python(page, parse(f"{function}(x)", ("x",)), points)
    like_python(page, parse(f"{function}(log(0 * x)) + {function}(-log(0 * x))", ("x",)), [(1.0, 0.0)])


def test_what_formulas_have_in_common_is_reckoned_once_and_parameters_when_they_are_set(page: Ask) -> None:
    texts, names = ("sin(x) + sin(rate)", "sin(rate) * sin(x) / (1 + sin(x))"), ("x", "rate")
    question = {"ask": "sines", "trees": [parse(text, names) for text in texts], "names": names, "moving": 1}
    answer = page(question | {"runs": [[0.5, 2], [0.7], [0.7, 3]]})
    assert answer["taken"] == [0, 2, 0.5, 0.7, 3, 0.7]
    for (x, rate), found in zip(((0.5, 2), (0.7, 2), (0.7, 3)), answer["results"], strict=True):
        s, r = math.sin(x), math.sin(rate)
        assert found == pytest.approx([s + r, r * s / (1 + s)])


numbers = st.floats(-4, 4).map(lambda value: value + 0.0)  # no formula holds -0.0
trees = st.recursive(
    numbers | st.sampled_from(["x", "y", "pi", "e"]),
    lambda inner: (
        st.tuples(st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner)
        | st.tuples(st.sampled_from([*FUNCTIONS]), inner)
    ).map(list),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(tree=trees, x=st.floats(-3, 3), y=st.floats(-3, 3))
def test_a_random_formula_gives_what_it_gives_in_python(page: Ask, tree: Tree, x: float, y: float) -> None:
    with np.errstate(all="ignore"):
        value = formulas([tree], ("x", "y"), {})
        here, beside = (value(np.float64(x * shift), np.float64(y * shift)) for shift in (1, 1 + 1e-13))
    assume(np.isclose(here, beside, rtol=1e-10, atol=0, equal_nan=True))  # rounding does not grow
    like_python(page, tree, [(x, y)])


STOPS: dict[str, tuple[dict[str, str], float, str, dict[str, float], str]] = {
    "NaN": ({"x": "-1 / sqrt(x - 0.5)"}, 1.0, "rk4", {"step": 0.1, "horizon": 3}, "infinite"),
    "infinite": ({"x": "x**2"}, 1.0, "euler", {"step": 0.05, "horizon": 3}, "infinite"),
    "underflow": ({"x": "x**2"}, 1.0, "dopri5", {"horizon": 3, "rtol": 1e-6, "atol": 1e-9}, "underflow"),
    "NaN at once": ({"x": "sqrt(x - 2)"}, 1.0, "dopri5", {"horizon": 3, "rtol": 1e-6, "atol": 1e-9}, "underflow"),
    "stiff": ({"x": "-1e6 * (x - cos(t))"}, 0.0, "dopri5", {"horizon": 10, "rtol": 1e-3, "atol": 1e-6}, "budget"),
    "too many steps": ({"x": "-x"}, 1.0, "midpoint", {"step": 1e-4, "horizon": 10}, "budget"),
}


@pytest.mark.parametrize(("equations", "x0", "method", "options", "reason"), STOPS.values(), ids=STOPS)
def test_a_solver_that_cannot_go_on_stops_where_python_stops(
    page: Ask, equations: dict[str, str], x0: float, method: str, options: dict[str, float], reason: str
) -> None:
    system, options = Formula(equations), dict(options)
    found = in_page(page, system, (x0,), method, **options)
    horizon = options.pop("horizon")
    with pytest.raises(SolverError) as failed:
        solve(system, [x0], (0, horizon), method, max_nfe=20_000, **options)
    wanted = failed.value.solution
    assert found["stopped"] == reason
    assert found["nfe"] == wanted.nfe
    assert found["t"] == pytest.approx(wanted.t, rel=1e-9)
    assert found["x"] == pytest.approx(wanted.x, rel=1e-3)  # the last ones before a pole are steep
    assert np.isfinite(found["x"]).all()


AT_THE_END = {"t": [0, 1, 2], "x": [[0, 3, 3], [0, 0, 4]], "nfe": 2, "stopped": ""}
REFERENCE = {"t": [0, 2], "x": [[0, 0], [0, 0]], "nfe": 0, "stopped": ""}


@pytest.mark.parametrize(
    ("found", "reference", "adaptive", "said"),
    [
        ({}, {}, False, "Solver: 2 steps of 1, 2 evaluations; at the end 5 from the exact solution"),
        ({"nfe": 12345}, {}, True, "Solver: 2 steps of 1 to 1 that it picks itself, not by the slider, 12\u00a0345 evaluations; at the end 5 from the exact solution"),
        ({"t": [0], "x": [[0], [0]], "nfe": 1}, {}, False, "Solver: 0 steps of 1, 1 evaluation; at the end 0 from the exact solution"),
        ({"x": [[0, 0, 0], [0, 0, 2.34e-7]]}, {}, False, "Solver: 2 steps of 1, 2 evaluations; at the end 2.3e-7 from the exact solution"),
        ({"x": [[0, 0, 0], [0, 0, 4.21e10]]}, {}, False, "Solver: 2 steps of 1, 2 evaluations; at the end 4.2e+10 from the exact solution"),
        ({"stopped": "infinite"}, {}, False, "Solver: 2 steps of 1, 2 evaluations; stopped at t = 2 s: the state is no longer finite"),
        ({"stopped": "underflow"}, {}, False, "Solver: 2 steps of 1, 2 evaluations; stopped at t = 2 s: the step has become too small"),
        ({"stopped": "budget", "nfe": 20000}, {}, True, "Solver gave up at t = 2 s after 20\u00a0000 evaluations: the problem may be stiff"),
        ({"stopped": "budget", "nfe": 20000}, {}, False, "Solver gave up at t = 2 s after 20\u00a0000 evaluations: the steps are too short for this way"),
        ({}, {"t": [0, 1.5], "stopped": "infinite"}, False, "Solver: 2 steps of 1, 2 evaluations; the exact solution ends at t = 1.5 s"),
    ],
)  # fmt: skip
def test_what_is_said_about_a_solution(page: Ask, found: dict, reference: dict, adaptive: bool, said: str) -> None:
    question = {"ask": "report", "name": "Solver", "found": AT_THE_END | found, "reference": REFERENCE | reference}
    assert page(question | {"adaptive": adaptive, "step": 1, "unit": "s", "exact": True}) == said


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(
    ("reference", "said"),
    [({}, "at the end 5 from the true solution"), ({"t": [0, 1.5], "stopped": "infinite"}, "the true solution ends at t = 1.5 s")],
)  # fmt: skip
def test_what_is_said_beside_the_truth(page: Ask, exact: bool, reference: dict, said: str) -> None:
    question = {"ask": "report", "name": "Solver", "found": AT_THE_END, "reference": REFERENCE | reference}
    settings = {"adaptive": False, "step": 1, "unit": "s", "exact": exact, "known": True}
    assert page(question | settings) == f"Solver: 2 steps of 1, 2 evaluations; {said}"
