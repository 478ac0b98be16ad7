"""ECGSYN as a system of equations, against its periodic solution and against the equation with a wrapped angle."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from course_utils.data.ecgsyn import orbit
from course_utils.ode import Heartbeat

HEARTS = [
    {},
    {"HR": 50, "R": 0.8, "T": -0.4, "PR": 0.2, "ST": 0.2},
    {"HR": 75, "R": 1.4, "T": 0.3, "PR": 0.14, "ST": -0.1},
    {"HR": 120, "R": 1.8, "T": 0.5, "PR": 0.12, "ST": -0.2},
]
EACH_HEART = pytest.mark.parametrize("factors", HEARTS, ids=lambda factors: f"{factors.get('HR', 'default')}")


@EACH_HEART
def test_after_20_s_the_ecg_is_the_periodic_one(factors: dict[str, float]) -> None:
    heart = Heartbeat(**factors)
    beat = 60 / heart.parameters["HR"]
    after = math.ceil(20 / beat) * beat
    t = np.linspace(0, 1.5 * beat, 301)
    options = {"method": "DOP853", "rtol": 1e-9, "atol": 1e-11, "max_step": 0.02}
    found = solve_ivp(heart, (0, after + t[-1]), [1, 0, 0], t_eval=after + t, **options).y
    row = torch.tensor([[heart.parameters[name] for name in ("HR", "R", "T", "PR", "ST")]], dtype=torch.float64)
    np.testing.assert_allclose(found, orbit(torch.from_numpy(t), row)[0], atol=1e-5)


def wrapped(x: np.ndarray, y: np.ndarray, heart: Heartbeat) -> np.ndarray:
    """Rate of z at z = 0, written with the angle itself."""
    p = heart.parameters
    omega, stretch = 2 * math.pi * p["HR"] / 60, math.sqrt(p["HR"] / 60)
    degrees = [-6 * p["HR"] * p["PR"], -15 * stretch, 0, 15 * stretch, 45 * stretch**0.5, 90 * stretch**0.5]
    widths = [width * stretch for width in (0.25, 0.1, 0.1, 0.1, 0.3, 0.4)]
    small = (27.6 * pull * width**2 / (2 * math.pi) for pull, width in ((1.2, 0.25), (-5, 0.1), (-7.5, 0.1)))
    heights = dict(zip("PQS", small, strict=True)) | p
    rate = np.zeros_like(x)
    for wave, degree, b in zip(("P", "Q", "R", "S", "ST", "T"), degrees, widths, strict=True):
        d = np.angle((x + 1j * y) * np.exp(-1j * np.radians(degree)))
        rate -= omega * heights[wave] / b**2 * d * np.exp(-(d**2) / (2 * b**2))
    return rate


@EACH_HEART
@pytest.mark.parametrize("radius", [1e-3, 0.3, 1.0, 20.0])
def test_the_angle_is_wrapped_all_around_the_circle(factors: dict[str, float], radius: float) -> None:
    heart, angle = Heartbeat(**factors), np.linspace(-3.2, 9.5, 4001)
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    found = heart(0, np.stack([x, y, np.zeros_like(x)]))[2]
    np.testing.assert_allclose(found, wrapped(x, y, heart), atol=1e-6)


@pytest.mark.parametrize("radius", [0, 1e-200, 1e-12, 1, 1e6])
def test_rates_are_finite_in_the_centre_and_opposite_to_a_wave(radius: float) -> None:
    angle = np.radians([-57.6, -15, 0, 15, 45, 90]) + np.pi
    angle = np.concatenate([angle, np.nextafter(angle, 9), np.nextafter(angle, -9)])
    rates = Heartbeat()(0, np.stack([radius * np.cos(angle), radius * np.sin(angle), 0 * angle]))
    assert np.isfinite(rates).all()
    assert np.abs(rates[2]).max() < 1000  # mV/s; R climbs by 75


def test_the_height_comes_nearer_to_the_periodic_one_by_the_factor_e_in_each_second() -> None:
    states = np.random.default_rng(0).normal(size=(3, 20))
    higher = states + np.array([[0], [0], [0.5]])
    rates = Heartbeat()(0, np.stack([states, higher], axis=-1))
    np.testing.assert_allclose(rates[..., 1] - rates[..., 0], np.repeat([[0], [0], [-0.5]], 20, axis=1), atol=1e-12)


def test_names_and_units_are_those_of_the_factors() -> None:
    assert Heartbeat().parameters == {"HR": 60, "R": 1.2, "T": 0.3, "ST": 0, "PR": 0.16}
    assert Heartbeat.units["z"] == Heartbeat.units["ST"] == "mV"
    assert (Heartbeat.units["HR"], Heartbeat.units["PR"]) == ("1/min", "s")
