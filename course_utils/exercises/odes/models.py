"""Exercises of *Models written by hand*."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import OdeSolution, solve_ivp

from course_utils.exercises.compare import Demand, as_array, show
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise
from course_utils.exercises.sandbox import AnswerError
from course_utils.ode import Pendulum

Array = NDArray[np.floating]
Maker = Callable[[Array, Array, float], Array]

GRAVITY, FRICTION, NOISE = 10.0, 0.6, 0.05  # m/s², kg m²/s, rad

# 5.2.1

_LENGTH = 2.5  # m
_HALF = 20.0  # s
_DECAY = np.log(2) / _HALF
_SQUARED = 2 * _LENGTH**2 * _DECAY

CLOCK = ValueExercise(
    number="5.2.1",
    title="What a swing can tell",
    expected={
        "swing_length": _LENGTH,
        "swing_friction": _SQUARED,
        "swing_heavier": 2,
        "swing_both": 1,
    },
    mistakes={
        "`swing_length`: where is the 2 pi? The square root of gravity over length is an *angular* frequency.": (
            10 * np.pi**2,
            None,
            None,
            None,
        ),
        "`swing_length`: 2 pi is there, but not squared. It stands outside of the root.": (
            10 * np.pi**2 / (2 * np.pi),
            None,
            None,
            None,
        ),
        "`swing_length`: gravity over length is the *square* of the angular frequency.": (5, None, None, None),
        "`swing_length`: this is upside down, in 1/m.": (0.4, None, None, None),
        "`swing_length`: in your formula a faster swing belongs to a longer pendulum. Is that so?": (
            40,
            None,
            None,
            None,
        ),
        "`swing_length`: the 2 pi is on the wrong side of the fraction line.": (40 * np.pi**4, None, None, None),
        "`swing_length`: the period stands where the angular frequency should.": (10 / np.pi**2, None, None, None),
        "`swing_length`: this belongs to a period twice as long. The one given is there *and* back.": (
            10,
            None,
            None,
            None,
        ),
        "`swing_length`: this belongs to a period half as long. The one given is there *and* back, once.": (
            0.625,
            None,
            None,
            None,
        ),
        "`swing_friction`: the logarithm of 2 is missing. After one over the decay rate the angle is not halved but down to 37 %.": (
            _LENGTH,
            2 * _LENGTH**2 / _HALF,
            None,
            None,
        ),
        "`swing_friction`: two things are missing, the logarithm of 2 and a factor 2. Look at what the decay rate of the angle is.": (
            _LENGTH,
            _LENGTH**2 / _HALF,
            None,
            None,
        ),
        "`swing_friction`: a factor is missing. The angle decays with *half* of what the velocity is multiplied by in the equation.": (
            _LENGTH,
            _SQUARED / 2,
            None,
            None,
        ),
        "`swing_friction`: the factor 2 of the decay rate is on the wrong side. Solve for b/m again.": (
            _LENGTH,
            _SQUARED / 4,
            None,
            None,
        ),
        "`swing_friction`: look at the length in the equation. Friction is divided by the pendulum's inertia, and that has its square.": (
            _LENGTH,
            _SQUARED / _LENGTH,
            None,
            None,
        ),
        "`swing_friction`: the length is missing. Its square is in the decay rate.": (
            _LENGTH,
            _SQUARED / _LENGTH**2,
            None,
            None,
        ),
        "`swing_friction`: this is the decay rate alone, in 1/s. Friction over mass is in m²/s: what takes you there?": (
            _LENGTH,
            _DECAY,
            None,
            None,
        ),
        "`swing_friction`: the square of the length is on the wrong side of the fraction line. The unit, m²/s, tells.": (
            _LENGTH,
            2 * _DECAY / _LENGTH**2,
            None,
            None,
        ),
        "`swing_friction`: this is mass over friction. Asked for is friction over mass, in m²/s.": (
            _LENGTH,
            1 / _SQUARED,
            None,
            None,
        ),
        "`swing_friction`: 20 s is the time in which the angle is halved. Divide the logarithm of 2 by it, do not multiply.": (
            _LENGTH,
            2 * _LENGTH**2 * np.log(2) * _HALF,
            None,
            None,
        ),
        "`swing_friction`: it should not be negative. The logarithm of 1/2 is, and so is the exponent of a decay.": (
            _LENGTH,
            -_SQUARED,
            None,
            None,
        ),
        "`swing_friction`: this is the logarithm to the base 10. The decay is a power of e.": (
            _LENGTH,
            2 * _LENGTH**2 * np.log10(2) / _HALF,
            None,
            None,
        ),
        "`swing_heavier`: the mass cancels only where there is no friction. Where is it in the decay rate?": (
            _LENGTH,
            None,
            1,
            None,
        ),
        "`swing_heavier`: the same friction has *more* to slow down. Is the factor one of the rate, or of the time?": (
            _LENGTH,
            None,
            1 / 2,
            None,
        ),
        "`swing_heavier`: the mass enters the decay rate once, not squared.": (_LENGTH, None, 4, None),
        "`swing_both`: this is what the mass does alone. And the friction?": (
            _LENGTH,
            None,
            2,
            2,
        ),
        "`swing_both`: more friction halves the time. And what does the mass do?": (_LENGTH, None, 2, 1 / 2),
        "`swing_both`: the two do not work in the same direction. Is it their product that is in the decay rate?": (
            _LENGTH,
            None,
            2,
            4,
        ),
        "`swing_both`: mass and friction are not multiplied with each other in the decay rate. How do they stand there?": (
            _LENGTH,
            None,
            2,
            1 / 4,
        ),
    },
    moral="Two numbers of a curve, two numbers of the pendulum: its length, and friction over mass. Nothing in the curve tells friction and mass apart.",
)

# 5.2.2


def swing_residuals(p: ArrayLike, t: Array, y: Array) -> Array:
    """With the system of the package."""
    length, mass, angle = np.asarray(p, dtype=float)
    field = Pendulum(gravity=GRAVITY, length=length, mass=mass, friction=FRICTION)
    run = solve_ivp(field, (0, max(t)), (angle, 0), method="DOP853", rtol=1e-10, atol=1e-11, dense_output=True)
    return run.sol(t)[0] - y


def _swings(
    order: tuple[int, int, int] = (0, 1, 2),
    *,
    start: Callable[[float], tuple[float, float]] = lambda angle: (angle, 0),
    pull: Callable[[float, Array], Array] = lambda length, theta: GRAVITY / length * np.sin(theta),
    friction: Callable[[float, float], float] = lambda length, mass: FRICTION / (mass * length**2),
    late: bool = False,
    straight: bool = False,
    result: Callable[[Array, Array], Array] = lambda states, y: states[0] - y,
) -> tuple[Callable[[ArrayLike, Array, Array], Array], ...]:
    """With something changed, solved as asked, or at a tolerance that nobody has set; ``late``: from the first measurement on;
    ``straight``: with lines between the steps.
    """

    def variant(options: dict[str, Any], end: float) -> Callable[[ArrayLike, Array, Array], Array]:
        def residuals(p: ArrayLike, t: Array, y: Array) -> Array:
            length, mass, angle = (p[i] for i in order)

            def field(_: float, x: Array) -> tuple[float, float]:
                return x[1], -pull(length, x[0]) - friction(length, mass) * x[1]

            span = (t[0] if late else 0, max(t[-1], end))
            run = solve_ivp(field, span, start(angle), t_eval=None if straight else t, **options)
            states = np.array([np.interp(t, run.t, each) for each in run.y]) if straight else run.y
            return result(states, y)

        return residuals

    return tuple(
        variant(options, end) for options, end in (({"rtol": 1e-8, "atol": 1e-8}, 0), ({}, 0), ({}, 8), ({}, 10))
    )


def _at_default_tolerance(method: str) -> Callable[[ArrayLike, Array, Array], Array]:
    def residuals(p: ArrayLike, t: Array, y: Array) -> Array:
        field = Pendulum(gravity=GRAVITY, length=p[0], mass=p[1], friction=FRICTION)
        return solve_ivp(field, (0, t[-1]), (p[2], 0), method=method, t_eval=t).y[0] - y

    return residuals


SWINGS = FunctionExercise(
    number="5.2.2",
    title="Residuals through a solver",
    reference=swing_residuals,
    inputs=(
        (np.array([1.5, 1.0, 1.2]), np.array([0.5, 1.0, 2.0]), np.array([1.0, -1.0, 1.0])),
        (
            np.array([0.8, 2.0, 2.0]),
            np.array([0.7, 1.1, 2.4, 3.9, 6.0, 7.5]),
            np.array([1.5, 0.2, -0.9, -2.0, 0.5, 1.4]),
        ),
    ),
    mistakes={
        "Your curve begins at the first *measurement*. When is the pendulum let go, and at which angle?": (
            *_swings(late=True),
            lambda p, t, y: swing_residuals((p[0], p[1], y[0]), t - t[0] + 1e-12, y),
        ),
        "This is one number, made of all the residuals. `least_squares` squares and sums by itself: hand over the residuals.": (
            *_swings(result=lambda x, y: np.sum((x[0] - y) ** 2)),
            *_swings(result=lambda x, y: np.sum((x[0] - y) ** 2) / 2),
            *_swings(result=lambda x, y: np.mean((x[0] - y) ** 2)),
            *_swings(result=lambda x, y: np.sqrt(np.mean((x[0] - y) ** 2))),
            *_swings(result=lambda x, y: np.linalg.norm(x[0] - y)),
        ),
        "The residuals are squared already, or have lost their sign. `least_squares` squares them itself.": (
            *_swings(result=lambda x, y: (x[0] - y) ** 2),
            *_swings(result=lambda x, y: abs(x[0] - y)),
        ),
        "The signs are the other way round. A sum of squares does not notice; here the curve comes first.": _swings(
            result=lambda x, y: y - x[0]
        ),
        "The residuals are divided by the noise. Here they are asked for in rad, as they are.": _swings(
            result=lambda x, y: (x[0] - y) / NOISE
        ),
        "This is the curve. What is left of the measurements?": _swings(result=lambda x, y: x[0]),
        "The solver gives two rows, the angle and its velocity. Which of them was measured?": (
            *_swings(result=lambda x, y: x[1] - y),
            *_swings(result=lambda x, y: x - y),
        ),
        "At time 0 the pendulum is at the start angle *and* at rest. Look at the two numbers that your solver starts from.": (
            *_swings(start=lambda angle: (0, angle)),
            *_swings(start=lambda angle: (angle, angle)),
            *_swings(start=lambda angle: (angle, 1)),
        ),
        "Two of the three parameters have changed places: `p` holds length, mass and start angle.": (
            *_swings((1, 0, 2)),
            *_swings((2, 1, 0)),
            *_swings((0, 2, 1)),
        ),
        "The friction is missing in your equation.": _swings(friction=lambda length, mass: 0),
        "The friction speeds your pendulum up. Look at its sign.": _swings(
            friction=lambda length, mass: -FRICTION / (mass * length**2)
        ),
        "In your equation the friction is not divided by all that is in front of the second derivative of the angle.": (
            *_swings(friction=lambda length, mass: FRICTION),
            *_swings(friction=lambda length, mass: FRICTION / mass),
            *_swings(friction=lambda length, mass: FRICTION / length),
            *_swings(friction=lambda length, mass: FRICTION / length**2),
            *_swings(friction=lambda length, mass: FRICTION / (mass * length)),
        ),
        "The friction is not what it should be. Is all that belongs below its fraction line in brackets?": (
            *_swings(friction=lambda length, mass: FRICTION / mass * length**2),
            *_swings(friction=lambda length, mass: FRICTION / mass * length),
        ),
        "The mass cancels in the term of gravity, and one length does. What is left of it there?": (
            *_swings(pull=lambda length, theta: GRAVITY * np.sin(theta)),
            *_swings(pull=lambda length, theta: GRAVITY / length**2 * np.sin(theta)),
            *_swings(pull=lambda length, theta: GRAVITY * length * np.sin(theta)),
        ),
        "Your pendulum is linear. These swings are not small: the angle cannot stand for its sine.": (
            *_swings(pull=lambda length, theta: GRAVITY / length * theta),
            lambda p, t, y: (
                p[2] * np.exp(-FRICTION / (2 * p[1] * p[0] ** 2) * t) * np.cos(np.sqrt(GRAVITY / p[0]) * t) - y
            ),
        ),
        "The angles are read off straight lines between the steps of the solver. Let it give them at the times of the measurements: `t_eval`.": (
            *_swings(straight=True),
        ),
        "The equation is right, but it was solved at the solver's default tolerance: set `rtol` and `atol` as asked. A fit compares curves that "
        "differ by little.": tuple(map(_at_default_tolerance, ("RK45", "RK23", "DOP853", "LSODA", "Radau", "BDF"))),
    },
    moral="This one function is all that `least_squares` needs: with another equation in it, it fits another world.",
    points=2,
)

# 5.2.3


def half_width(J: Array, r: Array, q: float, w: Array) -> float:
    """The data enter the quantity by the shortest weights that take J to w."""
    n, p = J.shape
    weights = np.linalg.lstsq(J.T, w, rcond=None)[0]
    return q * np.linalg.norm(r) / np.sqrt(n - p) * np.linalg.norm(weights)


def _widths(
    s2: Callable[[Array, int, int], float] = lambda r, n, p: r @ r / (n - p),
    spread: Callable[[Array, Array], float] = lambda M, w: w @ np.linalg.inv(M) @ w,
    whole: Callable[[float, float, float], float] = lambda s2, v, q: q * _root(s2 * v),
) -> Callable[[Array, Array, float, Array], float]:
    """Of a noise, of JᵀJ with the slopes, and of what is made of both."""
    return lambda J, r, q, w: whole(s2(r, *J.shape), spread(J.T @ J, w), q)


_LINE = np.stack([np.ones(4), np.arange(4.0)], axis=1)
_THREE = np.array(
    [[1, 0.2, -1], [0.8, 0.9, 0.1], [0.1, 1.2, 0.8], [-0.9, 0.7, 1.5], [-1.1, -0.4, 0.9], [0.3, -1.3, 0.2], [1.2, 0.5, 0.4]]
)  # fmt: skip

WIDTHS = FunctionExercise(
    number="5.2.3",
    title="An interval from the Jacobian",
    reference=half_width,
    inputs=(
        (_LINE, np.array([1.0, -1.0, -1.0, 1.0]), 4.303, np.array([1.0, 5.0])),
        (_THREE, np.array([0.3, -0.1, 0.2, 0.4, -0.2, 0.1, 0.3]), 2.776, np.array([0.5, -1.0, 2.0])),
    ),
    mistakes={
        "The noise is missing: with residuals ten times as large, your interval is the same.": (
            _widths(s2=lambda r, n, p: 1)
        ),
        "The sum of squares of the residuals is not divided by anything: with more data it grows, though the noise is the same.": (
            _widths(s2=lambda r, n, p: r @ r)
        ),
        "The sum of squares is divided by the number of data. The fit has bent towards them: every parameter costs one.": (
            _widths(s2=lambda r, n, p: r @ r / n),
        ),
        "The sum of squares is divided by one less than the number of data. That is for a single parameter.": (
            _widths(s2=lambda r, n, p: r @ r / (n - 1)),
            _widths(s2=lambda r, n, p: np.var(r, ddof=1)),
        ),
        "The sum of squares is divided by one less than it should be. Each of the parameters costs one, and nothing else does.": (
            _widths(s2=lambda r, n, p: r @ r / (n - p - 1))
        ),
        "The residuals were measured from their own mean. The fit's curve is what they are measured from, wherever their mean is.": (
            _widths(s2=lambda r, n, p: np.var(r)),
            _widths(s2=lambda r, n, p: np.var(r, ddof=p)),
            _widths(s2=lambda r, n, p: np.var(r) * n / (n - p)),
        ),
        "This is the interval for a new measurement, noise and all. What is asked for is the quantity itself.": (
            _widths(spread=lambda M, w: 1 + w @ np.linalg.inv(M) @ w)
        ),
        "This is half the sum of squares, as in the `cost` of SciPy. The variance needs all of it.": (
            _widths(s2=lambda r, n, p: r @ r / 2 / (n - p)),
            _widths(s2=lambda r, n, p: r @ r / 2),
        ),
        "The root of the noise is taken once too often, or its square is missing: the covariance is made of the *variance* of the noise.": (
            _widths(whole=lambda s2, v, q: q * np.sqrt(np.sqrt(s2) * v))
        ),
        "The noise goes in as its variance, outside of the root. Of what is the root taken?": (
            _widths(whole=lambda s2, v, q: q * s2 * np.sqrt(v))
        ),
        "The noise is under a root. What the slopes and the inverse make together is not: it is a square, too.": (
            _widths(whole=lambda s2, v, q: q * np.sqrt(s2) * v)
        ),
        "These are variances, or were made of them without a root. An interval has the unit of its quantity.": (
            _widths(whole=lambda s2, v, q: q * s2 * v),
            _widths(whole=lambda s2, v, q: q**2 * s2 * v),
            _widths(whole=lambda s2, v, q: s2 * v),
        ),
        "The parameters' errors are added as if they were independent. They go together: the covariance has more than its diagonal.": (
            _widths(spread=lambda M, w: w**2 @ np.diag(np.linalg.inv(M)))
        ),
        "The half-widths of the parameters are added, or their differences. Errors that go together may cancel, and the covariance tells how much.": (
            _widths(spread=lambda M, w: (abs(w) @ np.sqrt(np.diag(np.linalg.inv(M)))) ** 2),
            _widths(spread=lambda M, w: (w @ np.sqrt(np.diag(np.linalg.inv(M)))) ** 2),
        ),
        "Each diagonal entry is inverted by itself, as if every other parameter were *known* whenever one is asked about.": (
            _widths(spread=lambda M, w: w**2 @ (1 / np.diag(M)))
        ),
        "The matrix is not inverted: the more a parameter changes the curve, the wider your interval gets.": (
            _widths(spread=lambda M, w: w @ M @ w)
        ),
        "The slopes are used once. A variance needs them on both sides of the covariance.": (
            _widths(spread=lambda M, w: np.linalg.inv(M) @ w),
            _widths(spread=lambda M, w: abs(np.linalg.inv(M) @ w)),
        ),
        "This is for the parameters themselves, one by one. What is asked for is the one quantity with the slopes `w`.": (
            _widths(spread=lambda M, w: np.diag(np.linalg.inv(M)))
        ),
        "This is the standard deviation alone, without the quantile.": _widths(whole=lambda s2, v, q: np.sqrt(s2 * v)),
        "This is the width of the whole interval. Half of it is asked for.": _widths(
            whole=lambda s2, v, q: 2 * q * np.sqrt(s2 * v)
        ),
        "This takes 1.96 or 2, as for the normal distribution. With so few data the noise is known roughly only: there is a quantile for that.": (
            _widths(whole=lambda s2, v, q: 1.96 * np.sqrt(s2 * v)),
            _widths(whole=lambda s2, v, q: 1.959964 * np.sqrt(s2 * v)),
            _widths(whole=lambda s2, v, q: 2 * np.sqrt(s2 * v)),
        ),
        "A root of the number of data is left over. The Jacobian has a row for each of them and has counted them already.": (
            lambda J, r, q, w: half_width(J, r, q, w) / np.sqrt(len(r)),
            lambda J, r, q, w: half_width(J, r, q, w) / np.sqrt(len(r) - J.shape[1]),
        ),
        "The quantile is under the root, with the variances. It counts standard deviations.": _widths(
            whole=lambda s2, v, q: np.sqrt(q * s2 * v)
        ),
    },
    moral="What depends on two parameters may be known far better than either of them. That takes the whole covariance.",
)

# 5.2.4


def revert_once(x: float, level: float, rate: float, volatility: float, delta: float) -> tuple[float, float]:
    """By integrals, of the pull on the way and of the noise that is not yet forgotten."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    ages, weights = (nodes + 1) / 2 * delta, weights / 2 * delta
    left = np.exp(-rate * ages)
    mean = x - rate * (x - level) * (weights @ left)
    return mean, volatility * np.sqrt(weights @ left**2)


