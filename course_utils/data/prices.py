"""Prices in windows of a few hours: random walks with known factors, or the minutes of a real market."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from course_utils.data.dataset import Dataset
from course_utils.data.factors import draw_or_require
from course_utils.data.minutes import read_windows

WALK = {"drift (%/h)": (-0.5, 0.5), "volatility (%/√h)": (0.2, 1.0)}
REVERSION = {"level (%)": (-1.0, 1.0), "rate (1/h)": (0.5, 4.0), "volatility (%/√h)": (0.2, 1.0)}


def prices(
    n: int | None = None,
    seed: int = 0,
    *,
    reverting: bool = False,
    factors: Tensor | None = None,
    minutes: int = 180,
    path: str | Path | None = None,
) -> Dataset:
    r"""Prices after each minute of a window, relative to the one at its start.

    What is told of a price :math:`S` is :math:`x(t) = 100 \ln (S(t) / S(0))`: near 0, its change in per cent. A geometric
    Brownian motion, :math:`dS = \mu S\, dt + \sigma S\, dW`, has independent steps, with both factors in per cent,

    .. math:: x(t + \Delta) = x(t) + (\mu - \sigma^2 / 200)\, \Delta + \sigma \sqrt{\Delta}\, \varepsilon,
        \qquad \varepsilon \sim \mathcal{N}(0, 1),

    and a price that returns to the level :math:`m` is an Ornstein-Uhlenbeck process, :math:`dx = \kappa (m - x)\, dt +
    \sigma\, dW`, from 0, with

    .. math:: x(t + \Delta) = m + (x(t) - m)\, e^{-\kappa \Delta}
        + \sigma \sqrt{\frac{1 - e^{-2 \kappa \Delta}}{2 \kappa}}\, \varepsilon.

    Both steps are exact, for any :math:`\Delta`.

    Parameters
    ----------
    n : int, optional
        How many windows; 1000 by default, or as many as there are ``factors``, or all those of the file.
    seed : int
        Of factors and steps; of the windows that are drawn from a file.
    reverting : bool
        Whether the price returns to a level.
    factors : Tensor, (n, 2) or (n, 3) if ``reverting``, optional
        Used as they are. By default they are uniform in the ranges of ``WALK`` or ``REVERSION`` and independent: drift from
        -0.5 to 0.5 %/h; level from -1 to 1 %, rate from 0.5 to 4 /h; volatility from 0.2 to 1 %/√h.
    minutes : int
        Length of a window.
    path : str or Path, optional
        A CSV file, plain or as .gz, with a row for each minute, as in :func:`course_utils.data.minutes.read_windows`, to
        read instead. It is looked up in ``COURSE_DATA_DIR`` first. Windows with a missing minute are left out: the
        data's ``name`` says how many.

    Returns
    -------
    Dataset
        ``x``: (n, minutes), in %; ``grid``: 1 to ``minutes``; ``factors``: (n, 2) or (n, 3), or None from a file.

    Raises
    ------
    DataError
        If the file cannot be had, is damaged, or has no whole window.
    TypeError, ValueError
        If ``factors`` are not numbers of the right shape within their ranges, or given with a file, or there are fewer
        than two minutes.

    References
    ----------
    Glasserman, Monte Carlo Methods in Financial Engineering, Springer, 2003, doi:10.1007/978-0-387-21617-1 (3.2, 3.3).

    Examples
    --------
    >>> prices(3, reverting=True).x.shape
    torch.Size([3, 180])
    """
    if not isinstance(minutes, int) or minutes < 2:
        raise ValueError(f"prices: minutes must be a whole number of at least 2, got {minutes!r}")
    if path is not None:
        if factors is not None or reverting:
            raise ValueError("prices: those of a file have no known factors: leave out factors and reverting")
        return _recorded(path, minutes).sample(n, seed=seed)
    ranges = REVERSION if reverting else WALK
    generator = torch.Generator().manual_seed(seed)
    factors = draw_or_require("prices", ranges, factors, n, generator)
    t = torch.arange(1.0, minutes + 1)
    return Dataset(
        x=(revert if reverting else walk)(t / 60, factors, generator),
        grid=t,
        axes=("time in minutes",),
        factors=factors,
        factor_names=tuple(ranges),
        name="prices",
    )


def walk(t: Tensor, factors: Tensor, generator: torch.Generator) -> Tensor:
    """Geometric Brownian motions (n, d), in %, at the increasing times (d,) in h; factors (n, 2) as in :func:`prices`."""
    drift, volatility = factors.double()[..., None].unbind(1)
    step = t.double().diff(prepend=torch.zeros(1))
    chance = torch.randn(len(factors), len(t), generator=generator, dtype=torch.float64)
    return ((drift - volatility**2 / 200) * step + volatility * step.sqrt() * chance).cumsum(1).float()


def revert(t: Tensor, factors: Tensor, generator: torch.Generator) -> Tensor:
    """Ornstein-Uhlenbeck processes (n, d), in %, at the increasing times (d,) in h; factors (n, 3) as in :func:`prices`."""
    level, rate, volatility = factors.double().T
    x, found = torch.zeros_like(level), []
    for step in t.double().diff(prepend=torch.zeros(1)):
        spread = volatility * torch.sqrt(-torch.expm1(-2 * rate * step) / (2 * rate))
        chance = torch.randn(len(factors), generator=generator, dtype=torch.float64)
        x = level + (x - level) * torch.exp(-rate * step) + spread * chance
        found.append(x)
    return torch.stack(found, dim=1).float()


def _recorded(path: str | Path, minutes: int) -> Dataset:
    found, left_out = read_windows(path, minutes)
    return Dataset(
        x=found,
        grid=torch.arange(1.0, minutes + 1),
        axes=("time in minutes",),
        name=f"prices ({Path(path).name}: {left_out} of {left_out + len(found)} windows with gaps left out)",
    )
