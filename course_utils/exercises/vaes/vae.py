"""Exercises of *The variational autoencoder*."""

from __future__ import annotations

from collections.abc import Callable
from math import log, nan

import numpy as np
import torch
from scipy.spatial.distance import cdist
from scipy.special import logsumexp
from torch import Tensor

from course_utils.exercises.compare import Demand
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call, require_shape

# 2.2.1

_SD, _MEAN = 0.5, 3
_CENTRED = (_SD**2 - log(_SD**2) - 1) / 2
_CHARGE = _CENTRED + _MEAN**2 / 2

READ = ValueExercise(
    number="2.2.1",
    title="Read the encoder",
    expected={"sd": _SD, "nats": _CHARGE, "nats_centred": _CENTRED},
    mistakes={
        "`sd`: this is the variance. The standard deviation is its root.": (_SD**2, None, None),
        "`sd`: the logarithm of the variance is negative, so the variance is below 1.": (1 / _SD, None, None),
        "`sd`: this is a logarithm still. Take the exponential.": (log(_SD), None, None),
        "`nats`: the half is missing.": (_SD, 2 * _CHARGE, None),
        "`nats`: the logarithm is *subtracted*, and it is negative here.": (_SD, _CHARGE + log(_SD**2), None),
        "`nats`: the logarithm is that of the variance, not of the standard deviation.": (
            _SD,
            _CHARGE + log(_SD) / 2,
            None,
        ),
        "`nats`: the mean enters with its square.": (_SD, _CHARGE + (_MEAN - _MEAN**2) / 2, None),
        "`nats`: the variance enters the sum, not the standard deviation.": (_SD, _CHARGE + (_SD - _SD**2) / 2, None),
        "`nats`: the 1 is missing: the charge of the prior itself must be 0.": (_SD, _CHARGE + 0.5, None),
        "`nats_centred`: the mean is now that of the prior, but the width is not, and it is charged too.": (
            _SD,
            _CHARGE,
            0,
        ),
        "`nats_centred`: this is what the mean adds. Asked is what is left without it.": (_SD, _CHARGE, _MEAN**2 / 2),
    },
    moral="Most of the charge is for the distance from 0: codes are kept near the prior, and close together.",
)

# 2.2.2

_MU = 2 * normal(4000, 3, seed=21)
_LOGVAR = torch.where(torch.arange(4000) % 2 == 0, -4.0, -1.0)[:, None].expand(-1, 3).contiguous()
_ZERO, _FOUR = torch.zeros(3000, 3), torch.full((3000, 3), log(4))


def _measure_draw(draw_code: Callable[[Tensor, Tensor], Tensor]) -> dict[str, float]:
    def plain() -> Tensor:
        """What is drawn with the mean 0 and the standard deviation 2: twice the noise itself."""
        drawn = call(draw_code, mu=_ZERO, logvar=_FOUR)
        return require_shape(drawn, (3000, 3), "`draw_code` of 3000 × 3 means").detach() / 2

    own = torch.stack([plain(), plain()])
    mu, logvar = (values.clone().requires_grad_() for values in (_MU, _LOGVAR))
    z = require_shape(draw_code(mu, logvar), (4000, 3), "`draw_code` of 4000 × 3 means")
    noise = (z.detach() - _MU) * torch.exp(-_LOGVAR / 2)
    wide, narrow = noise[1::2].std(), noise[0::2].std()
    return {
        "spread": noise.std().item(),
        "slope of mu": _slope(z, mu).mean().item(),
        "slope of logvar": ((_slope(z, logvar) * (z - _MU)).sum() / ((z - _MU) ** 2).sum() * 2).item(),
        "within one sd": (noise.abs() < 1).float().mean().item(),
        "repeated": max(1 - len(own.unique()) / own.numel(), _correlation(own)),
        "noise": own.flatten(1).std(1).min().item(),
        "centre": own.mean().item(),
        "power": 0.5 + ((wide / narrow).log() / 3).item() if narrow > 0 else nan,
    }


