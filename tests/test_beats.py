"""Beats are found where synthetic hearts have them, and cut as they are."""

import math

import numpy as np
import pytest
import torch
from scipy.signal import resample_poly

from course_utils.data import heartbeats
from course_utils.data.beats import beat_times, cut_beats, r_peaks
from course_utils.data.ecgsyn import orbit

SECONDS = 12


def strip(rate: float, heart: torch.Tensor, start: float = 0.0) -> np.ndarray:
    """SECONDS of one heart, ``start`` after an R peak."""
    t = start + torch.arange(round(SECONDS * rate), dtype=torch.float64) / rate
    return orbit(t, heart)[0, 2].double().numpy()


def expected(heart: torch.Tensor, start: float, margin: float) -> np.ndarray:
    """R peaks at least ``margin`` from both ends."""
    peaks = np.arange(60) * 60 / float(heart[0, 0]) - start
    return peaks[(peaks > margin) & (peaks < SECONDS - margin)]


def hearts() -> torch.Tensor:
    factors = heartbeats(20, seed=1, n_times=2).factors
    factors[:2, 0] = torch.tensor([50.0, 120.0])
    return factors


@pytest.mark.parametrize("noise", [0, 0.05])
@pytest.mark.parametrize("rate", [1000, 257, 100])
def test_r_peaks_are_found_where_they_are(rate: float, noise: float) -> None:
    rng = np.random.default_rng(0)
    for heart in hearts().split(1):
        signal = strip(rate, heart, start=0.25)
        found = r_peaks(signal + noise * rng.normal(size=signal.shape), rate)
        surely, perhaps = expected(heart, 0.25, margin=0.12), expected(heart, 0.25, margin=0.08)
        assert len(surely) <= len(found) <= len(perhaps)
        assert max(np.abs(perhaps - peak).min() for peak in found) < 0.015


def test_neither_sign_nor_size_nor_level_nor_slow_wander_moves_them() -> None:
    heart = hearts()[5:6]
    signal = strip(1000, heart)
    found = r_peaks(signal, 1000)
    wander = np.sin(2 * np.pi * 0.25 * np.arange(len(signal)) / 1000)
    for other in (-signal, 1e-3 * signal, 50 * signal, signal + 7, signal + wander):
        np.testing.assert_allclose(r_peaks(other, 1000), found, atol=0.002)


def test_movement_quicker_than_breath_hides_no_beat() -> None:
    signal = strip(1000, hearts()[5:6])
    shaken = signal + 2 * np.sin(2 * np.pi * 2 * np.arange(len(signal)) / 1000)
    np.testing.assert_allclose(r_peaks(shaken, 1000), r_peaks(signal, 1000), atol=0.01)


def test_one_jolt_hides_no_beat() -> None:
    heart = torch.tensor([[60.0, 1.2, 0.3, 0.16, 0.0]])
    signal = strip(1000, heart)
    signal[6480:6520] += 10  # mV
    np.testing.assert_allclose(r_peaks(signal, 1000), np.sort([*range(1, SECONDS), 6.5]), atol=0.02)


def test_extra_beats_and_pauses_are_seen() -> None:
    beat = (
        heartbeats(factors=torch.tensor([[60.0, 1.2, 0.3, 0.16, 0.0]]), seconds=0.6, n_times=600).x[0].double().numpy()
    )
    places = np.array([1.0, 1.9, 2.35, 4.2, 5.1, 6.0, 6.45, 8.6])
    signal = np.zeros(10_000)
    for place in places:
        signal[round(place * 1000) - 300 : round(place * 1000) + 300] += beat - beat[0]
    np.testing.assert_allclose(r_peaks(signal, 1000), places, atol=0.01)


def test_a_beat_at_an_end_is_left_out() -> None:
    heart = torch.tensor([[60.0, 1.2, 0.3, 0.16, 0.0]])
    assert r_peaks(strip(1000, heart), 1000)[0] == pytest.approx(1, abs=0.01)
    assert r_peaks(strip(1000, heart, start=0.85), 1000)[0] == pytest.approx(0.15, abs=0.01)
    assert r_peaks(strip(1000, heart, start=0.05), 1000)[-1] == pytest.approx(SECONDS - 1.05, abs=0.01)


