"""Exercises of *Trajectories*."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from scipy.spatial import KDTree
from torch import Tensor

from course_utils.data import pendulum
from course_utils.exercises.compare import Demand, as_array
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import (
    FunctionExercise,
    MeasuredExercise,
    ValueExercise,
    call,
    require_shape,
)
from course_utils.exercises.sandbox import AnswerError
from course_utils.metrics import pendulum_fit

# 4.2.1

_WAYS = 250 * 100 * 50  # through the hidden units of the tutorial's critic
_STEEPEST, _CLIP, _FACTOR = 1e-8 * 10 * 96**3, (10 * _WAYS) ** -0.25, 0.05

LOUDNESS = ValueExercise(
    number="4.2.1",
    title="How loud can a clipped critic be?",
    expected={"steepest": _STEEPEST, "clip_for_one": _CLIP, "factor": _FACTOR},
    mistakes={
        "`steepest`: a slope is per *length* of a step. A step of length 1 that 100 inputs share moves each by a tenth, not by 1.": (
            10 * _STEEPEST,
            None,
            None,
        ),
        "`steepest`: the number of inputs is missing. It counts by its root.": (_STEEPEST / 10, None, None),
        "`steepest`: the idea is right, but this is rounded to two digits. Write the formula.": (0.088, None, None),
        "`steepest`: four layers have weights, and the last one, to the score, is clipped too.": (
            100 * _STEEPEST,
            None,
            None,
        ),
        "`steepest`: there is a layer of weights *between* every two widths, so four, not five.": (
            _STEEPEST / 100,
            None,
            None,
        ),
        "`steepest`: the limit is missing, once for each layer of weights.": (1e8 * _STEEPEST, None, None),
        "`steepest`: each of the three hidden layers multiplies the number of ways by 96.": (
            1e-8 * 10 * 96,
            None,
            None,
        ),
        "`steepest`: the ways through the layers are multiplied, not added.": (1e-8 * 10 * 3 * 96, None, None),
        "`clip_for_one`: the step of length 1 is shared by the inputs, so they count by their root here too.": (
            _STEEPEST,
            (100 * _WAYS) ** -0.25,
            None,
        ),
        "`clip_for_one`: the number of inputs is missing.": (_STEEPEST, _WAYS**-0.25, None),
        "`clip_for_one`: the limit enters once for each layer of weights, and there are four. Which root is it?": (
            _STEEPEST,
            (10 * _WAYS) ** (-1 / 3),
            None,
        ),
        "`clip_for_one`: the idea is right, but this is rounded to two digits. Write the formula.": (
            _STEEPEST,
            0.017,
            None,
        ),
        "`clip_for_one`: the idea is right, but this is rounded to three digits. Write the formula.": (
            _STEEPEST,
            0.0168,
            None,
        ),
        "`clip_for_one`: this is what the fourth power of the limit must be.": (_STEEPEST, 1 / (10 * _WAYS), None),
        "`clip_for_one`: a smaller limit makes a smaller slope. Is the fraction upside down?": (
            _STEEPEST,
            (10 * _WAYS) ** 0.25,
            None,
        ),
        "`factor`: the new layer brings 50 times as many ways, and one more limit.": (_STEEPEST, _CLIP, 50),
        "`factor`: one layer more is one limit more. You have counted two.": (_STEEPEST, _CLIP, 50 * 0.001**2),
        "`factor`: each way has one more weight, but there are also more ways.": (_STEEPEST, _CLIP, 0.001),
        "`factor`: only the *inputs* of the critic count by a root. Among hidden units every way counts.": (
            _STEEPEST,
            _CLIP,
            0.001 * 50**0.5,
        ),
        "`factor`: by how much is the slope *multiplied*? You have divided the old one by the new one.": (
            _STEEPEST,
            _CLIP,
            20,
        ),
    },
    moral="Each layer multiplies by its width times the limit. Below a limit of one over the width, depth makes a critic's scores tiny.",
)

# 4.2.2


def acceleration_error(sigma: Tensor, h: Tensor) -> Tensor:
    """By the covariance of independent errors, carried through the weights of the difference, in 64 bits."""
    sigma, h = sigma.double(), h.double()
    weights = torch.tensor([1.0, -2.0, 1.0]).double() / h[:, None] ** 2
    covariance = torch.diag_embed((sigma[:, None] ** 2).expand(-1, 3))
    return torch.einsum("ni,nij,nj->n", weights, covariance, weights).sqrt()


def _error(factor: float) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda sigma, h: factor * sigma / h**2


ACCELERATION_ERROR = FunctionExercise(
    number="4.2.2",
    title="What noise does to an acceleration",
    reference=acceleration_error,
    inputs=(
        (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 0.5])),
        (torch.tensor([0.01, 0.05, 0.3]), torch.tensor([0.05, 0.1, 0.2])),
    ),
    mistakes={
        "These are the sizes of the weights, added up. Errors of different sign cancel in part: add *variances*.": _error(
            4
        ),
        "Is this the middle error alone, or its variance counted twice? It counts twice, so its variance counts four times; then add "
        "the two outer ones.": _error(2),
        "Three independent errors of equal weight would give this. Which of them has another weight?": _error(3**0.5),
        "The weights add up to 0, but the errors do not: they are independent of each other.": _error(0),
        "This is the factor of the variance. Where is the root?": _error(6),
        "This is the variance of the error. The standard deviation is asked for.": (
            lambda sigma, h: 6 * sigma**2 / h**4
        ),
        "The variance of a multiple has the *square* of the factor, and the factor holds the step, too. The root is still to be taken.": (
            lambda sigma, h: 6 * sigma**2 / h**2
        ),
        "The variance is six times the *square* of sigma. The root is taken of both.": (
            lambda sigma, h: (6 * sigma) ** 0.5 / h**2
        ),
        "The second difference is divided by the *square* of the step.": lambda sigma, h: 6**0.5 * sigma / h,
        "The step is missing: the difference is divided by its square.": lambda sigma, h: 6**0.5 * sigma,
        "A shorter step makes the error *larger*: divide by the square of the step.": (
            lambda sigma, h: 6**0.5 * sigma * h**2
        ),
        "The variance is divided by the fourth power of the step. The root is taken of that, too.": lambda sigma, h: (
            6**0.5 * sigma / h**4
        ),
    },
    moral="At twenty angles a second a hundredth of a radian becomes more than twice a pendulum's usual acceleration: small is not small.",
)

# 4.2.3


def fit_friction(theta: Tensor, velocity: Tensor, acceleration: Tensor) -> np.ndarray:
    """Curve by curve, with numpy, in 64 bits."""
    rows = []
    for angle, speed, a in zip(*(values.double().numpy() for values in (theta, velocity, acceleration)), strict=True):
        forces = np.column_stack([np.sin(angle), speed])
        rows.append(-np.linalg.lstsq(forces, a, rcond=None)[0])
    return np.array(rows)


def _solved(*columns: Tensor, by: Tensor) -> Tensor:
    return torch.linalg.lstsq(torch.stack(columns, -1).double(), by.double()[..., None]).solution.squeeze(-1)


def _one_by_one(theta: Tensor, velocity: Tensor, acceleration: Tensor) -> Tensor:
    pull = torch.sin(theta)
    return -torch.stack([(acceleration * force).sum(1) / (force**2).sum(1) for force in (pull, velocity)], 1)


def _one_after_the_other(theta: Tensor, velocity: Tensor, acceleration: Tensor) -> Tensor:
    k = _one_by_one(theta, velocity, acceleration)[:, :1]
    rest = acceleration + k * torch.sin(theta)
    return torch.cat([k, -(rest * velocity).sum(1, keepdim=True) / (velocity**2).sum(1, keepdim=True)], 1)


def _shaken_curves(n: int, d: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Angles and velocities that are somewhat correlated, and accelerations with noise and friction, in part negative."""
    angle, speed = normal(n, d, seed=seed), normal(n, d, seed=seed + 1)
    velocity = speed + 0.4 * angle
    k, c = 4 + normal(n, 1, seed=seed + 2).abs(), 0.2 + 0.6 * normal(n, 1, seed=seed + 3)
    noise = 0.5 + 0.3 * normal(n, d, seed=seed + 4)
    return angle, velocity, -k * torch.sin(angle) - c * velocity + noise


