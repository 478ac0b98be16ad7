"""The one shape in which every data set of the course arrives."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class Dataset:
    """Examples, and what is known about them.

    Attributes
    ----------
    x : Tensor, (n, ...)
        Floating-point examples, finite.
    axes : tuple of str
        What each dimension of ``x`` after the first means, with units.
    labels : Tensor of int, (n,), optional
    factors : Tensor, (n, k), optional
        The numbers from which each example was generated.
    factor_names : tuple of str
        ``k`` names, with units.
    name : str
    """

    x: Tensor
    axes: tuple[str, ...]
    labels: Tensor | None = None
    factors: Tensor | None = None
    factor_names: tuple[str, ...] = ()
    name: str = "data"

    def __post_init__(self) -> None:
        self._require_floats("x", self.x)
        if self.x.ndim < 2:
            raise ValueError(f"{self.name}: x must have shape (n, ...), got {tuple(self.x.shape)}")
        if len(self.axes) != self.x.ndim - 1:
            raise ValueError(f"{self.name}: {len(self.axes)} axes named for x of shape {tuple(self.x.shape)}")
        if self.labels is not None:
            self._require_labels(self.labels)
        if self.factors is not None:
            self._require_floats("factors", self.factors)
            expected = (len(self.x), len(self.factor_names))
            if tuple(self.factors.shape) != expected:
                raise ValueError(f"{self.name}: factors of shape {tuple(self.factors.shape)}, expected {expected}")

    def _require_floats(self, field: str, values: object) -> None:
        if not isinstance(values, Tensor) or not values.is_floating_point():
            found = values.dtype if isinstance(values, Tensor) else type(values).__name__
            raise TypeError(f"{self.name}: {field} must be a floating-point tensor, got {found}")
        if not values.isfinite().all():
            row = int((~values.isfinite().reshape(len(values), -1).all(1)).nonzero()[0])
            raise ValueError(f"{self.name}: {field} holds NaN or infinite values, first in example {row}")

    def _require_labels(self, labels: object) -> None:
        if not isinstance(labels, Tensor) or labels.is_floating_point():
            found = labels.dtype if isinstance(labels, Tensor) else type(labels).__name__
            raise TypeError(f"{self.name}: labels must be a tensor of whole numbers, got {found}")
        if tuple(labels.shape) != (len(self.x),):
            raise ValueError(f"{self.name}: labels of shape {tuple(labels.shape)} for {len(self.x)} examples")

    def __len__(self) -> int:
        return len(self.x)

    def take(self, rows: Tensor) -> Dataset:
        """The examples at the given rows, labels and factors included."""
        pick = lambda values: None if values is None else values[rows]  # noqa: E731
        return replace(self, x=self.x[rows], labels=pick(self.labels), factors=pick(self.factors))

    def split(self, fraction: float, *, seed: int = 0) -> tuple[Dataset, Dataset]:
        """Divide the examples at random.

        Parameters
        ----------
        fraction : float
            Share of the examples in the first part, between 0 and 1.
        seed : int

        Returns
        -------
        tuple of Dataset
            Two parts without a common example, neither of them empty.
        """
        n_first = round(fraction * len(self))
        if not 0 < n_first < len(self):
            raise ValueError(f"{self.name}: fraction {fraction} of {len(self)} examples leaves one part empty")
        order = torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))
        return self.take(order[:n_first]), self.take(order[n_first:])

    def sample(self, n: int | None, *, seed: int = 0) -> Dataset:
        """``n`` examples drawn without replacement; all of them, in their order, for ``None``."""
        if n is None:
            return self
        if not 0 < n <= len(self):
            raise ValueError(f"{self.name}: n must be from 1 to {len(self)}, got {n}")
        return self.take(torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))[:n])
