"""The losses of the game and the penalty on the critic's slope."""

import math

import pytest
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from course_utils.losses import (
    NON_SATURATING,
    SATURATING,
    WASSERSTEIN,
    critic_loss,
    discriminator_loss,
    gradient_penalty,
    non_saturating_loss,
    saturating_loss,
    wasserstein_loss,
)
from course_utils.models import Critic


def logits(seed: int, scale: float = 3.0) -> torch.Tensor:
    return scale * torch.randn(50, 1, generator=torch.Generator().manual_seed(seed))


def test_the_discriminator_minimises_the_cross_entropy_of_both_kinds() -> None:
    real, fake = logits(1), logits(2)
    expected = binary_cross_entropy_with_logits(real, torch.ones_like(real))
    expected += binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))
    torch.testing.assert_close(discriminator_loss(real, fake), expected)


def test_the_generators_two_losses_are_the_logarithms_of_the_paper() -> None:
    fake = logits(3)
    probability = torch.sigmoid(fake.double())
    assert saturating_loss(fake).item() == pytest.approx(torch.log(1 - probability).mean().item(), rel=1e-5)
    assert non_saturating_loss(fake).item() == pytest.approx(-torch.log(probability).mean().item(), rel=1e-5)


def test_where_the_fake_is_found_out_one_gradient_vanishes_and_the_other_is_one() -> None:
    slopes = []
    for loss in (saturating_loss, non_saturating_loss):
        fake = torch.tensor([[-20.0]], requires_grad=True)
        loss(fake).backward()
        slopes.append(fake.grad.item())
    assert slopes == pytest.approx([-torch.sigmoid(torch.tensor(-20.0)).item(), -1], rel=1e-5)


def test_extreme_scores_give_finite_losses() -> None:
    extreme = torch.tensor([[-1e4], [1e4]])
    for loss in (saturating_loss, non_saturating_loss):
        assert loss(extreme).isfinite()
    assert discriminator_loss(extreme, extreme).isfinite()


def test_the_critic_widens_the_gap_that_the_generator_closes() -> None:
    real, fake = torch.tensor([[1.0], [3.0]]), torch.tensor([[-1.0], [0.0]])
    assert critic_loss(real, fake).item() == pytest.approx(-2.5)
    assert wasserstein_loss(fake).item() == pytest.approx(0.5)


@pytest.mark.parametrize("game", [SATURATING, NON_SATURATING, WASSERSTEIN])
def test_the_players_of_every_game_want_opposite_scores(game) -> None:
    high, low = torch.ones(2, 1), -torch.ones(2, 1)
    assert game.critic(high, low) < game.critic(low, high)
    assert game.generator(high) < game.generator(low)


def test_a_linear_critic_is_penalised_by_its_weight_alone() -> None:
    critic = nn.Linear(3, 1)
    critic.weight.data = torch.tensor([[3.0, 0.0, 4.0]])
    assert gradient_penalty(critic, torch.randn(7, 3), torch.randn(7, 3)).item() == pytest.approx(16, rel=1e-5)
    critic.weight.data /= 5
    assert gradient_penalty(critic, torch.randn(7, 3), torch.randn(7, 3)).item() == pytest.approx(0, abs=1e-10)


def test_the_slope_is_measured_between_the_pairs() -> None:
    def critic(x: torch.Tensor) -> torch.Tensor:
        seen.append(x.detach())
        return (x**2).sum(1, keepdim=True) / 2  # the slope is x itself

    torch.manual_seed(0)
    seen: list[torch.Tensor] = []
    real, fake = torch.full((4000, 1), 3.0), torch.ones(4000, 1)
    penalty = gradient_penalty(critic, real, fake).item()
    assert 1 <= seen[0].min() < 1.01
    assert 2.99 < seen[0].max() <= 3
    assert penalty == pytest.approx(4 / 3, rel=0.05)  # the mean of (u - 1)^2 for u from 1 to 3


def test_every_pair_has_its_own_place() -> None:
    seen: list[torch.Tensor] = []

    def critic(x: torch.Tensor) -> torch.Tensor:
        seen.append(x.detach())
        return x.sum(1, keepdim=True)

    torch.manual_seed(0)
    gradient_penalty(critic, torch.zeros(5, 2), torch.ones(5, 2))
    torch.testing.assert_close(seen[0][:, 0], seen[0][:, 1])
    assert len(set(seen[0][:, 0].tolist())) == 5


def test_the_penalty_reaches_the_critics_weights_as_finite_differences_say() -> None:
    torch.manual_seed(1)
    critic = Critic(2, (5,)).double()
    for layer in critic:
        if isinstance(layer, nn.Linear):
            layer.bias.data += 0.3
    real, fake = torch.randn(6, 2).double(), torch.randn(6, 2).double()

    def penalty() -> torch.Tensor:
        torch.manual_seed(7)
        return gradient_penalty(critic, real, fake)

    weight = critic[0].weight
    (slope,) = torch.autograd.grad(penalty(), weight)
    step = 1e-6
    with torch.no_grad():
        weight[0, 0] += step
    above = penalty().item()
    with torch.no_grad():
        weight[0, 0] -= 2 * step
    assert (above - penalty().item()) / (2 * step) == pytest.approx(slope[0, 0].item(), rel=1e-4, abs=1e-8)
    assert slope.abs().max() > 0


def test_the_penalty_sends_nothing_back_into_the_examples() -> None:
    fake = torch.randn(4, 2, requires_grad=True)
    gradient_penalty(Critic(2), torch.randn(4, 2), fake.detach()).backward()
    assert fake.grad is None


@pytest.mark.parametrize(("real", "fake"), [((0, 2), (0, 2)), ((4, 2), (3, 2)), ((4, 2), (4, 1))])
def test_no_pairs_are_refused(real: tuple, fake: tuple) -> None:
    with pytest.raises(ValueError, match="at least one pair"):
        gradient_penalty(Critic(2), torch.zeros(real), torch.zeros(fake))


def test_at_the_best_discriminator_the_loss_is_the_jensen_shannon_divergence() -> None:
    p, q = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.1, 0.2, 0.7])
    best = torch.logit(p / (p + q))[:, None]
    real, fake = (best.repeat_interleave((10 * share).round().long(), 0) for share in (p, q))
    middle = (p + q) / 2
    divergence = ((p * (p / middle).log()).sum() + (q * (q / middle).log()).sum()) / 2
    expected = 2 * divergence.item() - 2 * math.log(2)
    assert -discriminator_loss(real, fake).item() == pytest.approx(expected, rel=1e-5)
    assert -discriminator_loss(real + 0.1, fake + 0.1).item() < expected