FRICTION = FunctionExercise(
    number="4.2.3",
    title="A law with friction",
    reference=fit_friction,
    inputs=(_shaken_curves(2, 6, seed=10), _shaken_curves(8, 40, seed=20)),
    mistakes={
        "Both signs are wrong. The two forces point against angle and velocity.": (
            lambda theta, velocity, acceleration: _solved(torch.sin(theta), velocity, by=acceleration)
        ),
        "The friction has the wrong sign: it points against the velocity.": (
            lambda theta, velocity, acceleration: -_solved(torch.sin(theta), -velocity, by=acceleration)
        ),
        "The sign of `k` is wrong: gravity pulls back.": (
            lambda theta, velocity, acceleration: -_solved(-torch.sin(theta), velocity, by=acceleration)
        ),
        "Without the sine this is a spring, not a pendulum.": (
            lambda theta, velocity, acceleration: -_solved(theta, velocity, by=acceleration)
        ),
        "These are cosines. What is the pull when it hangs straight down?": (
            lambda theta, velocity, acceleration: -_solved(torch.cos(theta), velocity, by=acceleration)
        ),
        "The two columns have changed places.": (
            lambda theta, velocity, acceleration: -_solved(velocity, torch.sin(theta), by=acceleration)
        ),
        "There is a constant in your fit, or means were subtracted, which is the same: a push that is always there. This law has none.": (
            lambda theta, velocity, acceleration: (
                -_solved(torch.sin(theta), velocity, torch.ones_like(theta), by=acceleration)[:, :2]
            )
        ),
        "Each force was fitted as if it were the only one. Angle and velocity are correlated, so both must be fitted at once.": (
            _one_by_one
        ),
        "First `k`, then the friction from what is left: the first fit has already taken a part of the friction. Fit both at once.": (
            _one_after_the_other
        ),
        "One law for all curves: each has a `k` and a friction of its own.": (
            lambda theta, velocity, acceleration: (
                -_solved(torch.sin(theta).flatten(), velocity.flatten(), by=acceleration.flatten()).expand(
                    len(theta), 2
                )
            )
        ),
        "Some of these curves gain speed, so their `c` is negative. Leave the signs as the fit finds them.": (
            lambda theta, velocity, acceleration: _solved(torch.sin(theta), velocity, by=acceleration).abs()
        ),
        "The numbers are right, but (n, 2) is asked for. An axis of length 1 is left over, that of the right-hand side.": (
            lambda theta, velocity, acceleration: -_solved(torch.sin(theta), velocity, by=acceleration).unsqueeze(-1)
        ),
        "This is `k` alone, but (n, 2) is asked for: `k` and `c` of each curve.": (
            lambda theta, velocity, acceleration: -_solved(torch.sin(theta), velocity, by=acceleration)[:, 0]
        ),
        "This is the `k` of a pendulum without friction. (n, 2) is asked for: `k` and `c` of each curve, both fitted at once.": (
            lambda theta, velocity, acceleration: _one_by_one(theta, velocity, acceleration)[:, 0]
        ),
        "One column for each curve: a row for each is asked for.": (
            lambda theta, velocity, acceleration: -_solved(torch.sin(theta), velocity, by=acceleration).T
        ),
    },
    moral="The same fit asks for a friction that nobody put in: of true curves it is 0, of a generator's draws it need not be.",
    points=2,
)

