"""What is measured of a model."""

from course_utils.metrics.disentanglement import (
    Disentanglement,
    Score,
    dci,
    disentanglement,
    entropy,
    equal_mass_bins,
    factor_vae_score,
    focus,
    gaps,
    information_share,
    mig,
    mutual_information,
    sap,
)
from course_utils.metrics.quality import (
    active_units,
    chi_square,
    coverage,
    knn_accuracy,
    nearest_distance,
    unexplained_variance,
    valid_share,
)

__all__ = [
    "Disentanglement",
    "Score",
    "active_units",
    "chi_square",
    "coverage",
    "dci",
    "disentanglement",
    "entropy",
    "equal_mass_bins",
    "factor_vae_score",
    "focus",
    "gaps",
    "information_share",
    "knn_accuracy",
    "mig",
    "mutual_information",
    "nearest_distance",
    "sap",
    "unexplained_variance",
    "valid_share",
]
