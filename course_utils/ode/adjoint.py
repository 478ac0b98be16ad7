"""Gradients of a solution without its history: a second equation is solved back in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import grad
from torch.autograd.function import once_differentiable

Solver = Callable[..., Any]


class Adjoint(torch.autograd.Function):
    """The states that a solver finds, (n, …) at n times; of its steps nothing is stored.

    ``Adjoint.apply(solver, field, x0, t, *weights)`` runs ``solver(field, x0, t)``. Its gradients with respect to ``x0`` and to
    the weights of the field come from solving three equations together, backwards from each time to the one before: of the
    state x, of the adjoint a = dL/dx, a' = -a ∂f/∂x, and of the gradients g of the weights, g' = -a ∂f/∂θ.

    References
    ----------
    Chen and others 2018, arXiv:1806.07366, appendix B; Pontryagin and others 1962.
    """

    @staticmethod
    def forward(ctx: Any, solver: Solver, field: nn.Module, x0: Tensor, t: Tensor, *weights: Tensor) -> Tensor:
        ctx.solve, ctx.field, ctx.weights = solver, field, weights
        x = solver(field, x0, t)
        ctx.save_for_backward(t, x)
        return x

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dLdx: Tensor) -> tuple[Tensor | None, ...]:
        t, x = ctx.saved_tensors

        @torch.enable_grad()
        def back(s: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
            here = state[0].detach().requires_grad_()
            f = ctx.field(s, here)
            pulled = grad(f, (here, *ctx.weights), -state[1], materialize_grads=True)
            return f.detach(), *pulled

        a, g = dLdx[-1], [torch.zeros_like(w) for w in ctx.weights]
        for i in range(len(t) - 1, 0, -1):
            _, a, *g = (v[-1] for v in ctx.solve(back, (x[i], a, *g), t[[i, i - 1]]))
            a = a + dLdx[i - 1]
        return None, None, a, None, *g
