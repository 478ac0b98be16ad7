"""Losses of a game between two networks, each a mean over a batch, to be minimised by the network that it is named after."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    r"""Cross-entropy in nats of telling real from fake: :math:`-\log D(x) - \log(1 - D(\tilde x))`.

    Parameters
    ----------
    real, fake : Tensor, (n, 1) each
        Logits: :math:`D` is their sigmoid.

    References
    ----------
    Goodfellow and others 2014, arXiv:1406.2661.
    """
    return softplus(-real).mean() + softplus(fake).mean()


def saturating_loss(fake: Tensor) -> Tensor:
    r"""What the generator minimises in the min-max game, :math:`\log(1 - D(\tilde x))`, from logits, (n, 1)."""
    return -softplus(fake).mean()


def non_saturating_loss(fake: Tensor) -> Tensor:
    r"""The same optimum with a gradient where the fakes are found out: :math:`-\log D(\tilde x)`, from logits, (n, 1)."""
    return softplus(-fake).mean()


def critic_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Mean score of the fakes less that of the real ones, (n, 1) each.

    For a critic whose slope is at most 1, minus the least of it is the Wasserstein distance.

    References
    ----------
    Arjovsky, Chintala and Bottou 2017, arXiv:1701.07875.
    """
    return fake.mean() - real.mean()


def wasserstein_loss(fake: Tensor) -> Tensor:
    """Minus the mean score of the fakes, (n, 1): the generator's side of :func:`critic_loss`."""
    return -fake.mean()


class Game(NamedTuple):
    """The losses of the two players.

    Attributes
    ----------
    critic : callable
        Of the scores, (n, 1), of real examples and of fakes.
    generator : callable
        Of the scores, (n, 1), of its fakes.
    """

    critic: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor], Tensor]


SATURATING = Game(discriminator_loss, saturating_loss)
NON_SATURATING = Game(discriminator_loss, non_saturating_loss)
WASSERSTEIN = Game(critic_loss, wasserstein_loss)


def gradient_penalty(critic: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    r"""Mean of :math:`(\lVert \nabla_x f(x) \rVert - 1)^2` at random places between real examples and fakes.

    Parameters
    ----------
    critic : nn.Module
        Maps (n, d) to (n, 1), each example by itself.
    real, fake : Tensor, (n, d) each
        Row by row the ends of the lines on which the slope is measured.

    Returns
    -------
    Tensor, ()

    Raises
    ------
    ValueError
        If there is no pair, or the shapes differ.

    References
    ----------
    Gulrajani and others 2017, arXiv:1704.00028.
    """
    if real.shape != fake.shape or not len(real):
        raise ValueError(
            f"gradient_penalty: needs as many fakes as real examples, at least one pair of one shape, got "
            f"{tuple(real.shape)} and {tuple(fake.shape)}"
        )
    t = torch.rand(len(real), 1)
    between = (t * real + (1 - t) * fake).requires_grad_()
    (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return ((slope.norm(dim=1) - 1) ** 2).mean()
