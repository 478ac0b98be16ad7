"""Exercises of *The bottleneck*."""

from __future__ import annotations

from collections.abc import Callable
from math import nan

import numpy as np
import torch
from sklearn.decomposition import PCA
from torch import Tensor, nn
from torch.func import functional_call

from course_utils.exercises.compare import Demand
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call, require_shape
from course_utils.exercises.sandbox import AnswerError
from course_utils.metrics import nearest_distance

# 1.1.1


def unexplained_per_picture(x: Tensor, x_hat: Tensor, mean: Tensor) -> np.ndarray:
    """Picture by picture, in 64 bits."""
    shares = []
    for picture, answer in zip(x.double().numpy(), x_hat.double().numpy(), strict=True):
        shares.append(np.sum((picture - answer) ** 2) / np.sum((picture - mean.double().numpy()) ** 2))
    return np.array(shares)


def _lost(x: Tensor, x_hat: Tensor) -> Tensor:
    return ((x - x_hat) ** 2).sum(1)


HARDEST = FunctionExercise(
    number="1.1.1",
    title="Which digit is the hardest?",
    reference=unexplained_per_picture,
    inputs=(
        (
            torch.tensor([[1.0, 0.0, 3.0], [0.0, 2.0, 1.0]]),
            torch.tensor([[1.0, 1.0, 2.0], [0.0, 2.0, 2.0]]),
            torch.tensor([1.0, 2.0, 0.0]),
        ),
        (normal(4, 64), normal(4, 64, seed=1), normal(64, seed=2)),
    ),
    mistakes={
        "You divide by the deviation of all pictures together. Each picture is compared with its own: sum over "
        "`dim=1` only.": lambda x, x_hat, mean: _lost(x, x_hat) / ((x - mean) ** 2).sum(),
        "This is the deviation per pixel. Above the line the squares are summed, so sum them below it too.": (
            lambda x, x_hat, mean: _lost(x, x_hat) / ((x - mean) ** 2).mean(1)
        ),
        "You compare each picture with the mean of its own pixels. The opponent is the mean picture, `mean`, which the "
        "function is given.": lambda x, x_hat, mean: _lost(x, x_hat) / ((x - x.mean(1, keepdim=True)) ** 2).sum(1),
        "The squares below the line are not taken from anything: subtract `mean` first.": (
            lambda x, x_hat, mean: _lost(x, x_hat) / (x**2).sum(1)
        ),
        "Square the deviation before you sum it: otherwise pixels that are too dark cancel those that are too light.": (
            lambda x, x_hat, mean: _lost(x, x_hat) / (x - mean).sum(1)
        ),
        "This is the share that is explained; the question asks for the rest.": (
            lambda x, x_hat, mean: 1 - _lost(x, x_hat) / ((x - mean) ** 2).sum(1)
        ),
        "One number for all pictures. Sum over the pixels only, `dim=1`, above and below the line.": (
            lambda x, x_hat, mean: _lost(x, x_hat).sum() / ((x - mean) ** 2).sum()
        ),
        "The opponent answers every picture with `mean`; below the line stands how far `x` is from it, not `x_hat`.": (
            lambda x, x_hat, mean: _lost(x, x_hat) / ((x_hat - mean) ** 2).sum(1)
        ),
        "These are distances. The share is one of squared distances.": (
            lambda x, x_hat, mean: (x - x_hat).norm(dim=1) / (x - mean).norm(dim=1)
        ),
        "A row divided by a column gives a table: leave out `keepdim=True`.": (
            lambda x, x_hat, mean: _lost(x, x_hat) / ((x - mean) ** 2).sum(1, keepdim=True)
        ),
        "You take the mean of these few pictures. The opponent is the mean of the training pictures, `mean`.": (
            lambda x, x_hat, mean: _lost(x, x_hat) / ((x - x.mean(0)) ** 2).sum(1)
        ),
        "These are the squared errors as they were. Divide by what the mean picture would cost.": (
            lambda x, x_hat, mean: _lost(x, x_hat)
        ),
    },
    moral="Sort the held-out pictures by it, and you see for whom the plane has no room.",
)

