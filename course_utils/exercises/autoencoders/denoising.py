"""Exercises of *Denoising spectra*."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan, sqrt

import numpy as np
import torch
from scipy.stats import chi2
from sklearn.metrics import roc_auc_score
from torch import Tensor

from course_utils.exercises.compare import Demand
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call, require_shape


def _normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def _some_dead(sigma: Tensor, seed: int) -> Tensor:
    """The same with one number in five infinite."""
    return sigma.masked_fill(_normal(*sigma.shape, seed=seed) > 0.84, inf)


# 1.2.1


def loudness(sigma: Tensor, first: int) -> float:
    """Pixel by pixel, in 64 bits."""
    variances = [[float(s) ** 2 if np.isfinite(s) else 0.0 for s in row] for row in sigma.double().numpy()]
    return sum(sum(row[:first]) for row in variances) / sum(map(sum, variances))


def _share(values: Tensor, first: int) -> Tensor:
    return values[:, :first].sum() / values.sum()


LOUD = FunctionExercise(
    number="1.2.1",
    title="Who is loud?",
    reference=loudness,
    inputs=(
        (torch.tensor([[2.0, 1.0, inf], [2.0, inf, 1.0]]), 1),
        (_some_dead(0.1 + _normal(20, 30).abs(), seed=1), 7),
    ),
    mistakes={
        "A dead pixel makes infinity divided by infinity. It has no part in the loss: let its variance count as 0.": (
            lambda sigma, first: _share(sigma**2, first)
        ),
        "These are standard deviations. A squared error is as large as the variance: square `sigma`.": (
            lambda sigma, first: _share(sigma.nan_to_num(posinf=0), first)
        ),
        "These are the weights, one over the variance: they say who is *quiet*. The plain loss has no weights.": (
            lambda sigma, first: _share(sigma**-2, first)
        ),
        "A dead pixel counts 1 in your sum. It has no part in the loss, so it counts 0.": (
            lambda sigma, first: _share(sigma.masked_fill(sigma.isinf(), 1) ** 2, first)
        ),
        "You left out every pixel that is dead in some spectrum. It is dead in that spectrum only.": (
            lambda sigma, first: _share(torch.where(sigma.isinf().any(0), 0, sigma**2), first)
        ),
    },
    moral="With the noise of this chapter the bluest tenth makes a third of what the plain loss hears.",
)

# 1.2.2


def combine(x: Tensor, sigma: Tensor) -> np.ndarray:
    """The mean and standard deviation of the product of Gaussians, night after night."""
    mean, variance = x[0].double().numpy(), sigma[0].double().numpy() ** 2
    for flux, s in zip(x[1:].double().numpy(), sigma[1:].double().numpy(), strict=True):
        both = np.isfinite(variance) & np.isfinite(s)
        gain = np.where(both, variance / np.where(both, variance + s**2, 1), np.isinf(variance))
        mean = mean + gain * (flux - mean)
        variance = np.where(both, variance * (1 - gain), np.where(np.isinf(variance), s**2, variance))
    return np.stack([mean, np.sqrt(variance)])


def _combined(x: Tensor, weight: Tensor, uncertainty: Tensor | None = None) -> Tensor:
    """The mean with these weights, and the right uncertainty for them, unless told."""
    return torch.stack(
        [(weight * x).sum(0) / weight.sum(0), weight.sum(0) ** -0.5 if uncertainty is None else uncertainty]
    )


def _nights(m: int, d: int) -> tuple[Tensor, Tensor]:
    sigma = _some_dead(0.2 + _normal(m, d, seed=4).abs(), seed=5)
    sigma[0] = 0.7  # every pixel is measured in some night
    return (3 + _normal(m, d, seed=6)).masked_fill(sigma.isinf(), 0), sigma


NIGHTS = FunctionExercise(
    number="1.2.2",
    title="Several nights",
    reference=combine,
    inputs=((torch.tensor([[3.0, 5.0], [5.0, 0.0]]), torch.tensor([[1.0, 2.0], [0.5, inf]])), _nights(4, 9)),
    mistakes={
        "You weight by one over sigma. What cancels best is one over sigma *squared*.": (
            lambda x, sigma: _combined(x, 1 / sigma, (sigma**-2).sum(0) ** -0.5)
        ),
        "You weight by one over sigma, in both places. It is one over sigma *squared*.": (
            lambda x, sigma: _combined(x, 1 / sigma)
        ),
        "The flux is right. What you return beside it is its variance: take the root.": (
            lambda x, sigma: _combined(x, sigma**-2, 1 / (sigma**-2).sum(0))
        ),
        "The flux is right. The sum of the weights grows with every night, the uncertainty has to shrink: take one over it.": (
            lambda x, sigma: _combined(x, sigma**-2, (sigma**-2).sum(0) ** 0.5)
        ),
        "The flux is right. But nights are not averaged for their uncertainty: their weights add up, and one over the sum is "
        "its square.": lambda x, sigma: _combined(x, sigma**-2, (sigma**-2).mean(0) ** -0.5),
        "The flux is right. The known sigmas give the uncertainty, not the scatter of a few nights.": (
            lambda x, sigma: _combined(x, sigma**-2, x.std(0) / len(x) ** 0.5)
        ),
        "The plain mean takes a dead pixel for a measurement and a bad night for a good one: weight each night.": (
            lambda x, sigma: torch.stack([x.mean(0), (sigma**-2).sum(0) ** -0.5])
        ),
        "These are plain means, and one dead pixel makes the uncertainty infinite. Weight each night by one over its variance.": (
            lambda x, sigma: torch.stack([x.mean(0), sigma.mean(0)])
        ),
        "The uncertainty is that of a plain mean, and infinite where one night is dead. Weights add up: one over their sum is "
        "its square.": lambda x, sigma: _combined(x, sigma**-2, (sigma**2).sum(0) ** 0.5 / len(x)),
        "This is the weighted *sum* of the flux. Divide by the sum of the weights.": (
            lambda x, sigma: torch.stack([(x * sigma**-2).sum(0), (sigma**-2).sum(0) ** -0.5])
        ),
        "They come in the other order: first the flux, then its uncertainty.": (
            lambda x, sigma: _combined(x, sigma**-2).flip(0)
        ),
    },
    moral="The loss of this chapter does the same across pixels: whoever is known twice as well counts four times.",
)

# 1.2.3

_LEFT, _SNR, _PIXELS = 0.02, 5, 200
_N_NIGHTS = round(1 / _LEFT)

WORTH = ValueExercise(
    number="1.2.3",
    title="How many nights is a network worth?",
    expected={"n_nights": _N_NIGHTS, "snr": _SNR * sqrt(_N_NIGHTS), "k_most": round(_LEFT * _PIXELS)},
    mistakes={
        "`n_nights`: the error falls with the root of their number, its *square* with the number itself. The 2 % are of squared "
        "errors.": (1 / _LEFT**0.5, None, None),
        "`n_nights`: one over the share, not over its square. The 2 % are of squared errors already.": (
            1 / _LEFT**2,
            None,
            None,
        ),
        "`snr`: the noise of a mean falls with the *root* of the number of nights.": (
            _N_NIGHTS,
            _SNR * _N_NIGHTS,
            None,
        ),
        "`snr`: this is the factor by which it grows. A single night has 5 already.": (
            _N_NIGHTS,
            sqrt(_N_NIGHTS),
            None,
        ),
        "`snr`: averaging leaves the signal as it is and makes the noise smaller, so this number grows.": (
            _N_NIGHTS,
            _SNR / sqrt(_N_NIGHTS),
            None,
        ),
        "`k_most`: a plane of k directions among 200 lets the share k / 200 of the squared noise through.": (
            _N_NIGHTS,
            _SNR * sqrt(_N_NIGHTS),
            _PIXELS * _LEFT**0.5,
        ),
        "`k_most`: this is the share, or its inverse. The question asks for a number of directions among 200.": (
            _N_NIGHTS,
            _SNR * sqrt(_N_NIGHTS),
            _N_NIGHTS,
        ),
        "`k_most`: these are the directions that are left out.": (
            _N_NIGHTS,
            _SNR * sqrt(_N_NIGHTS),
            _PIXELS - round(_LEFT * _PIXELS),
        ),
    },
    moral="PCA stays above that even with four directions, because four do not hold the signal. Bending keeps the directions few.",
)

# 1.2.4


def p_value(x: Tensor, x_hat: Tensor, weight: Tensor, k: int) -> np.ndarray:
    """Through the incomplete gamma function, in 64 bits."""
    total = (weight * (x - x_hat) ** 2).double().sum(1)
    freedom = ((weight > 0).sum(1) - k).double()
    return torch.special.gammaincc(freedom / 2, total / 2).numpy()


def _total(x: Tensor, x_hat: Tensor, weight: Tensor) -> np.ndarray:
    return (weight * (x - x_hat) ** 2).double().sum(1).numpy()


def _live(weight: Tensor) -> np.ndarray:
    return (weight > 0).sum(1).numpy()


def _residuals(n: int, d: int) -> tuple[Tensor, Tensor, Tensor, int]:
    sigma = _some_dead(0.5 + _normal(n, d, seed=7).abs(), seed=8)
    x_hat = _normal(n, d, seed=9)
    measured = x_hat + sigma.nan_to_num(posinf=0) * _normal(n, d, seed=10)
    return measured.masked_fill(sigma.isinf(), 0), x_hat, sigma**-2, 3


SURPRISE = FunctionExercise(
    number="1.2.4",
    title="How surprising is this residual?",
    reference=p_value,
    inputs=(
        (
            torch.tensor([[1.0, 2.0, 0.0, 1.0]]),
            torch.tensor([[0.0, 1.0, 3.0, 1.5]]),
            torch.tensor([[1.0, 0.25, 0.0, 4.0]]),
            1,
        ),
        _residuals(6, 20),
    ),
    mistakes={
        "This is the probability of a *smaller* residual, `cdf`. Surprise asks for one at least as large: `sf`.": (
            lambda x, x_hat, weight, k: chi2.cdf(_total(x, x_hat, weight), _live(weight) - k)
        ),
        "This is a density, not a probability. The probability of at least as much is `sf`.": (
            lambda x, x_hat, weight, k: chi2.pdf(_total(x, x_hat, weight), _live(weight) - k)
        ),
        "The `k` numbers of the code were fitted to these pixels: each takes away a degree of freedom.": (
            lambda x, x_hat, weight, k: chi2.sf(_total(x, x_hat, weight), _live(weight))
        ),
        "You counted dead pixels as degrees of freedom: count where the weight is positive.": (
            lambda x, x_hat, weight, k: chi2.sf(_total(x, x_hat, weight), x.shape[1] - k)
        ),
        "You counted all pixels, dead ones included, and forgot the `k` numbers that were fitted.": (
            lambda x, x_hat, weight, k: chi2.sf(_total(x, x_hat, weight), x.shape[1])
        ),
        "The chi-square distribution is that of a *sum* of squares. You gave it the mean.": (
            lambda x, x_hat, weight, k: chi2.sf(_total(x, x_hat, weight) / _live(weight), _live(weight) - k)
        ),
        "These squares have no unit of noise: multiply each by its weight.": (
            lambda x, x_hat, weight, k: chi2.sf(_total(x, x_hat, (weight > 0).float()), _live(weight) - k)
        ),
        "The weight is one over the variance already, so it is not squared again.": (
            lambda x, x_hat, weight, k: chi2.sf(_total(x, x_hat, weight**2), _live(weight) - k)
        ),
        "The fitted numbers are taken *away* from the live pixels.": (
            lambda x, x_hat, weight, k: chi2.sf(_total(x, x_hat, weight), _live(weight) + k)
        ),
        "One number for all spectra. Sum over the pixels of each, `dim=1`.": (
            lambda x, x_hat, weight, k: chi2.sf(_total(x, x_hat, weight).sum(), _live(weight).sum() - k)
        ),
    },
    moral="A p-value below 0.01 is the alarm of this chapter, at any number of dead pixels.",
)

# 1.2.5

_WIDTH, _FAINT, _D = 6.6, 1.2, 200  # pixels, peak in sigma, pixels
_AT = torch.arange(float(_D))
_SIGMA = 0.178 * (1 + 2 * torch.exp(-_AT * 1.81 / 60))


def _line(middle: Tensor | float, peak: float = _FAINT) -> Tensor:
    """A broad line in units of the noise where its middle is; rows for several middles."""
    middle = torch.as_tensor(middle)[..., None]
    height = peak * 0.178 * (1 + 2 * torch.exp(-middle * 1.81 / 60))
    return height * torch.exp(-(((_AT - middle) / _WIDTH) ** 2) / 2)


def _draw_residuals(n: int = 800) -> tuple[Tensor, Tensor, Tensor]:
    """Residuals, their sigma, and which of them hold a line; a dead pixel holds anything."""
    generator = torch.Generator().manual_seed(11)
    sigma = _SIGMA.repeat(n, 1).masked_fill(torch.rand(n, _D, generator=generator) < 0.02, inf)
    noise = torch.randn(n, _D, generator=generator)
    has_line = torch.arange(n) % 2 == 1
    middle = 20 + 160 * torch.rand(n, generator=generator)
    residual = _SIGMA * noise + has_line[:, None] * _line(middle)
    return torch.where(sigma.isinf(), 2 * noise, residual), sigma, has_line


_RESIDUAL, _SIGMAS, _HAS_LINE = _draw_residuals()
_SHOUTED = torch.where(_SIGMAS.isinf(), 50 * _RESIDUAL, _RESIDUAL)
_CHI_SQUARE = ((_RESIDUAL / _SIGMAS) ** 2).sum(1)
_PROBES = torch.stack([_line(30), _line(160), 4 * _SIGMA * (_AT == 100), _line(100), 0.15 * _SIGMA, -_line(100)])


def _measure_score(score: Callable[[Tensor, Tensor], Tensor]) -> dict[str, float]:
    def ask(residual: Tensor, sigma: Tensor) -> Tensor:
        value = call(score, residual=residual, sigma=sigma)
        return require_shape(value, (len(residual),), f"`score` of {len(residual)} residuals").detach()

    scores, shouted = ask(_RESIDUAL, _SIGMAS), ask(_SHOUTED, _SIGMAS)
    blue, red, spike, line, everywhere, trough = ask(_PROBES, _SIGMA.expand(len(_PROBES), -1)).tolist()
    return {
        "faint lines": roc_auc_score(_HAS_LINE, scores),
        "dead pixels": ((shouted - scores).abs().max() / (scores.std() + 1e-12)).item(),
        "colour": blue / red if red else nan,
        "spike": spike / line if line else nan,
        "everywhere": everywhere / line if line else nan,
        "trough": trough / line if line else nan,
        "likeness to chi-square": np.corrcoef(_CHI_SQUARE.argsort().argsort(), scores.argsort().argsort())[0, 1],
    }


BROAD = MeasuredExercise(
    number="1.2.5",
    title="Listen for a broad line",
    name="score",
    kind="function",
    measure=_measure_score,
    demands={"faint lines": Demand(at_least=0.96), "dead pixels": Demand(at_most=0.01)},
    mistakes={
        "A dead pixel moves your score. Its sigma is infinite: divide by `sigma`, and whatever it says becomes 0.": (
            lambda found: found["dead pixels"] > 0.01
        ),
        "It is upside down: a line lowers your score. The larger, the more suspicious.": (
            lambda found: found["faint lines"] < 0.3
        ),
        "This is chi-square again, or close to it: squares forget on which side of zero a pixel lies. Add up neighbours "
        "*before* you take a maximum or a square.": lambda found: found["likeness to chi-square"] > 0.9,
        "The noisy blue end is too loud: divide the residual by `sigma` first, so that every pixel has the noise 1.": (
            lambda found: found["colour"] > 1.5
        ),
        "One loud pixel impresses you more than the whole line. A broad line is faint in each pixel: add up neighbours.": (
            lambda found: found["spike"] > 2
        ),
        "You add up the whole spectrum, and with the line the noise of all pixels. Look at a window as wide as the line, at "
        "each place, and take the largest.": lambda found: found["everywhere"] > 0.8,
        "That is nearly enough. Does the window fit? Weights with the shape of the line, a Gaussian with a sigma of 6.6 pixels, hear "
        "it best, and of all places only the loudest should count.": lambda found: found["faint lines"] > 0.85,
    },
    moral="Whoever knows what to look for hears it at half the height: try it on the lines of this chapter.",
    points=2,
)

EXERCISES = (LOUD, NIGHTS, WORTH, SURPRISE, BROAD)
