"""Exercises of *How sure is it? Noise, code and network*."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import pi, sqrt
from statistics import NormalDist

import numpy as np
import torch
from scipy.optimize import minimize_scalar
from scipy.stats import norm
from torch import Tensor

from course_utils.exercises.compare import Demand
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call, require_shape
from course_utils.exercises.sandbox import AnswerError

# 2.3.1

PAID = ValueExercise(
    number="2.3.1",
    title="What the squared error of a draw pays",
    expected={"honest": 18, "silent": 9, "biased": 25},
    mistakes={
        "`honest`: you added the two standard deviations and squared the sum. They are independent: their squares add up.": (
            36,
            None,
            None,
        ),
        "`honest`: that is what it pays for its own draw, or for the noise. It pays for both.": (9, None, None),
        "`honest`: a draw and a measurement are two numbers. They seldom meet, even if both come from the same distribution.": (
            0,
            None,
            None,
        ),
        "`honest`: this is a standard deviation: the mean *square* is paid.": (sqrt(18), None, None),
        "`honest`: this is the mean distance, squared. It pays the mean *square*.": (36 / pi, None, None),
        "`silent`: without a draw the measurement still is noisy, and who answers with the truth still misses it.": (
            18,
            0,
            None,
        ),
        "`silent`: this is the standard deviation of the noise. The *square* is paid.": (18, 3, None),
        "`biased`: the bias is squared and paid. But the noise of the measurement comes on top, as for the silent one.": (
            18,
            9,
            16,
        ),
        "`biased`: first the squares, then the sum: two independent things do not add before squaring.": (18, 9, 49),
        "`biased`: bias and noise do not add like this, and it is not a distance that is paid but its *square*.": (
            18,
            9,
            7,
        ),
        "`biased`: this is the typical distance. Its *square* is paid.": (18, 9, 5),
        "`biased`: its sigma is 0, so no third term is paid.": (18, 9, 34),
    },
    moral="Silence is cheaper than honesty: whoever is paid like this learns to claim no uncertainty at all.",
)

# 2.3.2


def total_sigma(mu: Tensor, logvar: Tensor) -> np.ndarray:
    """From the second moment of the mixture of all draws, in 64 bits."""
    m, v = mu.double().numpy(), np.exp(logvar.double().numpy())
    return np.sqrt((m**2 + v).mean(0) - m.mean(0) ** 2)


def _by_code(mu: Tensor, correction: int = 0) -> Tensor:
    return mu.var(0, correction=correction)


def _by_noise(logvar: Tensor) -> Tensor:
    return torch.exp(logvar).mean(0)


_BESIDES = " And the divisor of your variance is the number of draws less one, which is torch's, unless told otherwise."


def _with_twins(mistakes: Mapping[str, Callable[[Tensor, Tensor, int], Tensor]]) -> dict[str, Callable[..., Tensor]]:
    """Each mistake twice, made with the variance that is asked for and with torch's own."""

    def made(change: Callable[[Tensor, Tensor, int], Tensor], correction: int) -> Callable[..., Tensor]:
        return lambda mu, logvar: change(mu, logvar, correction)

    return {
        hint + besides: made(change, correction)
        for hint, change in mistakes.items()
        for besides, correction in (("", 0), (_BESIDES, 1))
    }