# 1.1.2

_CODE, _PICTURE = 4 * 4, 64  # bytes
_WEIGHTS, _BIASES = 4 * 128 + 128 * 256 + 256 * 64, 128 + 256 + 64
_DECODER = 4 * (_WEIGHTS + _BIASES)
_ENCODER = 4 * (_WEIGHTS + 256 + 128 + 4)
_N_PICTURES = _DECODER // (_PICTURE - _CODE)

PAYS = ValueExercise(
    number="1.1.2",
    title="When does the passage pay?",
    expected={"decoder_bytes": _DECODER, "n_pictures": _N_PICTURES},
    mistakes={
        "You counted numbers. Each takes four bytes.": (_DECODER / 4, None),
        "You counted the whole autoencoder. Who only opens pictures needs no encoder.": (_DECODER + _ENCODER, None),
        "That is the encoder, which has as many weights but other biases. Pictures are opened by the decoder.": (
            _ENCODER,
            None,
        ),
        "You counted the weights only. Every linear layer has a bias for each of its outputs too.": (
            4 * _WEIGHTS,
            None,
        ),
        "That is the decoder of a code of two numbers. Here it has four.": (_DECODER - 4 * 2 * 128, None),
        "That is the decoder of a code of eight numbers. Here it has four.": (_DECODER + 4 * 4 * 128, None),
        "You handed them over in the other order: first bytes, then pictures.": (_N_PICTURES, _DECODER),
        "The decoder is right. But each picture still needs its code: it saves 64 bytes less those of four numbers.": (
            _DECODER,
            _DECODER / _PICTURE,
        ),
        "The decoder is right. A picture costs its code; what it saves is the rest of its 64 bytes.": (
            _DECODER,
            _DECODER / _CODE,
        ),
        "The decoder is right. A number of the code takes four bytes, not one.": (_DECODER, _DECODER / (_PICTURE - 4)),
        "The decoder is right. But pixels take one byte each, not four.": (_DECODER, _DECODER / (4 * _PICTURE - _CODE)),
    },
    moral="The data set has 1797 pictures: as a mere compressor this network does not pay for itself here.",
)

# 1.1.3


def flat_sheet(x: Tensor, train: Tensor, k: int) -> np.ndarray:
    """What scikit-learn makes of it, in 64 bits."""
    pca = PCA(k).fit(train.double().numpy())
    return pca.inverse_transform(pca.transform(x.double().numpy()))


def _directions(centred: Tensor) -> Tensor:
    return torch.linalg.svd(centred, full_matrices=False).Vh


def _onto(x: Tensor, rows: Tensor) -> Tensor:
    return x @ rows.T @ rows


def _sheet(x: Tensor, train: Tensor, k: int, rows: slice | None = None) -> Tensor:
    """The right answer with other directions, unless told."""
    mean = train.mean(0)
    return mean + _onto(x - mean, _directions(train - mean)[rows or slice(k)])


def _columns(x: Tensor, train: Tensor, k: int) -> Tensor:
    mean = train.mean(0)
    return mean + _onto(x - mean, _directions(train - mean)[:, :k].T)


def _sheet_in_space() -> Tensor:
    """Thirty points in eight dimensions, wide along three of them, turned and shifted."""
    turn = torch.linalg.qr(normal(8, 8, seed=2)).Q
    return (normal(30, 8, seed=1) * torch.tensor([8.0, 6.0, 4.0] + 5 * [0.3])) @ turn + 2


