"""``check`` and ``progress``, as notebooks call them."""

from __future__ import annotations

import os
import types
from collections.abc import Mapping
from functools import cache, partial
from importlib import import_module
from typing import Any

from course_utils.exercises.compare import Gap, as_array, show
from course_utils.exercises.exercise import Case, Exercise, wrong_kind
from course_utils.exercises.sandbox import attempt
from course_utils.exercises.verdict import Verdict, list_on_page, show_on_page

_PARTS = ("autoencoders", "vaes", "beta_vaes", "gans", "odes", "neural_odes")  # one package per part, in order

_states: dict[str, str] = {}  # of every exercise that was checked in this session; what was right once stays right


class NotSolved(AssertionError):
    """An exercise is not solved, and ``COURSE_GRADING=1``."""


@cache
def known() -> dict[str, Exercise]:
    """Every exercise of the course by its number."""
    parts = [import_module(f"course_utils.exercises.{name}") for name in _PARTS]
    return {exercise.number: exercise for part in parts for exercise in part.EXERCISES}


def check(number: str, *answers: Any) -> None:
    """Say whether the answers to an exercise are right, and if not, what is likely wrong.

    Nothing that an answer does becomes a traceback here: an exception, an endless loop or a wrong type is a verdict.

    Parameters
    ----------
    number : str
        Part, chapter and exercise, as in ``"1.1.1"``.
    *answers : function, number, Tensor or nn.Module
        What the exercise asks for, in its order.

    Raises
    ------
    NotSolved
        Only under ``COURSE_GRADING=1``, by anything but a right answer.
    """
    try:
        verdict = judge(number, *answers)
    except Exception as error:  # a reader must not pay for our fault with a traceback
        verdict = Verdict(
            _name(number), "", "wrong", f"The check itself failed, which is our fault: {type(error).__name__}."
        )
    if verdict.state == "right" or _states.get(verdict.number) != "right":
        _states[verdict.number] = verdict.state
    show_on_page(str(verdict), verdict.to_html())
    if os.environ.get("COURSE_GRADING") == "1" and verdict.state != "right":
        raise NotSolved(str(verdict))


def judge(number: str, *answers: Any) -> Verdict:
    """The verdict on the answers to an exercise; what :func:`check` shows."""
    exercise = known().get(number) if isinstance(number, str) else None
    if exercise is None:
        message = f"There is no such exercise. Known are {', '.join(known())}."
        return Verdict(_name(number), "", "wrong", message)
    return _refuse(exercise, answers) or _try(exercise, answers)


def _refuse(exercise: Exercise, answers: tuple[Any, ...]) -> Verdict | None:
    """The verdict on answers that cannot be tried: too few or too many, not written yet."""
    verdict = partial(Verdict, exercise.number, exercise.title)
    if len(answers) != len(exercise.takes):
        count = f"{len(exercise.takes)} answer{'s' * (len(exercise.takes) > 1)}"
        return verdict("wrong", f"This exercise takes {count}, not {len(answers)}: `{exercise.call}`.")
    if blanks := [f"`{name}`" for name, answer in zip(exercise.takes, answers, strict=True) if _untouched(answer)]:
        return verdict("blank", f"Write {' and '.join(blanks)} in the cell above, run it, then run this one.")
    return None


def _try(exercise: Exercise, answers: tuple[Any, ...]) -> Verdict:
    """The verdict on answers that can be tried, case by case."""
    verdict = partial(Verdict, exercise.number, exercise.title)
    kinds = attempt(partial(_wrong_kind, exercise), answers)
    if message := kinds.failure or kinds.value:
        return verdict("wrong", message)
    values, printed, gaps = [], [], []
    for case in exercise.cases:
        made = attempt(partial(_ask, case), answers)
        if made.printed:
            printed.append(made.printed)
        said = ("printed", "\n".join(printed))
        if made.blank:
            return verdict("blank", f"There is still a `...` to replace{made.place}.", [said])
        if made.failure:
            return verdict("wrong", made.failure, [("case", case.given), said])
        value, gap = made.value
        values.append(value)
        if gap:
            gaps.append([("case", case.given), *gap.rows])
    if not gaps:
        score = _score(exercise.number)
        return verdict("right", exercise.moral, [("measured", exercise.reached(values)), said, score])
    hint = exercise.hint(values) or "This is none of the usual mistakes. Compare:"
    return verdict("wrong", hint, [*gaps[0], said])


def _wrong_kind(exercise: Exercise, *answers: Any) -> str | None:
    """What to say to the first answer of another kind."""
    pairs = zip(exercise.takes.items(), answers, strict=True)
    return next(filter(None, (wrong_kind(name, kind, answer) for (name, kind), answer in pairs)), None)


def _ask(case: Case, *answers: Any) -> tuple[Any, Gap | None]:
    """What an answer makes of a case, in plain numbers, and how far that is from what was expected."""
    value = case.ask(*answers)
    return value if isinstance(value, Mapping) else as_array(value), case.gap(value)


def progress() -> None:
    """List the exercises of every chapter in which something was checked, and which of them are solved in this session."""
    chapters = {_chapter(number) for number in _states}
    rows = [
        (_states.get(number, "blank"), f"{number} {exercise.title}")
        for number, exercise in known().items()
        if _chapter(number) in chapters
    ]
    solved = sum(state == "right" for state, _ in rows)
    summary = (
        f"Solved in this session: {solved} of {len(rows)}" if rows else "Nothing has been checked in this session."
    )
    show_on_page(*list_on_page(summary, rows))


def _untouched(answer: Any) -> bool:
    """``...`` itself, or a function with nothing but a docstring."""
    if not isinstance(answer, types.FunctionType):
        return answer is ...
    code = answer.__code__
    return code.co_code in _EMPTY_BODIES and code.co_consts[-1] is None


def _nothing() -> None: ...


def _words() -> None:
    """Nothing more."""


_EMPTY_BODIES = {stub.__code__.co_code for stub in (_nothing, _words)}


def _name(number: Any) -> str:
    return number if isinstance(number, str) else show(number)


def _chapter(number: str) -> str:
    return number.rpartition(".")[0]


def _score(number: str) -> tuple[str, str]:
    """How far this chapter is, the exercise that was just solved included."""
    states = {**_states, number: "right"}
    solved = [states.get(other) == "right" for other in known() if _chapter(other) == _chapter(number)]
    dots = "".join("●" if one else "○" for one in solved)
    return f"chapter {_chapter(number)}", f"{dots} {sum(solved)} of {len(solved)} solved"