Step = Callable[[float, float, float, float, float], float]


def _root(value: Any) -> Any:
    """NaN where there is none, without a warning, which would appear on the reader's page."""
    with np.errstate(invalid="ignore"):
        return np.sqrt(value)


_MEANS: dict[str, tuple[Step, ...]] = {
    "right": (lambda x, m, k, s, d: m + (x - m) * np.exp(-k * d),),
    "euler": (lambda x, m, k, s, d: x + k * (m - x) * d,),
    "grows": (lambda x, m, k, s, d: m + (x - m) * np.exp(k * d),),
    "to zero": (lambda x, m, k, s, d: x * np.exp(-k * d), lambda x, m, k, s, d: x),
    "deviation": (lambda x, m, k, s, d: (x - m) * np.exp(-k * d),),
    "forgets": (lambda x, m, k, s, d: m * (1 - np.exp(-k * d)), lambda x, m, k, s, d: m + 0 * x),
    "not from the level": (lambda x, m, k, s, d: m + x * np.exp(-k * d),),
    "swapped": (lambda x, m, k, s, d: x + (m - x) * np.exp(-k * d),),
    "other side": (lambda x, m, k, s, d: m - (x - m) * np.exp(-k * d),),
    "change": (lambda x, m, k, s, d: (m - x) * (1 - np.exp(-k * d)), lambda x, m, k, s, d: k * (m - x) * d),
    "exponent": (lambda x, m, k, s, d: m + (x - m) * np.exp(-k), lambda x, m, k, s, d: m + (x - m) * np.exp(-d)),
    "twice": (lambda x, m, k, s, d: m + (x - m) * np.exp(-2 * k * d),),
}
_SPREADS: dict[str, tuple[Step, ...]] = {
    "right": (lambda x, m, k, s, d: s * np.sqrt((1 - np.exp(-2 * k * d)) / (2 * k)),),
    "free": (lambda x, m, k, s, d: s * np.sqrt(d),),
    "time": (lambda x, m, k, s, d: s * d, lambda x, m, k, s, d: s),
    "variance": (lambda x, m, k, s, d: s**2 * (1 - np.exp(-2 * k * d)) / (2 * k),),
    "no root": (lambda x, m, k, s, d: s * (1 - np.exp(-2 * k * d)) / (2 * k),),
    "squared": (lambda x, m, k, s, d: s**2 * np.sqrt((1 - np.exp(-2 * k * d)) / (2 * k)),),
    "exponent": (lambda x, m, k, s, d: s * np.sqrt((1 - np.exp(-k * d)) / (2 * k)),),
    "below": (lambda x, m, k, s, d: s * np.sqrt((1 - np.exp(-2 * k * d)) / k),),
    "neither": (lambda x, m, k, s, d: s * np.sqrt((1 - np.exp(-k * d)) / k),),
    "no rate": (
        lambda x, m, k, s, d: s * np.sqrt(1 - np.exp(-2 * k * d)),
        lambda x, m, k, s, d: s * np.sqrt((1 - np.exp(-2 * k * d)) / 2),
    ),
    "brackets": (lambda x, m, k, s, d: s * np.sqrt((1 - np.exp(-2 * k * d)) / 2 * k),),
    "remaining": (
        lambda x, m, k, s, d: s * np.sqrt(np.exp(-2 * k * d) / (2 * k)),
        lambda x, m, k, s, d: s * np.exp(-k * d),
        lambda x, m, k, s, d: s * np.sqrt(d) * np.exp(-k * d),
    ),
    "growing": (
        lambda x, m, k, s, d: s * np.sqrt((np.exp(2 * k * d) - 1) / (2 * k)),
        lambda x, m, k, s, d: s * _root((1 - np.exp(2 * k * d)) / (2 * k)),
    ),
    "at last": (lambda x, m, k, s, d: s / np.sqrt(2 * k),),
}
_ANY = tuple(_SPREADS)


