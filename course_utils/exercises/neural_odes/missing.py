"""Exercises of *Missing times*."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from course_utils.exercises.compare import Demand, as_array, show
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise
from course_utils.exercises.sandbox import AnswerError
from course_utils.ode import odeint

Field = Callable[[Any, Tensor], Tensor]

# 6.3.1

ROW = ValueExercise(
    number="6.3.1",
    title="One row of times",
    expected={"row_own": 40, "row_shared": 60, "row_union": 45, "row_dearer": 64},
    mistakes={
        "`row_own`: these are steps of B along the times of A.": (60, None, None, None),
        "`row_own`: this is one step over the whole way. B is observed in between, and there the slope is asked for again.": (
            36,
            None,
            None,
            None,
        ),
        "`row_own`: the second step is as long as the *time* at its end. A step is the gap between two times.": (
            72,
            None,
            None,
            None,
        ),
        "`row_own`: this is the exact solution. Two steps of Euler are asked for, with their error.": (
            16 * np.exp(1.25),
            None,
            None,
            None,
        ),
        "`row_own`: this stops at more times than B has. The steps of B go from one of its own times to the next.": (
            45,
            None,
            None,
            None,
        ),
        "`row_own`: this is only what was added. Where is the start?": (24, None, None, None),
        "`row_shared`: these are steps along B's own times. The solver has never seen them.": (None, 40, None, None),
        "`row_shared`: this is one step over the whole way. The solver stops at A's second time, too.": (
            None,
            48,
            None,
            None,
        ),
        "`row_shared`: a step is as long as the *time* at its end here. A step is the gap between two times.": (
            None,
            72,
            None,
            None,
        ),
        "`row_shared`: the solver does not stop where B was observed last. What it returns in the third place belongs to A's third time.": (
            None,
            42,
            None,
            None,
        ),
        "`row_shared`: this is an exact solution. Two steps of Euler are asked for, with their error.": (
            None,
            16 * np.exp(2),
            None,
            None,
        ),
        "`row_union`: this is what B's own times give. The solver stops at those of A as well, and each stop is one more step.": (
            None,
            None,
            40,
            None,
        ),
        "`row_union`: this is the end of the union. B was observed last before that.": (None, None, 78.75, None),
        "`row_union`: 60 is what A's times alone give, or the union with one step as long as the *time* at its end. The steps are the gaps between the "
        "times of the union, as far as B's last.": (None, None, 60, None),
        "`row_union`: each step is as long as the *time* at its end here. A step is the gap between two times.": (
            None,
            None,
            108,
            None,
        ),
        "`row_union`: this is the exact solution. Steps of Euler are asked for, one for each stretch of the union.": (
            None,
            None,
            16 * np.exp(1.25),
            None,
        ),
        "`row_dearer`: as often? All rows of a batch are solved together, but how many stretches lie between the times of one row, and how many "
        "between those of all?": (None, None, None, 1),
        "`row_dearer`: these are the stretches of the union. By which factor are they more than in one row?": (
            None,
            None,
            None,
            64 * 39,
        ),
        "`row_dearer`: these are evaluations. The factor between the two ways is asked for.": (
            None,
            None,
            None,
            4 * 64 * 39,
        ),
        "`row_dearer`: this is how many *more*, as a multiple. How many times as many is asked for.": (
            None,
            None,
            None,
            63,
        ),
        "`row_dearer`: one of your two numbers counts times, the other stretches between them.": (
            None,
            None,
            None,
            64 * 40 / 39,
        ),
        "`row_dearer`: you divide by the times of a row. Between 40 times there are fewer stretches.": (
            None,
            None,
            None,
            64 * 39 / 40,
        ),
        "`row_dearer`: the number of times in a row is on both sides of the fraction line. What is left?": (
            None,
            None,
            None,
            39,
        ),
        "`row_dearer`: the four slopes of a step are in both ways, so they cancel.": (None, None, None, 4 * 64),
        "`row_dearer`: this is the square. On neither way is each row of the batch solved for by itself.": (
            None,
            None,
            None,
            64**2,
        ),
    },
    moral="The wrong times gave an answer without a word, 60 for 40. For a method that steps from time to time, the union is right and dear, the gaps of each row are right and cheap.",
)

# 6.3.2


class TurnAndTime:
    """A field for the check, in which forgetting the time shows."""

    def __call__(self, t: Any, x: Tensor) -> Tensor:
        return x.flip(-1) * torch.tensor([1.0, -1.0]) + t * torch.tensor([1.0, 0.0])


class Waves:
    """A field for the check, in which nothing is linear."""

    def __call__(self, t: Any, x: Tensor) -> Tensor:
        return torch.sin(x.flip(-1)) + x * torch.cos(torch.as_tensor(3 * t)) + t**2 * torch.tensor([1.0, -0.5])


def own_rollout(field: Field, x0: Tensor, t: Tensor) -> Tensor:
    """One trajectory at a time, by the solver of a library."""
    rows = [odeint(field, start[None], times, "midpoint", step=1e3)[:, 0] for start, times in zip(x0, t, strict=True)]
    return torch.stack(rows)


Rollout = Callable[[Field, Tensor, Tensor], Tensor]
Step = Callable[[Field, Any, Tensor, Any], Tensor]


def _middle(slope: float = 1 / 2, clock: float = 1 / 2, move: float = 1, begins: float = 1) -> Step:
    def step(field: Field, t: Any, x: Tensor, h: Any) -> Tensor:
        k = field(begins * t, x)
        return x + move * h * field(begins * t + clock * h, x + slope * h * k)

    return step


_MIDDLE = _middle()


def _bare(inside: float, outside: float) -> Step:
    """A power of the gap in front of each slope, 0 where it is missing."""

    def step(field: Field, t: Any, x: Tensor, h: Any) -> Tensor:
        return x + h**outside * field(t + h / 2, x + h**inside / 2 * field(t, x))

    return step


def _late(field: Field, t: Any, x: Tensor, h: Any) -> Tensor:
    return x + h * field(t + h / 2, x + h / 2 * field(t + h / 2, x))


def _mixed(field: Field, t: Any, x: Tensor, h: Any) -> Tensor:
    k = field(t, x)
    return x + h / 2 * (k + field(t + h / 2, x + h / 2 * k))


def _euler(field: Field, t: Any, x: Tensor, h: Any) -> Tensor:
    return x + h * field(t, x)


def _heun(field: Field, t: Any, x: Tensor, h: Any) -> Tensor:
    k = field(t, x)
    return x + h / 2 * (k + field(t + h, x + h * k))


def _kutta(field: Field, t: Any, x: Tensor, h: Any) -> Tensor:
    a = field(t, x)
    b = field(t + h / 2, x + h / 2 * a)
    c = field(t + h / 2, x + h / 2 * b)
    return x + h / 6 * (a + 2 * b + 2 * c + field(t + h, x + h * c))


def _rolled(
    step: Step = _MIDDLE,
    gaps: Callable[[Tensor, int], Tensor] = lambda t, i: t[:, i + 1 : i + 2] - t[:, i : i + 1],
    times: Callable[[Tensor, int], Tensor] = lambda t, i: t[:, i : i + 1],
    again: bool = False,
) -> Rollout:
    """A rollout with something changed; ``again``: every step begins at the start."""

    def run(field: Field, x0: Tensor, t: Tensor) -> Tensor:
        x = [x0]
        for i in range(t.shape[1] - 1):
            x.append(step(field, times(t, i), x[0] if again else x[-1], gaps(t, i)))
        return torch.stack(x, dim=1)

    return run


def _flat(t: Tensor, i: int) -> Tensor:
    return t[:, i + 1] - t[:, i]


ROLL = FunctionExercise(
    number="6.3.2",
    title="Steps of one's own",
    reference=own_rollout,
    inputs=(
        (TurnAndTime(), torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.tensor([[0.0, 1.0, 3.0], [0.0, 2.0, 2.5]])),
        (
            Waves(),
            torch.tensor([[0.3, -0.8], [1.1, 0.4]]),
            torch.tensor([[0.2, 0.5, 1.3, 1.7, 2.4], [0.1, 0.8, 1.0, 1.9, 2.1]]),
        ),
    ),
    mistakes={
        "The first trajectory is right, the others run along its times. Each row of `t` belongs to one trajectory.": (
            _rolled(gaps=lambda t, i: t[0, i + 1] - t[0, i], times=lambda t, i: t[0, i]),
            _rolled(gaps=lambda t, i: t[0, i + 1] - t[0, i]),
        ),
        "All trajectories take the same step, a mean of their gaps. Each has its own.": (
            _rolled(gaps=lambda t, i: (t[:, i + 1] - t[:, i]).mean()),
            _rolled(gaps=lambda t, i: (t[:, i + 1] - t[:, i]).mean(), times=lambda t, i: t[:, i].mean()),
            _rolled(gaps=lambda t, i: t.diff().mean()),
        ),
        "The gaps differ, but they have met the wrong numbers: a row of as many gaps as trajectories is laid along the *coordinates* of the "
        "states. Look at its shape.": (
            _rolled(gaps=_flat),
            _rolled(gaps=_flat, times=lambda t, i: t[:, i]),
        ),
        "The gaps are right, but the times of the field lie along the coordinates of the states. Look at their shape.": (
            _rolled(times=lambda t, i: t[:, i])
        ),
        "Each step is as long as the *time* at which it ends, or begins. A step is the gap between the two.": (
            _rolled(gaps=lambda t, i: t[:, i + 1 : i + 2]),
            _rolled(gaps=lambda t, i: t[:, i : i + 1]),
        ),
        "Each step has the gap of the step before it.": _rolled(gaps=lambda t, i: t[:, [i]] - t[:, [i - 1]]),
        "The gaps are the other way round: this runs back in time.": _rolled(
            gaps=lambda t, i: t[:, [i]] - t[:, [i + 1]]
        ),
        "This is Euler's method: the slope is that at the beginning of the step.": _rolled(_euler),
        "This is Heun's method, a mean of two slopes. The midpoint method takes one, in the middle.": _rolled(_heun),
        "This is Runge and Kutta's method with four slopes. The midpoint method needs two.": _rolled(_kutta),
        "The state is in the middle of the step, but the field is told the time at its beginning.": _rolled(
            _middle(clock=0)
        ),
        "The state is in the middle of the step, but the field is told the time at its end.": _rolled(_middle(clock=1)),
        "The state for the second slope is at the end of the step, not in its middle.": (
            _rolled(_middle(slope=1, clock=1)),
            _rolled(_middle(slope=1)),
        ),
        "The state for the second slope is not moved, or the time alone is.": _rolled(_middle(slope=0)),
        "Only half of the gap is walked along the slope in the middle.": (_rolled(_middle(move=1 / 2))),
        "A slope is added to a state without being multiplied by a gap.": (
            _rolled(_bare(0, 1)),
            _rolled(_bare(1, 0)),
            _rolled(_bare(0, 0)),
        ),
        "Half of the gap is walked along the first slope still. It only leads to the middle, and is forgotten then.": (
            _rolled(_mixed)
        ),
        "Already the first slope is told the time in the middle of the step. Its state is at the beginning.": _rolled(
            _late
        ),
        "Each trajectory walks in equal steps from its first time to its last. Its times are not evenly spaced.": (
            _rolled(gaps=lambda t, i: (t[:, [-1]] - t[:, [0]]) / (t.shape[1] - 1))
        ),
        "The field is told a time that begins at 0 in every step. It may change with time.": (
            _rolled(_middle(begins=0)),
            _rolled(_middle(begins=0, clock=0)),
        ),
        "Every step begins at the start `x0`. It should begin where the one before has ended.": (
            _rolled(again=True),
            _rolled(gaps=lambda t, i: t[:, [i + 1]] - t[:, [0]], times=lambda t, i: t[:, [0]], again=True),
        ),
        "The start is missing: it belongs to the first time.": lambda *given: _rolled()(*given)[:, 1:],
        "Times come first in what you return. Asked for are trajectories, then times, then coordinates.": (
            lambda *given: _rolled()(*given).swapaxes(0, 1)
        ),
        "Coordinates come before times in what you return. Asked for are trajectories, then times, then coordinates.": (
            lambda *given: _rolled()(*given).swapaxes(1, 2)
        ),
    },
    moral="A batch of rows with times of their own costs as much as a batch that shares one row.",
)

# 6.3.3


class Motion:
    """Trajectories with a closed form, behind a solver that is asked once."""

    def __init__(self, start: Tensor, speed: Tensor) -> None:
        self.start, self.speed = start, speed
        self._asked = False

    def __call__(self, times: Any) -> Tensor:
        if self._asked:
            raise AnswerError("`solve` was called more than once. One solution can hold the times of all trajectories.")
        self._asked = True
        if not isinstance(times, Tensor) or times.ndim != 1:
            found = f"shape {tuple(times.shape)}" if isinstance(times, Tensor) else show(times)
            raise AnswerError(
                f"`solve` takes one row of times for all trajectories, a tensor of shape (m,), not {found}."
            )
        if not (times.diff() > 0).all():
            raise AnswerError("`solve` wants times that increase all along, and none of them twice. Yours do not.")
        return self.states(times)

    def states(self, times: Tensor) -> Tensor:
        """States (m, n, d) at times (m,)."""
        return self.start + torch.sin(self.speed * times[:, None, None])


def own_states(solve: Motion, t: Tensor) -> Tensor:
    """By the closed form at the times of each, number by number."""
    found = solve.start[:, None].repeat(1, t.shape[1], 1)
    for i, j in np.ndindex(*t.shape):
        found[i, j] += torch.sin(solve.speed[i] * t[i, j])
    return found


Picked = Callable[[Motion, Tensor], Tensor]


def _picked(
    places: Callable[[Tensor, Tensor], Tensor] = torch.searchsorted,
    whose: Callable[[int], Tensor] = lambda n: torch.arange(n)[:, None],
) -> Picked:
    """States from the union, at other places in it, or of other trajectories."""

    def pick(solve: Motion, t: Tensor) -> Tensor:
        stamps = t.unique()
        return solve.states(stamps)[places(stamps, t), whose(len(t))]

    return pick


def _along(times: Callable[[Tensor], Tensor]) -> Picked:
    return lambda solve, t: solve.states(times(t)).swapaxes(0, 1)


UNION = FunctionExercise(
    number="6.3.3",
    title="The union of times",
    reference=own_states,
    inputs=(
        (
            Motion(torch.tensor([[0.0], [10.0]]), torch.tensor([[1.0], [2.0]])),
            torch.tensor([[0.0, 1.0], [0.0, 0.5]]),
        ),
        (
            Motion(
                torch.tensor([[1.0, -2.0], [4.0, 0.0], [-3.0, 5.0]]),
                torch.tensor([[0.6, 1.3], [-1.1, 0.9], [1.7, 0.4]]),
            ),
            torch.tensor([[0.0, 0.7, 1.5, 2.5], [0.0, 0.4, 0.7, 3.0], [0.0, 1.1, 1.5, 1.9]]),
        ),
    ),
    mistakes={
        "All trajectories are read at the times of the first. That one is right, and nothing complains.": (
            _along(lambda t: t[0])
        ),
        "The solution was asked for at evenly spaced times. Which times are in `t`?": (
            _along(lambda t: torch.linspace(t.min().item(), t.max().item(), t.shape[1]))
        ),
        "The union is right, but from each trajectory you take its first rows. Where in the union do its own times stand?": (
            lambda solve, t: solve.states(t.unique())[: t.shape[1]].swapaxes(0, 1)
        ),
        "You return the states of all trajectories at all times of the union. Each has fewer times of its own.": (
            lambda solve, t: solve.states(t.unique()),
            lambda solve, t: solve.states(t.unique()).swapaxes(0, 1),
        ),
        "The times are right, but the states are those of one trajectory everywhere: the place in the union is not all that must be told.": (
            _picked(whose=lambda n: torch.zeros(1, 1, dtype=torch.long)),
            _picked(whose=lambda n: -torch.ones(1, 1, dtype=torch.long)),
        ),
        "For each time of each trajectory you return the states of *all* trajectories. Only its own is asked for.": (
            _picked(whose=lambda n: slice(None)),
            lambda solve, t: _picked(whose=lambda n: slice(None))(solve, t).swapaxes(0, 1),
            lambda solve, t: solve.states(t.unique()).swapaxes(0, 1)[:, torch.searchsorted(t.unique(), t)],
        ),
        "The first times are not in your union, so that the states there are those of a later time.": (
            lambda solve, t: solve.states(t[:, 1:].unique())[
                torch.searchsorted(t[:, 1:].unique(), t), torch.arange(len(t))[:, None]
            ]
        ),
        "Each state is the one of the next time in the union, or of the time before. On which side of an equal time does your search stop?": (
            _picked(lambda union, t: (torch.searchsorted(union, t) + 1).clamp(max=len(union) - 1)),
            _picked(lambda union, t: torch.searchsorted(union, t) - 1),
            _picked(lambda union, t: (torch.searchsorted(union, t) - 1).clamp(min=0)),
        ),
        "Times come first in what you return. Asked for are trajectories, then times, then coordinates.": (
            lambda *given: _picked()(*given).swapaxes(0, 1),
            lambda solve, t: solve.states(t[0]),
        ),
    },
    moral="One call, any solver, adaptive ones too: what a batch with times of its own needs where the steps are not yours to choose.",
    points=2,
)

# 6.3.4


def gru_inputs(t: Tensor, x: Tensor, sigma: Tensor) -> Tensor:
    """Observation by observation."""
    rows = []
    for states, noise in zip(x, sigma, strict=True):
        seen = [i for i in range(len(t)) if noise[i].isfinite().all()]
        rows.append(torch.stack([torch.cat([states[i], t[[j]] - t[[i]]]) for i, j in pairwise(seen)]))
    return torch.stack(rows)


Inputs = Callable[[Tensor, Tensor, Tensor], Tensor]


def _fed(
    last: Callable[[Tensor, Tensor], Tensor] = lambda own, t: own.diff(dim=1),
    seen: Callable[[Tensor], Tensor] = lambda sigma: sigma.isfinite().all(-1),
    states: Callable[[Tensor], Tensor] = lambda x: x[:, :-1],
    join: Callable[[Tensor, Tensor], list[Tensor]] = lambda x, gap: [x, gap],
) -> Inputs:
    """Inputs with something changed; ``last`` makes the last number of each from the own times and the grid."""

    def feed(t: Tensor, x: Tensor, sigma: Tensor) -> Tensor:
        mask = seen(sigma)
        own = t.expand(len(x), -1)[mask].reshape(len(x), -1)
        compressed = x[mask].reshape(len(x), -1, x.shape[-1])
        return torch.cat(join(states(compressed), last(own, t)[..., None]), dim=-1)

    return feed


def _on_grid(t: Tensor, x: Tensor, sigma: Tensor) -> Tensor:
    """Gaps of the full grid, with the observations picked afterwards."""
    mask = sigma.isfinite().all(-1)
    ahead = torch.cat([t.diff(), torch.zeros(1)]).expand(len(x), -1)
    return torch.cat([x, ahead[..., None]], dim=-1)[mask].reshape(len(x), -1, x.shape[-1] + 1)[:, :-1]


def _everything(t: Tensor, x: Tensor, sigma: Tensor) -> Tensor:
    return torch.cat([x[:, :-1], t.diff().expand(len(x), -1)[..., None]], dim=-1)


_CASES = (
    ((2, 3, 5, 8, 10, 11), ((0, 2, 3), (0, 1, 5)), 1),
    ((0.2, 0.5, 1.3, 1.6, 2.8, 3.3, 3.7, 5.2), ((0, 1, 4, 7), (0, 2, 3, 6), (0, 4, 5, 6)), 2),
)


def _observed(case: tuple[Any, ...]) -> tuple[Tensor, Tensor, Tensor]:
    times, kept, d = case
    t = torch.tensor(times, dtype=torch.float32)
    sigma = torch.full((len(kept), len(t), d), torch.inf)
    for i, row in enumerate(kept):
        sigma[i, list(row)] = 0.1
    if d == 1:
        return t, (10.0 * torch.arange(1, len(kept) + 1)[:, None] + torch.arange(len(t)))[..., None], sigma
    phase = torch.arange(len(kept))[:, None] + 0.7 * t
    return t, torch.stack([torch.sin(phase), 2 * torch.cos(1.3 * phase)], dim=-1), sigma


GAPS = FunctionExercise(
    number="6.3.4",
    title="What the GRU is told",
    reference=gru_inputs,
    inputs=tuple(map(_observed, _CASES)),
    mistakes={
        "This is the time *since* the observation before. The state that the GRU must tell comes after the next one.": (
            _fed(lambda own, t: torch.cat([torch.zeros(len(own), 1), own.diff(dim=1)[:, :-1]], dim=1)),
            _fed(
                lambda own, t: torch.cat([torch.zeros(len(own), 1), own.diff(dim=1)], dim=1),
                states=lambda x: x,
            ),
            _fed(states=lambda x: x[:, 1:]),
            _fed(lambda own, t: torch.cat([own[:, :1], own.diff(dim=1)[:, :-1]], dim=1)),
            _fed(lambda own, t: torch.cat([own[:, :1], own.diff(dim=1)], dim=1), states=lambda x: x),
        ),
        "The gaps are those of the whole grid. What matters is the time to the next stamp at which there *is* an observation.": (
            _on_grid
        ),
        "The missing observations are among the inputs. What `x` holds there means nothing.": (
            _everything,
            lambda t, x, sigma: _everything(t, torch.where(sigma.isinf(), 0, x), sigma),
            lambda t, x, sigma: torch.cat([torch.where(sigma.isinf(), 0, x), t.expand(len(x), -1)[..., None]], dim=-1),
        ),
        "You have kept what is missing and left out what was observed: which is it whose noise is infinite?": _fed(
            seen=lambda sigma: sigma.isinf().all(-1)
        ),
        "All trajectories are treated as if they were observed where the first one is.": _fed(
            seen=lambda sigma: sigma[:1].isfinite().all(-1).expand(len(sigma), -1)
        ),
        "The last number is a time from the start or from zero, not a gap. How far is it from each observation to the next?": (
            _fed(lambda own, t: own[:, :-1]),
            _fed(lambda own, t: own[:, 1:]),
            _fed(lambda own, t: own[:, 1:], states=lambda x: x[:, 1:]),
            _fed(lambda own, t: own[:, :-1] - own[:, :1]),
            _fed(lambda own, t: own[:, 1:] - own[:, :1]),
        ),
        "The gaps are negative. Which time is the later one?": _fed(lambda own, t: -own.diff(dim=1)),
        "The last observation is in it, too. There is nothing after it to be predicted.": (
            _fed(
                lambda own, t: torch.cat([own.diff(dim=1), torch.zeros(len(own), 1)], dim=1),
                states=lambda x: x,
            ),
            _fed(lambda own, t: own, states=lambda x: x),
        ),
        "The gap stands in front of the state. Asked for is the state first.": _fed(join=lambda x, gap: [gap, x]),
        "These are the observed states. Where is the time to the next one?": lambda t, x, sigma: _fed()(t, x, sigma)[
            ..., :-1
        ],
        "These are the gaps. The states are missing.": (
            lambda t, x, sigma: _fed()(t, x, sigma)[..., -1:],
            lambda t, x, sigma: _fed()(t, x, sigma)[..., -1],
        ),
        "The gaps count rows of the grid. They should be times: the grid is not even.": (
            lambda t, x, sigma: _fed()(torch.arange(len(t)).float(), x, sigma)
        ),
    },
    moral="One number more in each input, and the GRU is no longer blind to time. How to use it, it must learn; the neural ODE need not.",
)

# 6.3.5

_STAMPS, _END, _ALIKE = 12, 10.0, 0.55
_DIFFERENCES = np.linspace(0.15, 5, 4851)  # Hz


def _measure_stamps(answer: Any) -> dict[str, float]:
    times = as_array(answer)
    if times is None or times.shape != (_STAMPS,):
        found = show(answer) if times is None or times.ndim == 0 else f"of shape {times.shape}"
        raise AnswerError(f"`twelve_stamps` should be twelve numbers in a row, but it is {found}.")
    if not (np.isfinite(times).all() and times.min() >= 0 and times.max() <= _END):
        raise AnswerError(f"`twelve_stamps` should lie between 0 s and {_END:g} s. One of yours does not.")
    alike = np.abs(np.exp(2j * np.pi * np.outer(_DIFFERENCES, times)).mean(axis=1))
    gaps = np.diff(np.sort(times))
    beats = _DIFFERENCES[alike.argmax()] * gaps.mean()
    return {
        "largest W": alike.max(),
        "even": np.ptp(gaps) <= 0.02 * gaps.mean(),
        "nearly even": gaps.std() < 0.35 * gaps.mean() and abs(beats - max(round(beats), 1)) < 0.2,
        "span": np.ptp(times),
        "twice": gaps.min() < 1e-6,
        "at": _DIFFERENCES[alike.argmax()],
    }


STAMPS = MeasuredExercise(
    number="6.3.5",
    title="Irregular on purpose",
    name="twelve_stamps",
    kind="tensor",
    measure=_measure_stamps,
    demands={"largest W": Demand(at_most=_ALIKE)},
    mistakes={
        "All of them lie within half of the time. Waves whose frequencies differ by little come apart only after long.": (
            lambda found: found["span"] < _END / 2
        ),
        "Evenly spaced: two waves whose frequencies differ by one over the gap agree at every stamp.": (
            lambda found: found["even"]
        ),
        "All gaps are multiples of one spacing, or nearly so: there are two waves that agree at every stamp. Missing observations on a regular grid "
        "leave it a regular grid.": lambda found: found["largest W"] > 0.999,
        "Nearly even: waves whose frequencies differ by about one over the mean gap, or a multiple of it, still look alike.": (
            lambda found: found["nearly even"]
        ),
        "The waves that are most alike differ by little in frequency. Only stamps all over the 10 s tell these apart.": (
            lambda found: found["at"] < 0.25
        ),
        "Some stamps are the same, so they tell one thing twice.": lambda found: found["twice"],
        "No longer a regular grid, but some waves are still too much alike. Draw W and look at where its peak is, or let the computer try "
        "many sets of stamps.": lambda found: True,
    },
    moral="Irregular stamps are no misfortune: twelve of them tell apart what twelve regular ones cannot. Only a model must be able to read them.",
    points=2,
)

EXERCISES = (ROW, ROLL, UNION, GAPS, STAMPS)