FLAT = FunctionExercise(
    number="1.1.3",
    title="The flat sheet by hand",
    reference=flat_sheet,
    inputs=(
        (
            torch.tensor([[1.0, 0.0], [4.0, 4.0]]),
            torch.tensor([[0.0, 2.0], [2.0, 3.0], [4.0, 4.0], [6.0, 5.0]]),
            1,
        ),
        (normal(5, 8) + 1, _sheet_in_space(), 3),
    ),
    mistakes={
        "Nothing was centred. The sheet goes through the mean of the training pictures, not through zero: subtract the mean "
        "first and add it at the end.": lambda x, train, k: _onto(x, _directions(train)[:k]),
        "Your picture stays centred: add the mean again at the end.": (
            lambda x, train, k: _sheet(x, train, k) - train.mean(0)
        ),
        "You centre `x` by its own mean. New pictures are seen from the mean of the training pictures.": (
            lambda x, train, k: train.mean(0) + _onto(x - x.mean(0), _directions(train - train.mean(0))[:k])
        ),
        "You add the mean of `x` too. The sheet goes through the mean of the training pictures.": (
            lambda x, train, k: x.mean(0) + _onto(x - x.mean(0), _directions(train - train.mean(0))[:k])
        ),
        "The directions are right. Subtract the mean from `x` as well before you take its coordinates.": (
            lambda x, train, k: train.mean(0) + _onto(x, _directions(train - train.mean(0))[:k])
        ),
        "The directions are right. But `x` is seen from the mean of the training pictures: subtract it before, and add it at "
        "the end.": lambda x, train, k: _onto(x, _directions(train - train.mean(0))[:k]),
        "You centre with one number. The mean picture has a mean for each pixel: `dim=0`.": (
            lambda x, train, k: train.mean() + _onto(x - train.mean(), _directions(train - train.mean())[:k])
        ),
        "The directions come from data that were not centred: the first of them then points at the mean.": (
            lambda x, train, k: train.mean(0) + _onto(x - train.mean(0), _directions(train)[:k])
        ),
        "The sheet is fitted to `x`. It belongs to the training pictures; `x` are new ones.": (
            lambda x, train, k: _sheet(x, x, k)
        ),
        "You kept the directions of least variance. `svd` sorts the largest first, `eigh` the smallest.": (
            lambda x, train, k: _sheet(x, train, k, slice(-k, None))
        ),
        "The directions are the rows of what `svd` returns third, and you took columns.": _columns,
        "These are the coordinates on the sheet, `k` for each picture. One step is missing: back to pixels.": (
            lambda x, train, k: (x - train.mean(0)) @ _directions(train - train.mean(0))[:k].T
        ),
        "These are the pictures themselves: nothing was left out. Keep only `k` directions.": lambda x, train, k: x,
    },
    moral="This is the opponent of this chapter: a matrix and a mean, and no training loop.",
)

# 1.1.4

_PIXELS, _K = 64, 2
_COUNT = _K * _PIXELS + _K + _PIXELS


def _furthest(found: Tensor, expected: Tensor) -> float:
    return ((found - expected).abs().max() / expected.abs().max()).item()


def _gradients(x_hat: Tensor, x: Tensor, parameters: list[Tensor]) -> list[Tensor]:
    """Of the reconstruction loss; zero for what has no part in it."""
    if not x_hat.requires_grad:
        return [torch.zeros_like(p) for p in parameters]
    return list(torch.autograd.grad(((x_hat - x) ** 2).mean(), parameters, allow_unused=True, materialize_grads=True))


def _random_like(p: Tensor, seed: int) -> Tensor:
    return normal(*p.shape, seed=seed).to(torch.float64 if p.dtype == torch.float64 else torch.float32)


def _measure_tied(model: nn.Module) -> dict[str, float]:
    """With random parameters in place of the model's own, which it keeps: many of those are zero at the start."""
    own, buffers = dict(model.named_parameters()), {name: b.clone() for name, b in model.named_buffers()}
    drawn = {name: _random_like(p, seed).requires_grad_() for seed, (name, p) in enumerate(own.items())}
    parameters = list(drawn.values())
    if parameters and _K * _PIXELS not in [p.numel() for p in parameters]:
        raise AnswerError(
            "There is no matrix of 2 × 64 among the parameters. The check asks for a model of 64 pixels and 2 numbers."
        )
    x = normal(5, _PIXELS, seed=99).to(parameters[0].dtype if parameters else None)

    def run(x: Tensor) -> Tensor:
        x_hat = call(lambda x: functional_call(model, drawn | buffers, (x,)), x=x)
        return require_shape(x_hat, (len(x), _PIXELS), f"What the model makes of {len(x)} pictures of {_PIXELS} pixels")

    x_hat, still = run(x), run(0 * x)
    gradients = _gradients(x_hat, x, parameters)
    trained = [p for p in own.values() if p.requires_grad] or own.values()  # none: it was trained, then frozen
    found = {
        "numbers to train": sum(p.numel() for p in trained),
        "matrices": sum(p.numel() == _K * _PIXELS for p in parameters),
        "idle": sum(not gradient.any() for gradient in gradients),
        "noise": _furthest(run(x), x_hat),
        "bend": _furthest(run(2 * x) - still, 2 * (x_hat - still)),
    }
    return found | _compare_tied(x, x_hat, gradients, drawn, own)


