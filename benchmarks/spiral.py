"""How long the spiral on which neural ODEs are demonstrated takes to learn: the demonstration's recipe against ours.

Usage: python -m benchmarks.spiral

The spiral x' = A x³, its network of 50 units on x³, its 1000 points on [0, 25] without noise, its windows of 10 points and its
2000 steps are those of `ode_demo.py` of torchdiffeq. Both recipes start from the same weights; ours differs in the training alone.
"""

from __future__ import annotations

import copy
import time

import torch
from torch import Tensor, nn

from course_utils.metrics import nrmse
from course_utils.ode import odeint
from course_utils.training import fit_windows

MATRIX = torch.tensor([[-0.1, 2.0], [-2.0, -0.1]])
EPOCHS = 25


class CubicField(nn.Module):
    """Rates from the cubes of the states, by a network with one hidden layer."""

    def __init__(self) -> None:
        super().__init__()
        self.network = nn.Sequential(nn.Linear(2, 50), nn.Tanh(), nn.Linear(50, 2))
        for layer in self.network[::2]:
            nn.init.normal_(layer.weight, std=0.1)
            nn.init.zeros_(layer.bias)

    def forward(self, t: Tensor, x: Tensor) -> Tensor:
        return self.network(x**3)


def spiral() -> tuple[Tensor, Tensor]:
    """Times (1000,) and states (1000, 2)."""
    t = torch.linspace(0, 25, 1000)
    return t, odeint(lambda t, x: x**3 @ MATRIX, torch.tensor([2.0, 0.0]), t, rtol=1e-6, atol=1e-8)


def train_as_demonstrated(field: nn.Module, t: Tensor, x: Tensor, seed: int) -> None:
    """Windows of 10 points in batches of 20, the L1 distance, RMSprop with a rate of 0.001, Dormand-Prince with torchdiffeq's tolerances."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.RMSprop(field.parameters(), lr=1e-3)
    for _ in range(2000):
        starts = torch.randperm(len(t) - 10, generator=generator)[:20]
        found = odeint(field, x[starts], t[:10], rtol=1e-7, atol=1e-9)
        optimizer.zero_grad()
        (found - torch.stack([x[starts + i] for i in range(10)])).abs().mean().backward()
        optimizer.step()


def train_as_here(field: nn.Module, t: Tensor, x: Tensor, seed: int) -> None:
    """The same windows, Runge and Kutta's four slopes between the observations, Adam with a rate that rises and falls."""
    fit_windows(field, t, x, schedule=((10, EPOCHS),), batch_size=64, lr=2e-2, seed=seed)


def race(seed: int = 0) -> dict[str, tuple[float, float]]:
    """Seconds and error of the whole trajectory, NRMSE, for both recipes."""
    torch.manual_seed(seed)
    start, (t, x) = CubicField(), spiral()
    found = {}
    for name, train in (("demonstration", train_as_demonstrated), ("here", train_as_here)):
        field, began = copy.deepcopy(start), time.perf_counter()
        train(field, t, x, seed)
        seconds = time.perf_counter() - began
        with torch.no_grad():
            found[name] = seconds, nrmse(odeint(field, x[0], t), x)
    return found


if __name__ == "__main__":
    for name, (seconds, error) in race().items():
        print(f"cubic spiral, recipe of the {name}: error {error:.4f} after {seconds:.1f} s")
