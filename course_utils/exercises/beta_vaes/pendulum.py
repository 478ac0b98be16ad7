"""Exercises of *The pendulum that beta cannot disentangle*."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import torch
from scipy.optimize import brentq
from torch import Tensor
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from course_utils.data.pendulum import FACTORS
from course_utils.exercises.compare import Demand
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call, require_shape

# 3.2.1

BEST_SCORES = ValueExercise(
    number="3.2.1",
    title="What can a perfect code score?",
    expected={"honest": 0.75, "twice": 0.5, "turned_pair": 0.25},
    mistakes={
        "`honest`: the mass is one of the four factors. No code tells it, so its gap is 0, and it counts in the mean.": (
            1,
            None,
            None,
        ),
        "The score is the *mean* of the gaps, not their sum.": (3, None, None),
        "These are per cent. The score itself is a number between 0 and 1.": (75, None, None),
        "`honest`: the mean is over the factors, of which there are four, whatever the number of codes.": (
            0.6,
            None,
            None,
        ),
        "`twice`: the copy makes one code more, but no factor more. The mean is over the factors.": (0.75, 0.4, None),
        "`twice`: the copy was counted as one more to average over. It is no factor, and it takes the length's gap away.": (
            0.75,
            0.6,
            None,
        ),
        "`twice`: a copy changes the second best code of the length. The score is a gap, not a best value.": (
            0.75,
            0.75,
            None,
        ),
        "`twice`: three factors can be seen, but the mean is over all four.": (0.75, 2 / 3, None),
        "`twice`: angle and velocity still have one code each. The copy hurts the length alone.": (0.75, 0.0, None),
        "`turned_pair`: these are the best codes. From each, subtract the second best.": (0.75, 0.5, 0.5),
        "`turned_pair`: angle and velocity are lost, but the length has a code of its own.": (0.75, 0.5, 0),
        "`turned_pair`: you left the mass out of the mean.": (0.75, 0.5, 1 / 3),
        "`turned_pair`: the two codes tell the same half of each factor, so nothing is gained by the better one.": (
            0.75,
            0.5,
            0.75,
        ),
    },
    moral="A low score may be the model's fault, a copy's, or that of a factor that nobody could see. Ask which, before you blame beta.",
)

# 3.2.2


@dataclass(frozen=True, kw_only=True)
class _AngleExercise(FunctionExercise):
    """Where a number that is no cosine, or no sine, becomes NaN; the mistake ``math.isnan`` fits any of these."""

    def fits(self, mistake: Callable[..., object], values: Sequence[np.ndarray | None]) -> bool:
        if mistake is math.isnan:
            return any(value is not None and np.isnan(value).any() for value in values)
        return super().fits(mistake, values)


def largest_angle(theta0: Tensor, velocity0: Tensor, length: Tensor) -> np.ndarray:
    """By search for the angle at which the energy of the start is used up, in 64 bits."""

    def turn(theta: float, velocity: float, rod: float) -> float:
        def left(angle: float) -> float:
            return rod * velocity**2 / 2 - 10 * (math.cos(theta) - math.cos(angle))

        return brentq(left, abs(theta), math.pi, xtol=1e-12)

    rows = zip(*(values.double().tolist() for values in (theta0, velocity0, length)), strict=True)
    return np.array([turn(*row) for row in rows])


def _angle_of(cosine: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    return lambda theta0, velocity0, length: torch.acos(cosine(theta0, velocity0, length))


TURN = _AngleExercise(
    number="3.2.2",
    title="How far does it swing?",
    reference=largest_angle,
    inputs=(
        (torch.tensor([1.0, -0.5, 1.2]), torch.tensor([0.5, 1.0, 1.5]), torch.tensor([1.0, 2.0, 2.5])),
        (
            0.5 + 0.3 * normal(20, seed=1).tanh(),
            1 + 0.4 * normal(20, seed=2).tanh(),
            1.7 + 0.6 * normal(20, seed=3).tanh(),
        ),
    ),
    mistakes={
        "This is the amplitude of *small* swings. A true pendulum goes further: use its energy.": (
            lambda theta0, velocity0, length: torch.sqrt(theta0**2 + velocity0**2 * length / 10)
        ),
        "Kinetic energy has a factor 1/2.": _angle_of(lambda a, v, d: torch.cos(a) - d * v**2 / 10),
        "The length is missing, or it has cancelled where it must not: the velocity is an angle per second, the weight moves `length` "
        "times as fast.": _angle_of(lambda a, v, d: torch.cos(a) - v**2 / 20),
        "A long pendulum that turns at the same rate moves faster and rises higher: does the length divide where it should multiply?": (
            _angle_of(lambda a, v, d: torch.cos(a) - v**2 / (20 * d))
        ),
        "One `length` is left over: the weight's speed holds it squared, its height holds it once. Divide the whole energy by it.": (
            _angle_of(lambda a, v, d: torch.cos(a) - d**2 * v**2 / 20)
        ),
        "The angle at the start is missing: this pendulum would start from where it hangs at rest, with a push. It has energy of "
        "height, too.": _angle_of(lambda a, v, d: 1 - d * v**2 / 20),
        "Where is gravity? The energy of height holds it, that of the velocity does not, so it cannot cancel.": (
            _angle_of(lambda a, v, d: torch.cos(a) - d * v**2 / 2)
        ),
        "With a push it swings *further* than where it started: its cosine gets smaller. Look at the sign.": (
            _angle_of(lambda a, v, d: torch.cos(a) + d * v**2 / 20)
        ),
        "This is the cosine. The angle is asked for.": lambda a, v, d: torch.cos(a) - d * v**2 / 20,
        "The angle is counted from the horizontal: the inverse of the sine was taken of a cosine.": (
            lambda a, v, d: torch.asin(torch.cos(a) - d * v**2 / 20)
        ),
        "Energy goes with the *square* of the velocity.": _angle_of(lambda a, v, d: torch.cos(a) - d * v / 20),
        "Here `g` is 10 m/s², not 9.81, as in the data.": _angle_of(
            lambda a, v, d: torch.cos(a) - d * v**2 / (2 * 9.81)
        ),
        "These are degrees. The course measures angles in radians.": (
            lambda a, v, d: torch.rad2deg(torch.acos(torch.cos(a) - d * v**2 / 20))
        ),
        "Look at the formula of the half angle: 1 less the cosine is *twice* the square of the sine of half the angle.": (
            lambda a, v, d: 2 * torch.asin(torch.sqrt(1 - torch.cos(a) + d * v**2 / 20))
        ),
        "Some of the angles are NaN: there is no angle whose cosine or sine lies beyond 1 or -1. Every pendulum of the check turns, so "
        "a term is too large: look for what it should be divided by.": math.isnan,
    },
    moral="Angle, velocity and length make one amplitude. It is a factor of the curve that nobody typed in.",
)

# 3.2.3


def nats_for_axes(covariance: Tensor) -> Tensor:
    """By the divergence of torch.distributions, in 64 bits."""
    C = covariance.double()
    spread = torch.linalg.inv(C).diagonal(dim1=-2, dim2=-1) ** -0.5
    along_axes = Independent(Normal(torch.zeros_like(spread), spread), 1)
    nearest = MultivariateNormal(along_axes.mean, covariance_matrix=torch.diag_embed(spread**2))
    return kl_divergence(nearest, MultivariateNormal(along_axes.mean, covariance_matrix=C))


def _precisions(C: Tensor) -> Tensor:
    return torch.linalg.inv(C).diagonal(dim1=-2, dim2=-1)


def _nats(C: Tensor) -> Tensor:
    return 0.5 * (torch.logdet(C) + _precisions(C).log().sum(-1))


def _own_variances(C: Tensor) -> Tensor:
    return C.diagonal(dim1=-2, dim2=-1)


def _of_pairs(C: Tensor) -> Tensor:
    """The price of the text for each pair of factors, (n, k, k), twice each."""
    root = _own_variances(C).sqrt()
    rho = C / (root[..., None] * root[..., None, :])
    return -0.5 * torch.log1p(-(rho.tril(-1) ** 2 + rho.triu(1) ** 2))


_ROOTS = 0.4 * normal(5, 3, 3, seed=4) + torch.eye(3)

PRICE = FunctionExercise(
    number="3.2.3",
    title="The price of axes",
    reference=nats_for_axes,
    inputs=(
        (torch.tensor([[[1.0, 0.6], [0.6, 1.0]], [[4.0, 1.0], [1.0, 1.0]]]),),
        (_ROOTS @ _ROOTS.mT + 0.1 * torch.eye(3),),
    ),
    mistakes={
        "Right for two factors, and wrong for three: the variances of `C` itself belong to the divergence in the other direction.": (
            lambda C: 0.5 * (_own_variances(C).log().sum(-1) - torch.logdet(C))
        ),
        "The sum over the pairs. A correlation tells of two factors only: with three, the pairs do not simply add, since what two of "
        "them know of the third overlaps.": lambda C: _of_pairs(C).sum((-2, -1)) / 2,
        "This is the price of the first two factors, and for two it is right. One correlation does not see the third: use all of `C`.": (
            lambda C: _of_pairs(C)[:, 0, 1]
        ),
        "This is the price of the last two factors, and for two it is right. One correlation does not see the others: use all of `C`.": (
            lambda C: _of_pairs(C)[:, -2, -1]
        ),
        "These are the variances of `C` itself: its diagonal, turned upside down twice. Invert the whole matrix before you take the "
        "diagonal.": lambda C: 0.5 * (torch.logdet(C) - _own_variances(C).log().sum(-1)),
        "You took the diagonal of `C` for the variances. The nearest Gaussian is narrower: invert first, then take the diagonal.": (
            lambda C: (
                0.5
                * (
                    (_precisions(C) * _own_variances(C)).sum(-1)
                    - C.shape[-1]
                    + torch.logdet(C)
                    - _own_variances(C).log().sum(-1)
                )
            )
        ),
        "The factor 1/2 is missing.": lambda C: 2 * _nats(C),
        "A divergence is never negative: which of the two logarithms is subtracted?": lambda C: -_nats(C),
        "The determinant of `C` is missing: only its difference to that of the diagonal counts.": (
            lambda C: 0.5 * _precisions(C).log().sum(-1)
        ),
        "One determinant has the wrong sign. The price of a `C` that is diagonal must be 0, whatever its variances are.": (
            lambda C: 0.5 * (_precisions(C).log().sum(-1) - torch.logdet(C))
        ),
        "You took standard deviations for variances.": (
            lambda C: 0.5 * (torch.logdet(C) + 0.5 * _precisions(C).log().sum(-1))
        ),
        "These are bits. Nats use the natural logarithm.": lambda C: _nats(C) / math.log(2),
        "One number for all: keep one for each covariance of the stack.": lambda C: _nats(C).mean(),
        "One number for all: keep one for each covariance of the stack, and do not add them.": lambda C: _nats(C).sum(),
        "The trace of the inverse of `C` times the diagonal is the number of factors, and that is subtracted: the two cancel.": (
            lambda C: _nats(C) + 0.5 * C.shape[-1]
        ),
        "The number of factors is subtracted, but the trace that it stands against is missing. What is the trace for the nearest one?": (
            lambda C: _nats(C) - 0.5 * C.shape[-1]
        ),
    },
    moral="This is what a diagonal posterior pays to keep correlated factors apart, and beta multiplies it.",
    points=2,
)

# 3.2.4

_LOW, _HIGH = torch.tensor(list(FACTORS.values())).T


_N_DRAWS = 10_000


def _measure_draws(draw_factors: Callable[[int, int], Tensor]) -> dict[str, float]:
    def ask(n: int, seed: int) -> Tensor:
        return require_shape(call(draw_factors, n=n, seed=seed), (n, 4), f"`draw_factors({n}, {seed})`").detach()

    x, again, other = ask(_N_DRAWS, 0), ask(_N_DRAWS, 0), ask(_N_DRAWS, 1)
    ask(7, 0)
    first, last = x.min(0).values, x.max(0).values
    walk = _correlation(x[:-1], x[1:]).diagonal()
    slowest = x[:, walk.argmax()]
    return {
        "outside": _count_outside(x),
        "range used": ((last.minimum(_HIGH) - first.maximum(_LOW)) / (_HIGH - _LOW)).min().item(),
        "distinct": min(map(_share_distinct, x.T)),
        "walk": walk.max().item(),
        "tied": _tied(x),
        "uneven": _uneven((x - _LOW) / (_HIGH - _LOW)),
        "same seed differs": (x != again).float().mean().item(),
        "by chance": (x != other).float().mean().item(),
        "constant": (first == last).any().item(),
        "distinct between the ends": min(
            _share_distinct(column[((column - low).abs() > 1e-6) & ((column - high).abs() > 1e-6)])
            for column, low, high in zip(x.T, _LOW, _HIGH, strict=True)
        ),
        "two steps over one": (_step(slowest, 2) / _step(slowest, 1)).item(),
        "uneven between its own ends": _uneven((x - first) / (last - first)),
        "exchanged": any(_count_outside(x[:, order]) == 0 for order in map(list, permutations(range(4)))),
        "below": (x < _LOW - 1e-6).sum().item(),
        "begins": first.max().item(),
        "lowest": first.min().item(),
        "highest": last.max().item(),
    }


def _count_outside(x: Tensor) -> float:
    return ((x < _LOW - 1e-6) | (x > _HIGH + 1e-6)).sum().item()


def _share_distinct(values: Tensor) -> float:
    return len(values.unique()) / max(len(values), 1)


def _correlation(a: Tensor, b: Tensor) -> Tensor:
    """Sizes of the correlations of the columns of a with those of b; 0 with a constant."""
    both = torch.corrcoef(torch.cat([a, b], dim=1).double().T)
    return both[: a.shape[1], a.shape[1] :].abs().nan_to_num(0)


def _tied(x: Tensor) -> float:
    """The largest correlation of two factors, or of their distances from the mean."""
    distance = (x - x.mean(0)).abs()
    pairs = torch.stack([_correlation(x, x), _correlation(x, distance), _correlation(distance, distance)])
    return (pairs * (1 - torch.eye(4))).max().item()


def _uneven(share: Tensor) -> float:
    tenths = torch.stack([(share * 10).floor().clamp(0, 9) == place for place in range(10)])
    return (tenths.float().mean(1) - 0.1).abs().max().item()


def _step(column: Tensor, rows: int) -> Tensor:
    """The typical distance of a value from that some rows before: the same for any number of rows, unless it adds up."""
    return (column[rows:] - column[:-rows]).abs().median()


DRAWS = MeasuredExercise(
    number="3.2.4",
    title="Stop the walk",
    name="draw_factors",
    kind="function",
    measure=_measure_draws,
    demands={
        "outside": Demand(at_most=0),
        "range used": Demand(at_least=0.99),
        "distinct": Demand(at_least=0.99),
        "walk": Demand(at_most=0.1),
        "tied": Demand(at_most=0.1),
        "uneven": Demand(at_most=0.02),  # of 10 000 uniform draws, 0.003 is one standard deviation
        "same seed differs": Demand(at_most=0),
        "by chance": Demand(at_least=0.9),
    },
    mistakes={
        "One of the factors is the same for all pendulums. Draw a number for each row *and* each column.": (
            lambda found: found["constant"]
        ),
        "A factor takes the same values over and over: these are levels, or draws used again. Uniform means that any number between "
        "the ends may come.": lambda found: found["distinct between the ends"] < 0.99,
        "Nothing adds up any more, but the rows still come in the order of loops, each at the level of the row before, give or take "
        "a jitter. Uniform draws need no levels.": (
            lambda found: found["walk"] > 0.1 and found["two steps over one"] < 1.2
        ),
        "It still walks, out of its ranges: each row is the row before, moved a little. Draw each row afresh.": (
            lambda found: found["walk"] > 0.5 and found["outside"] > 0
        ),
        "Each row tells a good deal of the next. Held at the ends, a walk is a walk; and draws that are sorted are no better.": (
            lambda found: found["walk"] > 0.1
        ),
        "Two factors come from the same draw, or one is made from another, so they could not be told apart. Each needs draws of its "
        "own.": lambda found: found["tied"] > 0.1,
        "All numbers lie between 0 and 1: stretch each column to its range.": (
            lambda found: found["outside"] > 0 and found["lowest"] >= 0 and found["highest"] <= 1
        ),
        "The columns have changed places. The order is angle, velocity, length, mass.": (
            lambda found: found["outside"] > 0 and found["exchanged"]
        ),
        "The draws begin at 0. Add the lower end of each range.": (
            lambda found: found["outside"] > 0 and found["lowest"] >= 0 and found["begins"] < 0.01
        ),
        "The upper end is passed, the lower is not: stretch by the *width* of each range.": (
            lambda found: found["outside"] > 0 and found["below"] == 0
        ),
        "The lower end is passed, the upper is not. What becomes of the smallest draw?": (
            lambda found: found["outside"] > 0 and found["below"] == found["outside"]
        ),
        "Numbers leave their range on both sides. A normal distribution has no ends; a uniform one has.": (
            lambda found: found["outside"] > 0 and found["uneven between its own ends"] > 0.02
        ),
        "The draws are spread evenly, but beyond their ranges on both sides. Is there a jitter on top? And from the middle of a range "
        "it is only half its width to each end.": lambda found: found["outside"] > 0,
        "The draws heap up in a part of a range, or at its ends. Every value between the ends should be equally likely.": (
            lambda found: found["uneven between its own ends"] > 0.02 or found["distinct"] < 0.99
        ),
        "The ranges are not filled: is the width of one of them too small?": lambda found: found["range used"] < 0.99,
        "The same seed gives other numbers each time. Hand a generator with the seed to what draws.": (
            lambda found: found["same seed differs"] > 0
        ),
        "Another seed gives the same numbers, in one factor at least. Is a number written where `seed` should stand?": (
            lambda found: found["by chance"] < 0.9
        ),
    },
    moral="Independent factors, checked ranges, a seed: what a score of disentanglement takes for granted.",
)

# 3.2.5


def damped(z: Tensor, t: Tensor) -> np.ndarray:
    """Through a complex exponential, in 64 bits."""
    amplitude, frequency, phase, decay = z.double().numpy().T[:, :, None]
    times = t.double().numpy()
    return (amplitude * np.exp(1j * phase) * np.exp((2j * np.pi * frequency - decay) * times)).real


def _swing(z: Tensor, t: Tensor, envelope: Callable[..., Tensor], angle: Callable[..., Tensor]) -> Tensor:
    a, f, phi, gamma = z[..., None].unbind(-2)
    return a * envelope(gamma, t) * torch.cos(angle(f, phi, t))


def _row_by_row(z: Tensor, t: Tensor) -> Tensor:
    """The first curve at the first time, the second at the second: each number without an axis for the times."""
    a, f, phi, gamma = z.unbind(-1)
    return a * _fading(gamma, t) * torch.cos(_turning(f, phi, t))


def _fading(gamma: Tensor, t: Tensor) -> Tensor:
    return torch.exp(-gamma * t)


def _turning(f: Tensor, phi: Tensor, t: Tensor) -> Tensor:
    return 2 * math.pi * f * t + phi


_CODES = torch.tensor([0.8, 0.5, 0.3, 0.4]) + 0.2 * normal(6, 4, seed=5).tanh()

DAMPED = FunctionExercise(
    number="3.2.5",
    title="Your own equation",
    reference=damped,
    inputs=(
        (torch.tensor([[2.0, 0.4, 0.3, 0.5]]), torch.tensor([0.0, 1.0, 2.0])),
        (_CODES, torch.linspace(0, 4.5, 6)),  # as many times as curves: numbers without an axis of their own fit, too
    ),
    mistakes={
        "The swing grows. Look at the sign in the exponential.": (
            lambda z, t: _swing(z, t, lambda g, t: torch.exp(g * t), _turning)
        ),
        "The swing does not fade with time: what does the exponential hold beside the decay?": (
            lambda z, t: _swing(z, t, lambda g, t: torch.exp(-g), _turning)
        ),
        "The decay is divided by, so a *larger* one makes the swing last longer. It is a rate, per second, not a time.": (
            lambda z, t: _swing(z, t, lambda g, t: torch.exp(-t / g), _turning)
        ),
        "The swing fades with the *square* of the time: slowly first, and then too fast.": (
            lambda z, t: _swing(z, t, lambda g, t: torch.exp(-g * t**2), _turning)
        ),
        "The amplitude has slipped into the exponential: it makes the swing fade faster, where it should make it larger.": (
            lambda z, t: _swing(z, t, lambda g, t: torch.exp(-z[:, :1] * g * t), _turning) / z[:, :1]
        ),
        "The decay is multiplied by the amplitude, so a large swing fades faster than a small one. Here both fade alike.": (
            lambda z, t: _swing(z, t, lambda g, t: torch.exp(-z[:, :1] * g * t), _turning)
        ),
        "The amplitude is added to the exponent. It should multiply the whole, so that an amplitude of 0 is no swing at all.": (
            lambda z, t: _swing(z, t, lambda g, t: torch.exp(z[:, :1] - g * t), _turning) / z[:, :1]
        ),
        "Nothing fades: the fourth number is not used.": lambda z, t: _swing(
            z, t, lambda g, t: torch.ones_like(g * t), _turning
        ),
        "The frequency is in swings per second, and the cosine wants radians: a whole swing has 2π of them.": (
            lambda z, t: _swing(z, t, _fading, lambda f, p, t: f * t + p)
        ),
        "Half a swing per period: 2π, not π.": lambda z, t: _swing(z, t, _fading, lambda f, p, t: math.pi * f * t + p),
        "The phase is in radians already. Your 2π multiplies it, too.": (
            lambda z, t: _swing(z, t, _fading, lambda f, p, t: 2 * math.pi * (f * t + p))
        ),
        "The phase has the wrong sign.": lambda z, t: _swing(z, t, _fading, lambda f, p, t: 2 * math.pi * f * t - p),
        "That is a sine: at the time 0 and with the phase 0 the swing is at its height.": (
            lambda z, t: _swing(z, t, _fading, lambda f, p, t: 2 * math.pi * f * t + p - math.pi / 2)
        ),
        "Phase and decay have changed places. The order is amplitude, frequency, phase, decay.": (
            lambda z, t: _swing(z[:, [0, 1, 3, 2]], t, _fading, _turning)
        ),
        "Amplitude and frequency have changed places.": lambda z, t: _swing(z[:, [1, 0, 2, 3]], t, _fading, _turning),
        "Times run down and curves across: one *row* for each row of `z`.": lambda z, t: (
            _swing(z, t, _fading, _turning).T
        ),
        "The numbers of `z` run along the times: the first curve meets the first time alone, the second the second. Each of the four "
        "needs the shape `(n, 1)`, so that every curve meets every time.": _row_by_row,
    },
    moral="Any formula that torch can differentiate can be a decoder. Part 5 goes on to equations that have no formula for their solution.",
)

EXERCISES = (BEST_SCORES, TURN, PRICE, DRAWS, DAMPED)
