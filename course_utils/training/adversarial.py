"""The training loop of two networks that play against each other."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer
from torch.optim.lr_scheduler import LambdaLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from course_utils.losses import Game, gradient_penalty
from course_utils.progress import Progress
from course_utils.training.batches import TrainingError, are_finite, require_tensors, undone_on_failure

ADAM = partial(Adam, betas=(0.5, 0.9))
_BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
_TO_PROBABILITIES = (nn.Sigmoid, nn.LogSigmoid, nn.Hardsigmoid, nn.Softmax, nn.LogSoftmax)


@dataclass
class GANHistory:
    """Losses of both players; written out, their means over the last 100 steps.

    Attributes
    ----------
    critic : list of float
        Mean over the critic's updates in each step, penalty included.
    generator : list of float
        Of the generator's update in each step.
    seconds : float
        Run time.
    """

    critic: list[float] = field(default_factory=list)
    generator: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        if not self.generator:
            return "not trained"
        critic, generator = (_mean(losses[-100:]) for losses in (self.critic, self.generator))
        steps = len(self.generator)
        return f"{steps} steps in {self.seconds:.1f} s: loss of critic {critic:.4g}, of generator {generator:.4g}"


def update_critic(
    generator: nn.Module,
    critic: nn.Module,
    x: Tensor,
    z: Tensor,
    game: Game,
    optimizer: Optimizer,
    penalty: float = 0.0,
) -> float:
    """One step of the critic on real examples ``x``, (n, d), and fakes from noise ``z``, (n, k); returns its loss.

    ``penalty`` weighs the :func:`~course_utils.losses.gradient_penalty`.
    """
    fake = generator(z).detach()  # the generator is not trained here
    loss = game.critic(critic(x), critic(fake))
    if penalty:
        loss = loss + penalty * gradient_penalty(critic, x, fake)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def update_generator(generator: nn.Module, critic: nn.Module, z: Tensor, game: Game, optimizer: Optimizer) -> float:
    """One step of the generator, judged by the critic on fakes from noise ``z``, (n, k); returns its loss."""
    fake = generator(z)  # not detached: the gradient comes through the critic
    loss = game.generator(critic(fake))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def clip_weights(critic: nn.Module, limit: float) -> None:
    """Cut every weight to the range from ``-limit`` to ``limit``, in place.

    References
    ----------
    Arjovsky, Chintala and Bottou 2017, arXiv:1701.07875.
    """
    with torch.no_grad():
        for weight in critic.parameters():
            weight.clamp_(-limit, limit)


def fit_gan(
    generator: nn.Module,
    critic: nn.Module,
    data: Tensor,
    game: Game,
    *,
    penalty: float = 0.0,
    clip: float | None = None,
    steps: int = 2000,
    critic_steps: int = 1,
    batch_size: int = 256,
    lr: float = 2e-3,
    decay: bool = True,
    average: float = 0.995,
    optimizer: Callable[..., Optimizer] = ADAM,
    noise: Callable[[int], Tensor] | None = None,
    seed: int = 0,
    name: str = "",
    on_report: Callable[[int, nn.Module, nn.Module], None] | None = None,
    every: int = 100,
) -> GANHistory:
    """Play a game between a generator and a critic; keep the running average of the generator.

    Parameters
    ----------
    generator, critic : nn.Module
        Trained in place, left in evaluation mode. The generator is left with the average of its weights.
    data : Tensor, (n, d)
        Batches are drawn from it with replacement.
    game : Game
        The losses of the two.
    penalty : float
        Weight of the gradient penalty in the critic's loss.
    clip : float, optional
        The critic's weights are cut to the range from ``-clip`` to ``clip`` after each of its updates.
    steps : int
        Updates of the generator.
    critic_steps : int
        Updates of the critic before each of them.
    batch_size : int
    lr : float
        Of both, constant for the first half of the steps.
    decay : bool
        Whether it falls to 0 in the second half.
    average : float
        Decay per step of the exponential moving average of the generator's weights; 0 keeps the last ones.
    optimizer : callable
        ``optimizer(parameters, lr=lr)`` for each player; Adam with betas (0.5, 0.9) by default.
    noise : callable, optional
        ``noise(n)`` draws n inputs of the generator; standard normal of width ``generator.k`` by default.
    seed : int
        Of the batches and the noise; global generators are left as they were.
    name : str
        Stands before the line that reports the progress.
    on_report : callable, optional
        ``on_report(step, generator, critic)`` hears of step 0, every ``every`` steps and the last, with the averaged
        generator. Copy what is to be kept: the networks go on changing.
    every : int
        Steps between two reports.

    Returns
    -------
    GANHistory

    Raises
    ------
    TypeError, ValueError
        If data, networks, noise and losses do not fit together; nothing is trained then.
    TrainingError
        At the first loss or weight that is not finite, or when a loss cannot be computed. Both networks then have the
        weights from the last report.

    References
    ----------
    Goodfellow and others 2014, arXiv:1406.2661. The average: Yazıcı and others 2019, arXiv:1806.04498.
    """
    noise = noise or _standard_normal(generator)
    if not isinstance(data, Tensor):
        raise TypeError(
            f"fit_gan: data must be one tensor (n, d), got {type(data).__name__}; join what belongs together"
        )
    require_tensors("fit_gan", data, "data")
    if min(steps, critic_steps, batch_size, every) < 1 or not 0 <= average < 1:
        raise ValueError(
            "fit_gan: steps, critic_steps, batch_size and every must be at least 1 and average from 0 to below 1, got "
            f"{steps}, {critic_steps}, {batch_size}, {every} and {average}"
        )
    _require_opponents(game)
    _require_layers(generator, critic, batch_size, penalty)
    _require_one_size(generator, critic, data, noise)
    players = [optimizer(model.parameters(), lr=lr) for model in (critic, generator)]
    schedules = [LambdaLR(player, lambda step: min(1, 2 - 2 * step / steps) if decay else 1) for player in players]
    averaged = AveragedModel(generator, multi_avg_fn=get_ema_multi_avg_fn(average)).eval()
    on_report = on_report or (lambda step, generator, critic: None)

    def play_step() -> tuple[float, float]:
        losses = []
        for _ in range(critic_steps):
            x = data[torch.randint(len(data), (batch_size,))]
            losses.append(update_critic(generator, critic, x, noise(batch_size), game, players[0], penalty))
            if clip is not None:
                clip_weights(critic, clip)
        return _mean(losses), update_generator(generator, critic, noise(batch_size), game, players[1])

    history, start = GANHistory(), time.perf_counter()
    with torch.random.fork_rng(devices=[]), Progress(name) as progress:
        torch.manual_seed(seed)
        on_report(0, averaged.module, critic)
        for first in range(0, steps, every):
            with undone_on_failure("fit_gan", generator, critic):
                for step in range(first, min(first + every, steps)):
                    _keep_finite(history, *play_step(), step + 1, first)
                    averaged.update_parameters(generator)
                    for schedule in schedules:
                        schedule.step()
                if not are_finite(generator, critic):
                    raise TrainingError(_diverged("a weight that is not finite", step + 1, first))
            on_report(step + 1, averaged.module, critic)
            progress.update(f"step {step + 1} of {steps}: critic {history.critic[-1]:.4g}")
        generator.load_state_dict(averaged.module.state_dict())
        history.seconds = time.perf_counter() - start
        progress.finish(str(history))
    return history


def _standard_normal(generator: nn.Module) -> Callable[[int], Tensor]:
    if not isinstance(getattr(generator, "k", None), int):
        raise TypeError(
            "fit_gan: the generator does not tell the width k of its noise; give noise=, which draws n inputs"
        )
    return lambda n: torch.randn(n, generator.k)


def _require_opponents(game: Game) -> None:
    """Refuse a game in which what pleases the critic pleases the generator too."""
    high, low = torch.ones(2, 1), -torch.ones(2, 1)
    real_scores_high = game.critic(high, low) < game.critic(low, high)
    generator_climbs = game.generator(high) < game.generator(low)
    if real_scores_high != generator_climbs:
        raise ValueError(
            "fit_gan: both losses of the game fall when the fakes score "
            f"{'higher' if generator_climbs else 'lower'}, so nobody plays against anybody. Are real and fake swapped in "
            "the critic's loss, or is the sign of the generator's turned around?"
        )


def _require_layers(generator: nn.Module, critic: nn.Module, batch_size: int, penalty: float) -> None:
    *_, last = critic.modules()
    if isinstance(last, _TO_PROBABILITIES):
        raise ValueError(
            f"fit_gan: the critic ends in a {type(last).__name__}, but the losses take scores of any size (logits) and turn "
            "them into probabilities themselves; leave it out"
        )
    if batch_size == 1 and any(_has_batch_norm(model) for model in (generator, critic)):
        raise ValueError("fit_gan: BatchNorm needs at least two examples in a batch, got batch_size=1")
    if penalty and _has_batch_norm(critic):
        raise ValueError(
            "fit_gan: the gradient penalty needs a critic that judges each example by itself, and BatchNorm mixes them; "
            "leave it out or use LayerNorm"
        )


def _has_batch_norm(model: nn.Module) -> bool:
    return any(isinstance(module, _BATCH_NORMS) for module in model.modules())


def _require_one_size(generator: nn.Module, critic: nn.Module, data: Tensor, noise: Callable[[int], Tensor]) -> None:
    """Play one round in evaluation mode without learning, so that what does not fit is told in the words of the game."""
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        fake = generator.eval()(noise(2))
        if fake.shape[1:] != data.shape[1:]:
            raise ValueError(
                f"fit_gan: the generator makes examples {tuple(fake.shape[1:])}, the data are {tuple(data.shape[1:])}"
            )
        try:
            score = critic.eval()(data[:1])
        except RuntimeError as error:
            raise ValueError(
                f"fit_gan: the critic takes no example of the data, {tuple(data.shape[1:])}: {error}"
            ) from error
        if score.shape != (1, 1):
            raise ValueError(
                f"fit_gan: the critic must return one score per example, (n, 1), got {tuple(score.shape)} for n = 1"
            )


def _keep_finite(history: GANHistory, critic: float, generator: float, step: int, sound: int) -> None:
    for player, value in (("critic", critic), ("generator", generator)):
        if not math.isfinite(value):
            raise TrainingError(_diverged(f"a loss of the {player} of {value}", step, sound))
        getattr(history, player).append(value)


def _diverged(found: str, step: int, sound: int) -> str:
    return (
        f"fit_gan: the game diverged in step {step}, {found}. Both networks are as they were after step {sound}. "
        "Lower the learning rate, or hold the critic: penalty=, or clip= with fewer steps."
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
