"""The solvers against scipy, SymPy and closed forms; their orders, their bookkeeping and their errors."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import RK45, solve_ivp
from scipy.optimize import fsolve

from course_utils import ode
from course_utils.ode import METHODS, Pendulum, SolverError, Spiral, VanDerPol, solve
from course_utils.ode.march import StepUnderflow
from course_utils.ode.solve import FIXED

ORDERS = {"euler": 1, "midpoint": 2, "heun": 2, "rk4": 4, "implicit_euler": 1, "symplectic_euler": 1}
TABLEAUX = {  # nodes, stages, weights, as in Hairer, Norsett and Wanner I, section II.1
    "euler": ([0], [[]], [1]),
    "midpoint": ([0, 1 / 2], [[], [1 / 2]], [0, 1]),
    "heun": ([0, 1], [[], [1]], [1 / 2, 1 / 2]),
    "rk4": ([0, 1 / 2, 1 / 2, 1], [[], [1 / 2], [0, 1 / 2], [0, 0, 1]], [1 / 6, 1 / 3, 1 / 3, 1 / 6]),
}


def forced(t: float, x: np.ndarray) -> np.ndarray:
    """Depends on the time, and on the state in no linear way."""
    return np.array([np.sin(x[1]) + t**2, x[0] * np.cos(3 * t) - x[1] ** 2])


@pytest.mark.parametrize("method", TABLEAUX)
def test_an_explicit_step_is_that_of_its_tableau(method: str) -> None:
    nodes, stages, weights = TABLEAUX[method]
    t, x, h, k = 0.4, np.array([0.3, -0.8]), 0.25, []
    for node, stage in zip(nodes, stages, strict=True):
        k.append(forced(t + node * h, x + h * sum((a * slope for a, slope in zip(stage, k, strict=True)), np.zeros(2))))
    wanted = x + h * sum(w * slope for w, slope in zip(weights, k, strict=True))
    np.testing.assert_allclose(FIXED[method](forced, t, x, h), wanted, rtol=1e-14)


def test_an_implicit_step_solves_its_equation() -> None:
    t, x, h = 0.4, np.array([0.3, -0.8]), 0.25
    wanted = fsolve(lambda new: x + h * forced(t + h, new) - new, x + 0.1, xtol=1e-12)
    np.testing.assert_allclose(ode.implicit_euler(forced, t, x, h), wanted, rtol=1e-6)
    matrix = np.array([[-3.0, 1], [2, -500]])
    linear = ode.implicit_euler(lambda t, x: matrix @ x, t, x, h)
    np.testing.assert_allclose(linear, np.linalg.solve(np.eye(2) - h * matrix, x), rtol=1e-6)


@pytest.mark.parametrize("step", [0.01, 0.5])
def test_implicit_steps_follow_a_stiff_problem(step: float) -> None:
    """x' = -1000 (x - cos t): after the first moments a cosine with a small delay."""
    solution = solve(lambda t, x: -1000 * (x - np.cos(t)), [2.0], (0, 10), "implicit_euler", step=step)
    late = solution.t > 1
    wanted = (1000**2 * np.cos(solution.t) + 1000 * np.sin(solution.t)) / (1000**2 + 1)
    np.testing.assert_allclose(solution.x[late, 0], wanted[late], atol=1e-3 * step)


def test_a_symplectic_step_of_an_oscillator_is_a_matrix_that_keeps_areas() -> None:
    h = 0.3
    step = np.stack([ode.symplectic_euler(oscillator, 0, column, h) for column in np.eye(2)], axis=1)
    np.testing.assert_allclose(step, [[1 - 4 * h**2, h], [-4 * h, 1]], rtol=1e-14)
    assert np.linalg.det(step) == pytest.approx(1)


def oscillator(t: float, x: np.ndarray) -> np.ndarray:
    return np.array([x[1], -4 * x[0]])


def test_a_symplectic_step_takes_states_of_several_positions() -> None:
    """Two oscillators at once, as one after the other."""
    both = ode.symplectic_euler(lambda t, x: np.concatenate([x[2:], -4 * x[:2]]), 0, np.array([1.0, 2, 3, 4]), 0.1)
    alone = [ode.symplectic_euler(oscillator, 0, np.array(x), 0.1) for x in ([1.0, 3], [2.0, 4])]
    np.testing.assert_allclose(both.reshape(2, 2).T, alone)


def test_a_symplectic_step_moves_the_velocity_at_its_start_and_the_position_at_its_end() -> None:
    moved = ode.symplectic_euler(lambda t, x: np.array([x[1] + 10 * t, -4 * x[0] + t]), 2, np.array([1.0, 3.0]), 0.5)
    velocity = 3 + 0.5 * (-4 * 1 + 2)
    np.testing.assert_allclose(moved, [1 + 0.5 * (velocity + 10 * 2.5), velocity])