def _compare_tied(
    x: Tensor, x_hat: Tensor, gradients: list[Tensor], drawn: dict[str, Tensor], own: dict[str, Tensor]
) -> dict[str, float]:
    """Distances from ``Wᵀ (W x + b) + c``; NaN where there are no such parameters, whatever their names and layout."""
    by_size = {p.numel(): name for name, p in drawn.items()}
    if not {_K * _PIXELS, _K, _PIXELS} <= by_size.keys():
        return dict.fromkeys(("distance from the formula", "distance of the gradient", "old matrix"), nan)
    matrix, b, c = by_size[_K * _PIXELS], drawn[by_size[_K]].flatten(), drawn[by_size[_PIXELS]].flatten()
    W, old = (p if p.shape == (_K, _PIXELS) else p.reshape(_PIXELS, _K).T for p in (drawn[matrix], own[matrix].to(x)))
    z = x @ W.T + b
    expected = z @ W + c
    right = _gradients(expected, x, list(drawn.values()))
    return {
        "distance from the formula": _furthest(x_hat, expected),
        "distance of the gradient": float(np.max([*map(_furthest, gradients, right)])),
        "old matrix": _furthest(x_hat, z @ old + c),
    }


TIED = MeasuredExercise(
    number="1.1.4",
    title="One matrix, used twice",
    name="tied",
    kind="module",
    measure=_measure_tied,
    demands={
        "numbers to train": Demand(_COUNT, _COUNT),
        "distance from the formula": Demand(at_most=1e-4),
        "distance of the gradient": Demand(at_most=1e-3),
    },
    mistakes={
        "None of these is a parameter. `nn.Module` finds layers and what is wrapped in `nn.Parameter`, not plain "
        "tensors.": lambda found: found["numbers to train"] == 0,
        "There is a second matrix that nothing uses: take it away.": (
            lambda found: found["matrices"] == 2 and found["idle"] > 0
        ),
        "There are two matrices. They may start equal, but training moves them apart: let the decoder use the encoder's "
        "own.": lambda found: found["matrices"] == 2,
        "Two calls with the same pictures differ: there is no noise and no dropout in this model.": (
            lambda found: found["noise"] > 1e-3
        ),
        "There is a bend: between encoder and decoder, or elsewhere. A linear autoencoder has none.": (
            lambda found: found["bend"] > 1e-3
        ),
        "Shifts are missing: `b` is added to the code, `c` to the picture, and both are learnt.": (
            lambda found: found["numbers to train"] < _COUNT
        ),
        "Something is learnt that changes nothing: is `b` added to the code, and `c` to the picture?": (
            lambda found: found["idle"] > 0 and found["distance from the formula"] > 1e-4
        ),
        "The decoder uses what `__init__` made of the matrix at the start. Take it from the matrix in `forward`.": (
            lambda found: found["old matrix"] <= 1e-4
        ),
        "The formula is right, but training does not see all of it: `detach`, `data`, `no_grad` or a copy cuts it off.": (
            lambda found: found["distance from the formula"] <= 1e-4 and found["distance of the gradient"] > 1e-3
        ),
        "This is linear, but another formula. Compare signs and order with `z = W x + b` and `Wᵀ z + c`.": (
            lambda found: found["distance from the formula"] > 1e-4
        ),
    },
    moral="One matrix instead of two. Train it with `fit` and `lr=0.02`, and compare what it leaves unexplained with PCA-2.",
    points=2,
)

