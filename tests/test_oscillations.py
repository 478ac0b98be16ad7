"""Oscillations as data, and their equation as a decoder."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from course_utils.data import oscillations
from course_utils.data.oscillations import FACTORS
from course_utils.models import Oscillation
from course_utils.training import fit


def test_a_curve_solves_the_equation_of_a_spring() -> None:
    found = oscillations(5, seed=1)
    for curve, (amplitude, frequency, phase) in zip(found.clean.double(), found.factors.double().tolist(), strict=True):
        omega = 2 * math.pi * frequency
        start = [amplitude * math.cos(phase), -amplitude * omega * math.sin(phase)]
        grid = found.grid.double().numpy()
        solved = solve_ivp(
            lambda _, y, k=omega**2: [y[1], -k * y[0]], (0, 5.001), start, t_eval=grid, rtol=1e-9, atol=1e-9
        )
        np.testing.assert_allclose(curve, solved.y[0], atol=1e-5)


def test_factors_are_uniform_in_their_ranges_and_independent() -> None:
    factors = oscillations(20_000).factors
    for values, (low, high) in zip(factors.T, FACTORS.values(), strict=True):
        margin = 0.002 * (high - low)
        assert low <= values.min() < low + margin
        assert high - margin < values.max() <= high
        assert values.var().item() == pytest.approx((high - low) ** 2 / 12, rel=0.03)
    assert torch.corrcoef(factors.T).fill_diagonal_(0).abs().max() < 0.03


def test_noise_is_added_to_the_clean_curve() -> None:
    noisy, clean = oscillations(500, seed=2, noise=0.05), oscillations(500, seed=2)
    assert noisy.clean.equal(clean.x)
    assert (noisy.x - noisy.clean).std().item() == pytest.approx(0.05, rel=0.02)
    assert (noisy.sigma == 0.05).all()
    assert clean.sigma is None


def test_five_seconds_are_measured_from_start_to_end() -> None:
    found = oscillations(2, n_times=6)
    assert found.grid.tolist() == [0, 1, 2, 3, 4, 5]
    assert oscillations().x.shape == (1000, 100)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"noise": -1.0}, "noise must be 0 or positive"),
        ({"noise": math.inf}, "noise must be 0 or positive"),
        ({"n_times": 1}, "n_times must be a whole number of at least 2"),
        ({"n": 0}, "n must be a whole number of at least 1"),
        ({"factors": torch.ones(2, 4)}, r"factors must have shape \(n, 3\)"),
        ({"factors": torch.tensor([[1.0, 0.7, 0.0]])}, r"frequency \(Hz\) must lie from 0.3 to 0.6"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        oscillations(**wrong)


def test_the_equation_as_decoder_draws_what_the_data_are() -> None:
    data = oscillations(20, seed=3)
    offset, scale = (0.7, 0.4, 0.1), (0.2, 0.1, 0.9)
    z = (data.factors - torch.tensor(offset)) / torch.tensor(scale)
    torch.testing.assert_close(Oscillation(data.grid, offset, scale)(z), data.x, atol=1e-5, rtol=0)


def test_the_equation_decodes_codes_of_any_batch_shape() -> None:
    decoder = Oscillation(torch.linspace(0, 1, 7), (1, 0.5, 0), (0.5, 0.1, 1))
    z = torch.randn(4, 5, 3, generator=torch.Generator().manual_seed(0))
    assert decoder(z).shape == (4, 5, 7)
    torch.testing.assert_close(decoder(z)[2, 3], decoder(z[2, 3]))


def test_offset_and_scale_are_learnt() -> None:
    truth = oscillations(20, seed=4)
    z = (truth.factors - torch.tensor([0.7, 0.4, 0.1])) / torch.tensor([0.2, 0.1, 0.9])
    decoder = Oscillation(truth.grid, (1.0, 0.42, 0.0), (0.3, 0.08, 1.0))
    fit(decoder, lambda model, batch: ((model(batch[0]) - batch[1]) ** 2).mean(), (z, truth.x), epochs=400, lr=2e-2)
    assert decoder.offset.tolist() == pytest.approx([0.7, 0.4, 0.1], abs=0.01)
    assert decoder.scale.tolist() == pytest.approx([0.2, 0.1, 0.9], abs=0.01)


def test_the_equation_has_three_offsets_and_scales() -> None:
    with pytest.raises(ValueError, match="three offsets and three scales, got \\(7,\\), 2 and 3"):
        Oscillation(torch.zeros(7), (1.0, 2.0), (1.0, 1.0, 1.0))
