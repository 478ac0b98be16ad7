"""Exercises of *Disentangling, measured*."""

from __future__ import annotations

from collections.abc import Callable
from math import log, sqrt

import torch
from torch import Tensor

from course_utils.exercises.compare import Demand
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call, require_shape
from course_utils.metrics.disentanglement import gaps, information_share

# 3.1.1

_LEFT = -(0.75 * log(0.75) + 0.25 * log(0.25)) / log(2)  # share of a bit, once the code is known
_TOLD = 1 - _LEFT

BY_HAND = ValueExercise(
    number="3.1.1",
    title="A gap by hand",
    expected={"share_told": _TOLD, "lead": 1.0, "gap_by_hand": (1 + _TOLD) / 2},
    mistakes={
        "`share_told`: this is how often they agree. Agreeing in half of the pictures would tell nothing.": (
            0.75,
            None,
            None,
        ),
        "`share_told`: this is the entropy that is *left*. Told is the rest.": (_LEFT, None, None),
        "`share_told`: these are nats. A share is divided by the entropy of the factor.": (
            _TOLD * log(2),
            None,
            None,
        ),
        "`share_told`: this is agreement beyond chance, or a correlation, not information.": (0.5, None, None),
        "`share_told`: this is how often they disagree, or a share of *variance*. Asked is one of entropy.": (
            0.25,
            None,
            None,
        ),
        "`share_told`: this is what it tells of the first factor. Asked is the second.": (0, None, None),
        "`lead`: this is what the second best code tells. The best one tells everything.": (None, 0, None),
        "`lead`: you subtracted what `z_2` tells of the *other* factor. How much does it tell of this one?": (
            None,
            _LEFT,
            None,
        ),
        "`lead`: a code that agrees in half of the pictures is as good as a coin. How much does it tell?": (
            None,
            0.5,
            None,
        ),
        "`gap_by_hand`: this is the lead for the first factor only. There are two.": (None, None, 1),
        "`gap_by_hand`: this is the lead for the second factor only. The first has one, too.": (None, None, _TOLD),
        "`gap_by_hand`: this is the sum over the factors. It is their mean.": (None, None, 1 + _TOLD),
        "`gap_by_hand`: the second factor has a best code too: one of them tells a little about it, the other nothing.": (
            None,
            None,
            0.5,
        ),
        "`gap_by_hand`: you subtracted one lead from the other. The best code of the second factor is just another one.": (
            None,
            None,
            _LEFT / 2,
        ),
    },
    moral="A code that agrees in three pictures of four tells less than a fifth: information is a strict judge.",
)

# 3.1.2

_SIGMA, _BETA = 0.1, 16
_PAPER = 4 * 10 / 64**2
_DOTS = _PAPER * 256 / 4

COMPARE = ValueExercise(
    number="3.1.2",
    title="Two betas that cannot be compared",
    expected={"sigma_plain": _SIGMA * sqrt(_BETA), "norm_of_paper": _PAPER, "beta_for_dots": _DOTS},
    mistakes={
        "`sigma_plain`: beta multiplies the *variance*, not the standard deviation.": (_SIGMA * _BETA, None, None),
        "`sigma_plain`: this is the variance. Asked is its root.": (_SIGMA**2 * _BETA, None, None),
        "`sigma_plain`: the other way round. A large beta makes the squared error count less, as more noise does.": (
            _SIGMA / sqrt(_BETA),
            None,
            None,
        ),
        "`norm_of_paper`: the places of the code stand above, the pixels below.": (None, 4 * 64**2 / 10, None),
        "`norm_of_paper`: a picture of 64 × 64 pixels has more than 64 of them.": (None, 4 * 10 / 64, None),
        "`norm_of_paper`: the number of places in the code is missing.": (None, 4 / 64**2, None),
        "`beta_for_dots`: the other way round. Solve for beta: pixels above, places below.": (
            None,
            None,
            _PAPER * 4 / 256,
        ),
        "`beta_for_dots`: the codes differ in width too, not only the pictures in size.": (
            None,
            None,
            4 * 256 / 64**2,
        ),
        "`beta_for_dots`: the pictures differ in size too, not only the codes in width.": (
            None,
            None,
            4 * 10 / 4,
        ),
    },
    moral="On the dots the paper's beta of 4 is below 1: by this convention, and for the same sigma, weaker than a plain VAE.",
)

