"""What is measured of a model."""

from course_utils.metrics.disentanglement import (
    Disentanglement,
    Score,
    dci,
    disentanglement,
    entropy,
    equal_mass_bins,
    equal_width_bins,
    factor_vae_score,
    focus,
    gaps,
    information_share,
    mig,
    mutual_information,
    sap,
)
from course_utils.metrics.generation import high_quality_share, modes_found, sliced_wasserstein
from course_utils.metrics.physics import PendulumFit, amplitude_and_frequency, pendulum_fit
from course_utils.metrics.quality import (
    active_units,
    chi_square,
    coverage,
    knn_accuracy,
    nearest_distance,
    unexplained_variance,
    valid_share,
)
from course_utils.metrics.trajectories import nrmse

__all__ = [
    "Disentanglement",
    "PendulumFit",
    "Score",
    "active_units",
    "amplitude_and_frequency",
    "chi_square",
    "coverage",
    "dci",
    "disentanglement",
    "entropy",
    "equal_mass_bins",
    "equal_width_bins",
    "factor_vae_score",
    "focus",
    "gaps",
    "high_quality_share",
    "information_share",
    "knn_accuracy",
    "mig",
    "modes_found",
    "mutual_information",
    "nearest_distance",
    "nrmse",
    "pendulum_fit",
    "sap",
    "sliced_wasserstein",
    "unexplained_variance",
    "valid_share",
]