def test_an_adaptive_step_is_scipys() -> None:
    t, x, h = 0.4, np.array([0.3, -0.8]), 0.25
    theirs = RK45(forced, t, x, 10, first_step=h, rtol=1e9, atol=1e9)
    theirs.step()
    new, error, slope = ode.dopri5(forced, t, x, h, forced(t, x))
    np.testing.assert_allclose(new, theirs.y, rtol=1e-13)
    np.testing.assert_allclose(error, -h * theirs.K.T @ theirs.E, rtol=1e-9)
    np.testing.assert_allclose(slope, forced(t + h, new), rtol=1e-13)


@pytest.mark.parametrize("method", ORDERS)
def test_halving_the_step_divides_the_error_by_two_to_the_order(method: str) -> None:
    pendulum, span = Pendulum(gravity=1), (0, 3)
    true = solve_ivp(pendulum, span, [1.0, 0.5], method="DOP853", rtol=1e-13, atol=1e-13).y[:, -1]
    h = np.array([0.1, 0.05, 0.025, 0.0125])
    errors = [np.abs(solve(pendulum, [1.0, 0.5], span, method, step=step).x[-1] - true).max() for step in h]
    assert np.polyfit(np.log(h), np.log(errors), 1)[0] == pytest.approx(ORDERS[method], abs=0.12)


@pytest.mark.parametrize(("method", "order"), [(name, order) for name, order in ORDERS.items() if name in TABLEAUX])
def test_one_step_agrees_with_the_taylor_series_up_to_its_order(method: str, order: int) -> None:
    """SymPy's series of the exact solution of x' = 1 - x from 0."""
    h = sympy.Symbol("h")
    step = sympy.expand(FIXED[method](lambda t, x: 1 - x, 0, sympy.Integer(0), h))
    exact = sympy.series(1 - sympy.exp(-h), h, 0, order + 2).removeO()
    left = sympy.Poly(sympy.nsimplify(step - exact), h)
    assert min(degree for (degree,) in left.monoms()) == order + 1


@pytest.mark.parametrize(("rtol", "atol"), [(1e-3, 1e-6), (1e-6, 1e-9), (1e-9, 1e-12)])
@pytest.mark.parametrize("system", [Spiral(), Pendulum(friction=0.3), VanDerPol()], ids=repr)
def test_the_adaptive_solver_errs_and_works_as_scipys(system: ode.System, rtol: float, atol: float) -> None:
    span, x0 = (0, 10), [1.5, 0.5]
    true = solve_ivp(system, span, x0, method="DOP853", rtol=1e-13, atol=1e-14).y[:, -1]
    ours = solve(system, x0, span, rtol=rtol, atol=atol)
    theirs = solve_ivp(system, span, x0, rtol=rtol, atol=atol)
    assert ours.nfe <= 1.2 * theirs.nfev
    assert np.abs(ours.x[-1] - true).max() <= 3 * np.abs(theirs.y[:, -1] - true).max()


@pytest.mark.parametrize(("rtol", "atol"), [(1e-7, 1e-3), (1e-3, 1e-7)])
def test_the_adaptive_solver_takes_the_steps_of_scipys(rtol: float, atol: float) -> None:
    """From the same first step; theirs does not grow a step right after a rejected one."""
    spiral, x0 = Spiral(decay=0.5), [100.0, 20.0]
    ours = solve(spiral, x0, (0, 5), step=0.01, rtol=rtol, atol=atol)
    theirs = solve_ivp(spiral, (0, 5), x0, first_step=0.01, rtol=rtol, atol=atol)
    assert len(ours.t) == pytest.approx(len(theirs.t), rel=0.1)
    np.testing.assert_allclose(ours.t[:5], theirs.t[:5], rtol=1e-9)
    np.testing.assert_allclose(ours.x[:5], theirs.y.T[:5], rtol=1e-9)


def test_a_step_that_errs_more_than_the_tolerance_is_tried_again() -> None:
    """The error is 1.5 times the tolerance for a step of 1, and grows with it."""

    def pair(field, t, x, h, k):
        return x, np.array([1.5e-3 * h]), k

    first, _ = next(ode.march_adaptively(pair, lambda t, x: x, np.array([0.0]), (0, 9), 1.0, 1e-9, 1e-3))
    assert 0.4 < first <= 1 / 1.5


def test_the_defaults_are_those_that_are_stated() -> None:
    stated = solve(Pendulum(), [1.0, 0.0], (1, 3), step=0.02, rtol=1e-3, atol=1e-6)
    np.testing.assert_array_equal(solve(Pendulum(), [1.0, 0.0], (1, 3)).t, stated.t)