# 4.2.4


def apart(draws: Tensor, real: Tensor) -> float:
    """By search trees, in 64 bits: the second nearest row of the same set, the nearest being the row itself."""

    def usual_gap(rows: Tensor) -> float:
        points = rows.double().numpy()
        return float(np.median(KDTree(points).query(points, k=2)[0][:, 1]))

    return usual_gap(draws) / usual_gap(real)


def _gaps_within(rows: Tensor) -> Tensor:
    return torch.cdist(rows.double(), rows.double()).sort(1).values


def _quotient(of: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda draws, real: of(draws) / of(real)


_FIRST, _SECOND = (
    (normal(5, 3, seed=31), 2 * normal(7, 3, seed=32)),
    (0.3 * normal(21, 6, seed=33), normal(25, 6, seed=34)),
)

TWINS = FunctionExercise(
    number="4.2.4",
    title="Twins",
    reference=apart,
    inputs=(_FIRST, _SECOND),
    mistakes={
        "The nearest row of a set to each of its rows is that row itself, at distance 0. Zero over zero is no number.": (
            lambda draws, real: draws.new_tensor(math.nan)
        ),
        "This is how far draws are from the *true* curves. Twins show among the draws themselves.": (
            lambda draws, real: (
                torch.cdist(draws.double(), real.double()).amin(1).median() / _gaps_within(real)[:, 1].median()
            )
        ),
        "The median is asked for: a few draws far from all others would move the mean.": _quotient(
            lambda rows: _gaps_within(rows)[:, 1].mean()
        ),
        "The fraction is upside down: twins must give 0.": (
            lambda draws, real: _gaps_within(real)[:, 1].median() / _gaps_within(draws)[:, 1].median()
        ),
        "You took the *second* nearest other row. In the sorted distances the row itself comes first, at place 0.": _quotient(
            lambda rows: _gaps_within(rows)[:, 2].median()
        ),
        "This is the distance to all others, not to the nearest.": _quotient(
            lambda rows: _gaps_within(rows)[:, 1:].median()
        ),
        "This is the usual distance between any two rows, each with itself among them. How far is the *nearest* other row?": _quotient(
            lambda rows: _gaps_within(rows).median()
        ),
        "This is the second *farthest* row. Which end of the sorted distances is the near one?": _quotient(
            lambda rows: _gaps_within(rows)[:, -2].median()
        ),
        "This is how far draws are from the *true* curves, and the second nearest of them: no draw is among these, so none is to be "
        "left out. Twins show among the draws themselves.": lambda draws, real: (
            torch.cdist(draws.double(), real.double()).sort(1).values[:, 1].median() / _gaps_within(real)[:, 1].median()
        ),
        "This is the mean distance to the others, not that to the nearest.": _quotient(
            lambda rows: _gaps_within(rows)[:, 1:].mean(1).median()
        ),
        "You took the farthest other row for the nearest.": _quotient(lambda rows: _gaps_within(rows)[:, -1].median()),
        "The closest pair of each set decides here. One pair of twins says little: take the median over all draws.": _quotient(
            lambda rows: _gaps_within(rows)[:, 1].min()
        ),
        "These are squared distances.": _quotient(lambda rows: _gaps_within(rows)[:, 1].median() ** 2),
        "The distance among the draws is not yet compared with that among true curves.": (
            lambda draws, real: _gaps_within(draws)[:, 1].median()
        ),
    },
    moral="Physics asks whether each draw is right, this asks whether they differ. A generator that has learnt one perfect swing passes only the first, noise only the second: more than 1 is no merit.",
)

# 4.2.5


_END = 10  # times at each end, half a second


def _measure_basis(basis: Callable[[Tensor], Tensor]) -> dict[str, float]:
    """How well sums of the rows draw swings, and what else they can draw: told by the space that the rows span.

    The largest value of a linear measure, as a second difference, over all sums of a root mean square of 1, is its
    norm over the orthonormal rows, times the root of their length.
    """
    swings = pendulum(200, 5)
    t = swings.grid
    value = call(basis, t=t)
    array = as_array(value)
    if array is None or array.ndim != 2:
        raise AnswerError("`basis(t)` should be a table: a row for each fixed curve, a column for each time.")
    if len(array) == len(t) != array.shape[1]:
        raise AnswerError(
            "`basis(t)` has a row for each time. A row for each fixed curve is asked for: turn the table."
        )
    rows = require_shape(value, (len(array), len(t)), "`basis(t)`, a row for each curve,").detach().double()
    _, sizes, directions = torch.linalg.svd(rows, full_matrices=False)
    directions = directions[sizes > 1e-6 * sizes[0]]
    redrawn = swings.x.double() @ directions.T @ directions
    error = (redrawn - swings.x).square()
    slopes, bends, turns = (len(t) ** 0.5 * directions.diff(n=order, dim=1).norm(dim=0) for order in (1, 2, 3))
    inside = slice(_END - 1, 1 - _END)
    reach = (rows.amax(1) - rows.amin(1)).clamp(min=1e-12)
    line = torch.stack([torch.ones_like(t), t / t.amax() - 0.5]).double()
    off_line = (line - line @ directions.T @ directions).norm(dim=1) / line.norm(dim=1)
    return {
        "R2": pendulum_fit((redrawn + 1e-6 * t**2).float(), t).r2.median().item(),
        "missed": error.mean(1).sqrt().max().item(),
        "bend": bends[inside].max().item(),
        "bend anywhere": bends.max().item(),
        "rows": float(len(rows)),
        "directions": float(len(directions)),
        "scales": (rows.abs().amax() / rows.abs().amax(1).min().clamp(min=1e-12)).item(),
        "jump": (rows.diff(dim=1).abs()[:, inside].amax(1) / reach).max().item(),
        "turn": turns[inside].max().item(),
        "off a line": off_line.max().item(),
        "apart at the ends": ((rows[:, 0] - rows[:, -1]).abs() / reach).max().item(),
        "steep at the ends": (torch.maximum(slopes[0], slopes[-1]) / slopes.max().clamp(min=1e-12)).item(),
        "missed at the ends": 1 - (error[:, _END:-_END].sum() / error.sum().clamp(min=1e-12)).item(),
        "high at the start": (rows[:, 0].abs() / rows.abs().amax(1).clamp(min=1e-12)).max().item(),
    }


BASIS = MeasuredExercise(
    number="4.2.5",
    title="A last layer without data",
    name="basis",
    kind="function",
    measure=_measure_basis,
    demands={
        "R2": Demand(at_least=0.99),
        "missed": Demand(at_most=0.03),
        "bend": Demand(at_most=0.6),
        "bend anywhere": Demand(at_most=4),
        "rows": Demand(at_most=12),
    },
    mistakes={
        "More than twelve rows can draw more, kinks among it. With a hundred the layer would be no layer at all.": (
            lambda found: found["rows"] > 12
        ),
        "A row jumps from one time to the next, so sums of rows have jumps. Every row should be a smooth curve.": (
            lambda found: found["jump"] > 0.4 and found["bend"] > 0.6
        ),
        "A sum of your rows can bend sharply from one time to the next, and there its acceleration is anything. One row with a kink, or "
        "one that is not smooth, is enough, and so are bumps only a few times wide.": lambda found: found["bend"] > 0.6,
        "Your rows differ so much in size that 32 bits cannot hold them all. Are these powers of seconds, up to 5? Bring the times to "
        "the range from -1 to 1 first.": lambda found: found["scales"] > 1e4,
        "All rows start at 0. A pendulum is let go at an angle.": lambda found: found["high at the start"] < 0.1,
        "Some rows are sums of others, or so nearly that they add nothing.": lambda found: (
            found["directions"] < found["rows"]
        ),
        "Near an end a sum of your rows can bend at once. Either a row has a kink or a jump there, or rows are so much alike that only "
        "their small differences count.": lambda found: found["bend anywhere"] > 4,
        "Every row ends where it began, as if the swing were periodic with 5 s. It is not: let some rows end elsewhere.": (
            lambda found: found["apart at the ends"] < 0.25
        ),
        "Every row is level at both ends, so every sum is. A swing is cut off at any slope: let some rows be steep there.": (
            lambda found: found["steep at the ends"] < 0.35 and found["missed at the ends"] > 0.5
        ),
        "Most of what is missed lies in the half second at each end. A swing is cut off at any height, slope and bend: can sums of your "
        "rows have all of these there, and at one end others than at the other?": (
            lambda found: found["missed at the ends"] > 0.5
        ),
        "Fewer than twelve rows, and something is missed. Twelve are allowed.": lambda found: found["rows"] < 12,
        "Sums of your rows cannot even draw a straight line. Do all of them turn too fast?": (
            lambda found: found["off a line"] > 0.4
        ),
        "The rows have no kinks, but their second differences jump, and the acceleration with them. Make them smoother.": (
            lambda found: found["turn"] > 0.2
        ),
        "Some swing is drawn badly. Plot the worst one and its redrawn curve and look where: at the ends, between bumps, or everywhere?": (
            lambda found: True
        ),
    },
    moral="Smoothness needs no data: a dozen smooth curves hold all that these pendulums do, and no kink.",
    points=2,
)

EXERCISES = (LOUDNESS, ACCELERATION_ERROR, FRICTION, TWINS, BASIS)
