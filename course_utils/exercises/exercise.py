"""What an exercise is: cases against an independent reference, and the mistakes that people make, each with a hint.

A typical mistake is recognised by what it returns: it is declared as the wrong answer itself, or, where something is
measured, as a condition on what was measured.
"""

from __future__ import annotations

import copy
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite
from numbers import Real
from typing import Any

import numpy as np
import torch
from torch import nn

from course_utils.exercises.compare import Demand, Gap, as_array, find_gap, find_gap_discreetly, same, short, show
from course_utils.exercises.sandbox import AnswerError, BlankError


@dataclass(frozen=True)
class Case:
    """One question that is put to an answer.

    Attributes
    ----------
    given : str
        What it is asked about.
    ask : callable
        ``ask(*answers)`` runs the answer; may raise whatever the answer raises.
    gap : callable
        ``gap(value)`` compares what came out with what was expected; None if they agree.
    """

    given: str
    ask: Callable[..., Any]
    gap: Callable[[Any], Gap | None]


@dataclass(frozen=True, kw_only=True)
class Exercise(ABC):
    """What all kinds share.

    Attributes
    ----------
    number, title : str
        As in the heading of the notebook: part, chapter and exercise, as in ``"1.1.1"``.
    moral : str
        Said when it is solved: what this answer opens.
    mistakes : mapping of str to object
        For each hint, what recognises the mistake; the first that fits is said.
    points : int
        In a graded course.
    """

    number: str
    title: str
    moral: str
    mistakes: Mapping[str, Any]
    points: int = 1

    @property
    @abstractmethod
    def takes(self) -> dict[str, str]:
        """Name and kind of each answer: a function, a number, a tensor or a module."""

    @property
    @abstractmethod
    def cases(self) -> list[Case]:
        """What is asked, in order."""

    @abstractmethod
    def fits(self, mistake: Any, values: Sequence[Any]) -> bool:
        """Whether the values that came out are those of a mistake."""

    def hint(self, values: Sequence[Any]) -> str | None:
        """The hint for the mistake that gives these values in all cases."""
        return next((hint for hint, mistake in self.mistakes.items() if self.fits(mistake, values)), None)

    def reached(self, values: Sequence[Any]) -> str:
        """What is shown of a right answer: nothing, unless it was measured."""
        return ""

    @property
    def call(self) -> str:
        """How ``check`` is called."""
        return f'check("{self.number}", {", ".join(self.takes)})'


@dataclass(frozen=True, kw_only=True)
class FunctionExercise(Exercise):
    """A function is written; each mistake is the function that someone writes who makes it, or a tuple of such functions.

    Attributes
    ----------
    reference : callable
        Does the same by other means. Its name and its parameters are those that the exercise asks for.
    inputs : sequence of tuples
        The arguments of each case, small ones first: they are shown.
    """

    reference: Callable[..., Any]
    inputs: Sequence[tuple[Any, ...]]

    @property
    def takes(self) -> dict[str, str]:
        return {self.reference.__name__: "function"}

    @property
    def cases(self) -> list[Case]:
        return [self._case(given) for given in self.inputs]

    def _case(self, given: tuple[Any, ...]) -> Case:
        named = dict(zip(inspect.signature(self.reference).parameters, given, strict=True))
        said = ", ".join(f"{name} = {show(value)}" for name, value in named.items())
        expected = self.reference(*copy.deepcopy(given))
        return Case(said, lambda answer: call(answer, **named), lambda value: find_gap(expected, value))

    def fits(self, mistake: Callable[..., Any] | tuple[Callable[..., Any], ...], values: Sequence[Any]) -> bool:
        variants = mistake if isinstance(mistake, tuple) else (mistake,)
        pairs = list(zip(self.inputs, values, strict=True))
        return any(all(same(variant(*given), value) for given, value in pairs) for variant in variants)


@dataclass(frozen=True, kw_only=True)
class ValueExercise(Exercise):
    """Numbers or tensors are found; a mistake is the tuple of values that it leads to, None where any will do.

    A verdict does not show the expected value, which is the answer.

    Attributes
    ----------
    expected : mapping of str to number or Tensor
        The right values by the names that the exercise gives them.
    """

    expected: Mapping[str, Any]

    @property
    def takes(self) -> dict[str, str]:
        return {name: "number" if isinstance(value, Real) else "tensor" for name, value in self.expected.items()}

    @property
    def cases(self) -> list[Case]:
        def case(place: int, name: str, value: Any) -> Case:
            return Case(name, lambda *answers: answers[place], lambda answer: find_gap_discreetly(value, answer))

        return [case(place, name, value) for place, (name, value) in enumerate(self.expected.items())]

    def fits(self, mistake: Sequence[Any], values: Sequence[Any]) -> bool:
        return all(map(_alike, mistake, values, self.expected.values()))


