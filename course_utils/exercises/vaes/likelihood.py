"""Exercises of *The likelihood of a picture*."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log, log2, nan

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from course_utils.exercises.compare import Demand
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call, require_shape

# 2.1.1

_PICTURE, _EXTRA, _FREE = 8 * 8, log2(16) - log2(2), 2**9 - 1

BITS = ValueExercise(
    number="2.1.1",
    title="Bits by hand",
    expected={"picture": _PICTURE, "extra": _EXTRA, "free_numbers": _FREE},
    mistakes={
        "`picture`: these are nats. A fair coin surprises by one *bit*, whatever it shows.": (64 * log(2), None, None),
        "`picture`: this is a probability. Surprise is minus its logarithm.": (2.0**-64, None, None),
        "`picture`: this is the number of all pictures. Surprise is its logarithm.": (2.0**64, None, None),
        "`extra`: this is the cross-entropy, all that the model pays. Take away what even the truth would pay.": (
            _PICTURE,
            4,
            None,
        ),
        "`extra`: this is the entropy of the truth, which every model has to pay. What does this one pay more?": (
            _PICTURE,
            1,
            None,
        ),
        "`extra`: the size is right. But a wrong belief never pays less than the truth: it is cross-entropy less entropy, not the "
        "other way round.": (_PICTURE, -_EXTRA, None),
        "`extra`: these are nats. The question counts in bits.": (_PICTURE, _EXTRA * log(2), None),
        "`extra`: this is the ratio of the probabilities. Its logarithm is asked for.": (_PICTURE, 16 / 2, None),
        "`extra`: that is the other direction, KL(model, truth): the model expects patterns that never come. The truth stands "
        "first here.": (_PICTURE, inf, None),
        "`free_numbers`: nearly. They add up to 1, so the last one follows from the others.": (_PICTURE, _EXTRA, 2**9),
        "`free_numbers`: that is one number for each pixel, as for coins. A table has one for each pattern of all nine.": (
            _PICTURE,
            _EXTRA,
            9,
        ),
        "`free_numbers`: a pixel has two values and there are nine of them. How many combinations are that?": (
            _PICTURE,
            _EXTRA,
            9**2 - 1,
        ),
    },
    moral="Each additional pixel costs the coins one number more, and doubles the table.",
)

# 2.1.2


def kl_gaussians(mu_1: Tensor, logvar_1: Tensor, mu_2: Tensor, logvar_2: Tensor) -> Tensor:
    """What torch.distributions says, in 64 bits."""
    first, second = (
        Normal(mu.double(), (logvar.double() / 2).exp()) for mu, logvar in ((mu_1, logvar_1), (mu_2, logvar_2))
    )
    return kl_divergence(first, second).sum(-1)


def _terms(mu_1: Tensor, logvar_1: Tensor, mu_2: Tensor, logvar_2: Tensor) -> tuple[Tensor, Tensor]:
    """Squared distance in units of the second variance, and the logarithm of the ratio of the variances."""
    return (mu_1 - mu_2) ** 2 * torch.exp(-logvar_2), logvar_1 - logvar_2


def _wrong_kl(change: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Callable[..., Tensor]:
    """The divergence with other terms: ``change(squared, ratio, logvar_2)`` gives those of each dimension."""

    def wrong(mu_1: Tensor, logvar_1: Tensor, mu_2: Tensor, logvar_2: Tensor) -> Tensor:
        squared, ratio = _terms(mu_1, logvar_1, mu_2, logvar_2)
        return change(squared, ratio, logvar_2).sum(-1)

    return wrong


ANY_TWO = FunctionExercise(
    number="2.1.2",
    title="Any two Gaussians",
    reference=kl_gaussians,
    inputs=(
        (
            torch.tensor([[1.0, 0.0]]),
            torch.tensor([[0.0, 1.0]]),
            torch.tensor([[0.0, 0.5]]),
            torch.tensor([[-1.0, 2.0]]),
        ),
        (normal(5, 3), normal(5, 3, seed=1), normal(5, 3, seed=2), normal(5, 3, seed=3)),
        tuple(normal(2, 4, 3, seed=seed) for seed in range(4)),
    ),
    mistakes={
        "You take `logvar` for the logarithm of sigma. It is that of sigma *squared*: `torch.exp(logvar)` is the variance already.": (
            _wrong_kl(
                lambda squared, ratio, l2: 0.5 * (squared * torch.exp(-l2) + torch.exp(2 * ratio) - 2 * ratio - 1)
            )
        ),
        "The variances stand in the formula, and you put in standard deviations: no half is needed in the exponent.": (
            _wrong_kl(lambda squared, ratio, l2: 0.5 * (squared * torch.exp(l2 / 2) + torch.exp(ratio / 2) - ratio - 1))
        ),
        "This is the other direction: the first Gaussian is the one from which draws come, and the distance counts in units of "
        "the second.": lambda mu_1, logvar_1, mu_2, logvar_2: kl_gaussians(mu_2, logvar_2, mu_1, logvar_1),
        "Twice too large: a half is missing in front.": _wrong_kl(
            lambda squared, ratio, l2: squared + torch.exp(ratio) - ratio - 1
        ),
        "The half belongs to all terms, not to the squared distance alone.": _wrong_kl(
            lambda squared, ratio, l2: 0.5 * squared + torch.exp(ratio) - ratio - 1
        ),
        "Surprises of independent dimensions add up: the sum over the last dimension, not the mean.": _wrong_kl(
            lambda squared, ratio, l2: 0.5 * (squared + torch.exp(ratio) - ratio - 1) / ratio.shape[-1]
        ),
        "For two equal Gaussians this is not 0. Which constant is missing in each dimension?": _wrong_kl(
            lambda squared, ratio, l2: 0.5 * (squared + torch.exp(ratio) - ratio)
        ),
        "The 1 is taken away once. Each dimension has its own: put it inside the sum.": (
            lambda mu_1, logvar_1, mu_2, logvar_2: (
                kl_gaussians(mu_1, logvar_1, mu_2, logvar_2) + (mu_1.shape[-1] - 1) / 2
            )
        ),
        "The logarithm has the wrong sign: a *narrow* first Gaussian pays for its logarithm.": _wrong_kl(
            lambda squared, ratio, l2: 0.5 * (squared + torch.exp(ratio) + ratio - 1)
        ),
        "The distance of the means has no unit. It counts in units of the second variance.": _wrong_kl(
            lambda squared, ratio, l2: 0.5 * (squared * torch.exp(l2) + torch.exp(ratio) - ratio - 1)
        ),
        "The distance of the means counts in units of the second variance, and you took the first.": _wrong_kl(
            lambda squared, ratio, l2: 0.5 * (squared * torch.exp(-ratio) + torch.exp(ratio) - ratio - 1)
        ),
        "A divergence from the standard normal, less another, is no divergence between the two: start from the general formula.": (
            lambda mu_1, logvar_1, mu_2, logvar_2: (
                kl_gaussians(mu_1, logvar_1, 0 * mu_1, 0 * mu_1) - kl_gaussians(mu_2, logvar_2, 0 * mu_2, 0 * mu_2)
            )
        ),
        "The ratio of the variances stands on its head: the first is measured in units of the second.": _wrong_kl(
            lambda squared, ratio, l2: 0.5 * (squared + torch.exp(-ratio) + ratio - 1)
        ),
        "One number for everything: sum over the last dimension only.": (lambda *given: kl_gaussians(*given).sum()),
        "One number for each dimension. Surprises of independent dimensions add up: which one do you sum over?": (
            lambda mu_1, logvar_1, mu_2, logvar_2: kl_gaussians(
                *(given[..., None] for given in (mu_1, logvar_1, mu_2, logvar_2))
            )
        ),
        "Right for a table. With more dimensions than two, the second is not the last one any more.": (
            lambda *given: kl_gaussians(*(of_all.movedim(1, -1) for of_all in given))
        ),
    },
    moral="With a second Gaussian that is learnt, this is what a VAE pays whose prior is not the standard normal one.",
)

# 2.1.3

_OVERFLOWS = "You subtract something other than the largest: what is left can still overflow."


def log_mean(log_weight: Tensor) -> np.ndarray:
    """Column by column, by adding two logarithms at a time."""
    return np.logaddexp.reduce(log_weight.double().numpy(), axis=0) - np.log(len(log_weight))


def _less_the_largest_of_all(log_weight: Tensor) -> Tensor:
    largest = log_weight.max()
    return largest + torch.exp(log_weight - largest).mean(0).log()


VANISHED = FunctionExercise(
    number="2.1.3",
    title="A likelihood that vanishes",
    reference=log_mean,
    inputs=(
        (torch.tensor([[0.0, -1.0], [1.0, 2.0], [0.5, 0.0]]),),
        (torch.tensor([[-1000.0, -2000.0], [-1001.0, -2000.0], [-1003.0, -2005.0]]),),
        (torch.tensor([[1000.0, 900.0], [998.0, 905.0], [1001.0, 904.0]]),),
        (torch.tensor([[-2000.0, -1800.0], [0.0, -20000.0], [-2.0, 0.0], [-1900.0, -1500.0]]),),
    ),
    mistakes={
        "That is the line to repair: the exponential of -1000 is 0 here, and that of 1000 infinite. Take the largest out before.": (
            lambda log_weight: torch.exp(log_weight).mean(0).log()
        ),
        "This is the logarithm of the *sum*. What does dividing by N do to a logarithm?": (
            lambda log_weight: torch.logsumexp(log_weight, 0)
        ),
        "This is the mean of the logarithms. The logarithm of the mean is larger, since the logarithm bends.": (
            lambda log_weight: log_weight.mean(0)
        ),
        "This is the largest weight alone. The others count, too.": lambda log_weight: log_weight.amax(0),
        "The largest was taken out and never put back: add it at the end.": (
            lambda log_weight: log_mean(log_weight) - log_weight.amax(0).numpy()
        ),
        "You average over the wrong dimension: the draws are the rows, and each column is a picture.": (
            lambda log_weight: log_mean(log_weight.T)
        ),
        "You subtract the logarithm of the number of pictures. N is the number of draws.": (
            lambda log_weight: torch.logsumexp(log_weight, 0) - log(log_weight.shape[1])
        ),
        "The logarithm of N has the wrong sign: a mean is smaller than a sum.": (
            lambda log_weight: torch.logsumexp(log_weight, 0) + log(len(log_weight))
        ),
        "Here N itself is involved. Dividing by N inside is subtracting *its logarithm* outside.": (
            lambda log_weight: torch.logsumexp(log_weight, 0) / len(log_weight)
        ),
        "One number for all pictures: keep the second dimension.": (
            lambda log_weight: torch.logsumexp(log_weight.flatten(), 0) - log(log_weight.numel())
        ),
        "The dimension of the draws is still there, with a length of 1. Asked for is one number for each picture.": (
            lambda log_weight: log_mean(log_weight)[None]
        ),
        "You subtract the largest weight of *all* pictures. Beside it another picture vanishes: each column has its own.": (
            _less_the_largest_of_all
        ),
        _OVERFLOWS: lambda log_weight: log_mean(log_weight) + (inf if log_weight.min() < -5000 else 0),
    },
    moral="Every estimate of a likelihood in this course ends with this line; `iwae` in the package does.",
)

# 2.1.4


def fit_forwards(z: Tensor, log_weight: Tensor) -> np.ndarray:
    """With the weighted moments of NumPy, in 64 bits."""
    weights = np.exp(log_weight.double().numpy() - log_weight.max().item())
    mu = np.average(z.double().numpy(), axis=0, weights=weights)
    return np.stack([mu, np.log(np.average((z.double().numpy() - mu) ** 2, axis=0, weights=weights))])


def _wrong_fit(change: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]) -> Callable[..., Tensor]:
    """Another pair: ``change(z, weight, mu)`` from the right weights, (N, 1), and the right mean."""

    def wrong(z: Tensor, log_weight: Tensor) -> Tensor:
        z = z.double()
        weight = torch.softmax(log_weight.double(), 0)[:, None]
        return torch.stack(change(z, weight, (weight * z).sum(0)))

    return wrong


def _variance(z: Tensor, weight: Tensor, around: Tensor) -> Tensor:
    return (weight * (z - around) ** 2).sum(0)


def _from_plain_weights(z: Tensor, log_weight: Tensor) -> Tensor:
    weight = torch.exp(log_weight)[:, None]
    weight = weight / weight.sum()
    mu = (weight * z).sum(0)
    return torch.stack([mu, _variance(z, weight, mu).log()])


def _not_normalised(z: Tensor, log_weight: Tensor) -> Tensor:
    weight = torch.exp(log_weight)[:, None]
    mu = (weight * z).sum(0)
    return torch.stack([mu, _variance(z, weight, mu).log()])


MOMENTS = FunctionExercise(
    number="2.1.4",
    title="Fit forwards",
    reference=fit_forwards,
    inputs=(
        (torch.tensor([[0.0], [2.0], [4.0]]), torch.tensor([0.0, 1.0, -1.0])),
        (normal(60, 3, seed=4) + 1, 2 * normal(60, seed=5) - 1000),
        (
            torch.tensor([[1.0, 0.0], [-1.0, 3.0], [2.0, 1.0], [4.0, -2.0]]),
            torch.tensor([-2000.0, 0.0, -1.0, -1900.0]),
        ),
    ),
    mistakes={
        "All draws count the same here. The weights say which of them the distribution would draw more often.": (
            lambda z, log_weight: torch.stack([z.mean(0), z.var(0, correction=0).log()])
        ),
        "All draws count the same here, and the divisor is N - 1. The weights say who counts how much.": (
            lambda z, log_weight: torch.stack([z.mean(0), z.var(0).log()])
        ),
        "Weights of e to the -1000 are 0 in 32 bits, and 0 / 0 is no number. Let a function normalise the logarithms.": (
            _from_plain_weights
        ),
        "The weights do not add up to 1. Divide them by their sum, and mind that they may be as small as e to the -1000.": (
            _not_normalised
        ),
        _OVERFLOWS: lambda z, log_weight: fit_forwards(z, log_weight) + (nan if log_weight.min() < -1500 else 0),
        "The mean is right. The second row is the variance: its logarithm is asked for.": _wrong_fit(
            lambda z, weight, mu: (mu, _variance(z, weight, mu))
        ),
        "The mean is right. The second row is the standard deviation: the logarithm of the *variance* is asked for.": _wrong_fit(
            lambda z, weight, mu: (mu, _variance(z, weight, mu).sqrt())
        ),
        "The mean is right. The second row is the logarithm of sigma: `logvar` is that of its square.": _wrong_fit(
            lambda z, weight, mu: (mu, _variance(z, weight, mu).log() / 2)
        ),
        "The mean is right. This is the mean of the squares: the variance is that of the distances from the mean.": _wrong_fit(
            lambda z, weight, mu: (mu, _variance(z, weight, 0 * mu).log())
        ),
        "The mean is right. The variance is taken around the plain mean of the draws: take it around the weighted one.": _wrong_fit(
            lambda z, weight, mu: (mu, _variance(z, weight, z.mean(0)).log())
        ),
        "The mean is right. The variance forgets the weights.": _wrong_fit(
            lambda z, weight, mu: (mu, ((z - mu) ** 2).mean(0).log())
        ),
        "The mean is right. The variance is divided by N as well: weights that add up to 1 have done that.": _wrong_fit(
            lambda z, weight, mu: (mu, (weight * (z - mu) ** 2).mean(0).log())
        ),
        "Divided by N as well: weights that add up to 1 make a mean out of a *sum*.": (
            _wrong_fit(lambda z, weight, mu: (mu / len(z), (weight * (z - mu / len(z)) ** 2).mean(0).log()))
        ),
        "Each of your weights is 1: the softmax runs along a dimension of length 1. It belongs to the draws.": (
            _wrong_fit(lambda z, weight, mu: (z.sum(0), ((z - z.sum(0)) ** 2).sum(0).log()))
        ),
        "They come in the other order: first the mean, then the logarithm of the variance.": _wrong_fit(
            lambda z, weight, mu: (_variance(z, weight, mu).log(), mu)
        ),
    },
    moral="This is all that maximum likelihood does with a Gaussian, and what a forward fit costs: draws from the distribution itself.",
)

# 2.1.5

_CHAINS, _STEPS, _FORGOTTEN = 400, 800, 200


def _log_posterior(z: Tensor) -> Tensor:
    """Of the angle, (n, 1) -> (n,), for a height of 1, up to a constant."""
    return (-0.5 * (torch.cos(z) / 0.2) ** 2 - 0.5 * (z - 0.3) ** 2).sum(-1)


def _in_right_hump(angle: Tensor) -> Tensor:
    return (angle > 0) & (angle < 3)


def _true_moments() -> tuple[float, float, float]:
    """Mean of the angle, and mean and standard deviation of the angles in the right hump."""
    angle = torch.linspace(-7, 7, 2801, dtype=torch.float64)
    share = _log_posterior(angle[:, None]).softmax(0)
    right = share * _in_right_hump(angle)
    right /= right.sum()
    centre = (right * angle).sum()
    return (share * angle).sum().item(), centre.item(), ((right * angle**2).sum() - centre**2).sqrt().item()


def _measure_proposals(propose: Callable[[Tensor], Tensor]) -> dict[str, float]:
    """Run chains with these proposals, all from the same place on the right."""
    what = f"What you propose to {_CHAINS} chains"
    z = torch.full((_CHAINS, 1), 1.2)
    require_shape(call(propose, z=z), (_CHAINS, 1), what)
    now, walk, moved, accepted = _log_posterior(z), [], 0, 0
    for _ in range(_STEPS):
        proposal = require_shape(propose(z.clone()), (_CHAINS, 1), what)
        then = _log_posterior(proposal)
        yes = torch.rand(_CHAINS).log() < then - now
        moves = (proposal != z)[:, 0]
        moved, accepted = moved + moves.sum().item(), accepted + (moves & yes).sum().item()
        z, now = torch.where(yes[:, None], proposal, z), torch.where(yes, then, now)
        walk.append(z)
    visited = torch.cat(walk[_FORGOTTEN:]).double()
    right = visited[_in_right_hump(visited)]
    mean, centre, width = _true_moments()
    return {
        "accepted": accepted / moved if moved else nan,
        "mean off": (visited.mean() - mean).abs().item(),
        "centre off": (right.mean() - centre).abs().item(),
        "width off": (right.std() - width).abs().item(),
        "moved": moved,
        "left": (visited < 0).double().mean().item(),
        "angles": len(visited.abs().unique()),
    }


STEPS = MeasuredExercise(
    number="2.1.5",
    title="A better step",
    name="propose",
    kind="function",
    measure=_measure_proposals,
    demands={
        "accepted": Demand(at_least=0.4),
        "mean off": Demand(at_most=0.05),
        "centre off": Demand(at_most=0.015),
        "width off": Demand(at_most=0.005),
    },
    mistakes={
        "Nothing moves: every proposal is the place where the chain stands already.": lambda found: found["moved"] == 0,
        "No chain has seen the left hump. Small steps do not cross the gap, however many of them are accepted.": (
            lambda found: found["left"] < 0.05
        ),
        "The chains jump between a few angles only. A jump finds the other hump, but it takes some noise to explore it.": (
            lambda found: found["angles"] < 100
        ),
        "The humps are visited, but not as they should be. Is the way from z to z' as probable as the way back? A push in one "
        "direction, or a draw around a fixed place, is not. Or are the steps so small, or the crossings so rare, that "
        f"{_STEPS} of them do not get around?": lambda found: (
            max(found["mean off"] / 0.05, found["centre off"] / 0.015, found["width off"] / 0.005) > 1
            and found["accepted"] >= 0.25
        ),
        "The chains cross, but most proposals fall where the posterior is almost zero. Where, seen from one hump, is the other?": (
            lambda found: found["accepted"] < 0.4
        ),
    },
    moral="Whoever knows a symmetry of the decoder can jump along it. A network's decoder has none that we know of.",
    points=2,
)

EXERCISES = (BITS, ANY_TWO, VANISHED, MOMENTS, STEPS)
