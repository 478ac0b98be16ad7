"""Exercises of *The pendulum that beta cannot disentangle*."""

from __future__ import annotations

import math
from collections.abc import Callable

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


TURN = FunctionExercise(
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
        "With a push it swings *further* than where it started: its cosine gets smaller. Look at the sign.": (
            _angle_of(lambda a, v, d: torch.cos(a) + d * v**2 / 20)
        ),
        "This is the cosine. The angle is asked for.": lambda a, v, d: torch.cos(a) - d * v**2 / 20,
        "Energy goes with the *square* of the velocity.": _angle_of(lambda a, v, d: torch.cos(a) - d * v / 20),
        "Here `g` is 10 m/s², not 9.81, as in the data.": _angle_of(
            lambda a, v, d: torch.cos(a) - d * v**2 / (2 * 9.81)
        ),
        "These are degrees. The course measures angles in radians.": (
            lambda a, v, d: torch.rad2deg(torch.acos(torch.cos(a) - d * v**2 / 20))
        ),
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
    },
    moral="This is what a diagonal posterior pays to keep correlated factors apart, and beta multiplies it.",
    points=2,
)

# 3.2.4

_LOW, _HIGH = torch.tensor(list(FACTORS.values())).T


def _measure_draws(draw_factors: Callable[[int, int], Tensor]) -> dict[str, float]:
    def ask(n: int, seed: int) -> Tensor:
        return require_shape(call(draw_factors, n=n, seed=seed), (n, 4), f"`draw_factors({n}, {seed})`").detach()

    x, again, other = ask(4000, 0), ask(4000, 0), ask(4000, 1)
    ask(7, 0)
    share = (x - _LOW) / (_HIGH - _LOW)
    varies = bool((x.std(0) > 0).all())
    tenths = torch.stack([(share * 10).floor().clamp(0, 9) == place for place in range(10)]).float().mean(1)
    return {
        "outside": _count_outside(x),
        "range used": (share.max(0).values - share.min(0).values).min().item(),
        "walk": max(abs(np.corrcoef(column[:-1], column[1:])[0, 1]) for column in x.T.numpy()) if varies else 1.0,
        "tied": np.abs(np.corrcoef(x.T.numpy()) - np.eye(4)).max() if varies else 1.0,
        "uneven": (tenths - 0.1).abs().max().item(),
        "same seed differs": (x != again).float().mean().item(),
        "by chance": (x != other).float().mean().item(),
        "constant": 0.0 if varies else 1.0,
        "outside, exchanged": _count_outside(x[:, [0, 1, 3, 2]]),
        "below": (x < _LOW - 1e-6).sum().item(),
        "lowest": x.min().item(),
        "highest": x.max().item(),
    }


def _count_outside(x: Tensor) -> float:
    return ((x < _LOW - 1e-6) | (x > _HIGH + 1e-6)).sum().item()


DRAWS = MeasuredExercise(
    number="3.2.4",
    title="Stop the walk",
    name="draw_factors",
    kind="function",
    measure=_measure_draws,
    demands={
        "outside": Demand(at_most=0),
        "range used": Demand(at_least=0.98),
        "walk": Demand(at_most=0.1),
        "tied": Demand(at_most=0.1),
        "uneven": Demand(at_most=0.05),
        "same seed differs": Demand(at_most=0),
        "by chance": Demand(at_least=0.9),
    },
    mistakes={
        "One of the factors is the same for all pendulums. Draw a number for each row *and* each column.": (
            lambda found: found["constant"] > 0
        ),
        "It still walks, out of its ranges: each row is the row before, moved a little. Draw each row afresh.": (
            lambda found: found["walk"] > 0.5 and found["outside"] > 0
        ),
        "It stays inside, but each row is close to the row before. Held at the ends, a walk is a walk; and a list of levels in order "
        "is no better.": lambda found: found["walk"] > 0.1,
        "Two factors come from the same draw, so nobody could tell them apart. Each needs draws of its own.": (
            lambda found: found["tied"] > 0.1
        ),
        "All numbers lie between 0 and 1: stretch each column to its range.": (
            lambda found: found["outside"] > 0 and found["lowest"] >= 0 and found["highest"] <= 1
        ),
        "Length and mass have changed places. The order is angle, velocity, length, mass.": (
            lambda found: found["outside"] > 0 and found["outside, exchanged"] == 0
        ),
        "The draws begin at 0. Add the lower end of each range.": (
            lambda found: found["outside"] > 0 and found["below"] == found["outside"] and found["lowest"] >= 0
        ),
        "The upper end is passed, the lower is not: stretch by the *width* of each range.": (
            lambda found: found["outside"] > 0 and found["below"] == 0
        ),
        "Numbers leave their range on both sides. A normal distribution has no ends; a uniform one has.": (
            lambda found: found["outside"] > 0
        ),
        "The draws heap up in a part of a range. Every value between the ends should be equally likely.": (
            lambda found: found["uneven"] > 0.05
        ),
        "The ranges are not filled: is the width of one of them too small?": lambda found: found["range used"] < 0.98,
        "The same seed gives other numbers each time. Hand a generator with the seed to what draws.": (
            lambda found: found["same seed differs"] > 0
        ),
        "Another seed gives the same numbers. Is a number written where `seed` should stand?": (
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
        (_CODES, torch.linspace(0, 5, 20)),
    ),
    mistakes={
        "The swing grows. Look at the sign in the exponential.": (
            lambda z, t: _swing(z, t, lambda g, t: torch.exp(g * t), _turning)
        ),
        "The swing does not fade with time: what does the exponential hold beside the decay?": (
            lambda z, t: _swing(z, t, lambda g, t: torch.exp(-g), _turning)
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
    },
    moral="Any formula that torch can differentiate can be a decoder. Part 5 goes on to equations that have no formula for their solution.",
)

EXERCISES = (BEST_SCORES, TURN, PRICE, DRAWS, DAMPED)