def _correlation(own: Tensor) -> float:
    """The largest between two places of the code, 0 where it could be chance."""
    largest = torch.corrcoef(own.flatten(0, 1).T).triu(1).abs().max().item()
    return largest if largest > 0.1 else 0.0


def _slope(z: Tensor, given: Tensor) -> Tensor:
    """Derivative of the draws with respect to what they were drawn from, 0 where none flows."""
    if not z.requires_grad:
        return torch.zeros_like(given)
    (found,) = torch.autograd.grad(z.sum(), given, retain_graph=True, allow_unused=True)
    return torch.zeros_like(given) if found is None else found


DRAW = MeasuredExercise(
    number="2.2.2",
    title="A draw that can be trained",
    name="draw_code",
    kind="function",
    measure=_measure_draw,
    demands={
        "spread": Demand(at_least=0.97, at_most=1.03),
        "slope of mu": Demand(at_least=0.99, at_most=1.01),
        "slope of logvar": Demand(at_least=0.97, at_most=1.03),
        "within one sd": Demand(at_least=0.66, at_most=0.71),
        "repeated": Demand(at_most=0.01),
    },
    mistakes={
        "No noise comes out, or the same number for all: each place of each row needs a draw of its own.": (
            lambda found: found["noise"] < 1e-3
        ),
        "The same noise comes twice: in another call, row or place. Draw as many numbers as `mu` has, anew in each call.": (
            lambda found: found["repeated"] > 0.01
        ),
        "The noise is not centred: `rand` is uniform from 0 to 1. Standard normal noise comes from `randn`.": (
            lambda found: abs(found["centre"]) > 0.1
        ),
        "A draw does not move with its mean one to one. Where does `mu` stand in your formula?": (
            lambda found: abs(found["slope of mu"]) > 0.01 and abs(found["slope of mu"] - 1) > 0.01
        ),
        "`exp(logvar)` is the variance. The half is missing.": lambda found: abs(found["power"] - 1) < 0.05,
        "A larger `logvar` should give a wider draw, and it gives a narrower one. Is the sign right? `logvar` is a logarithm: is its "
        "exponential taken?": lambda found: found["power"] < -0.05,
        "Your spread does not follow `logvar`: multiply the noise by the standard deviation of each place.": (
            lambda found: abs(found["power"]) < 0.05
        ),
        "The spread is right, but the noise is not normal: too few or too many draws lie within one standard deviation.": (
            lambda found: abs(found["spread"] - 1) < 0.03 and abs(found["within one sd"] - 0.685) > 0.025
        ),
        "The draws are right, but no gradient reaches `mu`: the network could not learn from them. Write the draw as a sum in which "
        "`mu` stands.": lambda found: abs(found["slope of mu"]) < 0.01,
        "The draws are right, but no gradient reaches `logvar`. Keep it in the formula: no `detach`, no numbers taken out of it.": (
            lambda found: abs(found["slope of logvar"]) < 0.01
        ),
    },
    moral="This one line is what made the VAE trainable.",
)

# 2.2.3

_WEIGHT, _PIXELS = 0.00025, 28 * 28
_HALF, _SHARP = _WEIGHT * _PIXELS, _WEIGHT * _PIXELS / (2 * 0.1**2)

