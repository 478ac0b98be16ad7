"""Exercises of *How sure is it? Noise, code and network*."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from statistics import NormalDist

import numpy as np
import torch
from scipy.optimize import minimize_scalar
from scipy.stats import norm
from torch import Tensor

from course_utils.exercises.compare import Demand
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call, require_shape

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
        "`honest`: this is the mean distance squared, or a standard deviation. It pays the mean *square*.": (
            sqrt(18),
            None,
            None,
        ),
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
        "`biased`: first the squares, then the sum. A bias of 4 and a noise of 3 make 5, not 7, and 5 squared is paid.": (
            18,
            9,
            49,
        ),
        "`biased`: its sigma is 0, so no third term is paid.": (18, 9, 34),
    },
    moral="Silence is cheaper than honesty: whoever is paid like this learns to claim no uncertainty at all.",
)

# 2.3.2


def total_sigma(mu: Tensor, logvar: Tensor) -> np.ndarray:
    """From the second moment of the mixture of all draws, in 64 bits."""
    m, v = mu.double().numpy(), np.exp(logvar.double().numpy())
    return np.sqrt((m**2 + v).mean(0) - m.mean(0) ** 2)


def _by_code(mu: Tensor) -> Tensor:
    return mu.var(0, correction=0)


def _by_noise(logvar: Tensor) -> Tensor:
    return torch.exp(logvar).mean(0)


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
        "This is the code's doubt alone. A measurement lies around each of these curves with a variance of its own.": (
            lambda mu, logvar: _by_code(mu).sqrt()
        ),
        "This is the variance. The standard deviation is its root.": lambda mu, logvar: (
            _by_noise(logvar) + _by_code(mu)
        ),
        "You added standard deviations. Of independent doubts the *variances* add up; take the root at the end.": (
            lambda mu, logvar: _by_noise(logvar).sqrt() + _by_code(mu).sqrt()
        ),
        "The exponential of half of `logvar` is a standard deviation. What is averaged here is the variance.": (
            lambda mu, logvar: (torch.exp(logvar / 2).mean(0) + _by_code(mu)).sqrt()
        ),
        "You averaged standard deviations and squared the mean. The law averages *variances*.": (
            lambda mu, logvar: (torch.exp(logvar / 2).mean(0) ** 2 + _by_code(mu)).sqrt()
        ),
        "You averaged the *logarithms* of the variances. First the exponential, then the mean.": (
            lambda mu, logvar: (torch.exp(logvar.mean(0)) + _by_code(mu)).sqrt()
        ),
        "Nearly: torch divides the variance by the number of draws less one, unless told otherwise. Asked for is the mean.": (
            lambda mu, logvar: (_by_noise(logvar) + mu.var(0)).sqrt()
        ),
        "The doubt about the code is the *variance* of the means over the draws, not their standard deviation.": (
            lambda mu, logvar: (_by_noise(logvar) + mu.std(0, correction=0)).sqrt()
        ),
        "`logvar` itself is no variance: it may be negative. Take its exponential.": (
            lambda mu, logvar: (logvar.mean(0) + _by_code(mu)).sqrt()
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
        (_CENTRE + 1.3 * _SPREAD * normal(40, 5, seed=5), _CENTRE, _SPREAD, torch.tensor([0.1, 0.3, 0.5, 0.8, 0.95])),
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
        "Positive and negative errors cancel in your mean, or it is taken out as by `std`. Square first.": (
            lambda x, mu, sigma: _ratio(x, mu, sigma).std(correction=0)
        ),
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

_N_PENDULUMS, _FRACTION = 200, 0.7


def _points() -> Tensor:
    """To which of 200 pendulums each point belongs: names with gaps, from two to twenty points, in no order."""
    generator = torch.Generator().manual_seed(7)
    names = 10 + 3 * torch.arange(_N_PENDULUMS)
    group = names.repeat_interleave(torch.randint(2, 21, (_N_PENDULUMS,), generator=generator))
    return group[torch.randperm(len(group), generator=generator)]


_GROUP = _points()


def _measure_split(split: Callable[[Tensor, float, int], Tensor]) -> dict[str, float]:
    def ask(seed: int) -> Tensor:
        value = call(split, group=_GROUP, fraction=_FRACTION, seed=seed)
        return require_shape(value, (len(_GROUP),), f"`split` of {len(_GROUP)} points") != 0

    first, again, *others = (ask(seed) for seed in (0, 0, 1, 2))
    both = [len(set(_GROUP[s].tolist()) & set(_GROUP[~s].tolist())) for s in (first, *others)]
    trained = [len(_GROUP[s].unique()) / _N_PENDULUMS for s in (first, *others)]
    return {
        "on both sides": max(both),
        "off the fraction": max(abs(share - _FRACTION) for share in trained),
        "by chance": min((first != other).float().mean().item() for other in others),
        "same seed differs": (first != again).float().mean().item(),
        "trained on": sum(trained) / len(trained),
    }


SPLIT = MeasuredExercise(
    number="2.3.5",
    title="Split without a leak",
    name="split",
    kind="function",
    measure=_measure_split,
    demands={
        "on both sides": Demand(at_most=0),
        "off the fraction": Demand(at_most=0.02),
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
        "The sides are exchanged: `True` is for training.": (
            lambda found: abs(found["trained on"] - (1 - _FRACTION)) < 0.02
        ),
        "The share of pendulums is off. Do you compare a name with a number of pendulums? The names have gaps.": (
            lambda found: found["off the fraction"] > 0.02
        ),
        "The seed changes nothing, so it is always the same pendulums that are trained on. Shuffle them with it.": (
            lambda found: found["by chance"] < 0.2 and found["same seed differs"] == 0
        ),
    },
    moral="Patients, nights, stars, customers: split by what the new cases will differ in.",
    points=2,
)

EXERCISES = (PAID, DOUBTS, PROMISES, STRETCH, SPLIT)