DOUBTS = FunctionExercise(
    number="2.3.2",
    title="Two doubts, one sigma",
    reference=total_sigma,
    inputs=(
        (torch.tensor([[[1.0, 0.0]], [[3.0, 4.0]]]), torch.tensor([[[0.0, 1.0]], [[1.0, 0.0]]])),
        (normal(5, 3, 4, seed=1), normal(5, 3, 4, seed=2)),
    ),
    mistakes={
        "This is the measurement's doubt alone. Each draw of the code is another curve: how far do the means lie apart?": (
            lambda mu, logvar: _by_noise(logvar).sqrt()
        ),
        "Nearly: torch divides the variance by the number of draws less one, unless told otherwise. Asked for is the mean.": (
            lambda mu, logvar: (_by_noise(logvar) + _by_code(mu, 1)).sqrt()
        ),
        **_with_twins(
            {
                "This is the code's doubt alone. A measurement lies around each of these curves with a variance of its own.": (
                    lambda mu, logvar, c: _by_code(mu, c).sqrt()
                ),
                "This is the variance. The standard deviation is its root.": lambda mu, logvar, c: (
                    _by_noise(logvar) + _by_code(mu, c)
                ),
                "You added standard deviations. Of independent doubts the *variances* add up; take the root at the end.": (
                    lambda mu, logvar, c: _by_noise(logvar).sqrt() + _by_code(mu, c).sqrt()
                ),
                "The exponential of half of `logvar` is a standard deviation. What is averaged here is the variance.": (
                    lambda mu, logvar, c: (torch.exp(logvar / 2).mean(0) + _by_code(mu, c)).sqrt()
                ),
                "You averaged standard deviations and squared the mean. The law averages *variances*.": (
                    lambda mu, logvar, c: (torch.exp(logvar / 2).mean(0) ** 2 + _by_code(mu, c)).sqrt()
                ),
                "You averaged the *logarithms* of the variances. First the exponential, then the mean.": (
                    lambda mu, logvar, c: (torch.exp(logvar.mean(0)) + _by_code(mu, c)).sqrt()
                ),
                "The variances of the draws are *averaged*, not added: with more draws your measurement becomes noisier.": (
                    lambda mu, logvar, c: (torch.exp(logvar).sum(0) + _by_code(mu, c)).sqrt()
                ),
                "The doubt about the code is the *variance* of the means over the draws, not their standard deviation.": (
                    lambda mu, logvar, c: (_by_noise(logvar) + _by_code(mu, c).sqrt()).sqrt()
                ),
                "`logvar` itself is no variance: it may be negative. Take its exponential.": (
                    lambda mu, logvar, c: (logvar.mean(0) + _by_code(mu, c)).sqrt()
                ),
            }
        ),
    },
    moral="More points of the same pendulum shrink the second term. Nothing that you do to the model shrinks the first.",
)

# 2.3.3


def reliability(x: Tensor, mu: Tensor, sigma: Tensor, levels: Tensor) -> list[float]:
    """Through the probability of each number, not through the interval."""
    below = np.array(
        [
            NormalDist(m, s).cdf(v)
            for v, m, s in zip(*(a.double().flatten().tolist() for a in (x, mu, sigma)), strict=True)
        ]
    )
    return [float((np.abs(2 * below - 1) <= level).mean()) for level in levels.double().tolist()]


def _within(x: Tensor, mu: Tensor, sigma: Tensor, reach: np.ndarray, dim: int | None = None) -> Tensor:
    inside = [((x - mu).abs() <= z * sigma).float() for z in reach]
    return torch.stack([of_level.mean() if dim is None else of_level.mean(dim) for of_level in inside])


def _levels(levels: Tensor) -> np.ndarray:
    return levels.double().numpy()


_SPREAD = 0.3 + normal(40, 5, seed=3).abs()
_CENTRE = normal(40, 5, seed=4)

PROMISES = FunctionExercise(
    number="2.3.3",
    title="Every promise, not only one",
    reference=reliability,
    inputs=(
        (
            torch.tensor([[0.0, 1.0, 4.0, -1.0]]),
            torch.tensor([[0.0, 0.0, 1.0, 2.0]]),
            torch.tensor([[1.0, 0.5, 3.0, 1.2]]),
            torch.tensor([0.5, 0.7, 0.96]),
        ),
        (_CENTRE + 1.3 * _SPREAD * normal(40, 5, seed=12), _CENTRE, _SPREAD, torch.tensor([0.1, 0.3, 0.5, 0.8, 0.95])),
    ),
    mistakes={
        "Your intervals are too narrow: with `norm.ppf(level)` as much lies beyond *each* end as should lie beyond both.": (
            lambda x, mu, sigma, levels: _within(x, mu, sigma, norm.ppf(_levels(levels)))
        ),
        "This counts what lies below the upper end, however far below. An interval has two ends.": (
            lambda x, mu, sigma, levels: torch.stack(
                [((x - mu) / sigma <= z).float().mean() for z in norm.ppf((1 + _levels(levels)) / 2)]
            )
        ),
        "This counts what lies below the quantile of the level. Asked for is the *central* interval, with two ends.": (
            lambda x, mu, sigma, levels: torch.stack(
                [((x - mu) / sigma <= z).float().mean() for z in norm.ppf(_levels(levels))]
            )
        ),
        "You forgot `sigma`: the intervals of unsure numbers are wider.": (
            lambda x, mu, sigma, levels: _within(x, mu, torch.ones_like(sigma), norm.ppf((1 + _levels(levels)) / 2))
        ),
        "`sigma` is the standard deviation already; you squared it.": (
            lambda x, mu, sigma, levels: _within(x, mu, sigma**2, norm.ppf((1 + _levels(levels)) / 2))
        ),
        "`sigma` is the standard deviation already; you took its root.": (
            lambda x, mu, sigma, levels: _within(x, mu, sigma.sqrt(), norm.ppf((1 + _levels(levels)) / 2))
        ),
        "You returned the share that lies *outside*.": (
            lambda x, mu, sigma, levels: 1 - _within(x, mu, sigma, norm.ppf((1 + _levels(levels)) / 2))
        ),
        "You returned how many there are. Asked for is their share of all numbers.": (
            lambda x, mu, sigma, levels: x.numel() * _within(x, mu, sigma, norm.ppf((1 + _levels(levels)) / 2))
        ),
        "One number for each column. Take the whole data together: one number for each level.": (
            lambda x, mu, sigma, levels: _within(x, mu, sigma, norm.ppf((1 + _levels(levels)) / 2), dim=0)
        ),
        "You took the level itself for the reach. `norm.ppf` translates a share into a number of sigmas.": (
            lambda x, mu, sigma, levels: _within(x, mu, sigma, _levels(levels))
        ),
    },
    moral="Plotted against the levels it is the reliability diagram: on the diagonal every promise is kept.",
)