# 3.1.3

_TILTED = normal(30, 3, seed=31) @ torch.tensor([[3.0, 1.0, 2.0], [0.0, 1.5, 0.5], [0.0, 0.0, 0.7]])


def _largest_cosine(columns: Tensor) -> float:
    """Between two of them."""
    directions = columns / columns.norm(dim=0).clamp(min=1e-9)
    return (directions.T @ directions).fill_diagonal_(0).abs().max().item()


def _measure_turn(right_angles: Callable[[Tensor], Tensor]) -> dict[str, float]:
    found = require_shape(call(right_angles, W=_TILTED), (30, 3), "`right_angles` of 30 × 3 weights").detach()
    turned, given = found.double(), _TILTED.double()
    lengths = turned.norm(dim=0).clamp(min=1e-9)
    outer = given @ given.T
    turned_by = torch.linalg.pinv(given) @ turned
    return {
        "likelihood changed": ((turned @ turned.T - outer).norm() / outer.norm()).item(),
        "angle left": _largest_cosine(turned),
        "angle of the transpose": _largest_cosine(given @ turned_by.T),
        "angle without means": _largest_cosine(turned - turned.mean(0)),
        "unit lengths": float((lengths - 1).abs().max() < 1e-3),
        "lengths as before": float((lengths / given.norm(dim=0) - 1).abs().max() < 1e-3),
        "untouched": float((turned - given).abs().max() < 1e-6),
    }


FREE = MeasuredExercise(
    number="3.1.3",
    title="The turn that costs nothing",
    name="right_angles",
    kind="function",
    measure=_measure_turn,
    demands={"likelihood changed": Demand(at_most=0.001), "angle left": Demand(at_most=0.001)},
    mistakes={
        "These are the weights that were given. Their columns are not at right angles yet.": (
            lambda found: found["untouched"] == 1
        ),
        "The columns are at right angles, but each has the length 1 now. A rotation of the codes keeps how far they move the "
        "picture in all: the lengths must come back.": lambda found: found["unit lengths"] == 1,
        "The columns are at right angles and kept their old lengths, but this is not a rotation: straightening one column after "
        "the other changes what the codes do together.": (
            lambda found: found["lengths as before"] == 1 and found["angle left"] < 0.001
        ),
        "Means were subtracted somewhere, as a covariance or a PCA does. The rows of `W` are pixels, not examples: nothing is to "
        "be subtracted from them.": lambda found: (
            found["angle without means"] < 0.001 and found["likelihood changed"] < 0.9
        ),
        "The columns are at right angles, but the pictures have another likelihood. Is it a rotation or reflection that you "
        "multiply by, and from the right?": lambda found: found["angle left"] < 0.001,
        "The likelihood is the same, so you turned the codes. But by the wrong rotation: is it its transpose that you need?": (
            lambda found: found["likelihood changed"] < 0.001 and found["angle of the transpose"] < 0.001
        ),
        "The likelihood is the same, so you turned the codes. But by another rotation than the one that makes the columns "
        "meet at right angles: of which matrix are its columns the eigenvectors?": (
            lambda found: found["likelihood changed"] < 0.001
        ),
    },
    moral="A VAE with a posterior along the axes has to find this turn. Where two lengths are equal, it is not unique.",
)

# 3.1.4


