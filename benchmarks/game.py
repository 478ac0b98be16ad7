"""How long the game of chapter 4.1 takes until the ring of eight Gaussians is learnt.

Usage: python -m benchmarks.game
"""

from __future__ import annotations

import torch

from course_utils.data import ring_centres, rings
from course_utils.losses import WASSERSTEIN
from course_utils.metrics import modes_found
from course_utils.models import Critic, Generator
from course_utils.training import fit_gan


def play(seed: int = 0) -> tuple[float, int]:
    """Seconds of the training with a gradient penalty, and the modes among 2000 draws after it."""
    torch.manual_seed(seed)
    generator, critic = Generator(2, 2), Critic(2)
    history = fit_gan(generator, critic, rings(4096, seed).x, WASSERSTEIN, penalty=0.1, critic_steps=2, seed=seed)
    with torch.no_grad():
        draws = generator(torch.randn(2000, 2, generator=torch.Generator().manual_seed(seed + 1000)))
    return history.seconds, modes_found(draws, ring_centres())


if __name__ == "__main__":
    seconds, modes = play()
    print(f"gradient penalty on eight Gaussians: {modes} modes after {seconds:.1f} s")
