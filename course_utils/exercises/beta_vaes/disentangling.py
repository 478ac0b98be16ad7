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
    expected={"share_told": _TOLD, "lead": _LEFT, "gap_by_hand": 0.5},
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
        "`share_told`: this is agreement beyond chance, not information: 0.75 is half-way from 0.5 to 1.": (
            0.5,
            None,
            None,
        ),
        "`lead`: this is what the second best code tells. The best one tells everything.": (_TOLD, _TOLD, None),
        "`lead`: this is the share of the best code. Subtract that of the second best.": (_TOLD, 1, None),
        "`gap_by_hand`: this is the lead for the first factor only. There are two.": (_TOLD, _LEFT, _LEFT),
        "`gap_by_hand`: this is the sum over the factors. It is their mean.": (_TOLD, _LEFT, 1),
        "`gap_by_hand`: the second factor has a best code too: one of them tells a little about it, the other nothing.": (
            _TOLD,
            _LEFT,
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
        "`norm_of_paper`: the places of the code stand above, the pixels below.": (_SIGMA * 4, 4 * 64**2 / 10, None),
        "`norm_of_paper`: a picture of 64 × 64 pixels has more than 64 of them.": (_SIGMA * 4, 4 * 10 / 64, None),
        "`norm_of_paper`: the number of places in the code is missing.": (_SIGMA * 4, 4 / 64**2, None),
        "`beta_for_dots`: the other way round. Solve for beta: pixels above, places below.": (
            _SIGMA * 4,
            _PAPER,
            _PAPER * 4 / 256,
        ),
        "`beta_for_dots`: the codes differ in width too, not only the pictures in size.": (
            _SIGMA * 4,
            _PAPER,
            4 * 256 / 64**2,
        ),
        "`beta_for_dots`: the pictures differ in size too, not only the codes in width.": (
            _SIGMA * 4,
            _PAPER,
            4 * 10 / 4,
        ),
    },
    moral="The paper's beta of 4 is below 1 on the dots: there it would be weaker than a plain VAE.",
)

# 3.1.3

_TILTED = normal(30, 3, seed=31) @ torch.tensor([[3.0, 1.0, 2.0], [0.0, 1.5, 0.5], [0.0, 0.0, 0.7]])


def _measure_turn(right_angles: Callable[[Tensor], Tensor]) -> dict[str, float]:
    found = require_shape(call(right_angles, W=_TILTED), (30, 3), "`right_angles` of 30 × 3 weights").detach()
    turned, given = found.double(), _TILTED.double()
    lengths = turned.norm(dim=0).clamp(min=1e-9)
    cosines = (turned.T @ turned / lengths / lengths[:, None]).fill_diagonal_(0).abs()
    outer = given @ given.T
    return {
        "likelihood changed": ((turned @ turned.T - outer).norm() / outer.norm()).item(),
        "angle left": cosines.max().item(),
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
        "The columns are at right angles, but the pictures have another likelihood. Is it a rotation that you multiply by, and "
        "from the right?": lambda found: found["angle left"] < 0.001,
        "The likelihood is the same, so you turned the codes. But by the wrong rotation: is it its transpose that you need?": (
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


MODULAR = FunctionExercise(
    number="3.1.4",
    title="The other way round",
    reference=modularity,
    inputs=(
        (torch.tensor([[0.8, 0.4], [0.1, 0.5], [0.2, 0.2]]), torch.tensor([True, True, False])),
        (normal(6, 4, seed=32).abs(), torch.tensor([True, False, True, True, False, True])),
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
        "There is one other factor less than there are factors.": (
            lambda share, used: _modularity(share, used, spread=0).mean()
        ),
        "This is what goes astray. Modularity is 1 minus that.": (
            lambda share, used: (1 - _modularity(share, used)).mean()
        ),
        "This is a number for each code. Asked is their mean.": lambda share, used: _modularity(share, used),
        "You looked for the best *code* of each factor. Here each code looks for its best factor, along `dim=1`.": (
            lambda share, used: _modularity(share[used].T, torch.ones(share.shape[1], dtype=torch.bool)).mean()
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
        "off by a constant": _without_constant(matrix),
        "covariance": _likeness(matrix, (z - z.mean(0)).T @ (factors - factors.mean(0))),
    }


def _likeness(a: Tensor, b: Tensor) -> float:
    """Smallest cosine between columns of the same number."""
    return torch.nn.functional.cosine_similarity(a, b, dim=0).min().item()


def _without_constant(matrix: Tensor) -> float:
    z, factors = _FEW
    return _likeness(matrix, torch.linalg.lstsq(z, factors).solution)


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
        "This is how codes and factors vary together. Codes that vary much count too much: least squares divides by how the codes "
        "vary among themselves.": lambda found: found["covariance"] > 0.999,
        "A column tells about nothing: is it 0, or constant?": lambda found: found["blind"] == 1,
    },
    moral="A linear map and a few labels do what no beta can where factors matter alike.",
)

EXERCISES = (BY_HAND, COMPARE, FREE, MODULAR, AXES)