def _steps(
    means: str | tuple[str, ...], spreads: str | tuple[str, ...]
) -> tuple[Callable[..., tuple[float, float]], ...]:
    """All pairs of a mean and a standard deviation of these kinds."""

    def listed(table: dict[str, tuple[Step, ...]], kinds: str | tuple[str, ...]) -> list[Step]:
        return [each for kind in ((kinds,) if isinstance(kinds, str) else kinds) for each in table[kind]]

    pairs = product(listed(_MEANS, means), listed(_SPREADS, spreads))
    return tuple(lambda *given, pair=pair: (pair[0](*given), pair[1](*given)) for pair in pairs)


REVERT = FunctionExercise(
    number="5.2.4",
    title="One exact step of mean reversion",
    reference=revert_once,
    inputs=((3.0, 1.0, 2.0, 0.5, 0.25), (-1.5, 2.5, 0.4, 2.0, 3.0)),
    mistakes={
        "The two are right but have changed places: the mean comes first.": tuple(
            lambda *given, step=step: step(*given)[::-1] for step in _steps("right", "right")
        ),
        "This is a step of Euler: right for a short one only. The exact one has exponentials in both, mean and spread.": (
            _steps("euler", "free")
        ),
        "The mean is that of a step of Euler. With a long step it would jump past the level.": _steps("euler", _ANY),
        "The distance from the level *grows* in your mean. Look at a sign.": _steps("grows", _ANY),
        "Your mean knows nothing of the level: where does the process go in the end?": _steps("to zero", _ANY),
        "Your mean is a distance from the level. What is asked for is where the process is.": _steps("deviation", _ANY),
        "Your mean does not know where the process is now. How much of that is left after the step?": _steps(
            "forgets", _ANY
        ),
        "In your mean `x` itself decays. It is its distance from the level that does.": _steps(
            "not from the level", _ANY
        ),
        "After a long time your mean is back at `x`. The two have changed places: which of them is forgotten?": _steps(
            "swapped", _ANY
        ),
        "Your mean is on the other side of the level. Look at a sign: a process above its level is expected above it.": (
            _steps("other side", _ANY)
        ),
        "This is the change of the mean in the step. Where is the process then?": _steps("change", _ANY),
        "The exponent of your mean needs the rate *and* the length of the step: it is a number without a unit.": _steps(
            "exponent", _ANY
        ),
        "The factor 2 in the exponent belongs to the variance, not to the mean.": _steps("twice", _ANY),
        "The mean is right. The standard deviation is that of a walk without any level: it would grow without end.": (
            _steps("right", "free")
        ),
        "The mean is right. The standard deviation has the wrong unit, or no time in it: variances add up over time.": (
            _steps("right", "time")
        ),
        "The mean is right. This is the variance beside it.": _steps("right", "variance"),
        "The mean is right. Beside it a root is missing: the volatility may stand outside of it, the rest may not.": (
            _steps("right", "no root")
        ),
        "The mean is right. Beside it the volatility is squared and the rest is under a root already.": _steps(
            "right", "squared"
        ),
        "The mean is right. In the variance, an older shock has decayed *and been squared*: what does that do to the exponent?": (
            _steps("right", "exponent")
        ),
        "The mean is right. A factor is missing below the fraction line of the variance. For a short step it must be volatility squared times time.": (
            _steps("right", "below")
        ),
        "The mean is right. For a short step the variance is, too, but shocks decay in it as if they were not squared: a 2 is missing, twice.": (
            _steps("right", "neither")
        ),
        "The mean is right. For a short step the variance must be volatility squared times time: does yours have the rate wherever it is needed?": (
            _steps("right", "no rate")
        ),
        "The mean is right. In the variance the rate is on the wrong side of the fraction line: are there brackets?": (
            _steps("right", "brackets")
        ),
        "The mean is right. But your spread vanishes with a long step, and noise keeps coming.": (
            _steps("right", "remaining")
        ),
        "The mean is right. The shocks of the noise grow in your standard deviation, or it is a root of something negative: look at the "
        "sign in the exponent.": _steps("right", "growing"),
        "The mean is right. This is the spread after a very long time: it has nothing of the length of the step.": (
            _steps("right", "at last")
        ),
    },
    moral="It holds for a step of any length. So two measurements of a price or of a population may lie as far apart as they like.",
)

