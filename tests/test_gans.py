"""The two networks of the game, and the loop that lets them play."""

import copy
import math

import pytest
import torch
from torch import nn

from course_utils.data import rings
from course_utils.losses import NON_SATURATING, WASSERSTEIN, Game, critic_loss, discriminator_loss, gradient_penalty
from course_utils.models import ConditionalGenerator, Critic, Generator
from course_utils.training import TrainingError, clip_weights, fit_gan, update_critic, update_generator

X = rings(64).x


def players(seed: int = 0) -> tuple[Generator, Critic]:
    torch.manual_seed(seed)
    return Generator(2, 2, (8,)), Critic(2, (8,))


def weights(model: nn.Module) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def test_a_generator_maps_noise_to_examples_through_relus() -> None:
    generator = Generator(3, 5, (7, 6))
    assert [type(layer) for layer in generator.network] == [nn.Linear, nn.ReLU, nn.Linear, nn.ReLU, nn.Linear]
    z = torch.randn(4, 3)
    assert torch.equal(generator(z), generator.network(z))
    assert generator(z).shape == (4, 5)


def test_a_critic_gives_scores_without_bounds() -> None:
    critic = Critic(5, (7,))
    assert [type(layer) for layer in critic] == [nn.Linear, nn.ReLU, nn.Linear]
    scores = critic(1000 * torch.randn(100, 5))
    assert scores.shape == (100, 1)
    assert scores.abs().max() > 1


def test_a_conditional_generator_hands_on_what_was_asked_for() -> None:
    generator = ConditionalGenerator(5, 4, n_asked=2)
    z = torch.randn(6, 5)
    made = generator(z)
    assert made.shape == (6, 6)
    assert torch.equal(made[:, 4:], z[:, 3:])
    other = torch.cat([z[:, :3], z[:, 3:] + 1], 1)
    assert not torch.allclose(generator(other)[:, :4], made[:, :4])


def test_noise_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="Generator: noise of width 3, expected 2"):
        Generator(2, 2)(torch.zeros(1, 3))
    with pytest.raises(ValueError, match="ConditionalGenerator: noise of width 3, expected 5"):
        ConditionalGenerator(5, 4, n_asked=2)(torch.zeros(1, 3))


@pytest.mark.parametrize("n_asked", [0, 6])
def test_asking_for_nothing_or_more_than_there_is_is_refused(n_asked: int) -> None:
    with pytest.raises(ValueError, match="1 to 5 can say"):
        ConditionalGenerator(5, 4, n_asked=n_asked)


def test_the_critics_update_leaves_the_generator_alone() -> None:
    generator, critic = players()
    z = torch.randn(16, 2)
    expected = critic_loss(critic(X[:16]), critic(generator(z))).item()
    before = weights(generator), weights(critic)
    loss = update_critic(generator, critic, X[:16], z, WASSERSTEIN, torch.optim.SGD(critic.parameters(), lr=0.1))
    assert loss == pytest.approx(expected)
    assert torch.equal(weights(generator), before[0])
    assert all(p.grad is None for p in generator.parameters())
    assert not torch.equal(weights(critic), before[1])


def test_the_critics_step_is_that_of_gradient_descent_on_loss_and_penalty() -> None:
    generator, critic = players()
    twin, z = copy.deepcopy(critic), torch.randn(16, 2)
    torch.manual_seed(3)
    update_critic(
        generator, critic, X[:16], z, NON_SATURATING, torch.optim.SGD(critic.parameters(), lr=0.1), penalty=0.7
    )
    torch.manual_seed(3)
    fake = generator(z)
    loss = discriminator_loss(twin(X[:16]), twin(fake)) + 0.7 * gradient_penalty(twin, X[:16], fake)
    slopes = torch.autograd.grad(loss, list(twin.parameters()))
    for found, start, slope in zip(critic.parameters(), twin.parameters(), slopes, strict=True):
        torch.testing.assert_close(found, start - 0.1 * slope)


def test_the_generators_step_comes_through_the_critic_and_leaves_it_alone() -> None:
    generator, critic = players()
    twin, z, before = copy.deepcopy(generator), torch.randn(16, 2), weights(critic)
    loss = update_generator(generator, critic, z, WASSERSTEIN, torch.optim.SGD(generator.parameters(), lr=0.1))
    expected = -critic(twin(z)).mean()
    slopes = torch.autograd.grad(expected, list(twin.parameters()))
    assert loss == pytest.approx(expected.item())
    assert torch.equal(weights(critic), before)
    for found, start, slope in zip(generator.parameters(), twin.parameters(), slopes, strict=True):
        torch.testing.assert_close(found, start - 0.1 * slope)