def modularity(share: Tensor, used: Tensor) -> float:
    """Code by code, in 64 bits, against a template that has the best entry only."""
    table, scores = share.double().tolist(), []
    for row, counts in zip(table, used.tolist(), strict=True):
        if counts:
            at = row.index(max(row))
            astray = sum(m**2 for k, m in enumerate(row) if k != at)
            scores.append(1 - astray / row[at] ** 2 / (len(row) - 1))
    return sum(scores) / len(scores)


def _modularity(
    share: Tensor, used: Tensor, power: float = 2, below: float = 2, spread: int = 1, keep: float = 0
) -> Tensor:
    """The same at once, with what may go wrong."""
    rows = share[used].double()
    best = rows.amax(1)
    others = (rows**power).sum(1) - best**power + keep * best**power
    return 1 - others / best**below / (share.shape[1] - spread)


def _sideways(share: Tensor, used: Tensor, spread: int) -> Tensor:
    """Factor by factor instead of code by code."""
    return _modularity(share[used].T, torch.ones(share.shape[1], dtype=torch.bool), spread=spread).mean()


MODULAR = FunctionExercise(
    number="3.1.4",
    title="The other way round",
    reference=modularity,
    inputs=(
        (torch.tensor([[0.8, 0.4], [0.1, 0.5], [0.2, 0.2]]), torch.tensor([True, True, False])),
        (normal(6, 4, seed=32).abs(), torch.tensor([True, False, True, True, True, True])),
    ),
    mistakes={
        "The idle codes have a say in your mean. Leave their rows out.": (
            lambda share, used: _modularity(share, torch.ones_like(used)).mean()
        ),
        "You set idle rows aside, but still divide by the number of all codes.": (
            lambda share, used: _modularity(share, used).sum() / len(used)
        ),
        "The best factor is in the sum. The sum runs over all the *others*.": (
            lambda share, used: _modularity(share, used, keep=1).mean()
        ),
        "What a code tells enters with its square, above and below.": (
            lambda share, used: _modularity(share, used, power=1, below=1).mean()
        ),
        "Above there are squares, below there is none.": lambda share, used: _modularity(share, used, below=1).mean(),
        "There are `K - 1` *other* factors.": lambda share, used: _modularity(share, used, spread=0).mean(),
        "`K - 1` is the number of *factors* less one, not of the codes in use.": (
            lambda share, used: _modularity(share, used, spread=1 + share.shape[1] - int(used.sum())).mean()
        ),
        "`K - 1` is the number of *factors* less one, not of all codes.": (
            lambda share, used: _modularity(share, used, spread=1 + share.shape[1] - len(used)).mean()
        ),
        "This is what goes astray. Modularity is 1 minus that.": (
            lambda share, used: (1 - _modularity(share, used)).mean()
        ),
        "This is a number for each code. Asked is their mean.": lambda share, used: _modularity(share, used),
        "You looked for the best *code* of each factor. Here each code looks for its best factor, along `dim=1`.": (
            lambda share, used: _sideways(share, used, spread=1 + int(used.sum()) - share.shape[1])
        ),
        "This asks each *factor* how many codes tell of it, as the gap does. Here each code is asked, along `dim=1`.": (
            lambda share, used: _sideways(share, used, spread=1)
        ),
    },
    moral="A gap punishes two codes for one factor, modularity one code for two factors. Neither sees what the other sees.",
)

# 3.1.5


def _mixed(n: int, seed: int) -> tuple[Tensor, Tensor]:
    """Codes, mixed and moved, and their factors; (n, 3) each."""
    generator = torch.Generator().manual_seed(seed)
    factors = torch.rand(n, 3, generator=generator) * torch.tensor([9.0, 4.0, 1.0]) + torch.tensor([3.0, 5.0, 2.0])
    unit = (factors - torch.tensor([7.5, 7.0, 2.5])) / torch.tensor([9.0, 4.0, 1.0])
    mix = torch.linalg.qr(normal(3, 3, seed=40)).Q * torch.tensor([1.0, 2.0, 3.0])
    return unit @ mix + 2 + 0.01 * torch.randn(n, 3, generator=generator), factors


