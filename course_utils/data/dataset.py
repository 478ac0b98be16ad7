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
    clean : Tensor, like ``x``, optional
        What ``x`` would be without noise.
    sigma : Tensor, like ``x``, optional
        Standard deviation of the noise in each number, positive; infinite where nothing was measured. There ``x`` is set
        to 0, whatever stood there, NaN included. No example may be infinite throughout.
    grid : Tensor, (d,), optional
        Where the columns of ``x``, (n, d) or (n, d, …), stand: increasing, in the unit that ``axes`` names first.

    Raises
    ------
    TypeError, ValueError
        If a field has the wrong type, shape or values; the message names the first example that has.
    """

    x: Tensor
    axes: tuple[str, ...]
    labels: Tensor | None = None
    factors: Tensor | None = None
    factor_names: tuple[str, ...] = ()
    name: str = "data"
    clean: Tensor | None = None
    sigma: Tensor | None = None
    grid: Tensor | None = None

    def __post_init__(self) -> None:
        self._require_type("x", self.x)
        if self.x.ndim < 2 or not self.x.numel():
            raise ValueError(f"{self.name}: x must have shape (n, ...) and not be empty, got {tuple(self.x.shape)}")
        if self.sigma is not None:
            self._require_sigma(self.sigma)
            object.__setattr__(self, "x", self.x.masked_fill(self.sigma.isinf(), 0))
        self._require_floats("x", self.x)
        if self.clean is not None:
            self._require_floats("clean", self.clean)
            self._require_shape("clean", self.clean)
        if self.grid is not None:
            self._require_grid(self.grid)
        if len(self.axes) != self.x.ndim - 1:
            raise ValueError(f"{self.name}: {len(self.axes)} axes named for x of shape {tuple(self.x.shape)}")
        if self.labels is not None:
            self._require_labels(self.labels)
        if self.factors is not None:
            self._require_floats("factors", self.factors)
            expected = (len(self.x), len(self.factor_names))
            if tuple(self.factors.shape) != expected:
                raise ValueError(f"{self.name}: factors of shape {tuple(self.factors.shape)}, expected {expected}")

    def _require_type(self, field: str, values: object) -> None:
        if not isinstance(values, Tensor) or not values.is_floating_point():
            found = values.dtype if isinstance(values, Tensor) else type(values).__name__
            raise TypeError(f"{self.name}: {field} must be a floating-point tensor, got {found}")

    def _require_floats(self, field: str, values: object) -> None:
        self._require_type(field, values)
        self._require_none(~values.isfinite(), f"{field} holds NaN or infinite values")

    def _require_shape(self, field: str, values: Tensor) -> None:
        if values.shape != self.x.shape:
            raise ValueError(
                f"{self.name}: {field} of shape {tuple(values.shape)} for x of shape {tuple(self.x.shape)}"
            )

    def _require_none(self, wrong: Tensor, what: str) -> None:
        rows = wrong.reshape(len(wrong), -1).any(1).nonzero()
        if len(rows):
            raise ValueError(f"{self.name}: {what}, first in example {int(rows[0])}")

    def _require_sigma(self, sigma: Tensor) -> None:
        self._require_type("sigma", sigma)
        self._require_shape("sigma", sigma)
        self._require_none(~(sigma > 0), "sigma must be positive, infinite where nothing was measured; it is not")
        self._require_none(sigma.isinf().flatten(1).all(1), "sigma is infinite throughout, so nothing was measured")
        weight = sigma**-2
        lost = ((weight == 0) | weight.isinf()) & sigma.isfinite()
        self._require_none(lost, f"1 / sigma ** 2 is 0 or infinite in {sigma.dtype}: rescale x and sigma")

    def _require_grid(self, grid: Tensor) -> None:
        self._require_type("grid", grid)
        if tuple(grid.shape) != tuple(self.x.shape[1:2]):
            raise ValueError(f"{self.name}: grid of shape {tuple(grid.shape)} for x of shape {tuple(self.x.shape)}")
        if not (grid.isfinite().all() and (grid.diff() > 0).all()):
            raise ValueError(f"{self.name}: grid must be finite and increase; sort it, and the columns of x with it")

    def _require_labels(self, labels: object) -> None:
        if not isinstance(labels, Tensor) or labels.is_floating_point():
            found = labels.dtype if isinstance(labels, Tensor) else type(labels).__name__
            raise TypeError(f"{self.name}: labels must be a tensor of whole numbers, got {found}")
        if tuple(labels.shape) != (len(self.x),):
            raise ValueError(f"{self.name}: labels of shape {tuple(labels.shape)} for {len(self.x)} examples")

    def __len__(self) -> int:
        return len(self.x)

    @property
    def weight(self) -> Tensor:
        """Inverse variance ``1 / sigma ** 2`` of each number, like ``x``; 0 where nothing was measured."""
        if self.sigma is None:
            raise ValueError(f"{self.name}: the noise of these data is not known, so there are no weights")
        return self.sigma**-2

    def take(self, rows: Tensor) -> Dataset:
        """The examples at the given rows, with all that is known about them."""
        per_example = ("x", "labels", "factors", "clean", "sigma")
        found = {name: getattr(self, name) for name in per_example}
        return replace(self, **{name: values[rows] for name, values in found.items() if values is not None})

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