def test_what_the_generators_step_leaves_in_the_critic_does_not_reach_its_next_step() -> None:
    generator, critic = players()
    twin, z = copy.deepcopy(critic), torch.randn(16, 2)
    update_generator(generator, critic, z, WASSERSTEIN, torch.optim.SGD(generator.parameters(), lr=0.0))
    for model in (critic, twin):
        update_critic(generator, model, X[:16], z, WASSERSTEIN, torch.optim.SGD(model.parameters(), lr=0.1))
    torch.testing.assert_close(weights(critic), weights(twin))


def test_clipping_cuts_every_weight() -> None:
    critic = Critic(2, (8,))
    before = weights(critic)
    clip_weights(critic, 0.05)
    assert torch.equal(weights(critic), before.clamp(-0.05, 0.05))


def test_a_game_moves_the_fakes_to_the_data() -> None:
    data = torch.tensor([[2.0, -1.0]]) + 0.1 * torch.randn(256, 2, generator=torch.Generator().manual_seed(0))
    generator, critic = players()
    options = {"critic_steps": 2, "steps": 500, "batch_size": 64, "lr": 5e-3, "average": 0.9}
    history = fit_gan(generator, critic, data, WASSERSTEIN, penalty=0.1, **options)
    with torch.no_grad():
        fake = generator(torch.randn(500, 2, generator=torch.Generator().manual_seed(1)))
    torch.testing.assert_close(fake.mean(0), torch.tensor([2.0, -1.0]), atol=0.2, rtol=0)
    assert len(history.critic) == len(history.generator) == 500
    assert str(history).startswith("500 steps in ")
    assert not generator.training
    assert not critic.training


def test_the_seed_decides_and_the_global_generator_stands_still() -> None:
    def played(seed: int) -> torch.Tensor:
        generator, critic = players()
        torch.manual_seed(9)
        state = torch.get_rng_state()
        fit_gan(generator, critic, X, WASSERSTEIN, penalty=0.1, steps=5, batch_size=8, seed=seed)
        assert torch.equal(torch.get_rng_state(), state)
        return weights(generator)

    assert torch.equal(played(1), played(1))
    assert not torch.equal(played(1), played(2))


def test_batches_come_from_all_the_data_at_random() -> None:
    class Watching(Critic):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            seen.append(x.detach())
            return super().forward(x)

    seen: list[torch.Tensor] = []
    fit_gan(players()[0], Watching(2), X, WASSERSTEIN, steps=60, batch_size=8)
    rows = [
        [(x == X).all(1).nonzero()[0].item() for x in batch]
        for batch in seen
        if (batch[:, None] == X).all(2).any(1).all()
    ]
    batches = [row for row in rows if len(row) == 8]
    assert len(batches) == 60
    assert len({row for batch in batches for row in batch}) == len(X)
    assert len({tuple(batch) for batch in batches}) == 60


def test_the_critic_takes_its_steps_before_each_of_the_generators() -> None:
    calls: list[str] = []
    game = Game(
        lambda real, fake: calls.append("critic") or critic_loss(real, fake),
        lambda fake: calls.append("generator") or WASSERSTEIN.generator(fake),
    )
    fit_gan(*players(), X, game, steps=2, critic_steps=3, batch_size=4)
    assert calls[-8:] == ["critic", "critic", "critic", "generator"] * 2


def test_the_history_holds_the_mean_of_the_critics_losses_and_the_generators_loss() -> None:
    seen: list[float] = []

    def noted(loss: torch.Tensor) -> torch.Tensor:
        seen.append(loss.item())
        return loss

    game = Game(lambda real, fake: noted(critic_loss(real, fake)), lambda fake: noted(-fake.mean()))
    history = fit_gan(*players(), X, game, steps=2, critic_steps=2, batch_size=4, lr=0.1)
    *_, a, b, first, c, d, second = seen
    assert history.critic == pytest.approx([(a + b) / 2, (c + d) / 2])
    assert history.generator == pytest.approx([first, second])


