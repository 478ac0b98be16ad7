"""Exercises of *The game*."""

from __future__ import annotations

import copy
from collections.abc import Callable
from math import log
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD

from course_utils.data import ring_centres, rings
from course_utils.exercises.compare import Demand
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, require_shape
from course_utils.exercises.sandbox import AnswerError, BlankError
from course_utils.losses import discriminator_loss, non_saturating_loss, saturating_loss
from course_utils.models import Critic, Generator
from course_utils.training import clip_weights

# 4.1.1

_REAL, _FORGED = (1 / 2, 1 / 4, 1 / 4, 0), (1 / 4, 1 / 4, 0, 1 / 2)


def _kl(p: tuple[float, ...], q: tuple[float, ...]) -> float:
    return sum(a * log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


_MIXED = tuple((a + b) / 2 for a, b in zip(_REAL, _FORGED, strict=True))
_JSD = (_kl(_REAL, _MIXED) + _kl(_FORGED, _MIXED)) / 2

LETTERS = ValueExercise(
    number="4.1.1",
    title="Four letters",
    expected={"d_of_a": 2 / 3, "right_of_100": 75, "divergence": _JSD},
    mistakes={
        "`d_of_a`: this is the ratio of the two shares. A probability is at most 1: which part of *all* that fall there is real?": (
            2,
            None,
            None,
        ),
        "`d_of_a`: this is the probability that it is forged.": (1 / 3, None, None),
        "`d_of_a`: this is how often a real letter is an a. Asked is how often an a is real.": (1 / 2, None, None),
        "`right_of_100`: these are the wrong calls.": (None, 25, None),
        "`right_of_100`: this is a coin for every letter, or what is gained over a coin, doubled. Some letters are called with "
        "certainty.": (None, 50, None),
        "`right_of_100`: this lets it say *real* with the probability D. It says what is more likely, every time.": (
            None,
            100 * 17 / 24,
            None,
        ),
        "`right_of_100`: this is a share. Asked is a number of letters.": (None, 0.75, None),
        "`divergence`: this is the value of the game. Twice the divergence lies above -2 log 2 by as much as the value does.": (
            None,
            None,
            2 * _JSD - 2 * log(2),
        ),
        "`divergence`: this is the sum of the two terms. The divergence is half of it.": (None, None, 2 * _JSD),
        "`divergence`: half of the value, without the constant. Equal shares must give 0.": (
            None,
            None,
            _JSD - log(2),
        ),
        "`divergence`: this is its square root, the Jensen-Shannon *distance*, which SciPy's function gives.": (
            None,
            None,
            _JSD**0.5,
        ),
        "`divergence`: these are bits. Take the natural logarithm.": (None, None, _JSD / log(2)),
    },
    moral="Letters that only one of the two writes make most of the divergence: what a forger leaves out gives him away, too.",
)

# 4.1.2

_D = 0.01

FOUND_OUT = ValueExercise(
    number="4.1.2",
    title="Found out",
    expected={"slope_saturating": -_D, "slope_non_saturating": _D - 1, "times_steeper": (1 - _D) / _D},
    mistakes={
        "Both slopes are those in D. Asked are those in the logit: multiply by the slope of the sigmoid.": (
            -1 / (1 - _D),
            -1 / _D,
            None,
        ),
        "`slope_saturating`: this is the slope in D. Asked is that in the logit.": (-1 / (1 - _D), None, None),
        "`slope_non_saturating`: this is the slope in D. Asked is that in the logit.": (None, -1 / _D, None),
        "`slope_saturating`: the sign. Does this loss rise or fall when the fake becomes more credible?": (
            _D,
            None,
            None,
        ),
        "`slope_non_saturating`: the sign. Does this loss rise or fall when the fake becomes more credible?": (
            None,
            1 - _D,
            None,
        ),
        "`slope_saturating`: this is the slope of the sigmoid. There is an outer derivative, too.": (
            -_D * (1 - _D),
            None,
            None,
        ),
        "They come in the other order: the loss that saturates has the small slope here.": (_D - 1, -_D, None),
        "`times_steeper`: this is how many times *flatter* it would be. Turn it over.": (None, None, _D / (1 - _D)),
        "`times_steeper`: this is nearly right, but the larger slope is not quite 1.": (
            None,
            None,
            1 / _D,
        ),
        "`times_steeper`: both slopes have the same sign, so their ratio has none.": (None, None, (_D - 1) / _D),
        "`times_steeper`: this is the difference. Asked is how many times.": (None, None, 1 - 2 * _D),
    },
    moral="At D = 1/2 both slopes are equal. So it is early, when the fakes are bad, that the choice matters.",
)

# 4.1.3

_NOISE, _POINTS = normal(2, 16, 2, seed=41), normal(2, 16, 2, seed=42) + 1
_RATE = 0.2


def _players() -> tuple[nn.Module, nn.Module]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(43)
        return Generator(2, 2, (8,)), Critic(2, (8,))


def _weights(model: nn.Module) -> Tensor:
    return torch.cat([p.detach().double().flatten() for p in model.parameters()])


Round = Callable[..., Any]


def _two_rounds(play: Round, watch: Callable[..., Any] | None = None) -> tuple[Tensor, Tensor]:
    """Weights of generator and critic after two rounds; `watch` sees what the generator is given."""
    generator, critic = _players()
    if watch:
        generator.register_forward_pre_hook(lambda _, given: watch(*given))
    optimizers = SGD(critic.parameters(), lr=_RATE), SGD(generator.parameters(), lr=_RATE)
    for x, z in zip(_POINTS, _NOISE, strict=True):
        if play(generator, critic, x.clone(), z.clone(), *optimizers) is ...:
            raise BlankError
    return _weights(generator), _weights(critic)


def _descend(model: nn.Module, *losses: Tensor) -> None:
    """One step down the sum of some losses, without an optimizer."""
    slopes = torch.autograd.grad(sum(losses), list(model.parameters()))
    with torch.no_grad():
        for weight, slope in zip(model.parameters(), slopes, strict=True):
            weight -= _RATE * slope


def _right(generator: nn.Module, critic: nn.Module, x: Tensor, z: Tensor, *_: Any, loss: Any = non_saturating_loss) -> None:  # fmt: skip
    _descend(critic, discriminator_loss(critic(x), critic(generator(z))))
    _descend(generator, loss(critic(generator(z))))


def _careless(detach: bool, clear_critic: bool, clear_generator: str) -> Round:
    """A round with `backward` in which gradients may be left over; the generator's are cleared at the "top", "late", or never."""

    def play(generator: nn.Module, critic: nn.Module, x: Tensor, z: Tensor, ours: SGD, theirs: SGD) -> None:
        if clear_critic:
            ours.zero_grad()
        if clear_generator == "top":
            theirs.zero_grad()
        fake = generator(z)
        discriminator_loss(critic(x), critic(fake.detach() if detach else fake)).backward()
        ours.step()
        if clear_generator == "late":
            theirs.zero_grad()
        non_saturating_loss(critic(generator(z))).backward()
        theirs.step()

    return play


def _too_early(generator: nn.Module, critic: nn.Module, x: Tensor, z: Tensor, *_: Any) -> None:
    before = copy.deepcopy(critic)
    _descend(critic, discriminator_loss(critic(x), critic(generator(z))))
    _descend(generator, non_saturating_loss(before(generator(z))))


def _generator_first(generator: nn.Module, critic: nn.Module, x: Tensor, z: Tensor, *_: Any) -> None:
    _descend(generator, non_saturating_loss(critic(generator(z))))
    _descend(critic, discriminator_loss(critic(x), critic(generator(z))))


def _swapped(generator: nn.Module, critic: nn.Module, x: Tensor, z: Tensor, *_: Any) -> None:
    _descend(critic, discriminator_loss(critic(generator(z)), critic(x)))
    _descend(generator, non_saturating_loss(critic(generator(z))))


_START = tuple(_weights(model) for model in _players())
_GOAL = _two_rounds(_right)


def _off(found: tuple[Tensor, Tensor], goal: tuple[Tensor, Tensor]) -> tuple[float, float]:
    """How far each player is from the goal, as a share of the way there."""
    return tuple(
        ((a - b).norm() / (c - b).norm()).item() for a, b, c in zip(found, goal, _START, strict=True)
    )  # fmt: skip


_ASTRAY = {
    "tangled": _careless(detach=False, clear_critic=True, clear_generator="top"),
    "saturating": lambda *given: _right(*given, loss=saturating_loss),
    "too early": _too_early,
    "generator first": _generator_first,
    "swapped": _swapped,
    "critic kept": _careless(detach=True, clear_critic=False, clear_generator="late"),
    "critic kept, tangled": _careless(detach=False, clear_critic=False, clear_generator="top"),
    "generator kept": _careless(detach=True, clear_critic=True, clear_generator="never"),
    "generator kept, tangled": _careless(detach=False, clear_critic=True, clear_generator="never"),
    "both kept": _careless(detach=True, clear_critic=False, clear_generator="never"),
    "both kept, tangled": _careless(detach=False, clear_critic=False, clear_generator="never"),
}
_ASTRAY_GOALS = {name: _two_rounds(play) for name, play in _ASTRAY.items()}


def _measure_round(play_round: Round) -> dict[str, float]:
    noise: list[Tensor] = []
    found = _two_rounds(play_round, watch=noise.append)
    generator_off, critic_off = _off(found, _GOAL)
    still = [(a - b).norm().item() for a, b in zip(found, _START, strict=True)]
    return {
        "critic off": critic_off,
        "generator off": generator_off,
        "generator moved": still[0],
        "critic moved": still[1],
        "other noise": float(not all(any(z.equal(given) for given in _NOISE) for z in noise)),
        **{name: max(_off(found, goal)) for name, goal in _ASTRAY_GOALS.items()},
    }


def _like(*names: str) -> Callable[[dict[str, float]], bool]:
    return lambda found: min(found[name] for name in names) < 1e-3


ROUND = MeasuredExercise(
    number="4.1.3",
    title="One round, repaired",
    name="play_round",
    kind="function",
    measure=_measure_round,
    demands={"critic off": Demand(at_most=0.001), "generator off": Demand(at_most=0.001)},
    mistakes={
        "Nobody has moved. Are `backward` and `step` called for both?": (
            lambda found: max(found["generator moved"], found["critic moved"]) < 1e-9
        ),
        "The generator has not moved. In its own update, the gradient must come back through its fakes: nothing may be cut there.": (
            lambda found: found["generator moved"] < 1e-9
        ),
        "The critic has not moved. Does its optimizer make a step, with its own loss?": (
            lambda found: found["critic moved"] < 1e-9
        ),
        "This is the broken round: the loss of the critic still leaves a gradient in the generator, and the generator follows it.": (
            _like("tangled")
        ),
        "The generator minimises the loss that saturates. The round uses the other one.": _like("saturating"),
        "The generator was judged by the critic from *before* its step. Ask the one that has just moved.": _like(
            "too early"
        ),
        "The generator moved first. The round begins with the critic.": _like("generator first"),
        "Real and fake are swapped in the loss of the critic.": _like("swapped"),
        "In the second round the critic follows the gradients of the first as well. Who clears them?": _like(
            "critic kept", "critic kept, tangled"
        ),
        "The generator still follows the gradient of its *last* round. Who clears it?": _like(
            "generator kept", "generator kept, tangled"
        ),
        "Nothing is cleared: in the second round both players follow the gradients of the first as well.": _like(
            "both kept", "both kept, tangled"
        ),
        "The generator was given something other than `z`. Both updates use the noise of the round, all of it.": (
            lambda found: found["other noise"] == 1
        ),
    },
    moral="`detach` also saves the way back through the generator. But what repairs the game is that no gradient is left over.",
)

# 4.1.4

_AT = normal(12, 3, seed=44)


def _steep_critic() -> nn.Module:
    """Slopes on both sides of 1; smooth, so that the gradient of a slope is nowhere ambiguous."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(45)
        critic = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1)).double()
    with torch.no_grad():
        critic[0].weight *= 2
        critic[2].weight *= 3
    return critic.float()


def _by_hand(critic: nn.Module, x: Tensor) -> Tensor:
    """Slopes of a network of two layers by the chain rule, written out; (n, d)."""
    first, _, second = critic
    return ((1 - torch.tanh(first(x)) ** 2) * second.weight) @ first.weight


def _penalties(slopes: Tensor) -> dict[str, Tensor]:
    """What is right, and what is written instead."""
    lengths = slopes.norm(dim=1)
    excess = (lengths - 1).relu()
    return {
        "right": (excess**2).mean(),
        "both sides": ((lengths - 1) ** 2).mean(),
        "one length": (slopes.norm() - 1).relu() ** 2,
        "no 1": (lengths**2).mean(),
        "not squared": excess.mean(),
        "absolute": (lengths - 1).abs().mean(),
        "1 off, then cut at 1": ((lengths - 1).clamp(min=1) ** 2).mean(),
        "cut at 1, 1 not off": (lengths.clamp(min=1) ** 2).mean(),
        "sum": (excess**2).sum(),
        "other side": ((1 - lengths).relu() ** 2).mean(),
        "length squared": (((slopes**2).sum(1) - 1).relu() ** 2).mean(),
        "each number": ((slopes.abs() - 1).relu() ** 2).mean(),
        "columns": ((slopes.norm(dim=0) - 1).relu() ** 2).mean(),
        "mean first": (lengths.mean() - 1).relu() ** 2,
    }


def _slopes_in_weights(value: Tensor, critic: nn.Module) -> Tensor:
    found = torch.autograd.grad(value, list(critic.parameters()), allow_unused=True)
    given = zip(found, critic.parameters(), strict=True)
    return torch.cat([(torch.zeros_like(p) if g is None else g).flatten() for g, p in given])


def _measure_penalty(excess_penalty: Callable[[nn.Module, Tensor], Tensor]) -> dict[str, float]:
    critic, x = _steep_critic(), _AT.clone()
    value = excess_penalty(critic, x)
    if value is ...:
        raise BlankError
    if not x.equal(_AT):
        raise AnswerError("Your code changes its input `x`. Make something new instead.")
    answer = require_shape(value, (), "`excess_penalty`")
    others = {name: other.item() for name, other in _penalties(_by_hand(critic, _AT)).items()}
    right = _slopes_in_weights(_penalties(_by_hand(critic, _AT))["right"], critic)
    learns = isinstance(value, Tensor) and value.requires_grad
    gradient = _slopes_in_weights(answer, critic) if learns else torch.zeros_like(right)
    with torch.no_grad():
        critic[2].weight *= 100
    steeper = require_shape(excess_penalty(critic, x), (), "`excess_penalty`")
    return {
        "value off": abs(answer.item() / others["right"] - 1),
        "gradient off": ((gradient - right).norm() / right.norm()).item(),
        "learns": float(learns and gradient.norm() > 0),
        **{name: float(abs(answer.item() - other) < 1e-3 * abs(other)) for name, other in others.items()},
        "zero": float(answer.item() == 0),
        "constant": float(answer.item() == steeper.item()),
    }


def _equals(name: str) -> Callable[[dict[str, float]], bool]:
    return lambda found: found[name] == 1


EXCESS = MeasuredExercise(
    number="4.1.4",
    title="Only what is too steep",
    name="excess_penalty",
    kind="function",
    measure=_measure_penalty,
    demands={"value off": Demand(at_most=0.001), "gradient off": Demand(at_most=0.001)},
    mistakes={
        "The value is right, but no way leads from it back to the weights: the critic would not feel it. Gradients forget how "
        "they were made unless they are told to remember.": lambda found: found["right"] == 1 and found["learns"] == 0,
        "A critic that is a hundred times as steep gets the same penalty: no slope is in it.": _equals("constant"),
        "This also charges for slopes below 1. Cut at 0 before you square.": _equals("both sides"),
        "You took one length of the whole table of slopes. Each point has a slope of its own.": _equals("one length"),
        "You took the length of each column. A slope is a row.": _equals("columns"),
        "These are the squared slopes themselves. Charge for what exceeds 1.": _equals("no 1"),
        "The excess is not squared yet.": _equals("not squared"),
        "This also charges for slopes below 1, and nothing is squared yet.": _equals("absolute"),
        "Every point is charged at least 1, however small its slope. A slope of 1 must cost nothing.": (
            lambda found: found["1 off, then cut at 1"] == 1 or found["cut at 1, 1 not off"] == 1
        ),
        "This is the sum over the points. Asked is the mean.": _equals("sum"),
        "This charges for slopes that are too *small*.": _equals("other side"),
        "The slope is the root of the sum of squares: you compare its square with 1.": _equals("length squared"),
        "You cut each partial derivative by itself. The slope is the length of all of them together.": _equals(
            "each number"
        ),
        "You took the mean of the slopes first. Steep places hide behind flat ones then.": _equals("mean first"),
        "The penalty is 0, though the critic is steep in places. Did you take the gradient of the *mean* score? Then each slope is "
        "divided by the number of points.": _equals("zero"),
    },
    moral="This one leaves a critic alone that needs less than a slope of 1, and allows the best one, whose slope is not 1 everywhere.",
)

# 4.1.5


def unevenness(x: Tensor, centres: Tensor, radius: float) -> float:
    """Draw by draw, in 64 bits; what has to be taken away from the centres that have too much."""
    counts = [0] * len(centres)
    for point in x.double().tolist():
        away = [sum((a - b) ** 2 for a, b in zip(point, centre, strict=True)) ** 0.5 for centre in centres.tolist()]
        if min(away) < radius:
            counts[away.index(min(away))] += 1
    return sum(max(count / sum(counts) - 1 / len(counts), 0) for count in counts)


def _uneven(
    x: Tensor, centres: Tensor, radius: float, half: float = 0.5, good_only: bool = True, of_all: bool = False, square: bool = False, root: bool = False
) -> Tensor:  # fmt: skip
    """The same at once, with what may go wrong."""
    distance, nearest = torch.cdist(x.double(), centres.double()).min(1)
    kept = nearest[distance < radius] if good_only else nearest
    counts = torch.bincount(kept, minlength=len(centres)).double()
    shares = counts / (len(x) if of_all else len(kept))
    gap = shares - 1 / len(counts)
    return half * (gap**2).sum() if square else half * gap.abs().sum()


def _found_only(all_empty: bool, all_asked: bool) -> Callable[[Tensor, Tensor, float], Tensor]:
    """The same without centres that got nothing, all of them or those at the end, compared with 1/m of all or of what is left."""

    def uneven(x: Tensor, centres: Tensor, radius: float) -> Tensor:
        distance, nearest = torch.cdist(x.double(), centres.double()).min(1)
        counts = torch.bincount(nearest[distance < radius]).double()
        counts = counts[counts > 0] if all_empty else counts
        return 0.5 * (counts / counts.sum() - 1 / len(centres if all_asked else counts)).abs().sum()

    return uneven


_RING = ring_centres()


def _lopsided(seed: int) -> Tensor:
    """Draws on five of eight blobs, more on some, and a few anywhere."""
    blobs = torch.tensor([0] * 30 + [1] * 20 + [3] * 25 + [4] * 5 + [5] * 10)
    near = _RING[blobs] + 0.04 * normal(len(blobs), 2, seed=seed)
    return torch.cat([near, 1.5 * normal(30, 2, seed=seed + 1)])


EVEN = FunctionExercise(
    number="4.1.5",
    title="All found, but evenly?",
    reference=unevenness,
    inputs=(
        (
            torch.tensor([[0.0, 0.1], [0.1, 0.0], [0.0, 0.0], [1.0, 0.1], [1.0, 0.6]]),
            torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]]),
            0.3,
        ),
        (_lopsided(46), _RING, 0.1),
    ),
    mistakes={
        "The half is missing: what one centre has too much, others have too little, and you count both.": (
            lambda x, centres, radius: _uneven(x, centres, radius, half=1)
        ),
        "Draws that are near no centre are in your shares. Leave them out first.": (
            lambda x, centres, radius: _uneven(x, centres, radius, good_only=False)
        ),
        "You divide by the number of *all* draws. The shares are those of the good ones, and add up to 1.": (
            lambda x, centres, radius: _uneven(x, centres, radius, of_all=True)
        ),
        "Centres that got nothing have dropped out of your counts. They are the ones that lack most.": tuple(
            _found_only(all_empty, all_asked) for all_empty in (False, True) for all_asked in (False, True)
        ),
        "These are squares. Asked are absolute values.": (
            lambda x, centres, radius: _uneven(x, centres, radius, square=True)
        ),
        "These are squares, and the half is missing.": (
            lambda x, centres, radius: _uneven(x, centres, radius, square=True, half=1)
        ),
        "This is the mean over the centres. Asked is half of the sum.": (
            lambda x, centres, radius: _uneven(x, centres, radius, half=1 / len(centres))
        ),
    },
    moral="A mode that gets 2 % of the draws counts as found. This number is 0 only when all shares are equal.",
)

# 4.1.6

_RING_POINTS, _FAKES = rings(256, seed=47).x, 0.2 * normal(256, 2, seed=48)


def _transport(x: Tensor, y: Tensor) -> float:
    """Wasserstein distance of two samples of one size: the cheapest pairing."""
    from scipy.optimize import linear_sum_assignment

    cost = torch.cdist(x.double(), y.double()).numpy()
    return cost[linear_sum_assignment(cost)].mean()


_PAIRS = tuple(
    (_RING_POINTS, fakes, _transport(_RING_POINTS, fakes))
    for fakes in (_FAKES, torch.tensor([0.5, 0.5]) + 0.2 * normal(256, 2, seed=52))
)


def _dead_critic() -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(49)
        critic = Critic(2)
    clip_weights(critic, 1e-3)
    return critic


def _revived(revive: Callable[..., nn.Module], x: Tensor, fake: Tensor) -> Callable[[Tensor], Tensor]:
    """The critic that comes for these points, from the same start each time."""
    torch.manual_seed(50)
    critic = revive(_dead_critic(), x.clone(), fake.clone())
    if critic is ...:
        raise BlankError
    if not callable(critic):
        raise AnswerError("`revive` should return the critic.")
    return critic


def _steepest(critic: Callable[[Tensor], Tensor], x: Tensor, fake: Tensor) -> float:
    """The largest slope at 2000 places between real points and fakes."""
    t = torch.rand(2000, 1, generator=torch.Generator().manual_seed(51))
    rows = torch.arange(2000) % 256
    between = (t * x[rows] + (1 - t) * fake[rows]).requires_grad_()
    scores = require_shape(critic(between), (2000, 1), "What the critic says to 2000 points")
    if not scores.requires_grad:
        raise AnswerError("No gradient leads from the scores of your critic back to the points: they do not depend on them, or it is cut.")  # fmt: skip
    (slope,) = torch.autograd.grad(scores.sum(), between)
    return slope.norm(dim=1).max().item()


def _measure_revival(revive: Callable[[nn.Module, Tensor, Tensor], nn.Module]) -> dict[str, float]:
    gaps, slopes, scores = [], [], []
    with torch.random.fork_rng(devices=[]):
        for x, fake, distance in _PAIRS:
            critic = _revived(revive, x, fake)
            slopes.append(_steepest(critic, x, fake))
            with torch.no_grad():
                gaps.append((critic(x).mean() - critic(fake).mean()).item() / distance)
                scores.append(critic(x))
    return {
        "gap": gaps[0],
        "second gap": gaps[1],
        "steepest": max(slopes),
        "lowest": min(gaps),
        "highest": max(gaps),
        "same critic": float(torch.equal(*scores)),
    }


REVIVE = MeasuredExercise(
    number="4.1.6",
    title="Bring a critic back to life",
    name="revive",
    kind="function",
    measure=_measure_revival,
    demands={
        "gap": Demand(at_least=0.85, at_most=1.2),
        "second gap": Demand(at_least=0.85, at_most=1.2),
        "steepest": Demand(at_most=1.4),
    },
    mistakes={
        "It is still dead: all points get nearly the same score. No updates, too few, too low a rate, or weights clipped there "
        "again?": lambda found: found["steepest"] < 0.01 and max(found["highest"], -found["lowest"]) < 0.01,
        "The same critic comes for both pairs, though their fakes are different. It must learn from the points that it is given.": (
            _equals("same critic")
        ),
        "The fakes score higher than the real points: real and fake are swapped somewhere.": lambda found: (
            found["highest"] < 0
        ),
        "It tells the two apart, but its slope has no bound: twice the scores would be twice the gap. What charges for slopes?": (
            lambda found: found["steepest"] > 100
        ),
        "It is too steep, and a critic that is too steep reads more than there is. A stronger penalty holds it better.": (
            lambda found: found["steepest"] > 1.4 or found["highest"] > 1.2
        ),
        "It is alive, and its slope is in bounds, but it measures too little of the distance. More updates, a higher rate, or a "
        "wider limit if you clip?": lambda found: found["lowest"] < 0.85,
    },
    moral="The gap is near the Wasserstein distance: a critic whose slope is held is an instrument with a unit.",
    points=2,
)

EXERCISES = (LETTERS, FOUND_OUT, ROUND, EXCESS, EVEN, REVIVE)
