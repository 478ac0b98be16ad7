"""How the networks of the course are trained."""

from course_utils.training.adversarial import GANHistory, clip_weights, fit_gan, update_critic, update_generator
from course_utils.training.batches import TrainingError
from course_utils.training.loop import History, fit, train_epoch
from course_utils.training.windows import fit_windows, rollout, window_loss, windows

__all__ = [
    "GANHistory",
    "History",
    "TrainingError",
    "clip_weights",
    "fit",
    "fit_gan",
    "fit_windows",
    "rollout",
    "train_epoch",
    "update_critic",
    "update_generator",
    "window_loss",
    "windows",
]
