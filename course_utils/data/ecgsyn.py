"""The heartbeat model of McSharry and others: a point runs around a circle, and each wave of the ECG pulls at it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from course_utils.ode.heartbeat import ANGLES, CLOSE, HEIGHTS, WAVES, WIDTHS

FACTORS = {
    "heart rate (bpm)": (50.0, 120.0),
    "R (mV)": (0.8, 1.8),
    "T (mV)": (-0.4, 0.5),
    "PR interval (s)": (0.12, 0.2),
    "ST level (mV)": (-0.2, 0.2),
}
_HARMONICS = 64


def orbit(t: Tensor, factors: Tensor) -> Tensor:
    r"""The state of the model: where the point is on the circle, and how far from it.

    At the heart rate :math:`1 / RR` the angle is :math:`\theta = \omega t` with :math:`\omega = 2 \pi / RR`, the point is
    at :math:`x = \cos\theta`, :math:`y = \sin\theta`, and the ECG, its height :math:`z` above the circle, obeys

    .. math:: \dot z = -\sum_i \frac{\omega\, h_i}{b_i^2}\, d_i\, e^{-d_i^2 / 2 b_i^2} - z, \qquad
        d_i = \theta - \theta_i \ \text{wrapped to} \ (-\pi, \pi].

    The wave :math:`i` raises z by about :math:`h_i` around the angle :math:`\theta_i`, over the width :math:`b_i`. What is
    returned is the periodic solution, which every other one approaches by the factor e in each second:

    .. math:: z = 2\, \mathrm{Re} \sum_{k=1}^{64} e^{i k \theta}\, \frac{i k \omega}{1 + i k \omega}
        \sum_i \frac{h_i b_i}{\sqrt{2 \pi}}\, e^{-k^2 b_i^2 / 2 - i k \theta_i}.

    Its mean is 0. All beats are alike: ECGSYN's drift with the breath and its varying heart rate are left out.

    Parameters
    ----------
    t : Tensor, (d,) or (n, d)
        Times in s after an R peak.
    factors : Tensor, (n, 5)
        Of the hearts, as in :func:`heartbeats`.

    Returns
    -------
    Tensor, (n, 3, d)
        x, y, and z in mV.

    References
    ----------
    McSharry, Clifford, Tarassenko and Smith, A dynamical model for generating synthetic electrocardiogram signals, 2003,
    doi:10.1109/TBME.2003.808805.
    """
    omega = 2 * np.pi / 60 * factors[:, :1].double().numpy()
    theta = omega * t.double().numpy()
    k = np.arange(1, _HARMONICS + 1)
    waves = zip(*(of_waves.T[..., None] for of_waves in _waves(factors.double().numpy())), strict=True)
    bells = sum(h * b / np.sqrt(2 * np.pi) * np.exp(-((k * b) ** 2) / 2 - 1j * k * angle) for h, angle, b in waves)
    series = bells * (1j * k * omega) / (1 + 1j * k * omega)  # (n, harmonics)
    turn = np.exp(1j * theta)
    turned, z = np.ones_like(turn), np.zeros_like(theta)
    for coefficient in series.T[..., None]:
        turned *= turn
        z += 2 * (coefficient * turned).real
    return torch.from_numpy(np.stack([turn.real, turn.imag, z], axis=1)).float()


def _waves(factors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Heights in mV, angles and widths in rad of the ``WAVES`` (n, 6) at the heart rates.

    A fast heart gives each wave a larger part of its shorter beat, as ECGSYN does, but keeps its height.
    """
    rate, r, t, pr, st = factors.T
    stretch = np.sqrt(rate / 60)[:, None]
    height = np.tile(HEIGHTS, (len(factors), 1))
    angle = ANGLES * np.where(CLOSE, stretch, np.sqrt(stretch))
    for wave, values in {"R": r, "T": t, "ST": st}.items():
        height[:, WAVES.index(wave)] = values
    angle[:, WAVES.index("P")] = -2 * np.pi * pr * rate / 60
    return height, angle, WIDTHS * stretch
