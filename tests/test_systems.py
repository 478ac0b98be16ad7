"""The built-in systems against SymPy, closed forms and their conservation laws."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
import torch
from scipy.integrate import solve_ivp

from course_utils.ode import (
    Formula,
    FormulaError,
    Heartbeat,
    LinearLotkaVolterra,
    Logistic,
    LotkaVolterra,
    Pendulum,
    Spiral,
    System,
    TwoCentres,
    VanDerPol,
)

SYSTEMS = (Spiral, Pendulum, LotkaVolterra, LinearLotkaVolterra, TwoCentres, Logistic, VanDerPol, Heartbeat)
SOLVED = [system for system in SYSTEMS if system.exact]


def symbols(system: type[System]) -> dict[str, sympy.Expr]:
    """States as functions of time, parameters and starts as positive numbers."""
    t = sympy.Symbol("t", real=True)
    starts = {f"{state}0": sympy.Symbol(f"{state}0", positive=True) for state in system.equations}
    return {"t": t, **starts, **{name: sympy.Symbol(name, positive=True) for name in system.defaults}}


@pytest.mark.parametrize("system", SOLVED)
def test_the_exact_solution_obeys_the_equation_and_starts_at_the_start(system: type[System]) -> None:
    names = symbols(system)
    exact = {state: sympy.sympify(text, locals=names) for state, text in system.exact.items()}
    for state, text in system.equations.items():
        rate = sympy.sympify(text, locals={**names, **exact})
        assert sympy.simplify(sympy.diff(exact[state], names["t"]) - rate) == 0
        assert sympy.simplify(exact[state].subs(names["t"], 0) - names[f"{state}0"]) == 0


def test_three_systems_are_solved_in_closed_form() -> None:
    assert [system.__name__ for system in SOLVED] == ["Spiral", "LinearLotkaVolterra", "Logistic"]
    with pytest.raises(ValueError, match="Pendulum has no solution in closed form"):
        Pendulum().solution([0, 1], [1, 0])


@pytest.mark.parametrize("system", SOLVED)
def test_solution_gives_the_states_at_the_times(system: type[System]) -> None:
    x0 = [0.3, 0.4][: len(system.equations)]
    t = np.linspace(0, 3, 7)
    wanted = solve_ivp(system(), (0, 3), x0, t_eval=t, method="DOP853", rtol=1e-11, atol=1e-12).y
    np.testing.assert_allclose(system().solution(t, x0), wanted, atol=1e-8)


RATES = [
    (Spiral(decay=0.3, frequency=1.7), lambda x: np.array([[-0.3, 1.7], [-1.7, -0.3]]) @ x),
    (Pendulum(gravity=9, length=2, mass=3, friction=0.6), lambda x: np.array([x[1], -4.5 * np.sin(x[0]) - 0.05 * x[1]])),
    (
        LotkaVolterra(birth=0.7, catch=0.4, growth=0.2, death=1.1),
        lambda x: np.array([x[0] * (0.7 - 0.4 * x[1]), x[1] * (0.2 * x[0] - 1.1)]),
    ),
    (
        LinearLotkaVolterra(birth=1.5, catch=1, growth=1, death=3),
        lambda x: np.array([[0, -3], [1.5, 0]]) @ x,
    ),
    (Logistic(rate=0.5, capacity=4), lambda x: 0.5 * x * (1 - x / 4)),
    (VanDerPol(mu=2), lambda x: np.array([x[1], 2 * (1 - x[0] ** 2) * x[1] - x[0]])),
]  # fmt: skip


@pytest.mark.parametrize(("system", "rate"), RATES, ids=lambda value: type(value).__name__)
def test_rates_are_those_of_the_textbook(system: System, rate) -> None:
    x = np.random.default_rng(0).normal(size=(len(system.equations), 20))
    np.testing.assert_allclose(system(0.3, x), np.stack([rate(column) for column in x.T], axis=1), rtol=1e-12)


def test_the_two_centres_are_those_of_the_demonstration() -> None:
    """Written as there, with matrices and the point x0."""
    a, b, x0 = (
        torch.tensor([[-0.1, -0.5], [0.5, -0.1]]),
        torch.tensor([[0.2, 1.0], [-1.0, 0.2]]),
        torch.tensor([-1.0, 0]),
    )
    x = torch.randn(20, 2, generator=torch.Generator().manual_seed(0))
    near = torch.sigmoid(x @ x0)[:, None]
    wanted = near * ((x - x0) @ a.T) + (1 - near) * ((x + x0) @ b.T)
    np.testing.assert_allclose(TwoCentres()(0.0, x.numpy().T), wanted.numpy().T, atol=1e-5)


def test_the_linear_system_is_the_true_one_close_to_its_equilibrium() -> None:
    parameters = {"birth": 1.2, "catch": 0.7, "growth": 0.5, "death": 2.0}
    true, linear = LotkaVolterra(**parameters), LinearLotkaVolterra(**parameters)
    np.testing.assert_allclose(true(0, true.equilibrium), 0, atol=1e-15)
    nearby = 1e-6 * np.random.default_rng(0).normal(size=(2, 20))
    np.testing.assert_allclose(true(0, true.equilibrium[:, None] + nearby), linear(0, nearby), atol=1e-10)


def test_a_pendulum_without_friction_keeps_its_energy_and_the_mass_changes_nothing() -> None:
    swings = [
        solve_ivp(pendulum, (0, 5), [2.0, 1.0], rtol=1e-10, atol=1e-12).y
        for pendulum in (Pendulum(length=2), Pendulum(length=2, mass=7))
    ]
    np.testing.assert_array_equal(*swings)
    energy = Pendulum(length=2).energy(swings[0])
    assert energy[0] == pytest.approx(2**2 / 2 + 10 * 2 * (1 - np.cos(2)))
    np.testing.assert_allclose(energy, energy[0], rtol=1e-7)


def test_friction_takes_the_energy_that_it_should() -> None:
    """dE/dt = -friction * omega^2."""
    pendulum = Pendulum(length=2, mass=3, friction=0.5)
    x, small = np.array([1.0, 2.0]), 1e-6
    ahead, behind = (pendulum.energy(x + sign * small * pendulum(0, x)) for sign in (1, -1))
    assert (ahead - behind) / (2 * small) == pytest.approx(-0.5 * 2**2)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_says_what_it_is(system: type[System]) -> None:
    assert system.__doc__
    assert set(system.units) <= {"t", *system.equations, *system.defaults}
    assert repr(system()).startswith(f"{system.__name__}({next(iter(system.defaults))}=")


def test_32_bits_stay_32_bits() -> None:
    assert Spiral()(0, np.ones(2, dtype=np.float32)).dtype == np.float32
    assert Spiral()(0, [1, 1]).dtype == np.float64


def test_the_time_may_enter() -> None:
    driven = Formula({"x": "cos(t)", "y": "1"})
    np.testing.assert_allclose(driven(np.pi, np.zeros((2, 3))), [[-1] * 3, [1] * 3])


def test_a_formula_of_ones_own_has_names_units_and_a_solution() -> None:
    cooling = Formula({"T": "-k * (T - 20)"}, exact={"T": "20 + (T0 - 20) * exp(-k * t)"}, units={"T": "°C"}, k=0.5)
    assert cooling.units == {"T": "°C"}
    assert cooling.parameters == {"k": 0.5}
    np.testing.assert_allclose(cooling.solution([0.0, 2.0], [60.0]), [[60, 20 + 40 / np.e]])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Pendulum(lenght=2), ValueError, "Pendulum has no parameter 'lenght'; it has gravity, length, mass, friction"),
        (lambda: Formula({"x": "-x"}, k=np.nan), ValueError, "k must be a finite number, got nan"),
        (lambda: Spiral(decay=[1, 2]), ValueError, "decay must be a finite number"),
        (lambda: Formula({"x": "y"}), FormulaError, "unknown name 'y'; known are x, t, pi, e"),
        (lambda: Formula({"x": "x0"}), FormulaError, "unknown name 'x0'"),
        (lambda: Formula({"x": "x"}, exact={"x": "x * exp(t)"}), FormulaError, "unknown name 'x'; known are x0, t"),
        (lambda: Formula({"x": "y", "y": "x"}, exact={"x": "x0"}), FormulaError, "an exact solution for all or for none"),
        (lambda: Formula({"x": "x"}, exact={"y": "x0"}), FormulaError, "for all or for none"),
        (lambda: Formula({}), FormulaError, "one equation for each state"),
        (lambda: Formula({"t": "1"}), FormulaError, "'t' cannot be the name"),
        (lambda: Formula({"sin": "1"}), FormulaError, "'sin' cannot be the name"),
        (lambda: Formula({"x": "1"}, x=2), FormulaError, "'x' cannot be the name"),
        (lambda: Formula({"x": "1"}, x0=2), FormulaError, "'x0' cannot be the name"),
        (lambda: Formula({"x": "1"}, pi=3), FormulaError, "'pi' cannot be the name"),
        (lambda: Formula({"x y": "1"}), FormulaError, "'x y' cannot be the name"),
        (lambda: Formula({"x": "1"}, **{"lambda": 2}), FormulaError, "'lambda' cannot be the name"),
        (lambda: Spiral()(0, [1.0, 2, 3]), ValueError, r"Spiral has the states \(x, y\); got an array of shape \(3,\)"),
        (lambda: Spiral().solution([0.0], [1.0]), ValueError, r"the states \(x, y\); got an array of shape \(1,\)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(make, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
