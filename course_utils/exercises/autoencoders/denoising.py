"""Exercises of *Denoising spectra*."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isfinite, nan, sqrt

import numpy as np
import torch
from scipy.stats import chi2
from sklearn.metrics import roc_auc_score
from torch import Tensor

from course_utils.data.spectra import noise_at
from course_utils.exercises.compare import Demand
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call, require_shape


def _some_dead(sigma: Tensor, seed: int) -> Tensor:
    """The same with one number in five infinite."""
    return sigma.masked_fill(normal(*sigma.shape, seed=seed) > 0.84, inf)


# 1.2.1


def loudness(sigma: Tensor, first: int) -> float:
    """Pixel by pixel, in 64 bits."""
    variances = [[s**2 if isfinite(s) else 0 for s in row] for row in sigma.double().tolist()]
    return sum(sum(row[:first]) for row in variances) / sum(map(sum, variances))


def _share(values: Tensor, first: int) -> Tensor:
    return values[:, :first].sum() / values.sum()


LOUD = FunctionExercise(
    number="1.2.1",
    title="Who is loud?",
    reference=loudness,
    inputs=(
        (torch.tensor([[2.0, 1.0, inf], [2.0, inf, 1.0]]), 1),
        (_some_dead(0.1 + normal(20, 30).abs(), seed=1), 7),
    ),
    mistakes={
        "Infinity is in your sums, so the share comes out 0 or NaN. A dead pixel has no part in the loss: let its variance count "
        "as 0.": lambda sigma, first: _share(sigma**2, first),
        "Infinity times 0 is not 0, but NaN. Choose between two values, with `torch.where`, instead of multiplying.": (
            lambda sigma, first: nan
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
    """Pixel by pixel, the mean and standard deviation of the product of the Gaussians of the nights."""
    found = []
    for fluxes, sigmas in zip(x.T.double().tolist(), sigma.T.double().tolist(), strict=True):
        (mean, s), *later = [(flux, s) for flux, s in zip(fluxes, sigmas, strict=True) if isfinite(s)]
        variance = s**2
        for flux, s in later:
            gain = variance / (variance + s**2)
            mean, variance = mean + gain * (flux - mean), variance * (1 - gain)
        found.append((mean, sqrt(variance)))
    return np.array(found).T


def _combined(x: Tensor, weight: Tensor, uncertainty: Tensor | None = None) -> Tensor:
    """The mean with these weights, and the right uncertainty for them, unless told."""
    return torch.stack(
        [(weight * x).sum(0) / weight.sum(0), weight.sum(0) ** -0.5 if uncertainty is None else uncertainty]
    )


def _nights(m: int, d: int) -> tuple[Tensor, Tensor]:
    sigma = _some_dead(0.2 + normal(m, d, seed=4).abs(), seed=5)
    sigma[0] = 0.7  # every pixel is measured in some night
    return (3 + normal(m, d, seed=6)).masked_fill(sigma.isinf(), 0), sigma


NIGHTS = FunctionExercise(
    number="1.2.2",
    title="Several nights",
    reference=combine,
    inputs=(
        (torch.tensor([[3.0, 5.0, 0.0], [5.0, 0.0, 2.0]]), torch.tensor([[1.0, 2.0, inf], [0.5, inf, 1.0]])),
        _nights(4, 9),
    ),
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
        "You left out what is dead, but a good night counts no more than a bad one: weight each by one over its variance.": (
            lambda x, sigma: torch.stack([x.sum(0) / sigma.isfinite().sum(0), (sigma**-2).sum(0) ** -0.5])
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

_LEFT, _SNR, _PIXELS = 0.01, 5, 200
_N_NIGHTS = round(1 / _LEFT)

WORTH = ValueExercise(
    number="1.2.3",
    title="How many nights is a network worth?",
    expected={"n_nights": _N_NIGHTS, "snr": round(_SNR * sqrt(_N_NIGHTS)), "k_most": round(_LEFT * _PIXELS)},
    mistakes={
        "`n_nights`: the error falls with the root of their number, its *square* with the number itself. The 1 % is of squared "
        "errors.": (1 / _LEFT**0.5, None, None),
        "`n_nights`: one over the share, not over its square. The 1 % is of squared errors already.": (
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
    moral="PCA cannot come so far here: two directions do not hold the signal, and each more lets another half per cent through.",
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
    sigma = _some_dead(0.5 + normal(n, d, seed=7).abs(), seed=8)
    x_hat = normal(n, d, seed=9)
    measured = x_hat + sigma.nan_to_num(posinf=0) * normal(n, d, seed=10)
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


def _noise_in(pixel: Tensor) -> Tensor:
    return noise_at(360 + 360 / (_D - 1) * pixel)


_SIGMA = _noise_in(_AT)


def _lines(middles: Tensor) -> Tensor:
    """A broad line at each of the middles, (n,), in units of the noise there; (n, 200)."""
    return _FAINT * _noise_in(middles)[:, None] * torch.exp(-(((_AT - middles[:, None]) / _WIDTH) ** 2) / 2)


def _draw_residuals(n: int = 600) -> tuple[Tensor, Tensor, Tensor]:
    """Residuals, their sigma, and which of them hold a line; nights differ, and a dead pixel holds anything."""
    generator = torch.Generator().manual_seed(11)
    night = 0.5 + torch.rand(n, 1, generator=generator)
    has_line = torch.randperm(n, generator=generator) < n // 2
    noise = torch.randn(n, _D, generator=generator)
    dead = torch.rand(n, _D, generator=generator) < 0.02
    lines = _lines(20 + 160 * torch.rand(n, generator=generator))
    residual = night * (_SIGMA * noise + has_line[:, None] * lines)
    return torch.where(dead, 2 * noise, residual), (night * _SIGMA).masked_fill(dead, inf), has_line


_RESIDUAL, _SIGMAS, _HAS_LINE = _draw_residuals()
_SHOUTED = torch.where(_SIGMAS.isinf(), 50 * _RESIDUAL, _RESIDUAL)
_CHI_SQUARE = ((_RESIDUAL / _SIGMAS) ** 2).sum(1)

# Almost without noise: lines at the blue and at the red end, a single loud pixel, a shift of all pixels, a dip.
_BLUE, _RED = torch.arange(25.0, 65, 5), torch.arange(135.0, 175, 5)
_MIDDLE = torch.tensor([98.0, 100, 103, 105])
_SPIKES = 4 * _SIGMA * (_MIDDLE[:, None] == _AT)
_KINDS = {
    "blue": _lines(_BLUE), "red": _lines(_RED), "line": _lines(_MIDDLE), "spike": _SPIKES,
    "everywhere": 0.15 * _SIGMA.expand(4, -1), "dip": -_lines(_MIDDLE),
}  # fmt: skip
_PROBES = torch.cat(list(_KINDS.values()))
_PROBES = _PROBES + 0.05 * _SIGMA * normal(*_PROBES.shape, seed=12)


def _measure_score(score: Callable[[Tensor, Tensor], Tensor]) -> dict[str, float]:
    def ask(residual: Tensor, sigma: Tensor) -> Tensor:
        value = call(score, residual=residual, sigma=sigma)
        return require_shape(value, (len(residual),), f"`score` of {len(residual)} residuals").detach()

    scores, shouted = ask(_RESIDUAL, _SIGMAS), ask(_SHOUTED, _SIGMAS)
    noise = _SIGMA.repeat(len(_PROBES), 1)
    probed, doubled = ask(torch.cat([_PROBES, 2 * _PROBES]), torch.cat([noise, 2 * noise])).chunk(2)
    by_kind = probed.split([len(rows) for rows in _KINDS.values()])
    mean = {name: values.mean().item() for name, values in zip(_KINDS, by_kind, strict=True)}
    heard = mean["line"] > 0
    return {
        "faint lines": roc_auc_score(_HAS_LINE, scores),
        "dead pixels": ((shouted - scores).abs().max() / (scores.std() + 1e-12)).item(),
        "doubled": (doubled.mean() / probed.mean()).item(),
        "blue to red": mean["blue"] / mean["red"] if mean["red"] > 0 else nan,
        **{name: mean[name] / mean["line"] if heard else nan for name in ("spike", "everywhere", "dip")},
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
        "with their signs *before* you take a maximum.": lambda found: found["likeness to chi-square"] > 0.9,
        "A dip counts as much as a bump: somewhere the sign is lost. A line only adds light.": (
            lambda found: found["dip"] > 0.8
        ),
        "The noisy blue end is too loud: divide the residual by `sigma` first, so that every pixel has the noise 1.": (
            lambda found: found["blue to red"] > 1.5
        ),
        "The quiet red end is too loud. Divided by `sigma`, every pixel has the noise 1; divided by its square, the blue is hushed.": (
            lambda found: found["blue to red"] < 0.7
        ),
        "Another noise gives another score for the same line: divide by the `sigma` you are given, which differs from spectrum to "
        "spectrum.": lambda found: found["doubled"] > 1.5,
        "One loud pixel impresses you more than the whole line. A broad line is faint in each pixel: add up neighbours.": (
            lambda found: found["spike"] > 2
        ),
        "You add up the whole spectrum, and with the line the noise of all pixels. Look at a window as wide as the line, at "
        "each place, and take the largest.": lambda found: 0.8 < found["everywhere"] < 5,
        "That is nearly enough. Weights with the shape of the line, a Gaussian with a sigma of 6.6 pixels, hear it best; move the "
        "window pixel by pixel, and of all places let only the loudest count.": lambda found: (
            found["faint lines"] > 0.85
        ),
    },
    moral="Whoever knows what to look for hears it at half the height: try it on the lines of this chapter.",
    points=2,
)

EXERCISES = (LOUD, NIGHTS, WORTH, SURPRISE, BROAD)