# 5.2.5


def angle_from_wave(theta: Array, wave: Array) -> Array:
    """Turn by turn."""
    found = np.array(np.broadcast_arrays(np.subtract(theta, wave))[0], dtype=float)
    while (far := found > np.pi).any():
        found = np.where(far, found - 2 * np.pi, found)
    while (far := found <= -np.pi).any():
        found = np.where(far, found + 2 * np.pi, found)
    return found


def _distances(wrap: Callable[[Array], Array]) -> Maker:
    return lambda theta, wave: wrap(theta - wave)


_TURN = 2 * np.pi


def _half_up(d: Array) -> Array:
    return np.where(d > np.pi, d - _TURN, d)


def _half_down(d: Array) -> Array:
    return np.where(d < -np.pi, d + _TURN, d)


AHEAD = FunctionExercise(
    number="5.2.5",
    title="How far from the wave",
    reference=angle_from_wave,
    inputs=(
        (np.array([0.5, 3.0, -3.0]), np.array([1.0, -2.0, 2.0])),
        (np.array([197.6, -52.0, 7.0, 0.2, -9.0, 2.5]), np.array([0.3, 1.1, -0.7, 6.0, -3.1, -2.9])),
    ),
    mistakes={
        "This is the plain difference. A point just below π and a wave just above -π are almost a whole turn apart in it.": (
            _distances(lambda d: d)
        ),
        "Your angles are never negative. Before the wave they should be.": (
            _distances(lambda d: d % _TURN),
            _distances(lambda d: abs(_half_down(_half_up(d)))),
            _distances(lambda d: np.arccos(np.cos(d))),
            _distances(lambda d: np.minimum(d % _TURN, -d % _TURN)),
            _distances(abs),
        ),
        "Half a turn is taken off, where it should be a whole one: a wave on the other side of the heart then counts as near.": (
            _distances(lambda d: d % np.pi),
            _distances(lambda d: np.where(d % _TURN > np.pi, d % _TURN - np.pi, d % _TURN)),
        ),
        "Your angles are never positive. After the wave they should be.": (
            _distances(lambda d: d % _TURN - _TURN),
            _distances(lambda d: -(-d % _TURN)),
        ),
        "What is too far is set to half a turn. It should come around from the other side.": (
            _distances(lambda d: np.clip(d, -np.pi, np.pi))
        ),
        "The sign is the other way round: after the wave it should be positive.": (
            lambda theta, wave: angle_from_wave(wave, theta),
            lambda theta, wave: wave - theta,
            lambda theta, wave: _half_down(_half_up(wave - theta)),
        ),
        "Yours takes off a turn where it is too large. Where it is too small, a turn is missing: think of a heart that starts before the wave.": (
            _distances(_half_up)
        ),
        "Yours adds a turn where it is too small. Where it is too large, one must be taken off.": _distances(
            _half_down
        ),
        "Yours adds or takes off one turn. After some seconds the angle has made many.": (
            _distances(lambda d: _half_down(_half_up(d)))
        ),
        "`fmod` keeps the sign of what it divides, so negative differences are not wrapped like positive ones.": (
            _distances(lambda d: np.fmod(d + np.pi, _TURN) - np.pi),
            _distances(lambda d: np.fmod(d, _TURN)),
        ),
        "Half a turn was taken off after the remainder, or put on before it, but not both: your zero lies opposite to the wave.": (
            _distances(lambda d: d % _TURN - np.pi),
            _distances(lambda d: (d + np.pi) % _TURN),
        ),
        "One of the angles or both were wrapped before the subtraction. Their difference was not, and need not lie within half a turn.": (
            lambda theta, wave: _wrapped(theta) - _wrapped(wave),
            lambda theta, wave: _wrapped(theta) - wave,
            lambda theta, wave: theta - _wrapped(wave),
            lambda theta, wave: theta % _TURN - wave % _TURN,
            lambda theta, wave: theta % _TURN - wave,
        ),
        "Your angles never lie further than a quarter of a turn from the wave. An inverse sine, or an inverse tangent of one number, takes two directions for one.": (
            _distances(lambda d: np.arcsin(np.sin(d))),
            _distances(lambda d: np.arctan(np.tan(d))),
            _distances(lambda d: (d + np.pi / 2) % np.pi - np.pi / 2),
        ),
        "The sine and the cosine have changed places in your inverse tangent: it calls the wave itself a quarter of a turn.": (
            _distances(lambda d: np.arctan2(np.cos(d), np.sin(d)))
        ),
        "Sines and cosines were subtracted from each other. Subtract the angles first.": (
            lambda theta, wave: np.arctan2(np.sin(theta) - np.sin(wave), np.cos(theta) - np.cos(wave)),
        ),
        "Your inverse tangent got the two angles. It wants a sine and a cosine.": (
            lambda theta, wave: np.arctan2(theta, wave)
        ),
        "These are degrees, in part or all over. The angles are in rad.": (
            _distances(lambda d: (d + 180) % 360 - 180),
            _distances(lambda d: np.degrees(_wrapped(d))),
        ),
        "Half of the angle is given where the whole is asked for.": _distances(lambda d: _wrapped(d) / 2),
    },
    moral="In the heart this difference decides which wave is near. With the plain one, and an angle that runs on, it would beat in the first turn only.",
)