def test_where_nothing_beats_nothing_is_found() -> None:
    assert r_peaks(np.full(5000, 0.3), 1000).size == 0


@pytest.mark.parametrize("rate", [1000, 257, 160])
def test_a_cut_beat_is_the_heart_at_the_new_times(rate: float) -> None:
    t = beat_times("beats", 0.8, 0.3, 128).double()
    for heart in hearts().split(1):
        peaks = expected(heart, 0.0, margin=0.1)
        found = cut_beats(strip(rate, heart), rate, peaks, t.numpy())
        within = peaks[(peaks >= 0.3) & (peaks + t[-1].item() <= SECONDS - 1 / rate)]
        assert found.shape == (len(within), 128)
        truth = orbit(t, heart)[0, 2].numpy()

        assert np.abs(found - truth).max() < 0.03 * np.ptp(truth)
        assert np.sqrt(np.mean((found - truth) ** 2)) < 0.06 * truth.std()


def test_level_and_slow_wander_are_removed() -> None:
    heart, t = torch.tensor([[75.0, 1.2, 0.3, 0.16, 0.0]]), beat_times("beats", 0.8, 0.3, 128).double().numpy()
    signal, peaks = strip(1000, heart), expected(heart, 0.0, margin=2)
    drift = 1 + np.sin(2 * np.pi * 0.2 * np.arange(len(signal)) / 1000)
    change = cut_beats(signal + drift, 1000, peaks, t) - cut_beats(signal, 1000, peaks, t)
    assert np.abs(change).max() < 0.06


def test_what_the_new_times_cannot_tell_apart_is_removed() -> None:
    t, seconds = beat_times("beats", 0.8, 0.3, 64).double().numpy(), np.arange(12_000) / 1000  # 80 Hz
    for frequency, share in ((10, 1.0), (70, 0.0)):
        tone = np.sin(2 * np.pi * frequency * seconds)
        assert np.abs(cut_beats(tone, 1000, np.array([5.0, 6.1]), t)).max() == pytest.approx(share, abs=0.05)


def test_between_samples_the_curve_goes_through_them() -> None:
    heart, t = torch.tensor([[60.0, 1.2, 0.3, 0.16, 0.0]]), beat_times("beats", 0.8, 0.3, 400).double().numpy()
    signal = strip(100, heart)
    found = cut_beats(signal, 100, np.array([5.0]), t)[0]
    np.testing.assert_allclose(found[::5], signal[470:550], atol=0.03)


def test_a_beat_is_not_shifted_by_the_filters() -> None:
    heart, t = torch.tensor([[75.0, 1.2, 0.3, 0.16, 0.0]]), beat_times("beats", 0.8, 0.3, 800).double().numpy()
    (peak,) = {int(place) for place in cut_beats(strip(1000, heart), 1000, np.array([4.0, 4.8]), t).argmax(1)}
    assert t[peak] == pytest.approx(0, abs=0.002)


def test_resampling_agrees_with_scipys() -> None:
    t, signal = beat_times("beats", 0.8, 0.4, 200).double().numpy(), strip(1000, hearts()[3:4])
    level = cut_beats(signal, 1000, np.array([6.0]), beat_times("beats", 0.8, 0.4, 800).double().numpy())[0]
    found = cut_beats(signal, 1000, np.array([6.0]), t)[0]
    np.testing.assert_allclose(found[5:-5], resample_poly(level, 1, 4, padtype="line")[5:-5], atol=0.02)


@pytest.mark.parametrize(
    ("signal", "rate", "message"),
    [
        (np.zeros(5000), 50, "at least 100 samples per second, got 50"),
        (np.zeros(5000), math.nan, "at least 100 samples per second"),
        (np.zeros(1000), 1000, r"at least 2 s of one lead, got shape \(1000,\) at 1000 Hz"),
        (np.zeros((5000, 2)), 1000, r"one lead, got shape \(5000, 2\)"),
        (np.where(np.arange(5000) == 7, np.nan, 0), 1000, "NaN or infinite, first in sample 7"),
    ],
)
def test_what_is_no_lead_is_refused(signal: np.ndarray, rate: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        r_peaks(signal, rate)
    with pytest.raises(ValueError, match=message):
        cut_beats(signal, rate, np.array([1.0]), np.linspace(-0.1, 0.1, 20))
