"""Where the beats of an ECG are, and how they are cut from it."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[np.float64]

BAND = (8, 30)  # Hz: steep parts of a beat
WANDER = 0.5  # Hz: slower is breath and movement
SPREAD = 0.2  # s over which steepness is collected: longer than any QRS complex
CLOSEST = 0.3  # s between two beats: 200 bpm
THRESHOLD = 0.4  # of the typical beat


def beat_times(name: str, seconds: float, before: float, n_times: int) -> Tensor:
    """Times (n_times,) in s at which a beat is measured: at equal steps for ``seconds``, from ``before`` its R peak on.

    Raises
    ------
    ValueError
        If the R peak lies outside or there are fewer than two times; the message starts with ``name``.
    """
    if not (0 < seconds < math.inf and 0 <= before < seconds):
        raise ValueError(
            f"{name}: seconds must be positive and before from 0 to less than seconds, got {seconds} and {before}"
        )
    if not isinstance(n_times, int) or n_times < 2:
        raise ValueError(f"{name}: n_times must be a whole number of at least 2, got {n_times!r}")
    return (torch.arange(n_times, dtype=torch.float64) * (seconds / n_times) - before).float()


def r_peaks(signal: Array, rate: float) -> Array:
    """Times of the beats in one lead of an ECG: the middle of what is steep in each of them.

    Between 8 and 30 Hz the slope's size is collected over 0.2 s (Hann window). Its maxima at least 0.3 s apart are beats
    where they exceed 0.4 of the typical beat: of the median of the highest maxima, one for each 1.5 s. A lead may be
    upside down, and R need not be its highest point. A beat less than 0.1 s from an end is seen in part and left out.

    ``xqrs_detect`` of wfdb 4.3 finds no beat in 12 of the 15 leads of PTB's s0010_re: it learns by an upright Ricker wavelet
    that is 4 samples wide at any rate, 4 ms at 1000 Hz, where few peaks resemble it, and falls back on a threshold that is
    in lead ii eight times the highest peak. (Resampled to 250 Hz, all leads show it 52 beats, up to 112 ms apart.)

    Parameters
    ----------
    signal : ndarray, (d,)
    rate : float
        Samples per second, at least 100.

    Returns
    -------
    ndarray
        In s after the first sample, increasing.

    Raises
    ------
    ValueError
        If the signal is shorter than 2 s, sampled too slowly, or not finite.
    """
    from scipy.signal import butter, find_peaks, sosfiltfilt  # slow to import
    from scipy.signal.windows import hann

    signal = _require(signal, rate)
    if np.ptp(signal) == 0:
        return np.empty(0)
    band = sosfiltfilt(butter(2, BAND, "bandpass", fs=rate, output="sos"), signal)
    window = hann(round(SPREAD * rate) | 1)
    steep = np.convolve(np.abs(np.gradient(band)), window / window.sum(), "same")
    maxima, _ = find_peaks(steep, distance=max(1, round(CLOSEST * rate)))
    highest = np.sort(steep[maxima])[::-1][: max(1, int(len(signal) / rate / 1.5))]
    half = len(window) // 2
    whole = (maxima >= half) & (maxima < len(signal) - half)
    return maxima[whole & (steep[maxima] > THRESHOLD * np.median(highest))] / rate


def cut_beats(signal: Array, rate: float, peaks: Array, t: Array) -> Array:
    """The signal around each R peak, at other times.

    What is slower than 0.5 Hz is removed, as is what the new times are too far apart for: by Butterworth filters of order
    2 and 4, forwards and backwards, so that nothing is shifted. In between, a cubic spline.

    Parameters
    ----------
    signal : ndarray, (d,)
    rate : float
        Samples per second.
    peaks : ndarray
        In s after the first sample.
    t : ndarray, (n_times,)
        In s after an R peak, at equal steps.

    Returns
    -------
    ndarray, (n, n_times)
        Of the beats that lie wholly within the signal.
    """
    from scipy.interpolate import CubicSpline
    from scipy.signal import butter, sosfiltfilt

    signal = _require(signal, rate)
    pad = min(len(signal) - 1, round(2 * rate))
    found = sosfiltfilt(butter(2, WANDER, "highpass", fs=rate, output="sos"), signal, padtype="even", padlen=pad)
    highest = 0.4 / (t[1] - t[0])  # Hz
    if highest < rate / 2:
        found = sosfiltfilt(butter(4, highest, fs=rate, output="sos"), found, padtype="even", padlen=pad)
    last = (len(signal) - 1) / rate
    within = peaks[(peaks + t[0] >= 0) & (peaks + t[-1] <= last)]
    return CubicSpline(np.arange(len(signal)) / rate, found)(within[:, None] + t)


def _require(signal: Array, rate: float) -> Array:
    signal = np.asarray(signal, dtype=np.float64)
    if not rate >= 100:
        raise ValueError(f"the waves of a heartbeat need at least 100 samples per second, got {rate:g}")
    if signal.ndim != 1 or len(signal) < 2 * rate:
        raise ValueError(f"beats are looked for in at least 2 s of one lead, got shape {signal.shape} at {rate:g} Hz")
    if not np.isfinite(signal).all():
        raise ValueError(f"the signal is NaN or infinite, first in sample {int(np.argmin(np.isfinite(signal)))}")
    return signal