WHICH = ValueExercise(
    number="2.2.3",
    title="Which beta is it?",
    expected={"beta_half": _HALF, "beta_sharp": _SHARP, "sigma_squared": _HALF / 2},
    mistakes={
        "`beta_half`: this is the weight as it stands. The mean over the pixels divided the first term by their number.": (
            _WEIGHT,
            None,
            None,
        ),
        "`beta_half`: the other way round. Making the first term larger makes the second larger too.": (
            _WEIGHT / _PIXELS,
            None,
            None,
        ),
        "`beta_half`: a picture of 28 × 28 pixels has the product of both.": (_WEIGHT * 28, None, None),
        "`beta_half`: with a variance of 1/2 the sum of squared errors is divided by 1.": (_HALF / 2, None, None),
        "`beta_half`: the sum of squared errors is divided by *twice* the variance, and that is 1 here.": (
            2 * _HALF,
            None,
            None,
        ),
        "`beta_sharp`: divide by twice the *square* of sigma.": (_HALF, _HALF / (2 * 0.1), None),
        "`beta_sharp`: the 2 is missing.": (_HALF, _HALF / 0.1**2, None),
        "`beta_sharp`: a sharper decoder makes squared errors dearer, and so the divergence too: beta grows.": (
            _HALF,
            _HALF * 2 * 0.1**2,
            None,
        ),
        "`sigma_squared`: this is its root. Asked is the square.": (_HALF, _SHARP, (_HALF / 2) ** 0.5),
        "`sigma_squared`: this is twice that, the whole divisor.": (_HALF, _SHARP, _HALF),
        "`sigma_squared`: the divisor is *twice* the variance, so the variance is half of it, not twice.": (
            _HALF,
            _SHARP,
            2 * _HALF,
        ),
        "`sigma_squared`: beta falls as the variance grows. Solve for the variance where beta is 1.": (
            _HALF,
            _SHARP,
            1 / (_HALF / 2),
        ),
    },
    moral="Who reads a weight without the sizes and the sigma that go with it knows nothing about beta.",
)

# 2.2.4


def mmd(a: Tensor, b: Tensor, h: float) -> float:
    """Pair by pair, in 64 bits."""

    def kernel_mean(u: Tensor, v: Tensor) -> float:
        return float(np.exp(-cdist(u.numpy(), v.numpy(), "sqeuclidean") / (2 * h**2)).mean())

    return kernel_mean(a, a) + kernel_mean(b, b) - 2 * kernel_mean(a, b)


def _mmd(
    a: Tensor,
    b: Tensor,
    kernel: Callable[[Tensor], Tensor],
    mean: Callable[[Tensor], Tensor] = torch.mean,
    cross: float = -2,
) -> Tensor:
    """The same from distances, with what may go wrong."""
    within = mean(kernel(torch.cdist(a, a))) + mean(kernel(torch.cdist(b, b)))
    return within + cross * mean(kernel(torch.cdist(a, b)))


def _kernel(h: float) -> Callable[[Tensor], Tensor]:
    return lambda distance: torch.exp(-(distance**2) / (2 * h**2))


def _unlike_mean(values: Tensor) -> Tensor:
    """Without the pairs of a point with itself, if the pairs are those of one crowd."""
    if len(values) == values.shape[1] and (values.diagonal() == 1).all():
        return (values.sum() - len(values)) / (len(values) * (len(values) - 1))
    return values.mean()


CROWDS = FunctionExercise(
    number="2.2.4",
    title="Compare crowds",
    reference=mmd,
    inputs=(
        (torch.tensor([[0.0], [1.0]]), torch.tensor([[3.0], [3.0]]), 2.0),
        (normal(12, 3, seed=24), 0.5 + 2 * normal(9, 3, seed=25), 1.5),
    ),
    mistakes={
        "The last term counts twice.": lambda a, b, h: _mmd(a, b, _kernel(h), cross=-1),
        "The last term is subtracted.": lambda a, b, h: _mmd(a, b, _kernel(h), cross=2),
        "The distance enters with its square.": lambda a, b, h: _mmd(a, b, lambda d: torch.exp(-d / (2 * h**2))),
        "The width enters with its square.": lambda a, b, h: _mmd(a, b, lambda d: torch.exp(-(d**2) / (2 * h))),
        "The 2 of the exponent is missing.": lambda a, b, h: _mmd(a, b, lambda d: torch.exp(-(d**2) / h**2)),
        "Multiplied by the square of the width: in Python `a / 2 * h` is `(a / 2) * h`. Put the divisor in parentheses.": (
            lambda a, b, h: _mmd(a, b, lambda d: torch.exp(-(d**2) / 2 * h**2))
        ),
        "The exponent is negative: far points are unlike.": (
            lambda a, b, h: _mmd(a, b, lambda d: torch.exp(d**2 / (2 * h**2)))
        ),
        "You added up all pairs. Take their mean, so that crowds of different size compare.": (
            lambda a, b, h: _mmd(a, b, _kernel(h), mean=torch.sum)
        ),
        "This is the root. Asked is the square.": lambda a, b, h: _mmd(a, b, _kernel(h)).abs().sqrt(),
        "You leave out the pairs of a point with itself. That is a good estimate too, but here they are included.": (
            lambda a, b, h: _mmd(a, b, _kernel(h), mean=_unlike_mean)
        ),
        "This is the distance of the two means. The kernel compares all pairs, so that it sees the shape too.": (
            lambda a, b, h: ((a.mean(0) - b.mean(0)) ** 2).sum()
        ),
    },
    moral="No single picture is charged for its code here, so the trap of this chapter has no bait. What is lost is the bound.",
)

