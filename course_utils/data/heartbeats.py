"""Heartbeats: calculated by a model with known factors, or cut from recorded ECGs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from course_utils.data.beats import beat_times, cut_beats, r_peaks
from course_utils.data.dataset import Dataset
from course_utils.data.ecgsyn import FACTORS, orbit
from course_utils.data.factors import draw_or_require
from course_utils.data.fetch import DataError
from course_utils.data.noise import measure
from course_utils.data.ptb import read_record


def heartbeats(
    n: int | None = None,
    seed: int = 0,
    *,
    factors: Tensor | None = None,
    noise: float = 0.0,
    seconds: float = 0.8,
    before: float = 0.3,
    n_times: int = 128,
    real: bool = False,
) -> Dataset:
    """ECGs of synthetic hearts by the model ECGSYN: a toy with known factors, no diagnosis.

    A P wave, the complex of Q, R and S, and a T wave repeat without change. R and T stand out by their factors from
    the rest of the beat, within 10 %; a negative T and a raised or lowered ST, an additional wave at 45 degrees between S and
    T, look as they may in ischaemia. The PR interval is from the top of P to R, which is within 0.01 s of the
    clinical one, from the onset of P to that of Q, if an onset is two widths of a wave before its top. The
    equation, and the whole state of the model at any time, are in :func:`course_utils.data.ecgsyn.orbit`.

    Parameters
    ----------
    n : int, optional
        How many; 1000 by default, or as many as there are ``factors``.
    seed : int
        Of factors and noise; of the beats that are drawn if they are real.
    factors : Tensor, (n, 5), optional
        Used as they are. By default they are uniform in the ranges of ``FACTORS`` and independent: heart rate from 50 to
        120 beats per minute, R from 0.8 to 1.8 mV, T from -0.4 to 0.5 mV, PR interval from 0.12 to 0.2 s, ST level from
        -0.2 to 0.2 mV.
    noise : float
        Standard deviation of the noise in mV.
    seconds : float
        How long to measure. The default shows one beat, and of a fast heart a part of the next; 8 s are a strip of beats.
    before : float
        How long before an R peak the first measurement is, in s.
    n_times : int
        Measurements, at equal steps of ``seconds / n_times``.
    real : bool
        Instead, what :func:`ptb_heartbeats` finds in lead ii of its default record, without factors or known noise, and
        with its errors.

    Returns
    -------
    Dataset
        ``x`` and ``clean``: (n, n_times), in mV; ``sigma``: the same shape, or None without noise; ``grid``: the times in s,
        0 at an R peak; ``factors``: (n, 5).

    Raises
    ------
    TypeError, ValueError
        If ``factors`` are not numbers of shape (n, 5) within their ranges or given for real beats, the noise is negative,
        the R peak lies outside, or there are fewer than two times.

    References
    ----------
    McSharry, Clifford, Tarassenko and Smith, A dynamical model for generating synthetic electrocardiogram signals, 2003,
    doi:10.1109/TBME.2003.808805.

    Examples
    --------
    >>> strips = heartbeats(3, seconds=8.0, n_times=800)
    >>> strips.x.shape
    torch.Size([3, 800])
    """
    if not 0 <= noise < math.inf:
        raise ValueError(f"heartbeats: noise must be 0 or positive, got {noise}")
    if real:
        if factors is not None or noise:
            raise ValueError("heartbeats: real ones have no factors, and noise of their own: leave out both")
        return ptb_heartbeats(n, seed, seconds=seconds, before=before, n_times=n_times)
    t = beat_times("heartbeats", seconds, before, n_times)
    generator = torch.Generator().manual_seed(seed)
    factors = draw_or_require("heartbeats", FACTORS, factors, n, generator)
    clean = orbit(t, factors)[:, 2].contiguous()
    x, sigma = measure(clean, noise, generator)
    return Dataset(
        x=x,
        clean=clean,
        sigma=sigma,
        grid=t,
        axes=("time from R in s",),
        factors=factors,
        factor_names=tuple(FACTORS),
        name="heartbeats",
    )


def ptb_heartbeats(
    n: int | None = None,
    seed: int = 0,
    *,
    records: str | Sequence[str] = "patient001/s0010_re",
    lead: str = "ii",
    seconds: float = 0.8,
    before: float = 0.3,
    n_times: int = 128,
) -> Dataset:
    """Beats of the PTB Diagnostic ECG Database, downloaded on first use; reading them needs the package wfdb.

    They are found by :func:`course_utils.data.beats.r_peaks` and cut by :func:`course_utils.data.beats.cut_beats`, without
    what is slower than 0.5 Hz. Time 0 is the middle of what is steep in a beat: the same in all leads of a record, and at
    R where R is sharp.

    Parameters
    ----------
    n : int, optional
        How many to draw; all of them by default.
    seed : int
        Which ``n`` are drawn.
    records : str or sequence of str
        Names of records, with their folders.
    lead : str
        i, ii, iii, avr, avl, avf, v1 to v6, vx, vy or vz, in capitals or not.
    seconds, before, n_times
        As in :func:`heartbeats`.

    Returns
    -------
    Dataset
        ``x``: (n, n_times), in mV; ``grid``: the times in s; ``labels``: the record's reason for admission, as a number
        that ``name`` explains.

    Raises
    ------
    DataError
        If a record cannot be had, is damaged, or holds no beat.
    ImportError
        If wfdb is missing.
    ValueError
        If there is no such lead, or the times make no sense.

    References
    ----------
    Bousseljot, Kreiseler and Schnabel, PTB Diagnostic ECG Database 1.0.0, PhysioNet, 2004, doi:10.13026/C28C71.
    """
    t = beat_times("heartbeats", seconds, before, n_times)
    beats, labels, meaning = [], [], {}
    for name in [records] if isinstance(records, str) else records:
        record = read_record(name)
        signal = record.lead(lead)
        found = cut_beats(signal, record.rate, r_peaks(signal, record.rate), t.double().numpy())
        if not len(found):
            raise DataError(f"{name}: no beat of {seconds:g} s lies wholly within lead {lead}. Choose another lead.")
        beats.append(torch.from_numpy(found).float())
        labels += [meaning.setdefault(record.diagnosis, len(meaning))] * len(found)
    if not beats:
        raise ValueError("heartbeats: name at least one record")
    told = ", ".join(f"{label} {diagnosis}" for diagnosis, label in meaning.items())
    return Dataset(
        x=torch.cat(beats),
        grid=t,
        axes=("time from R in s",),
        labels=torch.tensor(labels),
        name=f"heartbeats (PTB, lead {lead.lower()}: {told})",
    ).sample(n, seed=seed)