def _alike(wrong: Any, value: Any, expected: Any) -> bool:
    """Whether a value is the wrong one, perhaps rounded where a whole number is expected."""
    rounds = isinstance(expected, int) and wrong is not None and abs(wrong) >= 1
    rounded = (floor(wrong), ceil(wrong)) if rounds else ()
    return wrong is None or same(wrong, value) or any(same(whole, value) for whole in rounded)


@dataclass(frozen=True, kw_only=True)
class MeasuredExercise(Exercise):
    """Something is designed and measured; a mistake is a condition on what was measured.

    Attributes
    ----------
    name, kind : str
        Of the answer.
    measure : callable
        ``measure(answer)`` returns numbers by name, all that ``demands`` names and more if the mistakes need them. It
        leaves the answer as it is.
    demands : mapping of str to Demand
        The range that each number must lie in.
    """

    name: str
    kind: str
    measure: Callable[[Any], Mapping[str, float]]
    demands: Mapping[str, Demand]

    @property
    def takes(self) -> dict[str, str]:
        return {self.name: self.kind}

    @property
    def cases(self) -> list[Case]:
        return [Case("", self.measure, self._gap)]

    def _gap(self, found: Mapping[str, float]) -> Gap | None:
        asked = "; ".join(f"{name} {demand}" for name, demand in self.demands.items())
        for name, demand in self.demands.items():
            if (missing := demand.missed_by(found[name])) != 0:
                size = f"misses by {short(missing)}" if isfinite(missing) else "is not a finite number"
                return Gap(asked, self.reached([found]), f"{name} {size}")
        return None

    def reached(self, values: Sequence[Any]) -> str:
        return "; ".join(f"{name} {short(values[0][name])}" for name in self.demands)

    def fits(self, mistake: Callable[[Mapping[str, float]], bool], values: Sequence[Any]) -> bool:
        return mistake(values[0])


def call(answer: Callable[..., Any], /, **given: Any) -> Any:
    """What an answer makes of copies of its arguments, which it must leave as they are.

    Raises
    ------
    AnswerError
        If it changes one of them.
    BlankError
        If it returns ``...``.
    """
    mine = copy.deepcopy(given)
    value = answer(*mine.values())
    if value is ...:
        raise BlankError
    for name, before in given.items():
        if as_array(before) is not None and not same(before, mine[name]):
            raise AnswerError(
                f"Your code changes its input `{name}`, and with it the data of whoever calls it. "
                "Make something new instead: `a = a - b`, not `a -= b`."
            )
    return value


def require_shape(value: Any, shape: tuple[int, ...], what: str) -> torch.Tensor:
    """What an answer returned to a measurement as a tensor of 32-bit numbers of this shape, with its gradient.

    Raises
    ------
    AnswerError
        If it has another shape, or holds no finite numbers.
    """
    array = as_array(value)
    if array is None or array.shape != shape:
        found = show(value) if array is None else f"shape {array.shape}"
        raise AnswerError(f"{what} should have the shape {shape}, but it is {found}.")
    if not np.isfinite(array).all():
        raise AnswerError(f"{what} holds NaN or infinite numbers.")
    return value.float() if isinstance(value, torch.Tensor) else torch.as_tensor(array).float()


def wrong_kind(name: str, kind: str, answer: Any) -> str | None:
    """What to say to an answer of another kind; None if the kind is right."""
    is_function = callable(answer) and not isinstance(answer, nn.Module)
    if kind == "function" and not callable(answer):
        return f"`{name}` should be a function, but it is {show(answer)}. Hand over its name, without parentheses."
    if kind == "function" and (inspect.iscoroutinefunction(answer) or inspect.isgeneratorfunction(answer)):
        return f"`{name}` returns its result bit by bit: write `return` instead of `yield`, and no `async`."
    if kind == "module" and isinstance(answer, type):
        return f"`{name}` is the class itself. Make a model first and hand that over."
    if kind == "module" and not isinstance(answer, nn.Module):
        return f"`{name}` should be a model, an `nn.Module`, but it is {show(answer)}."
    if kind == "module" and getattr(type(answer), "forward", None) is nn.Module.forward:
        return f"`{name}` has no method `forward`. Is its name misspelt?"
    if kind in ("number", "tensor") and is_function:
        return f"`{name}` should be a {kind}, but it is a function. Call it, and hand over what it returns."
    if kind in ("number", "tensor") and as_array(answer) is None:
        return f"`{name}` should be a {kind}, but it is {show(answer)}."
    return None