def _wrapped(d: Array) -> Array:
    return (d + np.pi) % _TURN - np.pi


# 5.2.6

_END, _CLOSEST = 8.0, 0.1  # s
_SETTING = (1.5, 1.0, 1.2)  # length, mass, start angle
_ASKED = {"sd of length (m)": 0.018, "sd of mass (kg)": 0.095}


@cache
def _sensitivities() -> OdeSolution:
    """Angle, velocity, and their derivatives with respect to length, mass and start angle, solved together."""
    length, mass, angle = _SETTING

    def field(_: float, state: Array) -> Array:
        theta, omega = state[:2]
        inertia = mass * length**2
        jacobian = np.array([[0, 1], [-GRAVITY / length * np.cos(theta), -FRICTION / inertia]])
        by_length = GRAVITY / length**2 * np.sin(theta) + 2 * FRICTION / (inertia * length) * omega
        pushed = np.array([[0, 0, 0], [by_length, FRICTION / (mass * inertia) * omega, 0]])
        slopes = jacobian @ state[2:].reshape(2, 3) + pushed
        return np.concatenate([(omega, -GRAVITY / length * np.sin(theta) - FRICTION / inertia * omega), slopes.ravel()])

    start = np.array([angle, 0, 0, 0, 1, 0, 0, 0])
    return solve_ivp(field, (0, _END), start, method="DOP853", rtol=1e-8, atol=1e-9, dense_output=True).sol