# 1.1.5

_N = 2000


def _islands(n: int, seed: int) -> Tensor:
    """Codes on six bent, thin islands in eight dimensions, far from the origin."""
    centres, axes = 4 * normal(6, 8) + 2, normal(6, 2, 8, seed=1)
    generator = torch.Generator().manual_seed(seed)
    island = torch.randint(6, (n,), generator=generator)
    angle = 3 * torch.rand(n, generator=generator)
    bent = 2 * torch.stack([angle.cos(), angle.sin()], dim=1)
    thickness = 0.1 * torch.randn(n, 8, generator=generator)
    return centres[island] + torch.einsum("ni,nij->nj", bent, axes[island]) + thickness


_CODES, _UNSEEN = _islands(1000, seed=2), _islands(1000, seed=3)


def _width(codes: Tensor) -> float:
    return codes.std(0).norm().item()


def _measure_draws(draw_codes: Callable[[Tensor, int], Tensor]) -> dict[str, float]:
    def draw() -> Tensor:
        return require_shape(call(draw_codes, codes=_CODES, n=_N), (_N, 8), f"`draw_codes(codes, {_N})`").detach()

    draws, again = draw(), draw()
    real, near = nearest_distance(_UNSEEN, _CODES), nearest_distance(draws, _CODES)
    limit = real.quantile(0.95)
    return {
        "on land": (near <= limit).float().mean().item(),
        "new": (near.median() / real.median()).item(),
        "reached": (nearest_distance(_UNSEEN, draws) <= limit).float().mean().item(),
        "repeated": (draws == again).all(dim=1).float().mean().item(),
        "width": _width(draws) / _width(_CODES),
        "offset": (draws.mean(0) - _CODES.mean(0)).norm().item() / _width(_CODES),
    }


ISLANDS = MeasuredExercise(
    number="1.1.5",
    title="Draw from the islands",
    name="draw_codes",
    kind="function",
    measure=_measure_draws,
    demands={
        "on land": Demand(at_least=0.9),
        "new": Demand(at_least=0.2),
        "reached": Demand(at_least=0.75),
        "repeated": Demand(at_most=0.01),
    },
    mistakes={
        "All draws lie in one place. Start each from a code of its own.": lambda found: found["width"] < 0.01,
        "Two calls give the same draws. Take no fixed seed, and not the same codes each time.": (
            lambda found: found["repeated"] > 0.01
        ),
        "These are codes that you were given, or as good as that. Move away from them, but not far.": (
            lambda found: found["new"] < 0.2
        ),
        "Your draws have another centre than the codes. Nothing about where to draw is known in advance: all of it is in "
        "`codes`.": lambda found: found["on land"] < 0.1 and found["offset"] > 0.2 and found["width"] < 0.5,
        "Your draws lie far from all codes. Is the partner of a code near? `topk` gives the largest distances unless told "
        "`largest=False`, and between two codes lies half their sum.": (
            lambda found: found["on land"] < 0.1 and found["offset"] > 0.2
        ),
        "Between two codes that were chosen at random is water. Choose the second one near the first.": (
            lambda found: found["on land"] < 0.5 and 0.6 < found["width"] < 0.9
        ),
        "Nearly all draws lie in the water, far out. One cloud over all codes covers the water too, and so do wide steps: stay "
        "near single codes.": lambda found: found["on land"] < 0.1 and found["new"] > 5,
        "Too many draws lie in the water. Stay nearer to single codes.": (
            lambda found: found["on land"] < 0.9 and found["new"] > 0.5
        ),
        "Your draws lie on land and are new, but parts of the islands are never reached. Start from all codes alike.": (
            lambda found: found["on land"] >= 0.9 and found["new"] >= 0.2 and found["reached"] < 0.75
        ),
    },
    moral="Now the real thing: decode such draws of `codes_8`, and ask `valid` about them.",
    points=3,
)

EXERCISES = (HARDEST, PAYS, FLAT, TIED, ISLANDS)
