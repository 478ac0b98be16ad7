"""What every kind of training asks of its data, and how it undoes what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn

Batch = Tensor | tuple[Tensor, ...]


class TrainingError(RuntimeError):
    """Training stopped before its end; the models are as they were before the part that failed."""


@contextmanager
def undone_on_failure(caller: str, *models: nn.Module) -> Iterator[None]:
    """Train the models inside, leave them in evaluation mode; on any error give them back as they were."""
    before = [{name: value.clone() for name, value in model.state_dict().items()} for model in models]
    try:
        for model in models:
            model.train()
        yield
    except Exception as error:
        for model, state in zip(models, before, strict=True):
            model.load_state_dict(state)
        if isinstance(error, TrainingError):
            raise
        raise TrainingError(
            f"{caller}: the loss cannot be computed for this model and these data: {type(error).__name__}: {error}. "
            "Compare the shape and type of the data with what the model expects."
        ) from error
    finally:
        for model in models:
            model.eval()


def require_tensors(caller: str, data: Batch, name: str) -> None:
    """Refuse data that are not finite floating-point tensors of equal length."""
    tensors = (data,) if isinstance(data, Tensor) else data
    if not isinstance(tensors, tuple) or not tensors or not all(isinstance(t, Tensor) for t in tensors):
        raise TypeError(f"{caller}: {name} must be a tensor or a tuple of tensors, got {type(data).__name__}")
    if not tensors[0].is_floating_point():
        raise TypeError(
            f"{caller}: {name} must hold floating-point numbers, got {tensors[0].dtype}; convert it with .float()"
        )
    lengths = [len(t) for t in tensors]
    if len(set(lengths)) > 1 or lengths[0] == 0:
        raise ValueError(f"{caller}: the tensors of {name} have lengths {lengths}; they must be equal and not 0")
    for t in tensors:
        if not t.isfinite().all():
            raise ValueError(f"{caller}: {name} holds NaN or infinite values in {int((~t.isfinite()).sum())} places")


def are_finite(*models: nn.Module) -> bool:
    """Whether every weight is."""
    return all(parameter.isfinite().all() for model in models for parameter in model.parameters())