def _bounds(J: Array) -> Array:
    """Cramér-Rao: no unbiased estimate has smaller standard deviations; infinite where the data do not tell."""
    _, sizes, v = np.linalg.svd(J, full_matrices=False)
    if sizes[-1] < 1e-9 * sizes[0]:
        return np.full(J.shape[1], np.inf)
    return NOISE * np.linalg.norm(v.T / sizes, axis=1)


def _measure_times(answer: Any) -> dict[str, float]:
    times = as_array(answer)
    if times is None or times.shape != (6,):
        found = show(answer) if times is None or times.ndim == 0 else f"of shape {times.shape}"
        raise AnswerError(f"`six_times` should be six numbers in a row, but it is {found}.")
    if not (np.isfinite(times).all() and times.min() > 0 and times.max() <= _END):
        raise AnswerError(f"`six_times` should lie after 0 s and not after {_END:g} s. One of yours does not.")
    J = _sensitivities()(times)[2:5].T
    gaps = np.diff(np.sort(times))
    bounds, known = _bounds(J), _bounds(J[:, :2])
    return {
        "shortest gap (s)": np.round(gaps.min(), 9),
        **dict(zip(_ASKED, bounds[:2], strict=True)),
        "enough with the angle": bool((known <= list(_ASKED.values())).all() and times.min() > 0.5),
        "even": np.ptp(gaps) < 0.02 * gaps.mean(),
        "last": times.max(),
        "first": times.min(),
    }


