"""Windows of trajectories, and what is fitted to them."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from course_utils.models import VectorField
from course_utils.ode import odeint
from course_utils.training import TrainingError, fit_windows, rollout, window_loss, windows

T = torch.tensor([0.0, 0.1, 0.3, 0.6, 1.0])
X = torch.arange(10.0).reshape(5, 2)


class Decay(nn.Module):
    """x' = -rate x, or, if it knows the time, x' = t."""

    def __init__(self, by_time: bool = False) -> None:
        super().__init__()
        self.rate = nn.Parameter(torch.tensor(0.2))
        self.by_time = by_time

    def forward(self, t: Tensor, x: Tensor) -> Tensor:
        return t + 0 * x if self.by_time else -self.rate * x


def test_each_window_keeps_its_own_times() -> None:
    times, states = windows(T, X, 3)
    torch.testing.assert_close(times, torch.stack([T[i : i + 3] for i in range(3)]))
    torch.testing.assert_close(states, torch.stack([X[i : i + 3] for i in range(3)]))


def test_trajectories_may_have_different_times() -> None:
    t, x = torch.stack([T, 2 * T]), torch.stack([X, -X])
    times, states = windows(t, x, 4)
    assert times.shape == (4, 4)
    torch.testing.assert_close(times[2:], 2 * times[:2])
    torch.testing.assert_close(states[2:], -states[:2])


@pytest.mark.parametrize("length", [1, 6])
def test_a_length_that_does_not_fit_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="length must be from 2 to the 5 observations"):
        windows(T, X, length)


def test_times_that_do_not_increase_are_refused() -> None:
    with pytest.raises(ValueError, match="times of each trajectory must increase"):
        windows(T.flip(0), X, 3)


def test_a_rollout_uses_the_times_of_each_trajectory() -> None:
    field, x0 = Decay(), torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    t = torch.stack([T, 3 * T])
    expected = x0[:, None] * torch.exp(-0.2 * t)[..., None]
    torch.testing.assert_close(rollout(field, x0, t), expected, rtol=3e-5, atol=0)


@pytest.mark.parametrize("substeps", [1, 3])
def test_a_rollout_tells_the_field_the_time(substeps: int) -> None:
    t = torch.stack([T, 1 + T])
    found = rollout(Decay(by_time=True), torch.zeros(2, 1), t, substeps)[..., 0]
    torch.testing.assert_close(found, (t**2 - t[:, :1] ** 2) / 2)


def test_substeps_make_a_rollout_finer() -> None:
    torch.manual_seed(0)
    field, x0 = VectorField(2, duration=0.1).double(), torch.randn(3, 2, dtype=torch.float64)
    t = torch.tensor([0.0, 0.5, 1.0], dtype=torch.float64)
    with torch.no_grad():
        exact = odeint(field, x0, t, rtol=1e-11, atol=1e-11).movedim(0, 1)
        errors = [(rollout(field, x0, t.expand(3, -1), n) - exact).abs().max() for n in (4, 8)]
    assert 2**3.3 < errors[0] / errors[1] < 2**4.7


def test_the_loss_is_the_mean_squared_distance_along_the_window() -> None:
    batch = torch.stack([T, T]), torch.ones(2, 5, 1)
    expected = (torch.exp(-0.2 * T) - 1).square().mean()
    torch.testing.assert_close(window_loss(Decay(), batch), expected, rtol=1e-4, atol=0)


@pytest.mark.parametrize("several", [False, True])
def test_a_rate_is_found(several: bool) -> None:
    t = torch.linspace(0, 2, 30) ** 1.3
    x = torch.exp(-0.9 * t)[:, None] * torch.tensor([1.0, 2.0])
    field = Decay()
    history = fit_windows(
        field, t, x.T[..., None] if several else x, schedule=((3, 20), (10, 40)), batch_size=32, lr=0.1
    )
    assert field.rate.item() == pytest.approx(0.9, abs=2e-3)
    assert len(history.loss) == 60


def test_a_fit_that_explodes_is_undone() -> None:
    torch.manual_seed(0)
    field = Decay()
    x = torch.exp(-0.9 * T)[:, None].expand(-1, 2) * 1e30
    with pytest.raises(TrainingError, match="diverged"):
        fit_windows(field, T, x, schedule=((5, 5),), lr=1e9)
    assert field.rate.item() == pytest.approx(0.2)


def test_data_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="lengths"):
        fit_windows(Decay(), T[:4], X)
    with pytest.raises(ValueError, match="NaN or infinite"):
        fit_windows(Decay(), T, X / 0)