def test_the_step_is_short_where_the_solution_turns() -> None:
    solution = solve(VanDerPol(mu=20), [2.0, 0.0], (0, 60))
    steps = np.diff(solution.t)
    assert steps.max() > 20 * steps[1:-1].min()


def test_evaluations_are_counted() -> None:
    asked = []

    def field(t: float, x: np.ndarray) -> np.ndarray:
        asked.append(t)
        return -x

    for method, each in (("euler", 1), ("midpoint", 2), ("heun", 2), ("rk4", 4), ("symplectic_euler", 2)):
        asked.clear()
        assert solve(field, [1.0, 2.0], (0, 1), method, step=0.1).nfe == 10 * each == len(asked)
    asked.clear()
    assert solve(field, [1.0, 2.0], (0, 1)).nfe == len(asked)
    assert len(asked) % 6 == 1


def test_a_rejected_step_leaves_no_trace_but_its_evaluations() -> None:
    solution = solve(lambda t, x: -50 * x, 1.0, (0, 1), step=1)
    assert solution.nfe > 6 * (len(solution.t) - 1) + 1
    assert (np.diff(solution.t) > 0).all()


@given(start=st.floats(-5, 5), length=st.floats(0.01, 20), step=st.floats(0.003, 30))
def test_steps_are_equal_but_for_the_last_and_end_at_the_end(start: float, length: float, step: float) -> None:
    t = solve(lambda t, x: 0 * x, 1.0, (start, start + length), "euler", step=step).t
    assert t[0] == start
    assert t[-1] == start + length
    steps = np.diff(t)
    np.testing.assert_allclose(steps[:-1], step, rtol=1e-6, atol=1e-12)
    assert 1e-13 < steps[-1] <= step * (1 + 1e-9)


@pytest.mark.parametrize("step", [0.1, 0.3, 1 / 3, 0.7])
def test_no_tiny_step_remains_where_the_step_fits(step: float) -> None:
    assert len(solve(lambda t, x: x, 1.0, (0, 30 * step), "euler", step=step).t) == 31


def test_the_adaptive_solver_ends_at_the_end() -> None:
    for end in np.random.default_rng(0).uniform(0.2, 9, 200):
        assert solve(lambda t, x: x, 1.0, (0.1, end)).t[-1] == end


@pytest.mark.parametrize("shape", [(), (3,), (2, 4)])
@pytest.mark.parametrize("method", METHODS)
def test_states_of_any_shape(method: str, shape: tuple[int, ...]) -> None:
    if method == "symplectic_euler" and shape != (2, 4):
        return
    x0 = np.linspace(1, 2, int(np.prod(shape))).reshape(shape)
    solution = solve(lambda t, x: -x, x0, (0, 1), method, step=0.01)
    assert solution.x.shape == (len(solution.t), *shape)
    if method != "symplectic_euler":
        np.testing.assert_allclose(solution.x[-1], x0 * np.exp(-1), rtol=0.01)


@pytest.mark.parametrize("method", METHODS)
def test_32_bits_stay_32_bits(method: str) -> None:
    solution = solve(lambda t, x: -x, np.ones(2, dtype=np.float32), (0, 1), method, step=np.float64(0.1))
    assert solution.x.dtype == np.float32
    assert solution.t.dtype == np.float64


def test_a_step_of_ones_own() -> None:
    def ralston(field, t, x, h):
        k1 = field(t, x)
        return x + h / 4 * (k1 + 3 * field(t + 2 / 3 * h, x + 2 / 3 * h * k1))

    solution = solve(lambda t, x: -x, 1.0, (0, 1), ralston, step=0.01)
    assert solution.method == "ralston"
    assert solution.x[-1] == pytest.approx(np.exp(-1), rel=1e-4)
    assert solve(lambda t, x: -x, 1.0, (0, 1), partial(ralston), step=0.01).method == "the method"


def test_the_start_is_left_as_it_was() -> None:
    x0 = np.array([1.0, 2.0])
    solve(lambda t, x: -x, x0, (0, 1), "rk4", step=0.1)
    assert x0.tolist() == [1, 2]


def stopped(*args, **options) -> SolverError:
    """The error of a run that cannot end well; nothing else may be said or warned."""
    with pytest.raises(SolverError) as caught:
        solve(*args, **options)
    assert caught.value.__suppress_context__
    return caught.value


def test_an_infinite_state_stops_the_run_and_what_was_found_is_kept() -> None:
    error = stopped(lambda t, x: -1000 * x, [1.0, 2.0], (0, 200), "euler", step=1)
    assert np.isfinite(error.solution.x).all()
    last = len(error.solution.t) - 1
    assert error.solution.t[-1] == last == error.solution.nfe - 1
    assert 90 < last < 110
    message = str(error)
    assert message.startswith(f"euler stopped after t = {last}, step {last}, state of norm ")
    assert "the state is infinite" in message
    assert "smaller step" in message
    assert "implicit_euler" in message


