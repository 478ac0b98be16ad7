"""Synthetic heartbeats against their equation, their factors and the anatomy of a beat."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp
from scipy.signal import find_peaks
from scipy.stats import kstest

from course_utils.data import heartbeats
from course_utils.data.ecgsyn import FACTORS, orbit

PERIODS = {50: 1.2, 75: 0.8, 100: 0.6, 120: 0.5}  # bpm: s from beat to beat


def at_edges() -> torch.Tensor:
    """Hearts in every corner of the ranges."""
    return torch.cartesian_prod(*(torch.tensor(ends) for ends in FACTORS.values()))


def heart(rate: float = 60, r: float = 1.2, t: float = 0.5, pr: float = 0.16, st: float = 0.0) -> torch.Tensor:
    return torch.tensor([[rate, r, t, pr, st]])


def solved(t: np.ndarray, rate: float, pulls: list, degrees: list, widths: list) -> np.ndarray:
    """The three equations as published, from ECGSYN's start, 20 s later: (3, d)."""
    omega, angles, pulls, widths = 2 * math.pi * rate / 60, np.radians(degrees), np.array(pulls), np.array(widths)
    settled = math.ceil(20 * rate / 60) * 60 / rate

    def field(_: float, state: np.ndarray) -> list[float]:
        x, y, z = state
        alpha = 1 - math.hypot(x, y)
        d = np.remainder(math.atan2(y, x) - angles + math.pi, 2 * math.pi) - math.pi
        return [
            alpha * x - omega * y,
            alpha * y + omega * x,
            -(pulls * d * np.exp(-(d**2) / (2 * widths**2))).sum() - z,
        ]

    options = {"method": "DOP853", "rtol": 1e-8, "atol": 1e-10, "max_step": 0.02}
    return solve_ivp(field, (0, settled + t[-1]), [1, 0, 0.04], t_eval=settled + t, **options).y


def test_a_heart_at_60_bpm_is_ecgsyns_own() -> None:
    t = np.linspace(0, 1, 501)
    pulls, widths = [1.2, -5, 30, -7.5, 0.75], [0.25, 0.1, 0.1, 0.1, 0.4]
    x, y, z = solved(t, 60, pulls, [-60, -15, 0, 15, 90], widths)
    r, wave_t = (27.6 * pull * width**2 / (2 * math.pi) for pull, width in ((30, 0.1), (0.75, 0.4)))
    found = orbit(torch.from_numpy(t), heart(60, r, wave_t, 1 / 6))[0]
    np.testing.assert_allclose(found, [x, y, 27.6 * z], atol=2e-5)


@pytest.mark.parametrize(
    ("rate", "pr", "t", "st"), [(50, 0.2, -0.4, 0.2), (90, 0.14, 0.5, -0.2), (120, 0.12, 0.3, 0.1)]
)
def test_any_heart_solves_the_three_equations(rate: float, pr: float, t: float, st: float) -> None:
    times = np.linspace(0, 1.5, 301)
    stretch = math.sqrt(rate / 60)
    degrees = [-6 * rate * pr, -15 * stretch, 0, 15 * stretch, 45 * stretch**0.5, 90 * stretch**0.5]
    widths = [width * stretch for width in (0.25, 0.1, 0.1, 0.1, 0.3, 0.4)]
    p, q, s = (27.6 * pull * width**2 / (2 * math.pi) for pull, width in ((1.2, 0.25), (-5, 0.1), (-7.5, 0.1)))
    pulls = [h * 2 * math.pi * rate / 60 / b**2 for h, b in zip((p, q, 0.9, s, st, t), widths, strict=True)]
    found = orbit(torch.from_numpy(times), heart(rate, 0.9, t, pr, st))[0]
    np.testing.assert_allclose(found, solved(times, rate, pulls, degrees, widths), atol=5e-5)