_FEW, _MANY = _mixed(20, 34), _mixed(4000, 35)


def _measure_axes(align: Callable[[Tensor, Tensor], Tensor]) -> dict[str, float]:
    z, factors = _FEW
    matrix = require_shape(call(align, z=z, factors=factors), (3, 3), "`align` of 20 × 3 codes and factors").detach()

    def share(A: Tensor) -> Tensor:
        return information_share(_MANY[0] @ A, _MANY[1])

    told = share(matrix)
    inverse = torch.linalg.pinv(matrix)
    return {
        "gap": gaps(told).mean().item(),
        "in place": (told.argmax(0) == torch.arange(3)).float().mean().item(),
        "gap of the inverse": gaps(share(inverse)).mean().item(),
        "gap of the transpose": gaps(share(matrix.T)).mean().item(),
        "blind": float((told.amax(1) < 0.02).any()),
        **{name: _likeness(matrix, other) for name, other in _OTHERS.items()},
        "stretches by": torch.linalg.cond(matrix).item(),
    }


def _other_matrices(z: Tensor, factors: Tensor) -> dict[str, Tensor]:
    """What is found on the way to the right matrix."""
    moved, about = z - z.mean(0), factors - factors.mean(0)
    return {
        "off by a constant": torch.linalg.lstsq(z, factors).solution,
        "codes off by a constant": torch.linalg.lstsq(z, about).solution,
        "standardised": torch.linalg.lstsq(moved / z.std(0), about).solution,
        "covariance": moved.T @ about,
        "penalised": torch.linalg.solve(moved.T @ moved + torch.eye(z.shape[1]), moved.T @ about),
    }


_OTHERS = _other_matrices(*_FEW)


def _likeness(a: Tensor, b: Tensor) -> float:
    """Smallest cosine between columns of the same number."""
    return torch.nn.functional.cosine_similarity(a, b, dim=0).min().item()


AXES = MeasuredExercise(
    number="3.1.5",
    title="Twenty labels for the missing axes",
    name="align",
    kind="function",
    measure=_measure_axes,
    demands={"gap": Demand(at_least=0.75), "in place": Demand(at_least=1, at_most=1)},
    mistakes={
        "The columns tell one factor each, but not the factor of their own number.": (
            lambda found: found["gap"] >= 0.75 and found["in place"] < 1
        ),
        "This is the matrix the other way: from factors to codes. The answer maps codes to factors.": (
            lambda found: found["gap of the inverse"] >= 0.75
        ),
        "The answer stands on its side: one row for each code, one column for each factor.": (
            lambda found: found["gap of the transpose"] >= 0.75
        ),
        "Neither codes nor factors lie around 0, and a weighted sum without a constant must make up for it. Subtract the means "
        "first.": lambda found: found["off by a constant"] > 0.999,
        "You subtracted the mean of the factors. It does no harm, but that of the codes does: a weighted sum of them has no "
        "constant.": lambda found: found["codes off by a constant"] > 0.999,
        "These weights are for codes that vary by 1 each. The check multiplies the codes as they are: the scale must come back.": (
            lambda found: found["standardised"] > 0.999
        ),
        "This is how codes and factors vary together. Codes that vary much count too much: least squares divides by how the codes "
        "vary among themselves.": lambda found: found["covariance"] > 0.999,
        "Is there a penalty on the weights, as in a ridge regression? With 20 examples it weighs much, and most on directions in "
        "which the codes vary little.": lambda found: found["penalised"] > 0.999,
        "This only turns the codes, or mirrors them. They are stretched, too.": lambda found: (
            found["stretches by"] < 1.01
        ),
        "A column tells about nothing: is it 0, or constant?": lambda found: found["blind"] == 1,
    },
    moral="A linear map and a few labels do what no beta can where factors matter alike.",
)

EXERCISES = (BY_HAND, COMPARE, FREE, MODULAR, AXES)