def test_what_is_kept_is_the_moving_average_of_the_weights() -> None:
    def run(average: float, steps: int) -> list[torch.Tensor]:
        seen: list[torch.Tensor] = []
        generator, critic = players()
        fit_gan(
            generator, critic, X, WASSERSTEIN, steps=steps, batch_size=8, average=average, every=1,
            on_report=lambda step, g, c: seen.append(weights(g)),
        )  # fmt: skip
        return [*seen, weights(generator)]

    last = run(0.0, 6)
    assert torch.equal(last[-1], last[-2])
    expected = last[1]
    for value in last[2:-1]:
        expected = 0.8 * expected + 0.2 * value
    *_, reported, kept = run(0.8, 6)
    torch.testing.assert_close(kept, expected)
    assert torch.equal(kept, reported)


def test_statistics_of_a_batch_norm_are_kept_with_the_generator() -> None:
    generator, critic = players()
    generator.network.insert(1, nn.BatchNorm1d(8))
    fit_gan(generator, critic, X, WASSERSTEIN, steps=20, batch_size=8, average=0.5)
    assert generator.network[1].running_var.ne(1).all()
    assert generator(torch.randn(3, 2)).isfinite().all()


def test_the_learning_rate_falls_in_the_second_half_unless_it_shall_not() -> None:
    class Recorder(torch.optim.SGD):
        def step(self, closure=None):
            rates.append(self.param_groups[0]["lr"])
            return super().step(closure)

    for decay, expected in ((True, [0.1, 0.1, 0.1, 0.05]), (False, [0.1] * 4)):
        rates: list[float] = []
        fit_gan(*players(), X, WASSERSTEIN, steps=4, batch_size=4, lr=0.1, decay=decay, optimizer=Recorder)
        assert rates[::2] == pytest.approx(expected)
        assert rates[1::2] == pytest.approx(expected)


def test_a_clip_holds_during_the_whole_game() -> None:
    generator, critic = players()
    fit_gan(generator, critic, X, WASSERSTEIN, clip=0.01, steps=3, batch_size=8)
    assert weights(critic).abs().max() <= 0.01


def test_frozen_layers_stay() -> None:
    generator, critic = players()
    generator.network.append(nn.Linear(2, 2).requires_grad_(False))
    before = generator.network[-1].weight.clone()
    fit_gan(generator, critic, X, WASSERSTEIN, steps=3, batch_size=8)
    assert torch.equal(generator.network[-1].weight, before)


def test_a_conditional_game_asks_what_the_noise_says() -> None:
    asked = torch.randn(64, 1, generator=torch.Generator().manual_seed(0))
    data = torch.cat([3 * asked, asked], 1)
    torch.manual_seed(0)
    generator, critic = ConditionalGenerator(3, 1, 1, (16,)), Critic(2, (16,))

    def noise(n: int) -> torch.Tensor:
        return torch.cat([torch.randn(n, 2), asked[torch.randint(len(asked), (n,))]], 1)

    fit_gan(
        generator, critic, data, WASSERSTEIN, penalty=1.0, critic_steps=2, steps=400, lr=5e-3, average=0.9, noise=noise
    )
    with torch.no_grad():
        made, told = generator(noise(500)).T
    assert torch.corrcoef(torch.stack([made, told]))[0, 1] > 0.95


def test_both_networks_train_in_training_mode() -> None:
    generator, critic = players()
    modes: list[tuple[bool, bool]] = []
    game = WASSERSTEIN._replace(
        critic=lambda real, fake: modes.append((generator.training, critic.training)) or critic_loss(real, fake)
    )
    fit_gan(generator, critic, X, game, steps=3, batch_size=4, every=1)
    assert modes[-3:] == [(True, True)] * 3


def test_reports_come_at_the_start_at_their_distance_and_at_the_end() -> None:
    heard: list[tuple[int, bool, bool]] = []
    fit_gan(
        *players(), X, WASSERSTEIN, steps=25, batch_size=4, every=10,
        on_report=lambda step, g, c: heard.append((step, g.training, c.training)),
    )  # fmt: skip
    assert heard == [(step, False, False) for step in (0, 10, 20, 25)]


@pytest.mark.parametrize("player", ["critic", "generator"])
def test_a_loss_that_is_not_finite_stops_the_game_at_the_last_report(player: str) -> None:
    generator, critic = players()
    kept: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}
    count = [0]

    def broken(*scores: torch.Tensor) -> torch.Tensor:
        count[0] += 1
        value = getattr(WASSERSTEIN, player)(*scores)
        return value * math.nan if count[0] > 17 else value  # two calls look at the directions of the losses

    game = WASSERSTEIN._replace(**{player: broken})
    with pytest.raises(TrainingError, match=rf"step 16, a loss of the {player} of nan.*after step 10"):
        fit_gan(
            generator, critic, X, game, steps=30, batch_size=4, every=10, average=0.0,
            on_report=lambda step, g, c: kept.update({step: (weights(g), weights(c))}),
        )  # fmt: skip
    assert torch.equal(weights(generator), kept[10][0])
    assert torch.equal(weights(critic), kept[10][1])