# 2.2.5


def effective_draws(log_weight: Tensor) -> np.ndarray:
    """In logarithms throughout, in 64 bits."""
    logs = log_weight.double().numpy()
    return np.exp(2 * logsumexp(logs, axis=0) - logsumexp(2 * logs, axis=0))


def _from_weights(weight: Tensor) -> Tensor:
    return 1 / ((weight / weight.sum(0)) ** 2).sum(0)


def _share(log_weight: Tensor) -> Tensor:
    return torch.softmax(log_weight, dim=0)


COUNT = FunctionExercise(
    number="2.2.5",
    title="How many of the draws count?",
    reference=effective_draws,
    inputs=(
        (torch.tensor([[0.0, -1.0], [0.0, -3.0], [0.0, -1.0]]),),
        (-900 + 30 * normal(1, 7, seed=26) + 2 * normal(40, 7, seed=27),),
        (torch.tensor([[0.0, -600.0, -500.0], [-200.0, -1.0, -501.0], [-400.0, 0.0, -500.0], [-0.5, -300.0, -502.0]]),),
    ),
    mistakes={
        "`exp` of these logarithms is 0, and 0 / 0 is NaN. Bring them near 0 first: subtract the largest of each picture.": (
            lambda log_weight: _from_weights(log_weight.exp())
        ),
        "You subtract the largest of *all* pictures: what is left of the others is 0 still. Each picture has a largest of its own.": (
            lambda log_weight: _from_weights((log_weight - log_weight.max()).exp())
        ),
        "You subtract something other than the largest: what is left can still overflow.": (
            lambda log_weight: _from_weights((log_weight - log_weight.mean(0)).exp())
        ),
        "You normalise over the pictures. The draws of one picture stand along `dim=0`.": (
            lambda log_weight: 1 / (torch.softmax(log_weight, dim=1) ** 2).sum(1)
        ),
        "The shares of a picture's draws add up to 1 along `dim=0`; yours add up over the pictures.": (
            lambda log_weight: 1 / (torch.softmax(log_weight, dim=1) ** 2).sum(0)
        ),
        "This is the sum of the squared shares. The number of draws is one over it.": (
            lambda log_weight: (_share(log_weight) ** 2).sum(0)
        ),
        "This is one over the largest share: a bound on the effective number, but another measure.": (
            lambda log_weight: 1 / _share(log_weight).amax(0)
        ),
        "This is the exponential of the entropy, another fine measure. Asked is one over the sum of squares.": (
            lambda log_weight: (-(_share(log_weight) * _share(log_weight).log()).sum(0)).exp()
        ),
        "This is a share of the draws. Multiply it by their number.": (
            lambda log_weight: 1 / (_share(log_weight) ** 2).sum(0) / len(log_weight)
        ),
        "You squared after adding up. The shares are squared one by one.": (
            lambda log_weight: 1 / _share(log_weight).sum(0) ** 2
        ),
        "One number for all pictures. Each has draws of its own.": (
            lambda log_weight: 1 / (torch.softmax(log_weight.flatten(), 0) ** 2).sum()
        ),
        "These are weights of logarithms. Take the exponential of what is left after the largest is subtracted.": (
            lambda log_weight: log_weight.sum(0) ** 2 / (log_weight**2).sum(0)
        ),
    },
    moral="Where few draws count, more of them raise the bound, or a better encoder does.",
)

EXERCISES = (READ, DRAW, WHICH, CROWDS, COUNT)
