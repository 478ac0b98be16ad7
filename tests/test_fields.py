"""Networks as vector fields, and the layer that solves them."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from course_utils.models import ODEBlock, VectorField


def test_a_field_works_in_units_of_size_one() -> None:
    torch.manual_seed(0)
    mean, sd, duration = torch.tensor([3.0, -1.0]), torch.tensor([2.0, 0.5]), 4.0
    field = VectorField(2, (7,), mean=mean, sd=sd, duration=duration)
    x = mean + sd * torch.randn(5, 2)
    inside = nn.Sequential(*list(field.network)[1:-1])
    torch.testing.assert_close(field(torch.tensor(0.0), x), sd / duration * inside((x - mean) / sd))


def test_a_field_that_knows_the_time_sees_it_from_minus_one_to_one() -> None:
    torch.manual_seed(0)
    field = VectorField(1, (7,), duration=10.0, knows_time=True)
    inside = nn.Sequential(*list(field.network)[1:-1])
    for t, seen in ((0.0, -1.0), (5.0, 0.0), (10.0, 1.0)):
        expected = inside(torch.tensor([[0.3, seen]])) / 10
        torch.testing.assert_close(field(torch.tensor(t), torch.tensor([[0.3]])), expected)
    times, states = torch.tensor([[0.0], [10.0]]), torch.full((2, 1), 0.3)
    rows = torch.cat([field(t, x[None]) for t, x in zip(times[:, 0], states, strict=True)])
    torch.testing.assert_close(field(times, states), rows)


def test_units_are_not_trained() -> None:
    field = VectorField(2, (5,), sd=3.0)
    trained = sum(weight.numel() for weight in field.parameters() if weight.requires_grad)
    assert trained == (2 * 5 + 5) + (5 * 2 + 2)


def test_a_block_ends_where_its_duration_does() -> None:
    class Decay(nn.Module):
        def forward(self, t: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
            return -x

    x = torch.rand(3, 4, dtype=torch.float64)
    block = ODEBlock(Decay(), 2.0, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(block(x), x * torch.exp(torch.tensor(-2.0)), rtol=1e-6, atol=0)


@pytest.mark.parametrize("adjoint", [False, True])
def test_a_block_counts_its_last_pass(adjoint: bool) -> None:
    block = ODEBlock(VectorField(2), method="rk4", step=0.25, adjoint=adjoint)
    x = torch.rand(3, 2)
    for _ in range(2):
        loss = block(x).sum()
        assert block.nfe == 16
    loss.backward()
    assert block.nfe == (32 if adjoint else 16)
    assert all(weight.grad is not None for weight in block.parameters() if weight.requires_grad)
