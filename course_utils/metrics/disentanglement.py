"""How well each number of a code stands for one factor of the data.

Every score takes codes ``z``, (n, D), and the factors of the same examples, (n, K), as floats or whole numbers. None of
them changes when codes are reordered, change their sign, or are joined by one that is constant.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot, pad

if TYPE_CHECKING:
    from course_utils.data import Dataset

Binning = Callable[[Tensor, int], Tensor]


class Score(NamedTuple):
    """A number, and the standard error that it has because the sample is finite."""

    value: float
    error: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.error:.3f}"


class DCI(NamedTuple):
    """Disentanglement, completeness and informativeness."""

    disentanglement: float
    completeness: float
    informativeness: float


def equal_mass_bins(values: Tensor, n_bins: int = 20) -> Tensor:
    """Number the columns' values by rank, from 0 to ``n_bins - 1``, so that the bins are equally full.

    Parameters
    ----------
    values : Tensor, (n, d)
        Equal values share a bin, so whole numbers with few levels keep these, and a constant has one bin.
    n_bins : int

    Returns
    -------
    Tensor of int, (n, d)

    Raises
    ------
    ValueError
        If a value is not finite, or there are fewer values than bins.
    """
    if problem := _unfit_for_bins(values, n_bins):
        raise ValueError(f"equal_mass_bins: {problem}")
    columns = values.T.contiguous()
    n_smaller = torch.searchsorted(columns.sort().values, columns).T
    return n_smaller * n_bins // len(values)


def equal_width_bins(values: Tensor, n_bins: int = 20) -> Tensor:
    """Number the columns' values from 0 to ``n_bins - 1`` by where they lie between the lowest and the highest.

    Parameters
    ----------
    values : Tensor, (n, d)
        A constant has one bin.
    n_bins : int

    Returns
    -------
    Tensor of int, (n, d)

    Raises
    ------
    ValueError
        If a value is not finite, or there are fewer values than bins.
    """
    if problem := _unfit_for_bins(values, n_bins):
        raise ValueError(f"equal_width_bins: {problem}")
    low, high = values.min(0).values, values.max(0).values
    place = (values - low) / (high - low).clamp(min=1e-12)
    return (place * n_bins).long().clamp(max=n_bins - 1)


def entropy(bins: Tensor) -> Tensor:
    """Entropy in nats, (d,), of each column of bin numbers, (n, d)."""
    p = one_hot(bins).double().mean(0)
    return -torch.xlogy(p, p).sum(-1)


def mutual_information(a: Tensor, b: Tensor) -> Tensor:
    """Mutual information in nats, (D, K), of columns of bin numbers, (n, D) and (n, K), from how often they meet.

    Independent columns share a little by chance: about ``(A - 1) (B - 1) / 2n`` nats with A and B bins.
    """
    p = torch.einsum("nda,nkb->dkab", one_hot(a).double(), one_hot(b).double()) / len(a)
    independent = p.sum(3, keepdim=True) * p.sum(2, keepdim=True)
    return (torch.xlogy(p, p) - torch.xlogy(p, independent)).sum((2, 3))


def information_share(z: Tensor, factors: Tensor, n_bins: int = 20, binned: Binning = equal_mass_bins) -> Tensor:
    """Share of each factor's entropy that each code tells, (D, K): 0 nothing, 1 all.

    Parameters
    ----------
    z : Tensor, (n, D)
    factors : Tensor, (n, K)
    n_bins : int
        Codes and factors are put into as many bins.
    binned : callable
        How: ``equal_mass_bins`` or ``equal_width_bins``.

    Raises
    ------
    ValueError
        If codes and factors do not belong together, a value is NaN, a factor is constant, or there are fewer examples than
        bins.
    """
    if problem := _problem(z, factors):
        raise ValueError(f"information_share: {problem}")
    v = binned(factors, n_bins)
    return mutual_information(binned(z, n_bins), v) / entropy(v)


def gaps(scores: Tensor) -> Tensor:
    """By how much the best row of each column of ``scores``, (D, K), leads the second best, (K,)."""
    best, second = pad(scores, (0, 0, 0, 1)).sort(dim=0, descending=True).values[:2]
    return best - second


def mig(z: Tensor, factors: Tensor, n_bins: int = 20, binned: Binning = equal_mass_bins) -> float:
    """Mutual information gap: how much more of a factor its best code tells than the second best, averaged over factors.

    Bins do not see how far a code moves: one that hardly moves may tell something all the same.

    Parameters
    ----------
    z : Tensor, (n, D)
    factors : Tensor, (n, K)
    n_bins, binned : int, callable
        As for :func:`information_share`.

    Returns
    -------
    float
        About 1 where each factor has one code of its own, 0 where two codes tell the same.

    Raises
    ------
    ValueError
        As :func:`information_share`.

    References
    ----------
    Chen, Li, Grosse and Duvenaud 2018, arXiv:1802.04942.
    """
    return gaps(information_share(z, factors, n_bins, binned)).mean().item()


def sap(z: Tensor, factors: Tensor) -> float:
    """Separated attribute predictability: the same gap, in the squared correlation of code and factor.

    Whole numbers are read as steps of a scale, not as names of classes.

    Parameters
    ----------
    z : Tensor, (n, D)
    factors : Tensor, (n, K)

    Raises
    ------
    ValueError
        If codes and factors do not belong together, a value is NaN, or a factor is constant.

    References
    ----------
    Kumar, Sattigeri and Balakrishnan 2018, arXiv:1711.00848.
    """
    if problem := _problem(z, factors):
        raise ValueError(f"sap: {problem}")
    a, b = (_standardised(values) for values in (z, factors))
    return gaps((a.T @ b / len(a)) ** 2).mean().item()


def dci(z: Tensor, factors: Tensor, *, n_fit: int = 3000, seed: int = 0) -> DCI:
    """Disentanglement, completeness and informativeness, by gradient boosting from the codes to each factor.

    Parameters
    ----------
    z : Tensor, (n, D)
    factors : Tensor, (n, K)
    n_fit : int
        Examples to learn from, at most two thirds of all; as many others, if there are, judge.
    seed : int
        Which these are.

    Returns
    -------
    DCI
        Disentanglement is 1 if each code serves one factor, completeness 1 if one code serves each factor, both 0 if
        all serve all alike; informativeness is the share of the factors' variance that is predicted. (The paper reports
        its error instead.)

    Raises
    ------
    ValueError
        If codes and factors do not belong together, a value is NaN, or a factor is constant.

    References
    ----------
    Eastwood and Williams 2018, https://openreview.net/forum?id=By-7dz-AZ.
    """
    if problem := _problem(z, factors):
        raise ValueError(f"dci: {problem}")
    from joblib import Parallel, delayed
    from sklearn.ensemble import GradientBoostingRegressor

    order = torch.randperm(len(z), generator=torch.Generator().manual_seed(seed))
    n_fit = min(n_fit, 2 * len(z) // 3)
    fit, judge = order[:n_fit], order[n_fit : 2 * n_fit]
    alive = _alive(z)
    if not alive.shape[1]:
        return DCI(0.0, 0.0, 0.0)
    x, y = _standardised(alive).numpy(), _standardised(factors).numpy()
    grow = delayed(lambda column: GradientBoostingRegressor(random_state=seed).fit(x[fit], column[fit]))
    trees = Parallel(n_jobs=2, prefer="threads")(grow(column) for column in y.T)
    importance = torch.from_numpy(np.stack([tree.feature_importances_ for tree in trees], axis=1))
    predicted = [tree.score(x[judge], column[judge]) for tree, column in zip(trees, y.T, strict=True)]
    return DCI(*focus(importance), sum(predicted) / len(predicted))


def focus(importance: Tensor) -> tuple[float, float]:
    """Disentanglement and completeness of a table of importances, (D, K), none of them negative.

    Both are one minus an entropy in units of its largest value: that of a code's importance over the factors, averaged
    with the codes' shares of all importance as weights; and that of a factor's importance over the codes. What has no
    importance anywhere counts as spread evenly.
    """

    def one_minus_entropy(rows: Tensor) -> Tensor:
        total = rows.sum(1, keepdim=True)
        p = torch.where(total > 0, rows / total, 1 / rows.shape[1])
        return 1 + torch.xlogy(p, p).sum(1) / math.log(max(p.shape[1], 2))

    weight = importance.sum(1) / importance.sum().clamp(min=1e-12)
    return (weight * one_minus_entropy(importance)).sum().item(), one_minus_entropy(importance.T).mean().item()


def factor_vae_score(
    z: Tensor, factors: Tensor, *, n_votes: int = 800, batch: int = 64, n_bins: int = 20, seed: int = 0
) -> Score:
    """How surely the code that varies least tells which factor was held.

    A vote: one factor is held within one of its bins, and the code whose variance is then the smallest share of its
    variance at large is noted. From half of the votes each code learns the factor that it stands for; the score is how
    often the other half agree.

    Parameters
    ----------
    z : Tensor, (n, D)
    factors : Tensor, (n, K)
    n_votes : int
        Votes to learn from, and as many to judge.
    batch : int
        Examples of a vote, or all of a bin that has fewer.
    n_bins : int
        A factor counts as held within one of as many bins of equal mass.
    seed : int
        Of the votes.

    Raises
    ------
    ValueError
        If codes and factors do not belong together, a value is NaN, a factor is constant, or there are fewer examples than
        bins.

    References
    ----------
    Kim and Mnih 2018, arXiv:1802.05983.
    """
    if problem := _problem(z, factors):
        raise ValueError(f"factor_vae_score: {problem}")
    alive = _alive(z)
    if not alive.shape[1]:
        return Score(1 / factors.shape[1], 0.0)
    generator = torch.Generator().manual_seed(seed)
    z, v = _standardised(alive), equal_mass_bins(factors, n_bins)
    half = [_votes(z, v, n_votes, batch, generator) for _ in range(2)]
    learnt = half[0].argmax(1)
    agree = half[1].gather(1, learnt[:, None]).sum().item() / n_votes
    return Score(agree, math.sqrt(agree * (1 - agree) / n_votes))


def _votes(z: Tensor, v: Tensor, n_votes: int, batch: int, generator: torch.Generator) -> Tensor:
    """How often each code varied least, (D, K), while each factor was held."""
    votes = torch.zeros(z.shape[1], v.shape[1])
    for held in torch.randint(v.shape[1], (n_votes,), generator=generator).tolist():
        example = torch.randint(len(z), (), generator=generator)
        rows = (v[:, held] == v[example, held]).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)[:batch]]
        votes[z[rows].var(0, correction=0).argmin(), held] += 1
    return votes


@dataclass(frozen=True)
class Disentanglement:
    """The scores of one model on one data set, with their standard errors.

    Attributes
    ----------
    mig, sap, disentanglement, completeness, informativeness, factor_vae : Score
    share : Tensor, (D, K)
        As :func:`information_share` tells it.
    factor_names : tuple of str
    """

    mig: Score
    sap: Score
    disentanglement: Score
    completeness: Score
    informativeness: Score
    factor_vae: Score
    share: Tensor
    factor_names: tuple[str, ...]

    def __str__(self) -> str:
        scores = {
            "MIG": self.mig,
            "SAP": self.sap,
            "DCI disentanglement": self.disentanglement,
            "DCI completeness": self.completeness,
            "DCI informativeness": self.informativeness,
            "FactorVAE score": self.factor_vae,
        }
        return "\n".join(f"{name:20} {score}" for name, score in scores.items())


def disentanglement(
    model: nn.Module | Callable[[Tensor], Tensor], data: Dataset, *, n_bins: int = 20, seed: int = 0
) -> Disentanglement:
    """All scores of a model on a data set whose factors are known.

    The standard errors say how far the scores would move with another sample of the data, not with another training:
    those of MIG and SAP from leaving out each tenth of the sample in turn, those of DCI each third of 4500 (Efron and Tibshirani
    1993, chapter 11), that of the FactorVAE score from the number of its votes.

    Parameters
    ----------
    model : nn.Module or callable
        A VAE, whose codes are the means that ``model.encode(x)`` returns first; or a function from ``x`` to codes, (n, D).
    data : Dataset
        With factors. 10 000 examples keep what the gap gains by chance below .01.
    n_bins, seed : int

    Raises
    ------
    ValueError
        If the data have no factors, one of them is constant, a code is NaN, or there are fewer examples than bins.
    """
    if data.factors is None:
        raise ValueError(
            f"disentanglement: the factors of {data.name} are not known, so nothing can be compared with them"
        )
    with torch.no_grad():
        z = model.encode(data.x)[0] if hasattr(model, "encode") else model(data.x)
    factors = data.factors
    trees_error = _jackknife_error(partial(dci, seed=seed), z[:4500], factors[:4500], 3)
    return Disentanglement(
        Score(mig(z, factors, n_bins), _jackknife_error(partial(mig, n_bins=n_bins), z, factors, 10).item()),
        Score(sap(z, factors), _jackknife_error(sap, z, factors, 10).item()),
        *map(Score, dci(z, factors, seed=seed), trees_error.tolist()),
        factor_vae_score(z, factors, n_bins=n_bins, seed=seed),
        information_share(z, factors, n_bins),
        data.factor_names,
    )


def _jackknife_error(score: Callable[[Tensor, Tensor], object], z: Tensor, factors: Tensor, n_groups: int) -> Tensor:
    """Standard error of a score, or of each of several, from its values without one group of examples after the other."""
    group = torch.arange(len(z)) % n_groups
    values = torch.tensor([score(z[group != left_out], factors[group != left_out]) for left_out in range(n_groups)])
    return ((n_groups - 1) * values.var(0, correction=0)).sqrt()


def _alive(z: Tensor) -> Tensor:
    """The codes that are not constant."""
    return z[:, z.max(0).values > z.min(0).values]


def _standardised(values: Tensor) -> Tensor:
    """Columns of mean 0 and variance 1; a constant one stays 0."""
    centred = values.double() - values.double().mean(0)
    return centred / centred.std(0, correction=0).clamp(min=1e-12)


def _unfit_for_bins(values: Tensor, n_bins: int) -> str | None:
    if values.ndim != 2 or not values.isfinite().all():
        return f"needs finite values (n, d), got shape {tuple(values.shape)}"
    if not 2 <= n_bins <= len(values):
        return f"needs 2 bins or more and as many examples, got {n_bins} and {len(values)}"
    return None


def _problem(z: Tensor, factors: Tensor) -> str | None:
    """What makes codes and factors unfit for comparison."""
    if z.ndim != 2 or factors.ndim != 2 or len(z) != len(factors) or not z.shape[1] or not factors.shape[1]:
        return f"needs codes (n, D) and factors (n, K) of the same examples, got {tuple(z.shape)} and {tuple(factors.shape)}"
    if not z.isfinite().all() or not factors.isfinite().all():
        return "codes and factors must be finite; did the training diverge?"
    for column, values in enumerate(factors.T):
        if (values == values[0]).all():
            return f"factor {column} is constant, so no code can tell it: leave its column out"
    return None