@pytest.mark.parametrize("rate", PERIODS)
def test_r_peaks_follow_each_other_as_the_rate_says(rate: int) -> None:
    factors = at_edges()
    factors[:, 0] = rate
    strips = heartbeats(factors=factors, seconds=10.0, before=0.0, n_times=10_000)
    expected = np.arange(PERIODS[rate], 9.9, PERIODS[rate])  # those that do not lie on an end
    for strip, r in zip(strips.x.numpy(), factors[:, 1], strict=True):
        peaks, _ = find_peaks(strip, height=0.7 * float(r), distance=300)
        np.testing.assert_allclose(strips.grid.numpy()[peaks], expected, atol=0.005)


def test_p_q_r_s_and_t_come_in_this_order_in_every_beat() -> None:
    factors = at_edges()
    factors = factors[factors[:, 2] > 0]
    factors[:, 4] = 0
    strips = heartbeats(factors=factors, seconds=8.0, before=0.0, n_times=8000)
    for strip, (rate, r, *_) in zip(strips.x.numpy(), factors.tolist(), strict=True):
        up, down = (find_peaks(sign * strip, prominence=0.03)[0] for sign in (1, -1))
        height = strip[up] > 0.7 * r
        turns = sorted([*zip(up, np.where(height, "R", "^"), strict=True), *((place, "v") for place in down)])
        beats = "".join(turn for _, turn in turns).split("R")[1:-1]
        assert len(beats) >= 8 * rate / 60 - 2
        assert set(beats) == {"v^v^v"}  # S, T, rest, P, Q


@pytest.mark.parametrize("rate", PERIODS)
def test_a_factor_in_mv_is_the_height_of_its_wave(rate: int) -> None:
    t = torch.linspace(-0.4, 0.6, 1001) * PERIODS[rate]
    factor, places = {"R": 1, "T": 2, "ST": 4}, {"R": 0, "T": 90, "ST": 45}
    for wave, j in factor.items():
        higher = heart(rate)
        higher[0, j] += 0.1
        change = (orbit(t, higher) - orbit(t, heart(rate)))[0, 2]
        assert change.max() - change.min() == pytest.approx(0.1, rel=0.1)
        place = places[wave] * (rate / 60) ** 0.25 / 360 * PERIODS[rate]
        assert t[change.argmax()] == pytest.approx(place, abs=0.02)


def test_the_t_wave_turns_over_with_its_factor() -> None:
    t = torch.tensor([0.25])
    upright, none, inverted = (orbit(t, heart(t=height))[0, 2].item() for height in (0.4, 0.0, -0.4))
    assert upright > none + 0.3
    assert inverted < none - 0.3


@pytest.mark.parametrize("pr", [0.12, 0.16, 0.2])
@pytest.mark.parametrize("rate", PERIODS)
def test_the_pr_interval_is_from_p_to_r(rate: int, pr: float) -> None:
    t = torch.linspace(-0.3, 0, 3001)
    z = orbit(t, heart(rate, pr=pr))[0, 2]
    (peak,) = find_peaks(z[:-200], prominence=0.03)[0]
    assert t[peak] == pytest.approx(-pr, abs=0.012)


def test_every_factor_has_an_influence() -> None:
    for j in range(5):
        other = heart(t=0.4)
        other[0, j] += 0.1 * (list(FACTORS.values())[j][1] - list(FACTORS.values())[j][0])
        assert (heartbeats(factors=other).x - heartbeats(factors=heart(t=0.4)).x).abs().max() > 0.03


def test_factors_are_independent_and_uniform_in_their_ranges() -> None:
    found = heartbeats(5000, seed=3, n_times=2)
    assert found.factor_names == tuple(FACTORS)
    for values, (low, high) in zip(found.factors.T, FACTORS.values(), strict=True):
        assert kstest((values - low) / (high - low), "uniform").pvalue > 0.001
    correlation = torch.corrcoef(found.factors.T) - torch.eye(5)
    assert correlation.abs().max() < 4 / 5000**0.5


def test_given_factors_are_used_as_they_are() -> None:
    many = heartbeats(50, seed=4)
    alone = heartbeats(factors=many.factors[17:18])
    assert torch.equal(alone.factors[0], many.factors[17])
    np.testing.assert_allclose(alone.x[0], many.x[17], atol=1e-6)