# 2.3.4


def stretch_of(x: Tensor, mu: Tensor, sigma: Tensor) -> float:
    """The minimum of the negative log-likelihood, searched, in 64 bits."""
    squares = (((x - mu) / sigma).double() ** 2).numpy()

    def cost(log_c: float) -> float:
        return float(np.mean(squares / 2 * np.exp(-2 * log_c) + log_c))

    return float(np.exp(minimize_scalar(cost, bounds=(-10, 10), method="bounded", options={"xatol": 1e-9}).x))


def _ratio(x: Tensor, mu: Tensor, sigma: Tensor) -> Tensor:
    return (x - mu) / sigma


STRETCH = FunctionExercise(
    number="2.3.4",
    title="Repair a sigma with one number",
    reference=stretch_of,
    inputs=(
        (torch.tensor([[1.0, 5.0]]), torch.tensor([[0.0, 1.0]]), torch.tensor([[1.0, 1.0]])),
        (_CENTRE + 2.5 * _SPREAD * normal(40, 5, seed=6), _CENTRE, _SPREAD),
    ),
    mistakes={
        "This is the factor for the *variance*. Asked for is that for sigma.": (
            lambda x, mu, sigma: (_ratio(x, mu, sigma) ** 2).mean()
        ),
        "The mean distance in units of sigma is too small: of a normal distribution it is 0.8, not 1. The likelihood asks for "
        "the mean *square*.": lambda x, mu, sigma: _ratio(x, mu, sigma).abs().mean(),
        "This is one over the factor: it makes a sigma that is too small still smaller.": (
            lambda x, mu, sigma: (_ratio(x, mu, sigma) ** 2).mean() ** -0.5
        ),
        "Error and sigma were averaged apart. A large error is no surprise where sigma is large: divide number by number, "
        "then average.": lambda x, mu, sigma: ((x - mu) ** 2).mean().sqrt() / sigma.mean(),
        "Squared errors and variances were averaged apart. Divide number by number, then average.": (
            lambda x, mu, sigma: ((x - mu) ** 2).mean().sqrt() / (sigma**2).mean().sqrt()
        ),
        "You divided by `sigma` only once, and after the square.": (
            lambda x, mu, sigma: ((x - mu) ** 2 / sigma).mean().sqrt()
        ),
        "Positive and negative errors cancel in your mean. Square first.": lambda x, mu, sigma: _ratio(
            x, mu, sigma
        ).mean(),
        "`std` takes the mean of the errors out before it squares. An error that all share is an error, too.": (
            lambda x, mu, sigma: _ratio(x, mu, sigma).std(correction=0)
        ),
        "`std` takes the mean of the errors out before it squares, and divides by one less than their number. An error that all "
        "share is an error, too.": lambda x, mu, sigma: _ratio(x, mu, sigma).std(),
        "You took the root of a *sum*: with twice the data it would grow. Take the mean.": (
            lambda x, mu, sigma: (_ratio(x, mu, sigma) ** 2).sum().sqrt()
        ),
        "`sigma` does not appear in it: this is the size of the errors, not how much larger they are than claimed.": (
            lambda x, mu, sigma: ((x - mu) ** 2).mean().sqrt()
        ),
    },
    moral="About right on average, and still wrong at nearly every time: one number cannot repair a sigma that has the wrong form.",
)