def test_the_norm_of_a_large_state_is_told() -> None:
    error = stopped(lambda t, x: 1e200 * x, [3.0, 4.0], (0, 10), "euler", step=1)
    assert "state of norm 5e+200:" in str(error)


def test_a_field_that_becomes_nan_stops_the_run() -> None:
    error = stopped(lambda t, x: np.where(t > 0.55, np.nan, -x), [1.0], (0, 1), "rk4", step=0.1)
    assert error.solution.t[-1] == pytest.approx(0.5)
    assert "the state is NaN; does the field hold here?" in str(error)


def test_a_step_that_becomes_too_small_stops_the_run() -> None:
    """x' = x^2 from 1 ends at t = 1."""
    error = stopped(lambda t, x: x**2, 1.0, (0, 2))
    assert error.solution.t[-1] == pytest.approx(1, abs=1e-3)
    assert "does not change the time" in str(error)
    assert "does the solution end there" in str(error)


def test_the_adaptive_solver_shortens_a_step_into_nan_until_it_gives_up() -> None:
    error = stopped(lambda t, x: np.where(t > 0.5, np.nan, -x), [1.0], (0, 1))
    assert error.solution.t[-1] == pytest.approx(0.5, abs=1e-9)
    assert "is the field NaN" in str(error)


def test_a_stiff_problem_exhausts_an_explicit_solver() -> None:
    error = stopped(VanDerPol(mu=1e4), [2.0, 0.0], (0, 1e4), max_nfe=5000)
    assert error.solution.nfe == 5000
    assert "5000 evaluations were not enough; is the problem stiff? Try scipy's solve_ivp with Radau" in str(error)


def test_an_implicit_step_that_is_not_found_stops_the_run() -> None:
    error = stopped(lambda t, x: x**2 + 1, [1.0], (0, 5), "implicit_euler", step=2)
    assert error.solution.t.tolist() == [0]
    assert "no implicit step of 2" in str(error)
    assert "smaller step" in str(error)


def test_an_error_of_the_field_is_its_own() -> None:
    def field(t: float, x: np.ndarray) -> np.ndarray:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        solve(field, 1.0, (0, 1))


def test_a_step_underflow_is_an_error_of_the_loop_itself() -> None:
    with pytest.raises(StepUnderflow), np.errstate(all="ignore"):
        list(ode.march_adaptively(ode.dopri5, lambda t, x: x**2, np.array(1.0), (0, 2), 0.1, 1e-3, 1e-6))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"step": 0}, ValueError, "step must be positive and finite, got 0"),
        ({"step": -0.1}, ValueError, "step must be positive and finite, got -0.1"),
        ({"step": np.nan}, ValueError, "step must be positive"),
        ({"step": np.inf}, ValueError, "step must be positive"),
        ({"step": [0.1]}, ValueError, "step must be positive"),
        ({"step": None}, ValueError, "rk4 needs a step, as in step=0.01"),
        ({"rtol": 0}, ValueError, "rtol must be positive"),
        ({"atol": -1}, ValueError, "atol must be positive"),
        ({"max_nfe": 0}, ValueError, "max_nfe must be positive"),
        ({"span": (1, 0)}, ValueError, r"the end must come after the start.*got \(1, 0\).*-f\(T - s, x\)"),
        ({"span": (1, 1)}, ValueError, "the end must come after the start"),
        ({"span": (0, np.inf)}, ValueError, "the end must come after the start"),
        ({"span": (0, np.nan)}, ValueError, "the end must come after the start"),
        ({"span": 5}, TypeError, r"two times \(start, end\), got 5"),
        ({"span": (0, 1, 2)}, TypeError, r"two times \(start, end\)"),
        ({"span": "ab"}, TypeError, r"two times \(start, end\)"),
        ({"x0": [1.0, np.nan]}, ValueError, "x0 must be finite numbers"),
        ({"x0": []}, ValueError, "x0 must be finite numbers"),
        ({"x0": "start"}, ValueError, "x0 must be finite numbers|could not convert"),
        ({"method": "rk45"}, ValueError, "one of euler, midpoint, heun, rk4, implicit_euler, symplectic_euler, dopri5; got 'rk45'"),
        ({"method": 4}, ValueError, "must be a step function or one of"),
        ({"field": lambda t, x: np.ones(3)}, ValueError, r"the field returned shape \(3,\) for a state of shape \(2,\)"),
        ({"field": lambda t, x: 1.0}, ValueError, r"the field returned shape \(\) for a state of shape \(2,\)"),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_refused(change: dict, error: type[Exception], message: str) -> None:
    given = {"field": lambda t, x: -x, "x0": [1.0, 2.0], "span": (0, 1), "method": "rk4", "step": 0.1}
    with pytest.raises(error, match=message):
        solve(**(given | change))
