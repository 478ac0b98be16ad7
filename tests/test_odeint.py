"""The guarded odeint: against closed forms, torchdiffeq and finite differences, and what it says when it cannot go on."""

from __future__ import annotations

import math

import pytest
import torch
import torchdiffeq
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from course_utils.ode import Counted, Spiral, odeint, solve
from course_utils.ode.odeint import ADAPTIVE, FIXED, _grid
from course_utils.ode.solve import SolverError

DECAY = torch.tensor([0.0, 0.7, 2.0], dtype=torch.float64)
ONE = torch.ones(1, dtype=torch.float64)


def decay(t: Tensor, x: Tensor) -> Tensor:
    return -x


class Network(nn.Module):
    """A field with weights that also depends on time."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.layers = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2)).double()

    def forward(self, t: Tensor, x: Tensor) -> Tensor:
        return self.layers(torch.cat([x, t.expand(len(x), 1)], dim=1))


def gradients(field: nn.Module, x0: Tensor, t: Tensor, **how: object) -> list[Tensor]:
    """Of a sum over all times, with weights of its own for each state."""
    x0 = x0.clone().requires_grad_()
    weights = torch.randn(len(t), *x0.shape, generator=torch.Generator().manual_seed(7), dtype=x0.dtype)
    loss = (odeint(field, x0, t, **how) * weights).sum()
    return list(torch.autograd.grad(loss, (x0, *field.parameters())))


def largest(found: list[Tensor], expected: list[Tensor]) -> float:
    return max(((a - b).norm() / b.norm()).item() for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("method", [*FIXED, *ADAPTIVE])
def test_each_method_solves_a_decay(method: str) -> None:
    found = odeint(decay, ONE, DECAY, method, step=1e-2 if method in FIXED else None, rtol=1e-6, atol=1e-7)
    rtol = 2e-2 if method == "euler" else 1e-4
    torch.testing.assert_close(found[:, 0], torch.exp(-DECAY), rtol=rtol, atol=0)


def test_the_steps_are_those_of_the_solver_of_the_course() -> None:
    x0 = torch.tensor([1.0, 0.5], dtype=torch.float64)
    spiral = Spiral()

    def field(t: Tensor, x: Tensor) -> Tensor:
        return torch.from_numpy(spiral(t.item(), x.numpy()))

    for method in ("euler", "midpoint"):
        found = odeint(field, x0, torch.tensor([0.0, 1.0], dtype=torch.float64), method, step=0.1)[-1]
        expected = solve(spiral, x0.numpy(), (0, 1), method, step=0.1).x[-1]
        torch.testing.assert_close(found, torch.from_numpy(expected), rtol=1e-12, atol=1e-12)


def test_times_may_run_backwards() -> None:
    found = odeint(decay, ONE, DECAY.flip(0), rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(found[:, 0], torch.exp(DECAY[-1] - DECAY.flip(0)), rtol=1e-6, atol=0)


def test_a_state_may_be_a_tuple() -> None:
    x, y = odeint(lambda t, state: (state[1], -state[0]), (ONE, 0 * ONE), DECAY, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(x[:, 0], DECAY.cos(), rtol=0, atol=1e-6)
    torch.testing.assert_close(y[:, 0], -DECAY.sin(), rtol=0, atol=1e-6)


def test_times_between_steps_cost_no_precision() -> None:
    """torchdiffeq alone interpolates by straight lines between the steps of a fixed method."""
    t = torch.tensor([0.0, 0.13, 0.29, 1.0], dtype=torch.float64)
    guarded = odeint(decay, ONE, t, "rk4", step=0.25)
    alone = torchdiffeq.odeint(decay, ONE, t, method="rk4", options={"step_size": 0.25})
    errors = [(found[:, 0] - torch.exp(-t)).abs().max().item() for found in (guarded, alone)]
    assert errors[0] < 2e-5 < 2e-3 < errors[1]


@given(
    gaps=st.lists(st.floats(0.01, 3), min_size=1, max_size=6), step=st.floats(0.05, 2), sign=st.sampled_from([-1, 1])
)
@settings(max_examples=60, deadline=None)
def test_the_grid_holds_every_time_and_no_longer_step(gaps: list[float], step: float, sign: int) -> None:
    t = sign * torch.tensor([0.0, *gaps]).cumsum(0)
    grid = _grid(t, step)
    assert torch.isin(t, grid).all()
    assert (grid.diff() * sign > 0).all()
    assert grid.diff().abs().max() <= 1.002 * step + 1e-5
    assert len(grid) <= 1 + sum(math.ceil(gap / step + 1e-3) for gap in gaps)


def test_a_step_that_fits_is_not_halved_by_rounding() -> None:
    assert len(_grid(torch.linspace(0, 25, 1001), 0.025)) == 1001


@pytest.mark.parametrize(
    "how", [{"method": "rk4", "step": 0.05}, {"rtol": 1e-11, "atol": 1e-11}], ids=["rk4", "dopri5"]
)
def test_the_adjoint_agrees_with_backpropagation_and_with_torchdiffeq(how: dict[str, object]) -> None:
    field, x0 = Network(), torch.randn(4, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    ours, through = gradients(field, x0, DECAY, adjoint=True, **how), gradients(field, x0, DECAY, **how)
    assert largest(ours, through) < 1e-6
    x0.requires_grad_()
    weights = torch.randn(3, 4, 2, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    loss = (torchdiffeq.odeint_adjoint(field, x0, DECAY, rtol=1e-11, atol=1e-11) * weights).sum()
    assert largest(ours, list(torch.autograd.grad(loss, (x0, *field.parameters())))) < 1e-6


def test_the_adjoint_agrees_with_finite_differences() -> None:
    field = Network()
    parts = [torch.randn(4, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64), *field.parameters()]

    def loss() -> Tensor:
        return odeint(field, parts[0], DECAY, adjoint=True, rtol=1e-11, atol=1e-11).square().sum()

    parts[0].requires_grad_()
    found = torch.autograd.grad(loss(), parts)
    for part, slopes in zip(parts, found, strict=True):
        place = tuple(size - 1 for size in part.shape)
        ends = []
        for move in (1e-6, -2e-6):
            part.data[place] += move
            ends.append(loss().item())
        part.data[place] += 1e-6
        assert (ends[0] - ends[1]) / 2e-6 == pytest.approx(slopes[place].item(), rel=1e-5)


def saved_bytes(adjoint: bool, steps: int) -> int:
    """Of the distinct storages that wait for the way back."""
    field, kept = Network(), []

    def pack(x: Tensor) -> Tensor:
        kept.append(x)
        return x

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
        odeint(
            field, torch.ones(4, 2, dtype=torch.float64).requires_grad_(), DECAY, "rk4", step=2 / steps, adjoint=adjoint
        )
    return sum({x.untyped_storage().data_ptr(): x.untyped_storage().nbytes() for x in kept}.values())


def test_the_adjoint_saves_no_more_for_more_steps() -> None:
    assert saved_bytes(True, 100) == saved_bytes(True, 10)
    assert saved_bytes(False, 100) > 8 * saved_bytes(False, 10)


def test_evaluations_are_counted_on_both_ways() -> None:
    field = Counted(Network())
    x0 = torch.ones(1, 2, dtype=torch.float64).requires_grad_()
    loss = odeint(field, x0, DECAY[:2], "rk4", step=0.07, adjoint=True).sum()
    assert field.nfe == 40
    loss.backward()
    assert field.nfe == 80


@pytest.mark.parametrize(
    ("field", "how", "words"),
    [
        (lambda t, x: x**2, {"method": "rk4", "step": 0.01}, r"t = 1\.0\d*, state of norm .*not finite.*smaller step"),
        (lambda t, x: torch.log(0.5 - t) + 0 * x, {}, r"t = 0\.\d+, state of norm .*the field is not finite.*Bound it"),
        (lambda t, x: x**2, {}, r"t = 1, state of norm \S+e\+\d+: no step is small enough .*stiff.*float64"),
        (
            lambda t, x: -1e4 * x,
            {"max_nfe": 500},
            r"t = 0\.\d+, state of norm .*500 evaluations were not enough.*raise max_nfe",
        ),
    ],
    ids=["infinite", "nan", "underflow", "budget"],
)
def test_trouble_is_told_with_time_size_and_advice(field: object, how: dict[str, object], words: str) -> None:
    with pytest.raises(SolverError, match=words):
        odeint(field, ONE, torch.tensor([0.0, 2.0]), **how)


def test_an_assertion_of_the_field_is_its_own() -> None:
    def field(t: Tensor, x: Tensor) -> Tensor:
        assert t < 1, "my own"
        return -x

    with pytest.raises(AssertionError, match="my own"):
        odeint(field, ONE, torch.tensor([0.0, 2.0]))


class Expanding(nn.Module):
    """Harmless forwards; backwards it explodes where the adjoint looks."""

    def __init__(self) -> None:
        super().__init__()
        self.rate = nn.Parameter(ONE.clone())

    def forward(self, t: Tensor, x: Tensor) -> Tensor:
        return -self.rate * x**3


def test_trouble_on_the_way_back_is_told_too() -> None:
    x = odeint(Expanding(), 1e3 * ONE, torch.tensor([0.0, 50.0]), adjoint=True, rtol=1e-3, atol=1e-3, max_nfe=2000)
    with pytest.raises(SolverError, match="state of norm"):
        x.sum().backward()


@pytest.mark.parametrize(
    ("t", "error", "words"),
    [
        ([0.0, 2.0, 1.0], ValueError, r"t\[1\] = 2 is followed by 1"),
        ([2.0, 1.0, 1.5, 0.0], ValueError, r"t\[1\] = 1 is followed by 1\.5"),
        ([0.0, 1.0, 1.0], ValueError, r"none of them twice; t\[1\] = 1 is followed by 1"),
        ([2.0, 1.0, 1.0], ValueError, "none of them twice"),
        ([0.0], ValueError, "at least one later time"),
        ([0.0, math.nan], ValueError, "NaN or infinite values in 1 places"),
        ([0.0, math.inf], ValueError, "NaN or infinite values in 1 places"),
        (
            [[0.0, 1.0], [0.0, 2.0]],
            ValueError,
            "a batch shares one row of times.*unique.*multiplied by each trajectory's duration",
        ),
        ([0, 1], TypeError, "floating-point times, got torch.int64"),
    ],
    ids=str,
)
def test_times_that_do_not_fit_are_refused(t: list[float], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        odeint(decay, ONE, torch.tensor(t))


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"method": "rk4"}, ValueError, r"rk4 needs a step, as in step=0\.02"),
        ({"method": "lsoda"}, ValueError, "method must be one of euler, .*dopri5; got 'lsoda'"),
        ({"step": -1.0}, ValueError, "step must be positive"),
        ({"rtol": 0.0}, ValueError, "rtol must be positive"),
        ({"adjoint": True}, TypeError, "must be an nn.Module.*got function"),
        ({"x0": torch.tensor([1])}, TypeError, r"torch.int64; convert it with \.float"),
        ({"x0": torch.tensor([math.nan])}, ValueError, "x0 holds NaN or infinite values in 1 places"),
        ({"x0": [1.0]}, TypeError, "x0 must be a tensor or a tuple of tensors, got list"),
        ({"field": lambda t, x: x[0]}, ValueError, r"returned shape \[\(\)\] for a state of shape \[\(1,\)\]"),
    ],
    ids=str,
)
def test_arguments_that_do_not_fit_are_refused(
    arguments: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        odeint(**{"field": decay, "x0": ONE, "t": torch.tensor([0.0, 2.0])} | arguments)


def test_gradients_that_the_adjoint_does_not_give_are_refused() -> None:
    field, x0 = Network(), torch.ones(1, 2, dtype=torch.float64)
    for state, t in ((x0, DECAY.clone().requires_grad_()), ((x0, x0), DECAY)):
        with pytest.raises(ValueError, match="not of tuples or of times; leave it out"):
            odeint(field, state, t, adjoint=True)


def test_gradients_of_times_come_without_it() -> None:
    t = DECAY.clone().requires_grad_()
    (slope,) = torch.autograd.grad(odeint(decay, ONE, t, rtol=1e-9, atol=1e-9)[-1].sum(), t)
    assert slope[-1].item() == pytest.approx(-math.exp(-2), rel=1e-4)