# 2.3.5

_N_PENDULUMS = 200


def _points() -> Tensor:
    """To which of 200 pendulums each point belongs: names with gaps, from two to twenty points, in no order."""
    generator = torch.Generator().manual_seed(7)
    names = 10 + 3 * torch.arange(_N_PENDULUMS)
    group = names.repeat_interleave(torch.randint(2, 21, (_N_PENDULUMS,), generator=generator))
    return group[torch.randperm(len(group), generator=generator)]


_GROUP = _points()
_PART = _GROUP[torch.isin(_GROUP, _GROUP.unique()[::4], invert=True)]  # of three pendulums in four


def _measure_split(split: Callable[[Tensor, float, int], Tensor]) -> dict[str, float]:
    def ask(group: Tensor, fraction: float, seed: int) -> Tensor:
        value = call(split, group=group, fraction=fraction, seed=seed)
        train = require_shape(value, (len(group),), f"`split` of {len(group)} points")
        if not torch.isin(train, torch.tensor([0.0, 1.0])).all():
            raise AnswerError("`True` and `False` are asked for, one for each point: may it be trained on?")
        return train != 0

    asked = [(_GROUP, 0.7, 0), (_GROUP, 0.7, 1), (_GROUP, 0.7, 2), (_GROUP, 0.4, 0), (_PART, 0.7, 0)]
    trains = [ask(*given) for given in asked]
    again = ask(*asked[0])
    both, trained, off, exchanged = [], [], [], []
    for (group, fraction, _), train in zip(asked, trains, strict=True):
        names, tested = set(group[train].tolist()), set(group[~train].tolist())
        share = len(names) / len(names | tested)
        both.append(len(names & tested))
        trained.append(share)
        off.append(abs(share - fraction))
        exchanged.append(abs(share - (1 - fraction)))
    return {
        "on both sides": max(both),
        "off the fraction": max(off),
        "same seed differs": (trains[0] != again).float().mean().item(),
        "by chance": min((trains[0] != other).float().mean().item() for other in trains[1:3]),
        "trained on": sum(trained) / len(trained),
        "off the other side's": max(exchanged),
        "follows the fraction": trained[0] - trained[3],
    }


SPLIT = MeasuredExercise(
    number="2.3.5",
    title="Split without a leak",
    name="split",
    kind="function",
    measure=_measure_split,
    demands={
        "on both sides": Demand(at_most=0),
        "off the fraction": Demand(at_most=0.01),
        "same seed differs": Demand(at_most=0),
        "by chance": Demand(at_least=0.2),
    },
    mistakes={
        "You have split the points. Nearly every pendulum lies on both sides now: draw pendulums, and give all their points to "
        "one side.": lambda found: found["on both sides"] > 10,
        "One pendulum lies on both sides: a cut after a number of *points* goes through a pendulum.": (
            lambda found: 0 < found["on both sides"] <= 10
        ),
        "Every point is on one side: there is nothing to test, or nothing to train on.": (
            lambda found: found["trained on"] in (0, 1)
        ),
        "The sides are exchanged: `True` is for training.": lambda found: found["off the other side's"] < 0.02,
        "You drew points: nearly every pendulum has one among them.": lambda found: found["trained on"] > 0.9,
        "`fraction` changes nothing, or hardly anything. Is a number written where it should stand?": (
            lambda found: abs(found["follows the fraction"]) < 0.1
        ),
        "The share of pendulums is nearly right. A coin for each pendulum gives the share only on average: shuffle, and cut. And "
        "a share of the *points* is not one of the pendulums.": lambda found: 0.01 < found["off the fraction"] <= 0.12,
        "The share of pendulums is off. Do you compare a name with a number of pendulums? The names have gaps. Or do you count "
        "on 200 of them?": lambda found: found["off the fraction"] > 0.12,
        "The same seed gives another split each time. Does the shuffling know of the seed?": (
            lambda found: found["same seed differs"] > 0
        ),
        "The seed changes nothing, or hardly anything, so it is nearly the same pendulums that are trained on. Shuffle them "
        "with it.": lambda found: found["by chance"] < 0.2,
    },
    moral="Patients, nights, stars, customers: split by what the new cases will differ in.",
    points=2,
)

EXERCISES = (PAID, DOUBTS, PROMISES, STRETCH, SPLIT)
