"""Exercises of *Euler's method*."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from course_utils.exercises.compare import Demand, as_array, show
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call
from course_utils.exercises.sandbox import AnswerError
from course_utils.ode import System

Array = NDArray[np.floating]
Field = Callable[[float, Array], Array]

# 5.1.1

HUNT = ValueExercise(
    number="5.1.1",
    title="Two steps by hand",
    expected={"prey": 3.75, "predators": 3.0, "heun_prey": 3.0, "heun_predators": 4.5},
    mistakes={
        "`prey`, `predators`: this is one step of length 1, or two along the same slope. After the first half ask for the slope again.": (
            4,
            2,
            None,
            None,
        ),
        "`prey`, `predators`: this is the state after one step. Take the second.": (3, 1.5, None, None),
        "`prey`, `predators`: the slopes were added whole. Each is multiplied by the length of the step.": (
            4,
            8,
            None,
            None,
        ),
        "`prey`, `predators`: the predators have met the *new* prey. Both slopes belong to the old state.": (
            3,
            4,
            None,
            None,
        ),
        "`predators`: they die at a rate of 1. Their slope is what they catch *less* what dies.": (
            3,
            5,
            None,
            None,
        ),
        "`heun_prey`, `heun_predators`: this is a whole step of Euler. It only tells where to ask for the second slope.": (
            3.75,
            3,
            4,
            2,
        ),
        "`heun_prey`, `heun_predators`: only the slope at the end was used. Heun takes the mean of both.": (
            3.75,
            3,
            2,
            7,
        ),
        "`heun_prey`, `heun_predators`: the two slopes were added. Their mean is half of that.": (3.75, 3, 4, 8),
        "`heun_prey`, `heun_predators`: this is the midpoint method. Heun asks at the *end* of the step.": (
            3.75,
            3,
            3.5,
            4,
        ),
        "`heun_prey`, `heun_predators`: this is a step of Heun of length 1/2. Take one of length 1.": (
            3.75,
            3,
            2.875,
            2,
        ),
    },
    moral="The same two evaluations, and Heun comes nearer to the truth, about 1.63 prey and 3.88 predators. After so long a step both are far.",
)

# 5.1.2

LIMITS = ValueExercise(
    number="5.1.2",
    title="How long may a step be?",
    expected={"h_pair": 0.04, "h_spiral": 0.4, "h_swing": 0},
    mistakes={
        "`h_pair`: this is the limit of the slow state. The same step is used for both, and the other one grows.": (
            2,
            None,
            None,
        ),
        "`h_pair`: up to here the fast state does not even change its sign. It may, as long as it does not grow.": (
            1 / 50,
            None,
            None,
        ),
        "`h_pair`: the two rates do not add up. Each state is multiplied by a factor of its own.": (2 / 51, None, None),
        "`h_spiral`: the damping alone allows this much, but the rotation drives outwards, too.": (0.04, 2, None),
        "`h_spiral`: this is 2 over the *size* of the eigenvalue, which is right for a real one. This one is complex: which h bring "
        "its factor to the size 1?": (0.04, 2 / 5**0.5, None),
        "`h_spiral`: this holds the frequency alone. The damping is what makes any step possible.": (0.04, 1, None),
        "`h_spiral`: damping and frequency do not simply add up. Take the squared size of the factor.": (
            0.04,
            2 / 3,
            None,
        ),
        "`h_spiral`: look again at the squared size of the factor. The term with h alone comes from the damping, not from the frequency.": (
            0.04,
            0.8,
            None,
        ),
        "`h_spiral`: a factor 2 was lost. Expand the square of 1 minus the damping times h.": (0.04, 0.2, None),
        "`h_swing`: where the eigenvalue is imaginary, the factor is the hypotenuse of a triangle with the side 1. Can it be 1?": (
            0.04,
            0.4,
            1,
        ),
        "`h_swing`: its square is 1 plus something. For which steps is that something not positive?": (0.04, 0.4, 0.5),
        "`h_swing`: put your step into the factor, with the eigenvalue of this rotation, and take the absolute value. Is it at most 1?": (
            0.04,
            0.4,
            None,
        ),
    },
    moral="Euler cannot follow a swing without friction at all: no step is short enough to keep it.",
)

# 5.1.3


class TimePlusState(System):
    """A field for the check, in which forgetting the time shows."""

    equations: ClassVar = {"x": "t + x"}


class TwoStates(System):
    """A field for the check, in which nothing is linear."""

    equations: ClassVar = {"x": "sin(y) + t**2", "y": "x * cos(3 * t) - y**2"}


def kutta3(field: Field, t: float, x: Array, h: float) -> Array:
    """From its table, stage by stage."""
    slopes: list[Array] = []
    for node, row in ((0, ()), (1 / 2, (1 / 2,)), (1, (-1, 2))):
        offset = sum((a * slope for a, slope in zip(row, slopes, strict=True)), np.zeros_like(x))
        slopes.append(field(t + node * h, x + h * offset))
    return x + h * np.einsum("s,s...->...", np.array([1, 4, 1]) / 6, np.stack(slopes))


def _three(
    places: tuple[float, float] = (1 / 2, 1),
    back: float = -1,
    forward: float = 2,
    weights: tuple[float, float, float] = (1 / 6, 4 / 6, 1 / 6),
    *,
    reach: float = 1 / 2,
    timed: tuple[bool, bool] = (True, True),
    last: bool = True,
    start: bool = True,
) -> Callable[[Field, float, Array, float], Array]:
    """A step with three slopes and something changed; ``timed``: whether the slopes on the way to each stage are multiplied by the step."""

    def step(field: Field, t: float, x: Array, h: float) -> Array:
        far = [h if each else 1 for each in timed]
        a = field(t, x)
        b = field(t + places[0] * h, x + far[0] * reach * a)
        c = field(t + places[1] * h, x + far[1] * (back * a + forward * b))
        return x * start + (h if last else 1) * (weights[0] * a + weights[1] * b + weights[2] * c)

    return step


KUTTA = FunctionExercise(
    number="5.1.3",
    title="Kutta's other method",
    reference=kutta3,
    inputs=(
        (TimePlusState(), 1.0, np.array([2.0]), 0.5),
        (TwoStates(), 0.4, np.array([0.3, -0.8]), 0.25),
    ),
    mistakes={
        "The slopes are asked for at the right states, but all at the time `t`. A field may change with time.": _three(
            (0, 0)
        ),
        "The second slope is asked for at the time `t`. Where in the step is its state?": _three((0, 1)),
        "The third slope is asked for at the middle of the step. Its state is at the end.": _three((1 / 2, 1 / 2)),
        "The third state is reached by going *back* along the first slope: look at the signs.": (
            _three(back=1, forward=2),
            _three(back=1, forward=-2),
        ),
        "On the way to the third state the first slope is missing: it goes back along it, for one step.": (
            _three(back=0),
            _three(back=0, forward=1),
        ),
        "To the third state it goes forward along the second slope for *two* steps.": _three(forward=1),
        "The second slope lies in the *middle* of the step: half a step along the first.": (
            _three(reach=1),
            _three((1, 1), reach=1),
        ),
        "On the way to the second or third slope, a slope was added to a state without being multiplied by a time.": (
            _three(timed=(False, False)),
            _three(timed=(True, False)),
            _three(timed=(False, True)),
        ),
        "The final mean is not multiplied by the step.": _three(last=False),
        "This is only the change in the step. The new state is asked for.": (
            _three(start=False),
            _three(start=False, last=False),
        ),
        "The three slopes count alike in your mean. Simpson's rule gives the middle one four times the weight.": _three(
            weights=(1 / 3, 1 / 3, 1 / 3)
        ),
        "The middle slope counts twice in your mean. Simpson's rule counts it four times.": _three(
            weights=(1 / 4, 2 / 4, 1 / 4)
        ),
        "The weights 1, 4, 1 do not add up to 1: a mean is divided by their sum.": _three(weights=(1, 4, 1)),
        "The weights 1, 4, 1 add up to something else than you have divided by.": (
            _three(weights=(1 / 3, 4 / 3, 1 / 3)),
            _three(weights=(1 / 5, 4 / 5, 1 / 5)),
            _three(weights=(1 / 4, 4 / 4, 1 / 4)),
        ),
    },
    moral="Three evaluations, order 3. Where the slope does not depend on the state, this is Simpson's rule for an area.",
    points=2,
)

# 5.1.4


def next_step(h: Array, error: Array, tolerance: Array, p: float) -> Array:
    """Through logarithms, one by one."""
    found = [
        length * np.exp(np.median([np.log(0.2), np.log(5), np.log(0.9) + (np.log(most) - np.log(off)) / (p + 1)]))
        for length, off, most in zip(h, error, tolerance, strict=True)
    ]
    return np.array(found)


def _controlled(
    factor: Callable[[Array, float], Array], low: float = 0.2, high: float = 5
) -> Callable[[Array, Array, Array, float], Array]:
    """A controller of the ratio of tolerance and error."""
    return lambda h, error, tolerance, p: h * np.clip(factor(tolerance / error, p), low, high)


NEXT_STEP = FunctionExercise(
    number="5.1.4",
    title="The next step",
    reference=next_step,
    inputs=(
        (np.array([0.1, 0.5]), np.array([32e-6, 1e-6]), np.array([1e-6, 32e-6]), 4),
        (np.array([0.2, 0.2, 1.0, 0.4]), np.array([1.0, 1e-12, 2e-4, 2e-3]), np.array([1e-3, 1e-3, 1e-3, 3e-3]), 2),
    ),
    mistakes={
        "This is how the step shrinks where it should grow: is the fraction of error and tolerance upside down?": (
            _controlled(lambda r, p: 0.9 * r ** (-1 / (p + 1)))
        ),
        "The root is one too low: the error of *one* step goes with a power that is one larger than the order.": (
            _controlled(lambda r, p: 0.9 * r ** (1 / p))
        ),
        "The order is given. You took the fifth root, which is right for an order of 4 only.": (
            _controlled(lambda r, p: 0.9 * r**0.2)
        ),
        "The factor is the ratio itself: where is the root?": _controlled(lambda r, p: 0.9 * r),
        "The ratio is raised to a power. The power leads from the step to its error; the way back is a root.": (
            _controlled(lambda r, p: 0.9 * r ** (p + 1))
        ),
        "Your exponent is larger than 1, so it is no root. Is the *whole* sum below the fraction line?": (
            _controlled(lambda r, p: 0.9 * r ** (1 / p + 1))
        ),
        "The ratio is divided by the order plus one. That number belongs to the exponent, which needs brackets: a power goes before a division.": (
            _controlled(lambda r, p: 0.9 * r / (p + 1))
        ),
        "The safety is missing: a step that just fits by an estimate is rejected about as often as not, or more often.": (
            _controlled(lambda r, p: r ** (1 / (p + 1)))
        ),
        "The safety is meant for the step. You took a root of it, with the tolerance.": (
            _controlled(lambda r, p: (0.9 * r) ** (1 / (p + 1)))
        ),
        "Nothing holds the factor. A lucky estimate of almost 0 would make the next step endless.": (
            _controlled(lambda r, p: 0.9 * r ** (1 / (p + 1)), 0, np.inf)
        ),
        "The factor may get as small as it likes. It has a lower limit, too.": (
            _controlled(lambda r, p: 0.9 * r ** (1 / (p + 1)), low=0)
        ),
        "The factor may get as large as it likes. It has an upper limit, too.": (
            _controlled(lambda r, p: 0.9 * r ** (1 / (p + 1)), high=np.inf)
        ),
        "The safety comes after the limits, so it moves them. It belongs to the root.": (
            lambda h, error, tolerance, p: 0.9 * h * np.clip((tolerance / error) ** (1 / (p + 1)), 0.2, 5)
        ),
        "You have limited the step. It is the *factor* that has limits, whatever the length of the step.": (
            lambda h, error, tolerance, p: np.clip(0.9 * h * (tolerance / error) ** (1 / (p + 1)), 0.2, 5)
        ),
        "This is the factor. The step is asked for.": lambda h, error, tolerance, p: np.clip(
            0.9 * (tolerance / error) ** (1 / (p + 1)), 0.2, 5
        ),
    },
    moral="With a p of 4 and other limits, this is the last line of the solver in this chapter.",
)

# 5.1.5

_PROBLEMS: dict[str, tuple[Field, tuple[float, float], float]] = {
    "pendulum": (lambda t, x: np.array([x[1], -10 * np.sin(x[0])]), (1.0, 0.0), 3.0),
    "jumping": (lambda t, x: np.array([x[1], 5 * (1 - x[0] ** 2) * x[1] - x[0]]), (2.0, 0.0), 8.0),
    "hunt": (lambda t, x: np.array([(1.5 - x[1]) * x[0], (x[0] - 3) * x[1]]), (5.0, 1.0), 4.0),
}
_EXACT = 1e-5  # what is demanded
_MOST = 20_000  # evaluations, before the check would take too long


@cache
def _truth(name: str) -> tuple[float, ...]:
    field, x0, end = _PROBLEMS[name]
    found = solve_ivp(field, (0, end), x0, method="DOP853", rtol=1e-11, atol=1e-12)
    return tuple(found.y[:, -1])


def _measure_arrivals(arrive: Callable[[Field, Array, float], Array]) -> dict[str, float]:
    errors, asked, spans, regular = [], [], [end for *_, end in _PROBLEMS.values()], True
    for name, (field, x0, end) in _PROBLEMS.items():
        times: list[float] = []

        def counted(t: float, x: Array, field: Field = field, times: list[float] = times) -> Array:
            times.append(t)
            if len(times) > _MOST:
                raise AnswerError(f"`arrive` has asked the field {_MOST} times. That is far beyond the budget.")
            return field(t, np.asarray(x, dtype=float))

        state = as_array(call(arrive, field=counted, x0=np.array(x0), end=end))
        if state is None or state.shape != (2,):
            found = show(state) if state is None else f"shape {state.shape}"
            raise AnswerError(f"`arrive` should return the two states at the end, but it is {found}.")
        errors.append(np.abs(state - _truth(name)).max())
        asked.append(len(times))
        regular = regular and _regular(times)
    return {
        "error": max(errors),
        "evaluations": max(asked),
        "least": min(asked),
        "least error": min(errors),
        "as often": regular and max(asked) <= 1.05 * min(asked),
        "as the time": regular
        and np.allclose(np.divide(asked, max(asked[0], 1)), np.divide(spans, spans[0]), rtol=0.02),
        "at best": max(asked) * (max(errors) / _EXACT) ** (1 / 4),  # with a tolerance that is just kept, at order 4
    }


def _regular(times: Sequence[float]) -> bool:
    """Whether the times of the evaluations repeat step after step, the last step aside; or tell nothing, being few."""
    moments = np.unique(np.round(times, 9))
    for each in range(1, 9):  # moments in a step
        gaps = (moments[each:] - moments[:-each])[: -2 * each]
        if len(gaps) < 2 or np.ptp(gaps) <= 1e-6:
            return True
    return False


BUDGET = MeasuredExercise(
    number="5.1.5",
    title="On a budget",
    name="arrive",
    kind="function",
    measure=_measure_arrivals,
    demands={"error": Demand(at_most=_EXACT), "evaluations": Demand(at_most=900)},
    mistakes={
        "The field was not asked even once. Is the start returned as it came?": lambda found: found["least"] == 0,
        "Every field was asked about as often as the others, so this is a fixed step. It is the same in the jumps of van der Pol and in "
        "the rests between them. Need it be?": lambda found: found["as often"],
        "A fixed step, it seems, the same for each field: the longer a run, the more it costs. Where does van der Pol need short steps?": (
            lambda found: found["as the time"]
        ),
        "Exact enough, but too dear, and a looser tolerance alone will hardly do. A method of higher order pays less for so many digits.": (
            lambda found: found["error"] <= _EXACT and found["at best"] > 900
        ),
        "More exact than demanded, and too dear: you pay for digits that nobody asked for. Loosen the tolerance, or lengthen the step.": (
            lambda found: found["error"] <= _EXACT and found["evaluations"] > 900
        ),
        "Not one of the three is anywhere near. Is this the state at the end, and of the run that was asked for? If it is, the method is "
        "far too weak.": lambda found: found["least error"] > 0.1,
        "Too many evaluations *and* too large an error: this method is too weak, or made for other problems. Take one of higher order.": (
            lambda found: found["evaluations"] > 900
        ),
        "Within the budget, but not exact enough. A tolerance is a bound for the *estimated* error of each step, not for the error at the "
        "end: tighten it.": lambda found: found["error"] > _EXACT,
    },
    moral="Choosing a solver is a purchase: first the digits that are needed, then the cheapest way to them.",
    points=2,
)

# 5.1.6


def recorded_slope(field: Field, i: float, y: Array, samples_per_second: float) -> Array:
    """By a short walk in the units of the model, translated at both ends."""
    second, volts, moment = i / samples_per_second, np.asarray(y) * 1e-3, 1e-3
    moved = volts + moment * field(second, volts)
    return (moved - volts) * 1e3 / (moment * samples_per_second)


def _translated(
    clock: Callable[[float, float], float] = lambda i, r: i / r,
    inward: float = 1e-3,
    outward: float = 1e3,
    per: Callable[[float], float] = lambda r: 1 / r,
) -> Callable[[Field, float, Array, float], Array]:
    return lambda field, i, y, samples_per_second: (
        outward * field(clock(i, samples_per_second), inward * y) * per(samples_per_second)
    )


VOLTS = FunctionExercise(
    number="5.1.6",
    title="Volts and seconds",
    reference=recorded_slope,
    inputs=(
        (TimePlusState(), 100, np.array([2000.0]), 50),
        (TwoStates(), 30, np.array([800.0, -300.0]), 125),
    ),
    mistakes={
        "This is the slope in volts per second, and the field was asked in the wrong units, too.": _translated(
            lambda i, r: i, 1, 1, lambda r: 1
        ),
        "The field was asked at the *sample*. It wants to know the second.": (
            _translated(lambda i, r: i),
            _translated(lambda i, r: i, per=lambda r: r),
        ),
        "The volts are right. The seconds are missing twice: in the time that goes in and in the slope that comes out.": (
            _translated(lambda i, r: i, per=lambda r: 1)
        ),
        "The volts are right. Both times `samples_per_second` is on the wrong side of the fraction line.": (
            _translated(lambda i, r: i * r, per=lambda r: r)
        ),
        "What comes out is left as it is, in volts per second. Both of its units change.": (
            _translated(outward=1, per=lambda r: 1),
            _translated(lambda i, r: i, outward=1, per=lambda r: 1),
            _translated(inward=1, outward=1, per=lambda r: 1),
        ),
        "What comes out is translated. What goes in is not: the field wants seconds and volts.": (
            _translated(lambda i, r: i, inward=1)
        ),
        "The time went in multiplied by the samples per second. Sample 125 of 125 per second is at one second.": (
            _translated(lambda i, r: i * r),
            _translated(lambda i, r: i * r, per=lambda r: 1),
        ),
        "The field was asked for a state in millivolts. It wants volts.": _translated(inward=1),
        "The state that goes in is far too large: a volt is a thousand millivolts. Divide.": (
            _translated(inward=1e3),
            _translated(inward=1e3, outward=1e-3),
        ),
        "What comes out is a slope in volts. The recording counts millivolts.": _translated(outward=1),
        "Going in the numbers become a thousand times smaller. Coming out it is the other way.": _translated(
            outward=1e-3
        ),
        "What comes out is per *second*. In one sample less happens.": _translated(per=lambda r: 1),
        "A sample is *shorter* than a second, so less happens in it: is the rate on the right side of the fraction line?": (
            _translated(per=lambda r: r)
        ),
        "The state was translated neither on the way in nor on the way out. For a linear field that would cancel; this one is not.": (
            _translated(inward=1, outward=1)
        ),
    },
    moral="For a linear field the volts cancel, and the mistake stays hidden until the field is not linear. The seconds never cancel.",
)

EXERCISES = (HUNT, LIMITS, KUTTA, NEXT_STEP, BUDGET, VOLTS)
