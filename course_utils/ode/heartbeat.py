"""The heartbeat as a system: a point runs around a circle, and each wave of the ECG pulls it up or down."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from course_utils.ode.systems import System

WAVES = ("P", "Q", "R", "S", "ST", "T")
ANGLES = np.radians([-60, -15, 0, 15, 45, 90])  # on the circle; these and the widths at 60 bpm
CLOSE = np.abs(ANGLES) < np.pi / 6  # to R
WIDTHS = np.array([0.25, 0.1, 0.1, 0.1, 0.3, 0.4])  # rad; these grow with the root of the heart rate
PULLS = np.array([1.2, -5.0, 30.0, -7.5, 0.0, 0.75])
MILLIVOLTS = 27.6  # per unit of the model, such that R is as high as in a real lead
HEIGHTS = MILLIVOLTS * PULLS * WIDTHS**2 / (2 * np.pi)  # mV; of R, ST and T the parameters take their place
_FACTORS = ("R", "ST", "T")  # heights that are parameters


def _pull(wave: str) -> str:
    """What a wave adds to the rate of change of z.

    Half the angle from the wave to the point is atan(s / (r + c)), without any wrapping. In the centre of the circle, and where
    the point is exactly opposite to the wave, this would be 0 / 0. The tiny number makes it 0, so that the wave does not pull
    there. A larger one would let a wave pull at a point that is nearly opposite.
    """
    i = WAVES.index(wave)
    height = wave if wave in _FACTORS else repr(float(HEIGHTS[i]))
    angle = f"{float(ANGLES[i])!r} * {'sqrt(HR / 60)' if CLOSE[i] else 'sqrt(sqrt(HR / 60))'}"
    if wave == "P":
        angle = "-2 * pi * PR * HR / 60"
    c, s = f"x * cos({angle}) + y * sin({angle})", f"y * cos({angle}) - x * sin({angle})"
    half = f"atan(({s}) / (sqrt(x**2 + y**2) + {c} + 1e-300))"
    omega, b = "2 * pi * HR / 60", f"({float(WIDTHS[i])!r} * sqrt(HR / 60))"
    return f"{omega} * {height} / {b}**2 * 2 * {half} * exp(-2 * ({half} / {b})**2)"


class Heartbeat(System):
    r"""The heartbeat model ECGSYN: a point (x, y) runs around a circle, and its height z above it, in mV, is the ECG.

    .. math::
        \dot x &= (1 - r)\, x - \omega y, \qquad \dot y = (1 - r)\, y + \omega x, \qquad r = \sqrt{x^2 + y^2}, \\
        \dot z &= -\sum_i \frac{\omega\, h_i}{b_i^2}\, d_i\, e^{-d_i^2 / 2 b_i^2} - z, \qquad
        d_i = \operatorname{atan2}(y, x) - \theta_i \ \text{wrapped to} \ (-\pi, \pi].

    The heart rate HR gives :math:`\omega = 2 \pi \, \mathrm{HR} / 60`. Each wave i, from P to T, raises z by about its
    height :math:`h_i` around its angle :math:`\theta_i`, over its width :math:`b_i`. R, T and ST are such heights in mV; PR is
    the time in s from the top of P to that of R, whose angle is 0. A fast heart gives each wave a larger part of its beat: the widths,
    and the angles of Q and S, grow with the root of the heart rate, the angles of ST and T with the root of that.

    Every solution but that in the centre comes to the circle, and its z then approaches the periodic one, which
    :func:`course_utils.data.ecgsyn.orbit` gives, by the factor e in each second. :func:`course_utils.data.heartbeats` draws
    its ECGs from that. A toy with known factors, no diagnosis.

    References
    ----------
    McSharry, Clifford, Tarassenko and Smith, A dynamical model for generating synthetic electrocardiogram signals, 2003,
    doi:10.1109/TBME.2003.808805.

    Examples
    --------
    >>> Heartbeat(HR=90)
    Heartbeat(HR=90, R=1.2, T=0.3, ST=0, PR=0.16)
    """

    equations: ClassVar = {
        "x": "(1 - sqrt(x**2 + y**2)) * x - 2 * pi * HR / 60 * y",
        "y": "(1 - sqrt(x**2 + y**2)) * y + 2 * pi * HR / 60 * x",
        "z": f"-({' + '.join(map(_pull, WAVES))}) - z",
    }
    units: ClassVar = {"t": "s", "z": "mV", "HR": "1/min", "R": "mV", "T": "mV", "ST": "mV", "PR": "s"}
    defaults: ClassVar = {"HR": 60.0, "R": 1.2, "T": 0.3, "ST": 0.0, "PR": 0.16}
