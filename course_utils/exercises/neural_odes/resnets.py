"""Exercises of *From residual networks to neural ODEs*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from torch import Tensor

from course_utils.exercises.compare import Demand, as_array, show
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise
from course_utils.exercises.sandbox import AnswerError
from course_utils.ode import odeint

Field = Callable[[Any, Tensor], Tensor]

# 6.1.1

_BLOCK = 64 * 32 + 32 + 32 * 64 + 64

DEPTH = ValueExercise(
    number="6.1.1",
    title="How deep is it?",
    expected={"deep_untied": 12 * _BLOCK, "deep_tied": _BLOCK, "deep_factor": 0.25, "deep_step": 4},
    mistakes={
        "`deep_untied`: this is one block. Here each of the twelve has its own weights.": (_BLOCK, None, None, None),
        "`deep_untied`: these are the weights of all layers, and no biases.": (12 * 2 * 64 * 32, None, None, None),
        "`deep_untied`: the first layer of a block, down to 32 numbers, has lost its biases. A layer has one for each output.": (
            12 * (_BLOCK - 32),
            None,
            None,
            None,
        ),
        "`deep_untied`: the second layer of a block, back up to 64 numbers, has lost its biases. A layer has one for each output.": (
            12 * (_BLOCK - 64),
            None,
            None,
            None,
        ),
        "`deep_untied`: this is half of a block, twelve times. There is a layer down to 32 numbers, and one back up to 64.": (
            12 * (64 * 32 + 32),
            None,
            None,
            None,
        ),
        "`deep_tied`: all blocks are the same one here, so they are counted once.": (None, 12 * _BLOCK, None, None),
        "`deep_tied`: these are the weights of both layers, and no biases.": (None, 2 * 64 * 32, None, None),
        "`deep_tied`: the first layer, down to 32 numbers, has lost its biases.": (None, _BLOCK - 32, None, None),
        "`deep_tied`: the second layer, back up to 64 numbers, has lost its biases.": (None, _BLOCK - 64, None, None),
        "`deep_tied`: this is half of a block. There is a layer down to 32 numbers, and one back up to 64.": (
            None,
            64 * 32 + 32,
            None,
            None,
        ),
        "`deep_tied`: these are the weights of one layer, and no biases. A block has two layers.": (
            None,
            64 * 32,
            None,
            None,
        ),
        "`deep_untied`: these are the weights of one layer of each block. A block has two, and both have biases.": (
            12 * 64 * 32,
            None,
            None,
            None,
        ),
        "`deep_tied`: the tied blocks do not share one block out among them. Each of them is the whole of it.": (
            None,
            _BLOCK / 12,
            None,
            None,
        ),
        "`deep_factor`: with this the 48 blocks go further, not as far in smaller steps. Look at which way round it is.": (
            None,
            None,
            4,
            None,
        ),
        "`deep_factor`: unchanged, each block is still a step of length 1, and the network ends at another time.": (
            None,
            None,
            1,
            None,
        ),
        "`deep_factor`: with this the 48 blocks together are as long as *one* of the old ones. How long were twelve?": (
            None,
            None,
            1 / 48,
            None,
        ),
        "`deep_factor`: this is one over the old number of blocks. Where is the new one?": (None, None, 1 / 12, None),
        "`deep_factor`: a root has come in. The second layer stands behind the nonlinearity, so the block is proportional to it.": (
            None,
            None,
            0.5,
            None,
        ),
        "`deep_factor`: squared. Only one of the two layers is multiplied.": (None, None, 1 / 16, None),
        "`deep_step`: this is longer than the whole way.": (None, None, None, 48),
        "`deep_step`: this is longer than the whole way, too, which ends at time 12. Four evaluations make *one* step.": (
            None,
            None,
            None,
            16,
        ),
        "`deep_step`: this is how *many* steps there are. How long is each, when they reach where twelve steps of 1 do?": (
            None,
            None,
            None,
            3,
        ),
        "`deep_step`: here the whole depth is the unit of time. The network was read with a step of 1 for each block.": (
            None,
            None,
            None,
            1 / 3,
        ),
        "`deep_step`: with this step there are twelve, and each asks the block four times.": (None, None, None, 1),
        "`deep_step`: this makes 48 steps, and each asks the block four times. Which way must it go?": (
            None,
            None,
            None,
            1 / 4,
        ),
        "`deep_step`: this is the whole way in one step, which asks the block four times only.": (
            None,
            None,
            None,
            12,
        ),
    },
    moral="Depth is a time, the number of blocks a choice of steps, and the parameters need not grow with either.",
)

# 6.1.2


def _time(t: Any) -> Any:
    if t is None:
        raise AnswerError(
            "Your block tells the field no time but `None`. This field looks at it: at which time does each block begin?"
        )
    return t


class TimePlusState:
    """A field for the check, in which forgetting the time shows."""

    def __call__(self, t: Any, x: Tensor) -> Tensor:
        return _time(t) + x


class TwoStates:
    """A field for the check, in which nothing is linear."""

    def __call__(self, t: Any, x: Tensor) -> Tensor:
        t, first, second = _time(t), x[..., :1], x[..., 1:]
        return torch.cat([torch.sin(second) + t**2, first * torch.cos(torch.as_tensor(3 * t)) - second], dim=-1)


def through_blocks(field: Field, x: Tensor, n: int, duration: float) -> Tensor:
    """By the solver of a library."""
    return odeint(field, x, torch.tensor([0.0, duration]), "euler", step=duration / n)[-1]


Blocks = Callable[[Field, Tensor, int, float], Tensor]


def _network(
    step: Callable[[int, float], float] = lambda n, end: end / n,
    clock: Callable[[int, float, int, float], float] = lambda i, h, n, end: i * h,
    blocks: Callable[[int], int] = lambda n: n,
    keep: float = 1,
) -> Blocks:
    """Blocks with something changed; ``clock`` takes the number of the block, the step, how many blocks, and the end."""

    def run(field: Field, x: Tensor, n: int, duration: float) -> Tensor:
        h = step(n, duration)
        for i in range(blocks(n)):
            x = keep * x + h * field(clock(i, h, n, duration), x)
        return x

    return run


def _all_states(field: Field, x: Tensor, n: int, duration: float) -> Tensor:
    return odeint(field, x, torch.linspace(0, duration, n + 1), "euler", step=duration / n)


def _solved(method: str, step: Callable[[int, float], float] = lambda n, end: end / n) -> Blocks:
    return lambda field, x, n, duration: odeint(
        field, x, torch.tensor([0.0, duration]), method, step=step(n, duration)
    )[-1]


def _beside(field: Field, x: Tensor, n: int, duration: float) -> Tensor:
    h = duration / n
    return x + sum(h * field(i * h, x) for i in range(n))


_CLOCKS = (
    lambda i, h, n, end: i * h,
    lambda i, h, n, end: i * end / n,
    lambda i, h, n, end: i / n,
    lambda i, h, n, end: i,
    lambda i, h, n, end: 0.0,
    lambda i, h, n, end: (i + 1) * h,
    lambda i, h, n, end: (i + 1) * end / n,
    lambda i, h, n, end: i + 1,
)


def _with_any_clock(step: Callable[[int, float], float]) -> tuple[Blocks, ...]:
    return tuple(_network(step, clock) for clock in _CLOCKS)


BLOCKS = FunctionExercise(
    number="6.1.2",
    title="A residual network from a field",
    reference=through_blocks,
    inputs=(
        (TimePlusState(), torch.tensor([[1.0]]), 2, 3.0),
        (TwoStates(), torch.tensor([[0.3, -0.8], [1.1, 0.4], [-0.6, 0.9]]), 5, 2.0),
    ),
    mistakes={
        "Each of your blocks adds the whole rate, a step of length 1: the network then ends at a time that grows with the number of blocks.": (
            _with_any_clock(lambda n, end: 1)
        ),
        "Your blocks together make a step of length 1, whatever `duration` says.": _with_any_clock(
            lambda n, end: 1 / n
        ),
        "Every block makes the whole way at once. Together they should.": _with_any_clock(lambda n, end: end),
        "Your step has lost its fraction: `//` divides and rounds down.": (_with_any_clock(lambda n, end: end // n)),
        "The length of your step is upside down: with more blocks it should get shorter.": _with_any_clock(
            lambda n, end: n / end
        ),
        "As many blocks as there are *times*, start and end included, are one too many. A block stands between two times.": (
            _network(blocks=lambda n: n + 1),
            _network(lambda n, end: end / (n + 1), blocks=lambda n: n + 1),
        ),
        "One block is missing, or the step fits one block fewer than there are: between how many times do n steps lie?": (
            _network(blocks=lambda n: n - 1),
            _network(lambda n, end: end / (n - 1)),
            _network(lambda n, end: end / (n - 1), blocks=lambda n: n - 1),
            _network(blocks=lambda n: n - 1, clock=lambda i, h, n, end: (i + 1) * h),
        ),
        "Steps and blocks are right, but the blocks are told the same time, all of them or all after the first. The field may change on the way.": (
            _network(clock=lambda i, h, n, end: 0.0),
            _network(clock=lambda i, h, n, end: end),
            _network(clock=lambda i, h, n, end: h),
            _network(clock=lambda i, h, n, end: min(i, 1) * h),
        ),
        "Steps and blocks are right, but the field is told the number of the block. Which time is it there?": (
            _network(clock=lambda i, h, n, end: i),
            _network(clock=lambda i, h, n, end: i + 1),
        ),
        "Steps and blocks are right, but the field is told the share of the way. Its time ends at `duration`.": (
            _network(clock=lambda i, h, n, end: i / n)
        ),
        "Steps and blocks are right, but the field is told later times than Euler's method tells it, in some steps or in all.": (
            _network(clock=lambda i, h, n, end: (i + 1) * h),
            _network(clock=lambda i, h, n, end: (i + 0.5) * h),
            _network(clock=lambda i, h, n, end: i * end / (n - 1)),
        ),
        "Only one block has worked. Is the `return` inside of the loop?": _network(blocks=lambda n: 1),
        "The number of steps does not depend on `n`.": _solved("euler", lambda n, end: 1),
        "This is a better solver than Euler's method. A block adds one evaluation of the field, times the step.": (
            _solved("rk4"),
            _solved("midpoint"),
            _solved("dopri5"),
        ),
        "Your blocks hand on only what should be added. A residual block keeps its input.": (_network(keep=0)),
        "Every block sees the input of the first one. Stacked blocks see what the one before has made.": _beside,
        "These are the states after all of the blocks. The last one is asked for.": (
            _all_states,
            lambda *given: _all_states(*given)[1:],
        ),
        "This is what the network has added to its input in all. What leaves the last block is the input as well.": (
            lambda field, x, n, duration: through_blocks(field, x, n, duration) - x
        ),
    },
    moral="Nothing in it was trained, and it is a residual network. The number of blocks is an argument, no longer an architecture.",
)

# 6.1.3


def adjoint_at(A: Tensor, c: Tensor, T: float, t: Tensor) -> Tensor:
    """By solving the equation of the adjoint back in time."""
    matrix, end = A.double().numpy(), float(T)
    times, order = np.unique(t.double().numpy(), return_inverse=True)
    back = np.append(end - times[::-1], end)
    run = solve_ivp(
        lambda _, a: matrix.T @ a,
        (0, end),
        c.double().numpy(),
        method="DOP853",
        t_eval=np.unique(back),
        rtol=1e-10,
        atol=1e-12,
    )
    found = {round(end - moment, 9): row for moment, row in zip(run.t, run.y.T, strict=True)}
    return torch.as_tensor(np.stack([found[round(moment, 9)] for moment in times])[order.reshape(-1)])


Slopes = Callable[[Tensor, Tensor, float, Tensor], Tensor]


def _slopes(
    matrix: Callable[[Tensor], Tensor] = lambda A: A.T,
    duration: Callable[[float, Tensor], Tensor] = lambda T, t: T - t,
    power: Callable[[Tensor], Tensor] = torch.linalg.matrix_exp,
    join: Callable[[Tensor, Tensor], Tensor] = lambda flow, c: flow @ c,
) -> Slopes:
    """A slope for each time with something changed."""
    return lambda A, c, T, t: torch.stack([join(power(matrix(A) * duration(T, moment)), c) for moment in t.unbind()])


def _outside(matrix: Callable[[Tensor], Tensor], duration: Callable[[float, Tensor], Tensor]) -> Slopes:
    return lambda A, c, T, t: duration(T, t)[:, None] * (torch.linalg.matrix_exp(matrix(A)) @ c)


def _first_order(exponent: Tensor) -> Tensor:
    return torch.eye(len(exponent)) + exponent


def _many_steps(n: int) -> Slopes:
    return _slopes(power=lambda exponent: torch.linalg.matrix_power(_first_order(exponent / n), n))


def _short_steps(step: float) -> Slopes:
    return lambda A, c, T, t: torch.stack(
        [_many_steps(max(round((T - s.item()) / step), 1))(A, c, T, s[None])[0] for s in t]
    )


_SIDES = (lambda A: A.T, lambda A: A)

ADJOINT = FunctionExercise(
    number="6.1.3",
    title="The adjoint of a linear flow",
    reference=adjoint_at,
    inputs=(
        (torch.tensor([[0.0, 1.0], [0.0, 0.0]]), torch.tensor([1.0, 0.0]), 2.0, torch.tensor([0.0, 1.0, 2.0])),
        (
            torch.tensor([[-0.4, 1.5, 0.0], [-0.9, 0.1, 0.6], [0.3, 0.0, -0.8]]),
            torch.tensor([0.7, -1.2, 0.5]),
            1.6,
            torch.tensor([0.1, 0.9, 1.5, 0.4]),
        ),
    ),
    mistakes={
        "This carries `c` as a *state* is carried. How does the state at the end depend on each number of the state at `t`, and on which side "
        "of that matrix does `c` stand?": _slopes(lambda A: A),
        "The exponent holds `t` alone, as if `c` stood at time 0. It is the slope at the *end*: how long is the way from `t` to there?": (
            *(_slopes(side, lambda T, t: t) for side in _SIDES),
            *(_slopes(side, lambda T, t: -t) for side in _SIDES),
        ),
        "The sign in your exponent is the other way round: what grows on the way forward makes an early push matter *more*.": tuple(
            _slopes(side, lambda T, t: t - T) for side in _SIDES
        ),
        "Your answer is the same for all times. The later a push comes, the shorter its way to the end.": tuple(
            _slopes(side, lambda T, t: torch.as_tensor(T)) for side in _SIDES
        ),
        "The length of the way stands outside of the exponential.": tuple(
            _outside(side, lambda T, t: T - t) for side in _SIDES
        ),
        "The numbers are right, but in the order of time, not in that of `t`.": lambda A, c, T, t: _slopes()(
            A, c, T, t.sort().values
        ),
        "A matrix has its own exponential. Yours takes that of each number by itself.": tuple(
            _slopes(side, power=torch.exp) for side in _SIDES
        ),
        "This is one step of Euler, over the whole way. It is exact in the first case by chance, because the matrix times itself is zero there.": (
            _slopes(power=_first_order)
        ),
        "Close, but Euler's steps were taken. The answer shall be exact: what do infinitely many of them make of a matrix?": (
            *map(_many_steps, (10, 20, 50, 100, 200, 500, 1000, 2000)),
            *map(_short_steps, (0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)),
        ),
        "Matrix and slope are multiplied number by number. What is asked for is a product of a matrix and a vector.": (
            tuple(_slopes(side, join=lambda flow, c: flow * c) for side in _SIDES)
            + tuple(_slopes(side, join=lambda flow, c: flow * c[:, None]) for side in _SIDES)
        ),
        "These are the matrices that carry states. What do they make of `c`?": tuple(
            _slopes(side, join=lambda flow, c: flow) for side in _SIDES
        ),
        "The numbers are right, but lie in columns: a row belongs to each time.": lambda *given: _slopes()(*given).T,
        "This is how fast the adjoint changes, up to a sign. The adjoint itself is asked for.": (
            lambda A, c, T, t: _slopes()(A, c, T, t) @ A,
            lambda A, c, T, t: -_slopes()(A, c, T, t) @ A,
        ),
    },
    moral="No step forwards was kept to know it. The same equation, with the Jacobian of a network for the matrix, trains a neural ODE.",
)

# 6.1.4

_BATCH, _D, _WIDTH, _STEPS, _TIMES = 64, 3, 50, 100, 11
_ASKED = 4 * _STEPS  # evaluations on the way forward
_EACH = _D + _WIDTH  # numbers for one evaluation and one state
_KEPT = _BATCH * _ASKED * _EACH
_ENDS = 2 * _BATCH * _D
_STOPS = _TIMES * _BATCH * _D

SAVED = ValueExercise(
    number="6.1.4",
    title="What is saved",
    expected={"saved_backprop": _KEPT, "saved_adjoint": _ENDS, "saved_stops": _STOPS, "saved_nfe": 2 * _ASKED},
    mistakes={
        "`saved_backprop`: this is one evaluation for each step. How often does a step of Runge and Kutta's fourth order ask the field?": (
            _KEPT // 4,
            None,
            None,
            None,
        ),
        "`saved_backprop`: this is for one state. A batch has more.": (_KEPT // _BATCH, None, None, None),
        "`saved_backprop`: these are the outputs of the tanh alone. What does the first layer take in?": (
            _BATCH * _ASKED * _WIDTH,
            None,
            None,
            None,
        ),
        "`saved_backprop`: these are the states alone. What does the second layer take in?": (
            _BATCH * _ASKED * _D,
            None,
            None,
            None,
        ),
        "`saved_backprop`: the rate that comes out is multiplied by constants and added. No slope of that needs the rate itself.": (
            _BATCH * _ASKED * (_EACH + _D),
            None,
            None,
            None,
        ),
        "`saved_backprop`: the hidden numbers are counted before *and* after the tanh. Its slope is known from what comes out.": (
            _BATCH * _ASKED * (_EACH + _WIDTH),
            None,
            None,
            None,
        ),
        "`saved_backprop`: 3 times 50 is the number of weights of a layer. What goes into the two layers adds up.": (
            _BATCH * _ASKED * _D * _WIDTH,
            None,
            None,
            None,
        ),
        "`saved_backprop`: this is one step. The graph holds all of them until the way back begins.": (
            _BATCH * 4 * _EACH,
            None,
            None,
            None,
        ),
        "`saved_backprop`: these are bytes. Numbers are asked for.": (4 * _KEPT, None, None, None),
        "`saved_adjoint`: this is one state for each example of the batch. There are two times.": (
            None,
            _ENDS // 2,
            None,
            None,
        ),
        "`saved_adjoint`: this is for one example. A batch has more.": (None, _ENDS // _BATCH, None, None),
        "`saved_adjoint`: a state for every step? The adjoint method forgets the steps.": (
            None,
            _STEPS * _BATCH * _D,
            None,
            None,
        ),
        "`saved_adjoint`: a state before and after every step? The adjoint method forgets the steps.": (
            None,
            (_STEPS + 1) * _BATCH * _D,
            None,
            None,
        ),
        "`saved_adjoint`: a graph of one evaluation is built on the way back and dropped again. It does not lie there in between.": (
            None,
            _BATCH * _EACH,
            None,
            None,
        ),
        "`saved_adjoint`: two states, and a graph of one evaluation. That graph is built on the way back and dropped again.": (
            None,
            _ENDS + _BATCH * _EACH,
            None,
            None,
        ),
        "`saved_adjoint`: the adjoint is computed on the way back, and not kept before it begins.": (
            None,
            2 * _ENDS,
            None,
            None,
        ),
        "`saved_adjoint`: the adjoint at the end is known only when the way back begins. It is not kept before.": (
            None,
            _ENDS + _BATCH * _D,
            None,
            None,
        ),
        "`saved_adjoint`: nothing at all? Where would the way back begin?": (None, 0, None, None),
        "`saved_adjoint`: these are bytes. Numbers are asked for.": (None, 4 * _ENDS, None, None),
        "`saved_stops`: one time too few. The two ends count with the others.": (
            None,
            None,
            _STOPS - _BATCH * _D,
            None,
        ),
        "`saved_stops`: the two ends are among the eleven already.": (None, None, _STOPS + _ENDS, None),
        "`saved_stops`: what the adjoint method keeps for the two ends holds two times already.": (
            None,
            None,
            _TIMES * _ENDS,
            None,
        ),
        "`saved_stops`: this is what two times need. A state that is asked for is kept.": (None, None, _ENDS, None),
        "`saved_stops`: this is for one example. A batch has more.": (None, None, _STOPS // _BATCH, None),
        "`saved_nfe`: this is the way forward. On the way back the field is evaluated, too, since nobody has kept what it said.": (
            None,
            None,
            None,
            _ASKED,
        ),
        "`saved_nfe`: these are the steps. Each asks the field more than once.": (None, None, None, 2 * _STEPS),
        "`saved_nfe`: one evaluation takes the whole batch at once.": (None, None, None, 2 * _ASKED * _BATCH),
        "`saved_nfe`: on the way back the rate and its product with the adjoint come from one evaluation.": (
            None,
            None,
            None,
            3 * _ASKED,
        ),
        "`saved_nfe`: the three equations of the way back share an evaluation: one product with the Jacobian gives two of them.": (
            None,
            None,
            None,
            4 * _ASKED,
        ),
    },
    moral="Backpropagation keeps over a million numbers, the adjoint method a few hundred, and pays with a second solution.",
)

# 6.1.5

_GROWTH = np.log(2)


def _measure_lift(answer: Any) -> dict[str, Any]:
    matrix = as_array(answer)
    if matrix is None or matrix.shape != (2, 2):
        found = show(answer) if matrix is None or matrix.ndim == 0 else f"of shape {matrix.shape}"
        raise AnswerError(f"`lift` should be two rows of two numbers, but it is {found}.")
    if np.isnan(matrix).any():
        raise AnswerError(
            "`lift` holds what is no number. A negative number, as -2, has no real logarithm: the minus comes from a turn."
        )
    if not np.isfinite(matrix).all() or np.abs(matrix).max() > 1e3:
        raise AnswerError("`lift` holds numbers that are not finite, or are above 1000.")
    x, extra = expm(matrix)[:, 0]
    (a, b), (c, d) = matrix
    # In the plane of eigenvalues: the mean of the diagonal, and around it what turns (imaginary) or does not (real).
    around = np.emath.sqrt(b * c + ((a - d) / 2) ** 2)
    speed = abs(np.imag(around))
    return {
        "distance of x from -2": abs(x + 2),
        "distance of extra from 0": abs(extra),
        "x": x,
        "map itself": np.allclose(matrix[:, 0], (-2, 0)) or np.allclose(matrix[:, 0], (-1, 0)),
        "turns": speed / (2 * np.pi),
        "degrees": np.isclose(speed, 180, rtol=0.01),
        "uneven": not np.isclose(a, d, atol=1e-3) and np.isclose(-b * c, np.pi**2, rtol=1e-3),
        "growth": (a + d) / 2,
    }


def _half(found: dict[str, Any]) -> bool:
    return found["x"] < 0 and found["distance of extra from 0"] < 0.02 * abs(found["x"])


LIFT = MeasuredExercise(
    number="6.1.5",
    title="Lift it",
    name="lift",
    kind="tensor",
    measure=_measure_lift,
    demands={
        "distance of x from -2": Demand(at_most=0.01),
        "distance of extra from 0": Demand(at_most=0.01),
    },
    mistakes={
        "This matrix would map a state at once. In a differential equation it gives a *rate*, and the flow of a whole unit of time follows from it.": (
            lambda found: found["map itself"]
        ),
        "Your field does not turn: its eigenvalues are real, and then no state comes to lie opposite to where it began. What has to "
        "stand beside the diagonal, and with which signs?": lambda found: found["turns"] == 0,
        "It seems to turn by 180 in a unit of time. A field has angles in radians.": lambda found: found["degrees"],
        "The rates on your diagonal differ, and that slows the turning down: the numbers beside it are right for equal ones.": (
            lambda found: found["uneven"]
        ),
        "Reflected, but not stretched: at time 1 the size is what it was. What makes a state grow, whichever way it points?": (
            lambda found: _half(found) and abs(found["x"] + 1) < 0.01
        ),
        "Reflected, but it shrinks where it should grow. Look at a sign.": (
            lambda found: _half(found) and found["growth"] < 0
        ),
        "Half a turn, but it grows by another factor than 2. A rate is not yet the factor after a unit of time.": _half,
        "It comes round to the side where it began: whole turns, not half a turn.": (
            lambda found: abs(found["turns"] - round(found["turns"])) < 0.01 and round(found["turns"]) >= 1
        ),
        "It turns by a quarter of a turn, or by three of them: all that was in `x` is in the extra number now.": (
            lambda found: (
                abs(found["turns"] % 0.5 - 0.25) < 0.01 and abs(found["x"]) < 0.05 * found["distance of extra from 0"]
            )
        ),
        "It turns by one radian in a unit of time. Half a turn is more.": (
            lambda found: abs(found["turns"] * 2 * np.pi - 1) < 0.01
        ),
        "It turns, but at time 1 it has not made half a turn. How fast it turns depends on the product of the two numbers beside the "
        "diagonal.": lambda found: True,
    },
    moral="In the plane the paths go round each other, and on the line, which is their shadow, they have crossed. One more number was enough.",
    points=2,
)

EXERCISES = (DEPTH, BLOCKS, ADJOINT, SAVED, LIFT)
