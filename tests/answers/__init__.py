"""Answers to the exercises as students write them: right ones that look unlike the solution, and typical wrong ones.

One module per chapter, as in ``course_utils.exercises``.
"""

from tests.answers import (
    bottleneck,
    denoising,
    disentangling,
    dynamics,
    euler,
    game,
    likelihood,
    missing,
    models,
    pendulum,
    resnets,
    trajectories,
    uncertainty,
    vae,
)

_CHAPTERS = (
    bottleneck,
    denoising,
    likelihood,
    vae,
    uncertainty,
    disentangling,
    pendulum,
    game,
    trajectories,
    euler,
    models,
    resnets,
    dynamics,
    missing,
)

RIGHT = {number: listed for chapter in _CHAPTERS for number, listed in chapter.RIGHT.items()}
WRONG = {number: listed for chapter in _CHAPTERS for number, listed in chapter.WRONG.items()}