def test_weights_that_are_not_finite_stop_the_game_although_the_losses_are() -> None:
    class Poison(torch.optim.SGD):
        def step(self, closure=None):
            self.param_groups[0]["params"][0].data.mul_(math.inf)

    generator, critic = players()
    before = weights(generator)
    chosen = iter((torch.optim.SGD, Poison))  # the critic's, the generator's
    with pytest.raises(TrainingError, match="a weight that is not finite"):
        fit_gan(
            generator, critic, X, WASSERSTEIN, steps=1, batch_size=4,
            optimizer=lambda parameters, lr: next(chosen)(parameters, lr=lr),
        )  # fmt: skip
    assert torch.equal(weights(generator), before)


def test_a_critic_with_a_sigmoid_is_refused() -> None:
    generator, critic = players()
    with pytest.raises(ValueError, match=r"ends in a Sigmoid.*logits"):
        fit_gan(generator, critic.append(nn.Sigmoid()), X, NON_SATURATING)


def test_swapped_labels_are_refused() -> None:
    swapped = NON_SATURATING._replace(critic=lambda real, fake: discriminator_loss(fake, real))
    before = weights((models := players())[0])
    with pytest.raises(ValueError, match="real and fake swapped"):
        fit_gan(*models, X, swapped)
    turned = WASSERSTEIN._replace(generator=lambda fake: fake.mean())
    with pytest.raises(ValueError, match="sign of the generator's turned"):
        fit_gan(*models, X, turned)
    assert torch.equal(weights(models[0]), before)


def test_both_signs_turned_is_the_same_game() -> None:
    turned = Game(lambda real, fake: critic_loss(fake, real), lambda fake: fake.mean())
    fit_gan(*players(), X, turned, steps=1, batch_size=4)


def test_batch_norm_asks_for_more_than_one_example() -> None:
    generator, critic = players()
    generator.network.insert(1, nn.BatchNorm1d(8))
    with pytest.raises(ValueError, match="BatchNorm needs at least two"):
        fit_gan(generator, critic, X, WASSERSTEIN, batch_size=1)


def test_a_penalty_refuses_a_critic_that_mixes_its_examples() -> None:
    generator, critic = players()
    with pytest.raises(ValueError, match="LayerNorm"):
        fit_gan(generator, critic.insert(1, nn.BatchNorm1d(8)), X, WASSERSTEIN, penalty=1.0)


def test_without_a_penalty_a_critic_may_have_a_batch_norm() -> None:
    generator, critic = players()
    fit_gan(generator, critic.insert(1, nn.BatchNorm1d(8)), X, WASSERSTEIN, steps=1, batch_size=4)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"steps": 0}, ValueError, "steps, critic_steps"),
        ({"critic_steps": 0}, ValueError, "steps, critic_steps"),
        ({"batch_size": 0}, ValueError, "batch_size"),
        ({"every": 0}, ValueError, "every"),
        ({"average": 1.0}, ValueError, "average from 0"),
        ({"data": torch.zeros(0, 2)}, ValueError, "not 0"),
        ({"data": torch.full((4, 2), math.nan)}, ValueError, "NaN"),
        ({"data": torch.zeros(4, 2, dtype=torch.long)}, TypeError, r"\.float"),
        ({"data": (X, X)}, TypeError, "one tensor"),
        ({"data": torch.zeros(4, 3)}, ValueError, r"makes examples \(2,\), the data are \(3,\)"),
        ({"noise": lambda n: torch.randn(n, 5)}, ValueError, "noise of width 5, expected 2"),
        ({"generator": nn.Linear(2, 2)}, TypeError, "width k"),
        ({"critic": nn.Linear(2, 3)}, ValueError, r"one score per example, \(n, 1\), got \(1, 3\)"),
        ({"critic": nn.Linear(4, 1)}, ValueError, "critic takes no example of the data"),
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict, error: type[Exception], message: str) -> None:
    generator, critic = players()
    given = {"generator": generator, "critic": critic, "data": X, "game": WASSERSTEIN} | change
    with pytest.raises(error, match=message):
        fit_gan(**given)
