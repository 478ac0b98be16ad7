"""Exercises of *Learning dynamics*."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from course_utils.exercises.compare import Demand
from course_utils.exercises.draw import normal
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, call, require_shape

Array = NDArray[np.floating]
Field = Callable[[Any, Tensor], Tensor]

# 6.2.1


def _tank(
    rate: float | None = None, rest: float | None = None, time: float | None = None, longer: float | None = None
) -> tuple[float | None, ...]:
    return rate, rest, time, longer


UNITS = ValueExercise(
    number="6.2.1",
    title="Units of a field",
    expected={"tank_rate": 2.8, "tank_rest": 62, "tank_time": 10, "tank_longer": 14},
    mistakes={
        "`tank_rate`: this is the rate of the standardised state in standardised time. How many °C is one unit of u, how many minutes one of s?": (
            _tank(7)
        ),
        "`tank_rate`: the minutes are on the wrong side of the fraction line. One unit of s lasts as long as the whole record.": (
            _tank(7 * 8 * 20)
        ),
        "`tank_rate`: the minutes are on the wrong side of the fraction line, and the standard deviation is missing.": (
            _tank(7 * 20)
        ),
        "`tank_rate`: minutes and °C are both on the wrong side of the fraction line.": _tank(7 * 20 / 8),
        "`tank_rate`: this is in °C, but per unit of s, not per minute.": _tank(7 * 8),
        "`tank_rate`: the standard deviation is missing: this is not in °C yet.": _tank(7 / 20),
        "`tank_rate`: the standard deviation is on the wrong side of the fraction line.": _tank(7 / 8 / 20),
        "`tank_rate`: the mean has been added to a rate. It shifts all temperatures alike, so no rate has a part of it.": (
            _tank(7 * 8 / 20 + 50)
        ),
        "`tank_rate`: the mean has been added, as for a temperature. This is a rate, and per minute.": _tank(
            7 * 8 + 50
        ),
        "`tank_rate`: the mean has been added and then divided by the minutes. It has no part in a rate.": (
            _tank((7 * 8 + 50) / 20)
        ),
        "`tank_rate`: the field was asked at 34 °C as it stands. It wants the standardised state.": _tank(-65 * 8 / 20),
        "`tank_rate`: the field was asked at 34 °C as it stands, and what it gave is still in its own units.": _tank(
            -65
        ),
        "`tank_rate`: the field was asked at the distance from the mean in °C. One step of standardising is missing.": (
            _tank(35 * 8 / 20)
        ),
        "`tank_rate`: 34 °C lie *below* the mean. Look at the sign of u.": _tank(-1 * 8 / 20),
        "`tank_rate`: it is the whole field that changes its units, not the part with u alone.": _tank(3 + 4 * 8 / 20),
        "`tank_rest`: this is a standardised state.": _tank(rest=1.5),
        "`tank_rest`: this is how far the rest lies from the mean.": _tank(rest=12),
        "`tank_rest`: the distance from the mean is not in °C yet.": _tank(rest=51.5),
        "`tank_rest`: look at the sign: does the rest lie above the mean or below it?": _tank(rest=38),
        "`tank_rest`: the standardised rest is upside down. For which u is the rate zero?": _tank(rest=50 + 8 * 2 / 3),
        "`tank_rest`: the 3 is the rate at the mean, not the rest. For which u is the rate zero?": _tank(rest=74),
        "`tank_rest`: this is where the field gives 1. At rest nothing changes.": _tank(rest=58),
        "`tank_rest`: this is the temperature of the first question, and there the tank warms.": _tank(rest=34),
        "`tank_rest`: a temperature does not depend on how long the record lasts.": _tank(rest=50 + 1.5 * 20),
        "`tank_rest`: to how many °C does the field's rest belong? The minutes have no part in that.": (
            _tank(rest=50 + 1.5 * 8 / 20)
        ),
        "`tank_time`: this is in units of s. How many minutes is one of them?": _tank(time=0.5),
        "`tank_time`: this is the rate at which the distance shrinks, per unit of s. The time is one over a rate.": _tank(
            time=2
        ),
        "`tank_time`: this is a rate, per minute. The time is one over it.": _tank(time=0.1),
        "`tank_time`: the larger the factor 2 in the field is, the sooner the tank is warm. In yours the later.": _tank(
            time=40
        ),
        "`tank_time`: u stands on both sides of the equation, so its unit cancels: the standard deviation has no part in a time.": (
            _tank(time=10 * 8)
        ),
        "`tank_time`: why is the standard deviation in it? Every distance shrinks by the same share, whatever its unit.": (
            _tank(time=10 / 8)
        ),
        "`tank_time`: the rate was turned into °C per minute. Here the unit of u cancels; only that of s matters.": _tank(
            time=2 * 8 / 20
        ),
        "`tank_time`: this is the time until *half* of the distance is left.": _tank(time=10 * float(np.log(2))),
        "`tank_time`: it is the distance that is divided by e, not the time of the record.": _tank(
            time=20 / float(np.e)
        ),
        "`tank_time`: this is how long the record lasts. What does the factor 2 in the field do?": _tank(time=20),
        "`tank_longer`: this is what the old field gives. A unit of s now has twice as many minutes.": _tank(longer=7),
        "`tank_longer`: the tank warms as before in a minute. So does it warm more or less in a unit of s that is longer?": (
            _tank(longer=3.5)
        ),
        "`tank_longer`: the length of the record enters once, not squared.": _tank(longer=28),
        "`tank_longer`: this is what the tank does in a minute, in °C. What is asked for is du/ds.": _tank(longer=2.8),
        "`tank_longer`: this is half as many °C per minute. The tank is the same; it is the unit of s that has changed.": (
            _tank(longer=1.4)
        ),
        "`tank_longer`: this is twice as many °C per minute. The tank is the same; it is the unit of s that has changed.": (
            _tank(longer=5.6)
        ),
        "`tank_longer`: this is in °C. What is asked for is du/ds.": _tank(longer=112),
        "`tank_longer`: 34 °C lie *below* the mean. Look at the sign of u.": _tank(longer=-2),
    },
    moral="Whoever reads a rate off a network must know two things that are not in its weights: how wide the data were, and how long.",
)

# 6.2.2


class TimePlusState(nn.Module):
    """A field for the check, in which one sees what it was asked."""

    def forward(self, t: float, x: Tensor) -> Tensor:
        return t + x


class DrivenPendulum(nn.Module):
    """A field for the check, in which the states mix and the time matters."""

    def forward(self, t: float, x: Tensor) -> Tensor:
        theta, omega = x.unbind(-1)
        return torch.stack([omega, -2 * torch.sin(theta) - 0.3 * omega + 0.2 * t], dim=-1)


def field_inside(f: Field, s: float, u: Tensor, mean: Tensor, sd: Tensor, span: tuple[float, float]) -> Tensor:
    """A short step outside, seen from inside."""
    first, last = span
    u, mean, sd = u.double(), mean.double(), sd.double()
    x, short = mean + sd * u, 1e-4
    moved = x + short * f(first + s * (last - first), x)
    return ((moved - mean) / sd - u) / (short / (last - first))


Placed = Callable[..., Any]

_TIMES: dict[str, tuple[Placed, ...]] = {  # of s, first and last
    "right": (lambda s, a, b: a + s * (b - a),),
    "inside": (lambda s, a, b: s,),
    "no start": (lambda s, a, b: s * (b - a),),
    "last as length": (lambda s, a, b: a + s * b, lambda s, a, b: s * b),
    "no length": (lambda s, a, b: a + s,),
    "divided": (lambda s, a, b: a + s / (b - a), lambda s, a, b: s / (b - a)),
    "other way": (lambda s, a, b: (s - a) / (b - a),),
}
_STATES: dict[str, tuple[Placed, ...]] = {  # of u, mean and sd
    "right": (lambda u, m, d: m + d * u,),
    "inside": (lambda u, m, d: u,),
    "no mean": (lambda u, m, d: d * u,),
    "no sd": (lambda u, m, d: m + u,),
    "order": (lambda u, m, d: d * (u + m),),
    "sign": (lambda u, m, d: d * u - m, lambda u, m, d: m - d * u),
    "other way": (lambda u, m, d: (u - m) / d,),
}
_RATES: dict[str, tuple[Placed, ...]] = {  # of what the physics gives, mean, sd, first and last
    "right": (lambda r, m, d, a, b: r * (b - a) / d,),
    "outside": (lambda r, m, d, a, b: r,),
    "no sd": (lambda r, m, d, a, b: r * (b - a),),
    "no length": (lambda r, m, d, a, b: r / d,),
    "other way": (lambda r, m, d, a, b: r * d / (b - a),),
    "sd above": (lambda r, m, d, a, b: r * d * (b - a), lambda r, m, d, a, b: r * d),
    "length below": (lambda r, m, d, a, b: r / d / (b - a), lambda r, m, d, a, b: r / (b - a)),
    "mean": (lambda r, m, d, a, b: (r - m) / d * (b - a), lambda r, m, d, a, b: (r - m) / d),
    "last": (lambda r, m, d, a, b: r * b / d,),
    "backwards": (lambda r, m, d, a, b: r * (a - b) / d,),
}
_ANY = None


def _inside(
    times: str | None = "right", states: str | None = "right", rates: str | None = "right"
) -> tuple[Callable[..., Tensor], ...]:
    """The physics asked at these times and states, and these rates made of it; ``_ANY`` for all kinds."""

    def listed(table: dict[str, tuple[Placed, ...]], kind: str | None) -> list[Placed]:
        return [each for name, some in table.items() if kind in (_ANY, name) for each in some]

    def variant(when: Placed, where: Placed, rate: Placed) -> Callable[..., Tensor]:
        return lambda f, s, u, mean, sd, span: rate(f(when(s, *span), where(u, mean, sd)), mean, sd, *span)

    return tuple(
        variant(*parts) for parts in product(listed(_TIMES, times), listed(_STATES, states), listed(_RATES, rates))
    )


INSIDE = FunctionExercise(
    number="6.2.2",
    title="Physics in a network's units",
    reference=field_inside,
    inputs=(
        (
            TimePlusState(),
            0.5,
            torch.tensor([1.0, -2.0]),
            torch.tensor([10.0, 20.0]),
            torch.tensor([2.0, 5.0]),
            (4.0, 8.0),
        ),
        (
            DrivenPendulum(),
            0.2,
            normal(4, 2, seed=0),
            torch.tensor([0.4, -0.7]),
            torch.tensor([0.5, 1.6]),
            (-15.0, 10.0),
        ),
    ),
    mistakes={
        "The physics was given the standardised time and state as they are, and what it returned is in its own units: nothing is converted, neither "
        "on the way in nor on the way out.": _inside("inside", "inside", "outside"),
        "This is the other direction: it makes a field for the units of the data from one that works inside. Here `f` is the one that knows °C "
        "and minutes, and what goes in is standardised.": (
            *_inside("other way", "other way", _ANY),
            *_inside("right", "other way", "other way"),
            *_inside("inside", "other way", "other way"),
        ),
        "This is right for an s that runs from -1 to 1. Here it runs from 0 to 1, over the whole span.": (
            lambda f, s, u, mean, sd, span: (
                f((span[0] + span[1]) / 2 + s * (span[1] - span[0]) / 2, mean + sd * u) * (span[1] - span[0]) / 2 / sd
            )
        ),
        "The state is standardised on its way into the physics. It is standardised already, and the physics wants it as it was measured.": (
            _inside(_ANY, "other way", _ANY)
        ),
        "The physics is asked at the standardised state, about 0 on average. Where is that in the units of the data?": (
            _inside(_ANY, "inside", _ANY)
        ),
        "On the way to the physics the mean is missing: a standardised 0 is not 0 in the data.": _inside(
            _ANY, "no mean", _ANY
        ),
        "On the way to the physics the standard deviation is missing: a standardised 1 is one of them away from the mean.": (
            _inside(_ANY, "no sd", _ANY)
        ),
        "The mean is multiplied by the standard deviation on the way to the physics. Undo the two steps of standardising in the opposite order.": (
            _inside(_ANY, "order", _ANY)
        ),
        "On the way to the physics a sign is wrong between the mean and the deviation.": _inside(_ANY, "sign", _ANY),
        "The physics is asked at the time `s`, which runs from 0 to 1. Its own clock runs over `span`.": _inside(
            "inside", _ANY, _ANY
        ),
        "The clock of the physics does not begin at 0: where is s = 0?": _inside("no start", _ANY, _ANY),
        "The time for the physics takes the last time for the length of the record. It is that only where the record begins at 0.": _inside(
            "last as length", _ANY, _ANY
        ),
        "One unit of s is as long as the whole record, and so the time for the physics moves too slowly.": _inside(
            "no length", _ANY, _ANY
        ),
        "On the way to the physics s is divided by the length of the record. How much time has passed at s = 1?": _inside(
            "divided", _ANY, _ANY
        ),
        "The time is standardised on its way into the physics. It is standardised already.": _inside(
            "other way", _ANY, _ANY
        ),
        "The physics is asked at the right time and state. But what it returns is per unit of time and in the units of the data: how "
        "much u is that, and how much per unit of s?": _inside(rates="outside"),
        "The physics is asked rightly, and its rate is per unit of s now. But still in the units of the states: one unit of u is as much as "
        "one standard deviation.": _inside(rates="no sd"),
        "The physics is asked rightly, and its rate is in units of u. But per unit of the data's time: how much of that passes in one unit of s?": (
            _inside(rates="no length")
        ),
        "The physics is asked rightly. Its rate is converted in the wrong direction: both factors are upside down.": (
            _inside(rates="other way")
        ),
        "The physics is asked rightly. A change by one standard deviation is a change by *one* in u: on which side of the fraction line does that belong?": (
            _inside(rates="sd above")
        ),
        "The physics is asked rightly. In one unit of s the whole record passes, so rates per unit of s are larger where the record is long. "
        "Are yours?": _inside(rates="length below"),
        "The physics is asked rightly. The mean was taken off a rate: it does not change in time, so it has no part in a rate.": (
            _inside(rates="mean")
        ),
        "The physics is asked rightly. Its rate was multiplied by the last time, which is the length of a record only if it begins at 0.": (
            _inside(rates="last")
        ),
        "The physics is asked rightly, but the length of the record is negative in your rate.": _inside(
            rates="backwards"
        ),
    },
    moral="So a known law and a network can share one standardised fit: each speaks of the same small numbers.",
)

# 6.2.3


def own_windows(t: Tensor, x: Tensor, starts: Tensor, length: int, every: int) -> Tensor:
    """Observation by observation."""
    rows = [[start + every * place for place in range(length)] for start in starts.tolist()]
    return torch.stack([torch.stack([torch.cat([t[i : i + 1], x[i]]) for i in row]) for row in rows])


def _rows(starts: Tensor, length: int, every: int) -> Tensor:
    return starts[:, None] + torch.arange(0, length * every, every)


def _table(times: Tensor, states: Tensor) -> Tensor:
    """Times (n, length), or one row of them, before the states (n, length, d)."""
    return torch.cat([times.expand(states.shape[:2])[..., None], states], dim=-1)


def _cut(change: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """``change(t, x, rows, starts, length, every)`` with the right ``rows``."""
    return lambda t, x, starts, length, every: change(t, x, _rows(starts, length, every), starts, length, every)


CUT = FunctionExercise(
    number="6.2.3",
    title="Windows of their own time",
    reference=own_windows,
    inputs=(
        (
            torch.tensor([0.0, 1.0, 3.0, 4.0, 6.0, 9.0, 10.0, 12.0, 13.0, 15.0]),
            torch.arange(50.0, 60.0)[:, None],
            torch.tensor([1, 2]),
            2,
            3,
        ),
        (
            torch.arange(40.0) + 0.3 * torch.sin(torch.arange(40.0)) - 5,
            normal(40, 2, seed=1),
            torch.tensor([7, 2, 9, 5]),
            5,
            3,
        ),
    ),
    mistakes={
        "All windows have the same times, as in the tutorial. Each has times of its own.": (
            _cut(lambda t, x, rows, starts, length, every: _table(t[:length], x[rows])),
            _cut(lambda t, x, rows, starts, length, every: _table(t[: length * every : every], x[rows])),
            _cut(lambda t, x, rows, starts, length, every: _table(t[rows[0]], x[rows])),
            _cut(
                lambda t, x, rows, starts, length, every: _table(t[:length], x[starts[:, None] + torch.arange(length)])
            ),
        ),
        "The times begin at 0 in each of your windows. A field that knows the time has to be told the real one.": _cut(
            lambda t, x, rows, *_: _table(t[rows] - t[rows[:, :1]], x[rows])
        ),
        "Your times are evenly spaced. The observations need not be: read their times off `t`.": (
            _cut(
                lambda t, x, rows, starts, length, every: _table(
                    t[starts][:, None] + every * torch.arange(length) * (t[1] - t[0]), x[rows]
                )
            ),
            _cut(
                lambda t, x, rows, starts, length, every: _table(
                    t[starts][:, None] + torch.arange(length) * (t[1] - t[0]), x[rows]
                )
            ),
            _cut(lambda t, x, rows, *_: _table(t[0] + rows * (t[1] - t[0]), x[rows])),
        ),
        "The times are those of each window, but every window holds the states of the first observations.": (
            _cut(
                lambda t, x, rows, starts, length, every: _table(
                    t[rows], x[: length * every : every].expand(len(rows), -1, -1)
                )
            ),
            _cut(lambda t, x, rows, starts, length, every: _table(t[rows], x[:length].expand(len(rows), -1, -1))),
        ),
        "Where the times should be are the *numbers* of the observations.": _cut(
            lambda t, x, rows, *_: _table(rows.float(), x[rows])
        ),
        "All windows hold successive observations. What is `every` for?": _cut(
            lambda t, x, rows, starts, length, every: _table(t[_rows(starts, length, 1)], x[_rows(starts, length, 1)])
        ),
        "Times and states do not belong together: one of them skips observations, the other does not.": (
            _cut(lambda t, x, rows, starts, length, every: _table(t[rows], x[_rows(starts, length, 1)])),
            _cut(lambda t, x, rows, starts, length, every: _table(t[_rows(starts, length, 1)], x[rows])),
        ),
        "Your windows have too few observations: `length` counts those *in* a window, not the places from its first to its last.": (
            _cut(
                lambda t, x, rows, starts, length, every: _table(
                    t[rows[:, : (length - 1) // every + 1]], x[rows[:, : (length - 1) // every + 1]]
                )
            )
        ),
        "Your windows have one observation too few. Where does the counting begin, and does it include its end?": (
            _cut(lambda t, x, rows, *_: _table(t[rows[:, :-1]], x[rows[:, :-1]])),
            _cut(lambda t, x, rows, *_: _table(t[rows[:, 1:]], x[rows[:, 1:]])),
        ),
        "Your windows begin after their start. The observation at the start is the first of the window.": (
            lambda t, x, starts, length, every: own_windows(t, x, starts + every, length, every),
            lambda t, x, starts, length, every: own_windows(t, x, starts + 1, length, every),
        ),
        "The starts are multiplied by `every`. They are the numbers of observations as they stand.": (
            lambda t, x, starts, length, every: own_windows(t, x, starts * every, length, every),
        ),
        "Your windows end at `starts`. They should begin there.": lambda t, x, starts, length, every: _table(
            t[(rows := _rows(starts, length, -every))], x[rows]
        ),
        "The observations are right, but the axes have changed places: the first one counts the windows, the second the observations of each.": (
            _cut(lambda t, x, rows, *_: _table(t[rows], x[rows]).transpose(0, 1)),
            _cut(lambda t, x, rows, *_: _table(t[rows], x[rows]).transpose(1, 2)),
        ),
        "The windows are pooled. They are asked for one by one, along an axis of their own.": _cut(
            lambda t, x, rows, *_: _table(t[rows], x[rows]).flatten(0, 1)
        ),
        "These are the states alone. The time of each is to stand in front of them.": _cut(
            lambda t, x, rows, *_: x[rows]
        ),
        "The time stands behind the states. It should come first.": _cut(
            lambda t, x, rows, *_: torch.cat([x[rows], t[rows][..., None]], dim=-1)
        ),
    },
    moral="The same number of steps reaches `every` times as far, and a field that knows the time is told the right one.",
)

# 6.2.4

_LATER = float(np.log(2) / 0.1)


def _drift(
    opposite: float | None = None, radius: float | None = None, halved: float | None = None, later: float | None = None
) -> tuple[float | None, ...]:
    return opposite, radius, halved, later


DRIFT = ValueExercise(
    number="6.2.4",
    title="Two ways to drift apart",
    expected={"drift_opposite": 50.0, "drift_radius": 50 / 3, "drift_halved": 2.0, "drift_later": _LATER},
    mistakes={
        "`drift_opposite`: after so many turns the model is a *whole* turn ahead, and meets the truth again.": _drift(
            100
        ),
        "`drift_opposite`: after so many turns the model is a quarter of a turn ahead.": _drift(25),
        "`drift_opposite`: this is the lead itself. How many turns of the truth does it take?": _drift(0.5),
        "`drift_opposite`: this is the lead itself, in degrees. How many turns of the truth does it take?": _drift(180),
        "`drift_opposite`: 1 % is a hundredth. This belongs to a hundredth of that.": _drift(5000),
        "`drift_opposite`: these are the turns of the model. What is asked for are those of the truth.": _drift(50.5),
        "`drift_opposite`: a little too few: the lead is 1 % of the turns of the truth, not of those of the model.": _drift(
            50 / 1.01
        ),
        "`drift_opposite`: half a turn was written in radians, and the rest was not.": _drift(100 * np.pi),
        "`drift_opposite`: here the model is one *radian* ahead.": _drift(50 / np.pi),
        "`drift_radius`: rounded too far. Give four digits, or let the cell do the arithmetic.": _drift(radius=16.7),
        "`drift_radius`: this is where the *arc* between the two is as long as the radius. Their distance is the chord.": (
            _drift(radius=50 / np.pi)
        ),
        "`drift_radius`: here the model is a quarter of a turn ahead. That is half-way to the opposite side, but the distance does not grow in "
        "proportion to the angle: draw the triangle of the centre and the two points.": _drift(radius=25),
        "`drift_radius`: here the model is a third of a turn ahead. Draw the triangle of the centre and the two points: what are its angles if "
        "all three sides are equal?": _drift(radius=100 / 3),
        "`drift_radius`: here the model is a twelfth of a turn ahead. Half of the distance is the sine of *half* the angle: was it halved twice?": (
            _drift(radius=100 / 12)
        ),
        "`drift_radius`: the lead was written in degrees. Count it in turns.": _drift(radius=6000),
        "`drift_radius`: the lead was written in radians. Count it in turns.": _drift(radius=100 * np.pi / 3),
        "`drift_radius`: this is the lead itself. How many turns of the truth give so much?": _drift(radius=1 / 6),
        "`drift_radius`: this is the lead itself, in degrees. How many turns of the truth give so much?": _drift(
            radius=60
        ),
        "`drift_radius`: these are the turns of the model. What is asked for are those of the truth.": _drift(
            radius=101 / 6
        ),
        "`drift_halved`: the better model stays near for *longer*.": _drift(halved=0.5),
        "`drift_halved`: the lead is the error of the frequency times the time, each of them once, not squared.": _drift(
            halved=4
        ),
        "`drift_halved`: the lead is the error of the frequency times the time. Where does a root come from?": _drift(
            halved=2**0.5
        ),
        "`drift_halved`: the lead is made of nothing else than the error of the frequency. Halve it: what does the time do?": (
            _drift(halved=1)
        ),
        "`drift_later`: in a rotation half the error lasts twice as long. Here the error grows by a *factor* in each second: how long does it take "
        "to make up for a half?": _drift(later=2),
        "`drift_later`: in this time the error grows by the factor e.": _drift(later=10),
        "`drift_later`: in this time the error grows by the factor e squared. Which exponent gives 2?": _drift(
            later=20
        ),
        "`drift_later`: an error that is halved is not an exponent that is.": _drift(later=5),
        "`drift_later`: the rate is on the wrong side of the fraction line: a slow growth buys more time.": _drift(
            later=0.1 * float(np.log(2))
        ),
        "`drift_later`: this logarithm has the base 10. The growth has the base e.": _drift(
            later=10 * float(np.log10(2))
        ),
        "`drift_later`: this is the exponent, not the time.": _drift(later=float(np.log(2))),
        "`drift_later`: it is a gain of time, so it should not be negative.": _drift(later=-_LATER),
    },
    moral="Where errors grow in proportion to time, a model that is twice as good lasts twice as long. Where they multiply, each "
    "halving of the error gains the same few seconds.",
)

# 6.2.5


class TenTimesTheSum(nn.Module):
    """A network for the check, in which one sees what it was asked."""

    def forward(self, x: Tensor) -> Tensor:
        return 10 * x.sum(dim=1, keepdim=True)


def _small_network() -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        network = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1)).requires_grad_(False)
    for place, weight in enumerate(network.parameters()):
        weight.copy_(normal(*weight.shape, seed=place))
    return network


def half_known(network: nn.Module, x: Tensor, growth: float, death: float, offspring: float) -> Tensor:
    """State by state."""
    rates = []
    for prey, predators in x.tolist():
        eaten = network(torch.tensor([[prey, predators]])).item()
        rates.append([growth * prey - eaten, offspring * eaten - death * predators])
    return torch.tensor(rates)


Rates = Callable[..., tuple[Tensor, ...]]


def _assembled(*variants: Rates) -> tuple[Callable[..., Tensor], ...]:
    """Fields with these columns, each made of prey, predators, what is eaten, and the three numbers."""

    def field(rates: Rates) -> Callable[..., Tensor]:
        return lambda network, x, growth, death, offspring: torch.cat(
            rates(*x.split(1, dim=1), network(x), growth, death, offspring), dim=1
        )

    return tuple(map(field, variants))


# In the lines below: x and y are prey and predators, m is what is eaten, a, b and c are growth, death and offspring.
MISSING = FunctionExercise(
    number="6.2.5",
    title="One unknown in two places",
    reference=half_known,
    inputs=(
        (TenTimesTheSum(), torch.tensor([[3.0, 2.0], [1.0, 4.0]]), 2.0, 1.0, 0.5),
        (_small_network(), 3 * normal(6, 2, seed=5).abs(), 0.8, 1.3, 0.4),
    ),
    mistakes={
        "This is the known part alone. Where is the network?": _assembled(lambda x, y, m, a, b, c: (a * x, -b * y)),
        "This is the network alone. What do prey and predators do where they do not meet?": _assembled(
            lambda x, y, m, a, b, c: (-m, c * m), lambda x, y, m, a, b, c: (-m, m), lambda x, y, m, a, b, c: (m, c * m)
        ),
        "The network changes the prey alone. Of what do the predators live?": _assembled(
            lambda x, y, m, a, b, c: (a * x - m, -b * y)
        ),
        "The network changes the predators alone. What they eat is missing somewhere.": _assembled(
            lambda x, y, m, a, b, c: (a * x, c * m - b * y), lambda x, y, m, a, b, c: (a * x, m - b * y)
        ),
        "Your prey gain by being eaten.": _assembled(
            lambda x, y, m, a, b, c: (a * x + m, c * m - b * y),
            lambda x, y, m, a, b, c: (a * x + m, m - b * y),
            lambda x, y, m, a, b, c: (a * x + m, -c * m - b * y),
        ),
        "Your predators lose by eating.": _assembled(
            lambda x, y, m, a, b, c: (a * x - m, -c * m - b * y), lambda x, y, m, a, b, c: (a * x - m, -m - b * y)
        ),
        "In your field every prey that is eaten becomes a whole predator. What is `offspring` for?": _assembled(
            lambda x, y, m, a, b, c: (a * x - m, m - b * y)
        ),
        "`offspring` tells what the *predators* make of a meal. The prey lose as much as is eaten.": _assembled(
            lambda x, y, m, a, b, c: (a * x - c * m, c * m - b * y),
            lambda x, y, m, a, b, c: (a * x - c * m, m - b * y),
            lambda x, y, m, a, b, c: (a * x - (1 - c) * m, c * m - b * y),
        ),
        "The predators get the meals *divided* by `offspring`: the more of a meal becomes young, the fewer young there are in yours.": (
            _assembled(lambda x, y, m, a, b, c: (a * x - m, m / c - b * y))
        ),
        "The network is multiplied by one of the numbers, or by both. It is given both, and is to say what is eaten in all.": _assembled(
            lambda x, y, m, a, b, c: (a * x - m * x * y, c * m * x * y - b * y),
            lambda x, y, m, a, b, c: (a * x - m * x * y, m * x * y - b * y),
            lambda x, y, m, a, b, c: (a * x - m, c * m * y - b * y),
            lambda x, y, m, a, b, c: (a * x - m, c * m * x - b * y),
            lambda x, y, m, a, b, c: (a * x - m * x, c * m - b * y),
            lambda x, y, m, a, b, c: (a * x - m * x, c * m * y - b * y),
            lambda x, y, m, a, b, c: (a * x - m * x, c * m * x - b * y),
            lambda x, y, m, a, b, c: (a * x - m * y, c * m * y - b * y),
            lambda x, y, m, a, b, c: (a * x - m * y, c * m * x - b * y),
        ),
        "Your predators multiply without food. Look at the sign of what they do alone.": _assembled(
            lambda x, y, m, a, b, c: (a * x - m, c * m + b * y), lambda x, y, m, a, b, c: (a * x - m, m + b * y)
        ),
        "Your prey die out where nobody eats them. Look at the sign of what they do alone.": _assembled(
            lambda x, y, m, a, b, c: (-a * x - m, c * m - b * y)
        ),
        "Growth and death have changed places.": _assembled(lambda x, y, m, a, b, c: (b * x - m, c * m - a * y)),
        "In the rate of the predators `offspring` and `death` have changed places.": _assembled(
            lambda x, y, m, a, b, c: (a * x - m, c * y - b * m)
        ),
        "Your predators have young without eating: `offspring` belongs to the meals, not to their number.": _assembled(
            lambda x, y, m, a, b, c: (a * x - m, c * y - b * y)
        ),
        "Growth or death does not depend on how many there are. Both are rates per head.": _assembled(
            lambda x, y, m, a, b, c: (a - m, c * m - b),
            lambda x, y, m, a, b, c: (a * x - m, c * m - b),
            lambda x, y, m, a, b, c: (a - m, c * m - b * y),
        ),
        "The prey have the predators' part of the known law, or the predators that of the prey: each multiplies or dies by its own number.": (
            _assembled(
                lambda x, y, m, a, b, c: (a * y - m, c * m - b * x),
                lambda x, y, m, a, b, c: (a * x - m, c * m - b * x),
                lambda x, y, m, a, b, c: (a * y - m, c * m - b * y),
            )
        ),
        "The young come from all that the predators do, deaths included. `offspring` belongs to the meals.": _assembled(
            lambda x, y, m, a, b, c: (a * x - m, c * (m - b * y))
        ),
        "The two rates have changed places: that of the prey comes first, as the prey do in the state.": _assembled(
            lambda x, y, m, a, b, c: (c * m - b * y, a * x - m)
        ),
        "A column and a row were added, and that is a whole table: every state's own law with every state's meals.": _assembled(
            lambda x, y, m, a, b, c: (a * x.T - m, c * m - b * y.T),
            lambda x, y, m, a, b, c: (a * x - m.T, c * m.T - b * y),
        ),
        "The rates are right, but not side by side in one table: there is an axis too many, or all stand in one column.": (
            lambda *given: half_known(*given)[..., None],
            lambda *given: half_known(*given).T[..., None],
            lambda *given: half_known(*given).T.reshape(-1, 1),
        ),
        "The rates are right, but the table lies on its side: one row for each state, one column for each rate.": (
            lambda *given: half_known(*given).T
        ),
    },
    moral="Two rates were unknown, and one network of one output is enough: what the prey lose and what the predators gain can no longer disagree.",
)

# 6.2.6

_LAP, _STEP, _HALF = 6.3, 0.05, 400  # s, s, observations of each span
_BACK = 60  # observations that are not judged
_NEAR, _APART, _QUIET = 0.2, 0.5, 0.5  # sd, s, share of the usual rate
_MOST = {"conflicts": 0.01, "largest jump": 0.5}
_SEEN = 0.95


def _eight() -> tuple[Tensor, Tensor]:
    """Times, and a path that crosses itself twice a lap in one place."""
    t = _STEP * torch.arange(2 * _HALF)
    phase = 2 * torch.pi * t / _LAP
    return t, torch.stack([torch.sin(phase), torch.sin(2 * phase)], dim=1)


def _measure_third(answer: Callable[..., Any]) -> dict[str, float]:
    t, x = _eight()
    more = require_shape(call(answer, t=t, x=x), (len(t),), "What `third_state` returns")
    states = torch.cat([x, more.detach()[:, None]], dim=1).double().numpy()
    training, after = slice(_BACK, _HALF), slice(_HALF, None)
    sd = states[training].std(axis=0)
    sd[sd <= 1e-6 * np.abs(states).max(axis=0)] = 1.0  # a constant
    states = (states - states[training].mean(axis=0)) / sd
    rates = np.gradient(states, _STEP, axis=0)[training]
    seen = states[training]
    usual = np.sqrt((rates**2).sum(axis=1).mean())
    times = t[training].numpy()
    meets = (_distances(seen, seen) < _NEAR) & (np.abs(times[:, None] - times) > _APART)
    crossings = np.arange(1, 7) * _LAP / 2
    there = np.interp(crossings, t.numpy(), states[:, 2])
    return {
        "conflicts": (meets & (_distances(rates, rates) > _QUIET * usual)).any(axis=1).mean(),
        "next span seen": (_distances(states[after], seen).min(axis=1) < _NEAR).mean(),
        "largest jump": np.abs(np.diff(states[_BACK:, 2])).max(),
        "range at the crossing": np.ptp(there),
        "passes apart": np.abs(there[::2, None] - there[1::2]).min(),
    }


def _distances(a: Array, b: Array) -> Array:
    return np.linalg.norm(a[:, None] - b, axis=2)


CROSSING = MeasuredExercise(
    number="6.2.6",
    title="Where paths cross",
    name="third_state",
    kind="function",
    measure=_measure_third,
    demands={
        "conflicts": Demand(at_most=_MOST["conflicts"]),
        "next span seen": Demand(at_least=_SEEN),
        "largest jump": Demand(at_most=_MOST["largest jump"]),
    },
    mistakes={
        "Between two neighbouring observations your number jumps, by more than half of its usual size. A solution of a differential equation cannot. If the number comes from another "
        "moment, look at both ends of the record; if it is an angle, at where it begins again.": lambda found: (
            found["largest jump"] > _MOST["largest jump"]
        ),
        "In the next span the states, your number included, are not those of the training span: a field would be asked where it has seen "
        "nothing. Take a number that comes back as the path does.": lambda found: found["next span seen"] < _SEEN,
        "At the crossing your number is the same on both passes, so the path still crosses itself. What differs between the two passes?": (
            lambda found: found["range at the crossing"] < 0.1
        ),
        "At the crossing your number tells the two passes apart, but hardly: by less than a third of its usual size.": (
            lambda found: 0.02 < found["passes apart"] < 0.3
        ),
        "Some states, your number included, still come back with other rates. Draw your number over several laps: is it the same in each, and "
        "nowhere steep?": lambda found: found["conflicts"] > _MOST["conflicts"],
    },
    moral="Two numbers were too few to be a state. The time would tell the passes apart as well, but unless it is folded by the lap it never comes back: a field that "
    "learns by such a clock knows nothing of the next span.",
    points=2,
)

EXERCISES = (UNITS, INSIDE, CUT, DRIFT, MISSING, CROSSING)
