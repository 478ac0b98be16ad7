"""Exercises of *The bottleneck*."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from sklearn.decomposition import PCA
from torch import Tensor, nn
from torch.nn.functional import elu

from course_utils.exercises.compare import Demand
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, require_shape
from course_utils.metrics import nearest_distance


def _normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


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
        (_normal(4, 64), _normal(4, 64, seed=1), _normal(64, seed=2)),
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
        "These are the squared errors as they were. Divide by what the mean picture would cost.": (
            lambda x, x_hat, mean: _lost(x, x_hat)
        ),
    },
    moral="Sort the held-out pictures by it, and you see for whom the plane has no room.",
)

# 1.1.2

_CODE, _PICTURE = 8 * 4, 64  # bytes
_WEIGHTS, _BIASES = 8 * 128 + 128 * 256 + 256 * 64, 128 + 256 + 64
_DECODER = 4 * (_WEIGHTS + _BIASES)
_ENCODER = 4 * (_WEIGHTS + 256 + 128 + 8)


PAYS = ValueExercise(
    number="1.1.2",
    title="When does the passage pay?",
    expected={"decoder_bytes": _DECODER, "n_pictures": _DECODER / (_PICTURE - _CODE)},
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
        "The decoder is right. But each picture still needs its code: it saves 64 bytes less those of eight numbers.": (
            _DECODER,
            _DECODER / _PICTURE,
        ),
        "The decoder is right. A number of the code takes four bytes, not one.": (_DECODER, _DECODER / (_PICTURE - 8)),
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


def _smallest(x: Tensor, train: Tensor, k: int) -> Tensor:
    mean = train.mean(0)
    return mean + _onto(x - mean, _directions(train - mean)[-k:])


def _columns(x: Tensor, train: Tensor, k: int) -> Tensor:
    mean = train.mean(0)
    return mean + _onto(x - mean, _directions(train - mean)[:, :k].T)


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
        (_normal(5, 8) + 1, _normal(30, 8, seed=1) @ _normal(8, 8, seed=2) + 2, 3),
    ),
    mistakes={
        "Nothing was centred. The sheet goes through the mean of the training pictures, not through zero: subtract the mean "
        "first and add it at the end.": lambda x, train, k: _onto(x, _directions(train)[:k]),
        "Your picture stays centred: add the mean again at the end.": (
            lambda x, train, k: _onto(x - train.mean(0), _directions(train - train.mean(0))[:k])
        ),
        "You centre `x` by its own mean. New pictures are seen from the mean of the training pictures.": (
            lambda x, train, k: train.mean(0) + _onto(x - x.mean(0), _directions(train - train.mean(0))[:k])
        ),
        "The directions come from data that were not centred: the first of them then points at the mean.": (
            lambda x, train, k: train.mean(0) + _onto(x - train.mean(0), _directions(train)[:k])
        ),
        "You kept the directions of least variance. `svd` sorts the largest first, `eigh` the smallest.": _smallest,
        "The directions are the rows of what `svd` returns third, and you took columns.": _columns,
        "These are the pictures themselves: all directions were used instead of `k`.": lambda x, train, k: x,
    },
    moral="You wrote the opponent of this chapter: it is a matrix and a mean, and has no training loop.",
)

# 1.1.4

_PIXELS, _K = 64, 2
_X = _normal(5, _PIXELS)


def _parameter(model: nn.Module, *shape: int) -> Tensor | None:
    found = [p for p in model.parameters() if tuple(p.shape) == shape]
    return found[0] if found else None


def _furthest(found: Tensor, expected: Tensor) -> float:
    return ((found - expected).abs().max() / expected.abs().max()).item()


def _gradient(x_hat: Tensor, W: Tensor) -> Tensor:
    (gradient,) = torch.autograd.grad(((x_hat - _X) ** 2).mean(), W)
    return gradient


def _measure_tied(model: nn.Module) -> dict[str, float]:
    x_hat = require_shape(model(_X), tuple(_X.shape), "What the model makes of five pictures of 64 pixels")
    found = {
        "numbers to train": sum(p.numel() for p in model.parameters()),
        "distance from the formula": np.nan,
        "distance of the gradient": np.nan,
        "distance with a bend": np.nan,
    }
    W = _parameter(model, _K, _PIXELS)
    if W is None and (turned := _parameter(model, _PIXELS, _K)) is not None:
        W = turned.T
    b, c = _parameter(model, _K), _parameter(model, _PIXELS)
    if W is None or b is None or c is None:
        return found
    z = _X @ W.T + b
    expected = z @ W + c
    return found | {
        "distance from the formula": _furthest(x_hat, expected),
        "distance with a bend": _furthest(x_hat, elu(z) @ W + c),
        "distance of the gradient": _furthest(_gradient(model(_X), W), _gradient(expected, W)),
    }


TIED = MeasuredExercise(
    number="1.1.4",
    title="One matrix, used twice",
    name="tied",
    kind="module",
    measure=_measure_tied,
    demands={
        "numbers to train": Demand(_K * _PIXELS + _K + _PIXELS, _K * _PIXELS + _K + _PIXELS),
        "distance from the formula": Demand(at_most=1e-4),
        "distance of the gradient": Demand(at_most=1e-3),
    },
    mistakes={
        "None of these is a parameter. `nn.Module` finds layers and what is wrapped in `nn.Parameter`, not plain "
        "tensors.": lambda found: found["numbers to train"] == 0,
        "There are two matrices. They may start equal, but training moves them apart: let the decoder use the encoder's "
        "own.": lambda found: found["numbers to train"] >= 2 * _K * _PIXELS,
        "Shifts are missing: `b` is added to the code, `c` to the picture.": (
            lambda found: found["numbers to train"] < _K * _PIXELS + _K + _PIXELS
        ),
        "There is a bend between encoder and decoder. A linear autoencoder has none.": (
            lambda found: found["distance with a bend"] <= 1e-4
        ),
        "The formula is right, but training does not see that the decoder depends on `W`: use the matrix itself, without "
        "`detach`, `data` or a copy.": (
            lambda found: found["distance from the formula"] <= 1e-4 and found["distance of the gradient"] > 1e-3
        ),
    },
    moral="One matrix instead of two. Train it with `fit` and `lr=0.02`, and compare what it leaves unexplained with PCA-2.",
    points=2,
)

# 1.1.5

_N = 2000


def _islands(n: int, seed: int) -> Tensor:
    """Codes on six bent, thin islands in eight dimensions, far from the origin."""
    centres, axes = 4 * _normal(6, 8) + 2, _normal(6, 2, 8, seed=1)
    generator = torch.Generator().manual_seed(seed)
    island = torch.randint(6, (n,), generator=generator)
    angle = 3 * torch.rand(n, generator=generator)
    bent = 2 * torch.stack([angle.cos(), angle.sin()], dim=1)
    thickness = 0.1 * torch.randn(n, 8, generator=generator)
    return centres[island] + torch.einsum("ni,nij->nj", bent, axes[island]) + thickness


_CODES, _UNSEEN = _islands(1000, seed=2), _islands(1000, seed=3)


def _width(codes: Tensor) -> float:
    return codes.std(0).norm().item()


def _measure_draws(draw_codes: Callable[[Tensor, int], Tensor]) -> Mapping[str, float]:
    def draw() -> Tensor:
        return require_shape(draw_codes(_CODES.clone(), _N), (_N, 8), f"`draw_codes(codes, {_N})`").float()

    draws, again = draw(), draw()
    real, near = nearest_distance(_UNSEEN, _CODES), nearest_distance(draws, _CODES)
    limit = real.quantile(0.95)
    return {
        "on land": (near <= limit).float().mean().item(),
        "new": (near.median() / real.median()).item(),
        "reached": (nearest_distance(_UNSEEN, draws) <= limit).float().mean().item(),
        "repeated": (draws == again).float().mean().item(),
        "width": _width(draws) / _width(_CODES),
        "centre": draws.mean(0).norm().item() / _CODES.mean(0).norm().item(),
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
        "Two calls give the same draws. Take no fixed seed, and not the same codes each time.": (
            lambda found: found["repeated"] > 0.01
        ),
        "All draws lie in one place. Start each from a code of its own.": lambda found: found["width"] < 0.1,
        "These are codes that you were given, or as good as that. Move away from them, but not far.": (
            lambda found: found["new"] < 0.05
        ),
        "A cloud around zero: the codes lie elsewhere. Nothing about where to draw is known in advance, all of it is in "
        "`codes`.": lambda found: found["on land"] < 0.1 and found["centre"] < 0.2,
        "Halfway between two codes that were chosen at random is water. Choose the second one near the first.": (
            lambda found: found["on land"] < 0.5 and found["width"] < 0.9
        ),
        "As wide as the codes and around the same centre, but one cloud covers the water too. Use what lies near each "
        "code.": lambda found: found["on land"] < 0.1 and found["new"] > 12,
        "You leave the land: your draws lie further from the codes than real ones do. Take smaller steps.": (
            lambda found: found["on land"] < 0.9 and found["new"] > 1
        ),
    },
    moral="No density was fitted and no island counted. Decode such draws of `codes_8`, and ask `valid` about them.",
    points=3,
)

EXERCISES = (HARDEST, PAYS, FLAT, TIED, ISLANDS)