def test_the_state_goes_around_the_circle_below_the_ecg() -> None:
    found = heartbeats(4, seed=5)
    state = orbit(found.grid, found.factors)
    assert state.shape == (4, 3, 128)
    np.testing.assert_allclose(state[:, :2].norm(dim=1), 1, rtol=1e-6)
    turns = torch.atan2(state[:, 1], state[:, 0]) / (2 * math.pi) - found.factors[:, :1] / 60 * found.grid
    np.testing.assert_allclose(turns, turns.round(), atol=1e-6)
    assert torch.equal(state[:, 2], found.clean)


def test_each_heart_may_be_measured_at_its_own_times() -> None:
    factors = heartbeats(2, seed=6).factors
    t = torch.tensor([[0.0, 0.1, 0.2], [0.5, 0.6, 0.9]])
    for own, one, together in zip(t, factors, orbit(t, factors), strict=True):
        np.testing.assert_allclose(orbit(own, one[None])[0], together, atol=1e-6)


def test_a_beat_is_measured_from_before_its_r_peak() -> None:
    found = heartbeats(2)
    np.testing.assert_allclose(found.grid, -0.3 + 0.8 / 128 * np.arange(128), atol=1e-7)
    assert found.axes == ("time from R in s",)
    assert heartbeats(2, seconds=4, before=1, n_times=9).grid.tolist() == pytest.approx(
        [-1 + 4 * k / 9 for k in range(9)]
    )


def test_noise_has_the_sigma_that_is_told() -> None:
    found = heartbeats(300, seed=7, noise=0.05)
    noise = (found.x - found.clean) / found.sigma
    assert kstest(noise.flatten(), "norm").pvalue > 0.001
    assert (found.sigma == 0.05).all()
    without = heartbeats(factors=found.factors)
    assert torch.equal(without.x, found.clean)
    assert without.sigma is None


def test_a_seed_fixes_everything_and_nothing_else_does() -> None:
    torch.manual_seed(1)
    first = heartbeats(5, seed=9, noise=0.1)
    torch.manual_seed(2)
    again, other = heartbeats(5, seed=9, noise=0.1), heartbeats(5, seed=10, noise=0.1)
    for name in ("x", "clean", "factors"):
        assert torch.equal(getattr(first, name), getattr(again, name))
        assert not torch.equal(getattr(first, name), getattr(other, name))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"noise": -0.1}, "noise must be 0 or positive, got -0.1"),
        ({"noise": math.nan}, "noise must be 0 or positive"),
        ({"noise": math.inf}, "noise must be 0 or positive"),
        ({"seconds": 0.0}, "seconds must be positive"),
        ({"seconds": math.inf}, "seconds must be positive"),
        ({"before": 0.8}, "before from 0 to less than seconds, got 0.8 and 0.8"),
        ({"before": -0.1}, "before from 0"),
        ({"n_times": 1}, "at least 2"),
        ({"n_times": 10.0}, "whole number"),
        ({"n": 0}, "at least 1"),
        ({"factors": torch.ones(3)}, r"shape \(n, 5\)"),
        ({"factors": torch.tensor([[130.0, 1.0, 0.3, 0.15, 0.0]])}, r"heart rate \(bpm\) must lie from 50 to 120"),
        ({"factors": heart(r=0.7)}, r"R \(mV\) must lie from 0.8 to 1.8, got 0.7"),
        ({"factors": heart(t=0.6)}, r"T \(mV\) must lie from -0.4 to 0.5, got 0.6"),
        ({"factors": heart(pr=0.1)}, r"PR interval \(s\) must lie from 0.12 to 0.2, got 0.1"),
        ({"factors": heart(pr=math.nan)}, "PR interval"),
        ({"factors": heart(st=0.3)}, r"ST level \(mV\) must lie from -0.2 to 0.2, got 0.3"),
        ({"real": True, "factors": torch.ones(2, 5)}, "real ones have no factors"),
        ({"real": True, "noise": 0.1}, "real ones have no factors, and noise of their own"),
    ],
)
def test_what_is_no_heart_of_the_toy_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        heartbeats(**wrong)