def _misses(name: str) -> Callable[[dict[str, float]], bool]:
    return lambda found: found[name] > _ASKED[name]


WHERE = MeasuredExercise(
    number="5.2.6",
    title="Where to measure",
    name="six_times",
    kind="array",
    measure=_measure_times,
    demands={"shortest gap (s)": Demand(at_least=_CLOSEST)}
    | {name: Demand(at_most=most) for name, most in _ASKED.items()},
    mistakes={
        "Two of the times are closer together than the camera allows.": lambda found: (
            found["shortest gap (s)"] < _CLOSEST
        ),
        "All are early. The mass shows in nothing but the decay, and the difference that it makes is still growing.": (
            lambda found: found["last"] < _END / 2
        ),
        "Evenly spaced, they fall on moments that tell much and on moments that tell little. Where does the curve react to the length, and "
        "where to the mass? Draw it.": lambda found: found["even"],
        "If the start angle were known, these times would do. It is not: what tells it apart from the others?": (
            lambda found: found["enough with the angle"]
        ),
        "Length and mass both miss. Draw how the curve changes with each of the three parameters, and look at the largest changes.": (
            lambda found: _misses("sd of length (m)")(found) and _misses("sd of mass (kg)")(found)
        ),
        "The length is known well enough, the mass is not. A heavier pendulum loses less in each swing: in which swings is that difference largest, and "
        "when in a swing is its size to be seen?": _misses("sd of mass (kg)"),
        "The mass is known well enough, the length is not. A longer pendulum comes later and later: in which swings is the delay largest, and "
        "when in a swing does a delay change the angle most?": _misses("sd of length (m)"),
    },
    moral="The same camera, the same six pictures, and more to know: an equation says beforehand what a measurement will be worth.",
    points=2,
)

EXERCISES = (CLOCK, SWINGS, WIDTHS, REVERT, AHEAD, WHERE)
