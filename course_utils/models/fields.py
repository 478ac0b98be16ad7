"""Networks as the right-hand side of a differential equation."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from course_utils.models.layers import mlp
from course_utils.ode import Counted, odeint


class VectorField(nn.Module):
    """A network that gives the rate of change of each state.

    It works inside with states and times of size 1, whatever the units outside: the states are standardised in front of the
    network, and what comes out is turned into rates.

    Parameters
    ----------
    d : int
        States.
    hidden : sequence of int
        Widths of the layers between.
    mean, sd : Tensor, (d,), or float
        Of the states in the data.
    duration : float
        What counts as 1 inside, in the unit of time of the data: a time in which the states change by about their ``sd``.
    knows_time : bool
        Whether the time is one more input; it is seen as -1 at 0 and 1 at ``duration``, which is best the length of the data then.
    activation : class of nn.Module
        Smooth, so that the solutions are.

    Attributes
    ----------
    network : nn.Sequential
        From states (n, d), or states and the time (n, d + 1), to rates (n, d), all in the units of the data.
    """

    def __init__(
        self,
        d: int,
        hidden: Sequence[int] = (50, 50),
        *,
        mean: Tensor | float = 0.0,
        sd: Tensor | float = 1.0,
        duration: float = 1.0,
        knows_time: bool = False,
        activation: type[nn.Module] = nn.Tanh,
    ) -> None:
        super().__init__()
        self.knows_time = knows_time
        mean, sd = (torch.as_tensor(value, dtype=torch.float32).expand(d) for value in (mean, sd))
        middle, size = (
            torch.cat([value, torch.full((int(knows_time),), of_time)])
            for value, of_time in ((mean, duration / 2), (sd, duration / 2))
        )
        inside = mlp(d + knows_time, *hidden, d, activation=activation)
        self.network = nn.Sequential(_scaled(1 / size, -middle / size), *inside, _scaled(sd / duration, torch.zeros(d)))

    def forward(self, t: Tensor, x: Tensor) -> Tensor:
        """Rates (…, d) of states (…, d) at the time ``t``, one for all or (…, 1)."""
        if self.knows_time:
            x = torch.cat([x, t.expand(*x.shape[:-1], 1)], dim=-1)
        return self.network(x)


def _scaled(factor: Tensor, shift: Tensor) -> nn.Linear:
    """A layer of fixed weights that multiplies each number by its own factor, and adds its own shift."""
    layer = nn.Linear(len(factor), len(factor)).requires_grad_(False)
    layer.weight.copy_(factor.diag())
    layer.bias.copy_(shift)
    return layer


class ODEBlock(nn.Module):
    """A layer without a depth: what comes in is the state at time 0, what goes out is the state at the end.

    Parameters
    ----------
    field : nn.Module
        ``field(t, x)``, the rate of change in the shape of ``x``.
    duration : float
        Time at the end.
    **solver
        For :func:`course_utils.ode.odeint`: method, step, tolerances, adjoint.

    Attributes
    ----------
    nfe : int
        Evaluations of the field since the last forward pass began: those of the adjoint method's way back come on top.

    References
    ----------
    Chen and others 2018, arXiv:1806.07366.
    """

    def __init__(self, field: nn.Module, duration: float = 1.0, **solver: object) -> None:
        super().__init__()
        self.field = Counted(field)
        self.duration = duration
        self.solver = solver

    def forward(self, x: Tensor) -> Tensor:
        self.field.nfe = 0
        t = torch.tensor([0.0, self.duration]).to(x)
        return odeint(self.field, x, t, **self.solver)[-1]

    @property
    def nfe(self) -> int:
        return self.field.nfe
