"""How a check answers: verdicts, bad input, harm that an answer could do."""

from __future__ import annotations

import dataclasses
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils.exercises import check, checking, progress, sandbox
from course_utils.exercises.checking import NotSolved, judge
from course_utils.exercises.compare import Demand, find_gap_discreetly, show
from course_utils.exercises.exercise import FunctionExercise, MeasuredExercise, ValueExercise, require_shape
from course_utils.exercises.verdict import Verdict


def double(x: torch.Tensor) -> np.ndarray:
    return 2 * x.numpy()


def biased(model: nn.Module) -> dict[str, float]:
    return {"bias": require_shape(model(torch.zeros(1, 2)), (1, 1), "The model").item()}


ABOUT = {"title": "Twice", "moral": "Well done."}
EXERCISES = {
    "0.1.1": FunctionExercise(
        number="0.1.1",
        reference=double,
        inputs=((torch.tensor([1.0, 2.0]),), (torch.arange(20.0),)),
        mistakes={"You square it.": lambda x: x**2, "You divide by zero.": lambda x: x / 0},
        **ABOUT,
    ),
    "0.1.2": ValueExercise(
        number="0.1.2",
        expected={"n": 7, "mean": torch.tensor([1.0, 2.0])},
        mistakes={"You counted from zero.": (6, None)},
        **ABOUT,
    ),
    "0.1.3": MeasuredExercise(
        number="0.1.3",
        name="model",
        kind="module",
        measure=biased,
        demands={"bias": Demand(0.5, 1.5)},
        mistakes={"There is no bias.": lambda found: found["bias"] == 0},
        **ABOUT,
    ),
}


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three small exercises, none of them checked yet, and little time."""
    monkeypatch.setattr(checking, "known", lambda: EXERCISES)
    monkeypatch.setattr(checking, "_states", {})
    monkeypatch.setattr(sandbox, "TIME_LIMIT", 0.3)
    monkeypatch.delenv("COURSE_GRADING", raising=False)


# Verdicts


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: 2 * x,
        lambda x: 2 * x.double().numpy(),
        lambda x: [2 * float(number) for number in x],
        lambda x: (2 * x).requires_grad_(),
        lambda x: 2 * x + 1e-6,
        lambda x: torch.stack([x, x], dim=-1).sum(-1)[...],
        lambda x: list((2 * x).requires_grad_()),
        lambda x: (2 * x).bfloat16(),
        lambda x: (2 * x).to_sparse(),
        lambda x: [Fraction(2 * float(number)) for number in x],
    ],
    ids=[
        "tensor",
        "array",
        "list",
        "gradient",
        "rounded",
        "index",
        "list of tensors",
        "16 bits",
        "sparse",
        "fractions",
    ],
)
def test_a_right_answer_may_be_of_any_numeric_type(answer: Callable) -> None:
    verdict = judge("0.1.1", answer)
    assert verdict.state == "right"
    assert verdict.headline == "✓ 0.1.1 correct"
    assert verdict.message == "Well done."
    assert verdict.rows[-1] == ("chapter 0.1", "●○○ 1 of 3 solved")


def test_a_wrong_answer_is_shown_with_case_expected_given_and_difference() -> None:
    verdict = judge("0.1.1", lambda x: 3 * x)
    assert verdict.headline == "✗ 0.1.1 not yet"
    assert dict(verdict.rows) == {
        "case": "x = [1, 2]",
        "expected": "[2, 4]",
        "yours": "[3, 6]",
        "difference": "2 at [1]",
        "printed": "",
    }


def test_of_a_large_case_the_place_of_the_largest_difference_is_shown() -> None:
    def wrong_for_many(x: torch.Tensor) -> torch.Tensor:
        return 2 * x + (len(x) > 2) * (torch.arange(len(x)) == 7)

    rows = dict(judge("0.1.1", wrong_for_many).rows)
    assert rows["case"] == "x = shape (20,)"
    assert (rows["expected"], rows["yours"], rows["difference"]) == ("14 at [7]", "15 at [7]", "1")


@pytest.mark.parametrize(
    ("answer", "hint"), [(lambda x: x * x, "You square it."), (lambda x: x / 0.0, "You divide by zero.")]
)
def test_a_mistake_is_recognised_by_what_it_returns(answer: Callable, hint: str) -> None:
    assert judge("0.1.1", answer).message == hint


def test_one_hint_may_stand_for_several_wrong_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    several = dataclasses.replace(EXERCISES["0.1.1"], mistakes={"A power.": (lambda x: x**2, lambda x: x**3)})
    monkeypatch.setattr(checking, "known", lambda: {"0.1.1": several})
    assert [judge("0.1.1", lambda x, k=k: x**k).message for k in (2, 3)] == ["A power."] * 2
    mixed = judge("0.1.1", lambda x: x**2 if len(x) == 2 else x**3)
    assert mixed.message == "This is none of the usual mistakes. Compare:"


def test_a_mistake_is_not_recognised_by_one_case_of_two() -> None:
    answer = lambda x: x**2 if len(x) == 2 else 3 * x  # noqa: E731
    assert judge("0.1.1", answer).message == "This is none of the usual mistakes. Compare:"


@pytest.mark.parametrize(
    ("value", "difference"),
    [
        (7.0003, "too large, by less than 1 %"),
        (6.5, "too small, by less than 10 %"),
        (9, "too large, by less than half"),
        (70, "too large, by half or more"),
        (float("nan"), "1 of 1 numbers are NaN or infinite"),
        (torch.ones(2), "shape (2,) instead of one number"),
    ],
)
def test_a_number_that_was_asked_for_is_not_given_away(value: Any, difference: str) -> None:
    verdict = judge("0.1.2", value, [1, 2])
    rows = dict(verdict.rows)
    assert rows["difference"] == difference
    assert rows["expected"] == ""
    assert "7" not in str(verdict).replace(rows["yours"], "")


def test_the_first_wrong_value_of_two_is_shown() -> None:
    assert judge("0.1.2", 7, torch.tensor([1, 2])).state == "right"
    rows = dict(judge("0.1.2", 7.0, torch.tensor([1.0, 2.5])).rows)
    assert (rows["case"], rows["difference"]) == ("mean", "by less than half")
    assert judge("0.1.2", 6, torch.tensor([1.0, 2.5])).message == "You counted from zero."


def test_three_digits_of_a_number_and_a_number_in_an_array_are_enough() -> None:
    assert find_gap_discreetly(0.31815, 0.318) is None
    assert find_gap_discreetly(0.31815, torch.tensor([0.3182])) is None
    assert find_gap_discreetly(0.31815, 0.317) is not None
    assert find_gap_discreetly(7, 7.001) is not None


def test_a_formula_of_sympy_is_a_number_where_it_has_a_value() -> None:
    assert judge("0.1.2", 3 + sympy.sqrt(16), [sympy.sqrt(1), sympy.exp(sympy.log(2))]).state == "right"
    assert judge("0.1.2", sympy.Integer(6), [1, 2]).message == "You counted from zero."
    unknown = judge("0.1.2", sympy.Symbol("n") + 1, [1, 2])
    assert unknown.message == "`n` should be a number, but it is something of type Add."
    assert judge("0.1.2", 7 + sympy.I, [1, 2]).state == "wrong"


def test_a_number_below_one_is_not_the_mistake_that_it_could_be_rounded_from() -> None:
    exercise = ValueExercise(
        number="0.1.9",
        title="Count",
        moral="",
        expected={"n": 64},
        mistakes={"A probability.": (2**-64,), "Pi.": (3.14,)},
    )
    assert [exercise.hint([n]) for n in (0, 1, 3)] == [None, None, "Pi."]


def linear(bias: float) -> nn.Module:
    model = nn.Linear(2, 1)
    nn.init.constant_(model.bias, bias)
    return model


def test_a_design_is_measured() -> None:
    assert dict(judge("0.1.3", linear(1)).rows)["measured"] == "bias 1"
    verdict = judge("0.1.3", linear(3))
    assert dict(verdict.rows)["expected"] == "bias at least 0.5 and at most 1.5"
    assert dict(verdict.rows)["yours"] == "bias 3"
    assert dict(verdict.rows)["difference"] == "bias misses by 1.5"
    assert judge("0.1.3", linear(0)).message == "There is no bias."
    assert judge("0.1.3", linear(float("nan"))).state == "wrong"
    assert "should have the shape (1, 1), but it is shape (1, 2)" in judge("0.1.3", nn.Identity()).message


# Not attempted


def empty(x: torch.Tensor) -> None: ...


def documented(x: torch.Tensor) -> None:
    """Twice."""


def half_done(x: torch.Tensor) -> torch.Tensor:
    y = x + 1
    return y * ...


def not_implemented(x: torch.Tensor) -> torch.Tensor:
    raise NotImplementedError


@pytest.mark.parametrize("stub", [..., empty, documented, lambda x: ..., half_done, lambda x: torch.linalg.svd(...)])
def test_a_stub_is_not_attempted(stub: Any) -> None:
    verdict = judge("0.1.1", stub)
    assert verdict.headline == "○ 0.1.1 not attempted", str(verdict)


@pytest.mark.parametrize("attempt", [lambda x: 3, lambda x: None if len(x) else x], ids=["constant", "nothing"])
def test_an_attempt_that_returns_too_little_is_an_attempt(attempt: Callable) -> None:
    assert judge("0.1.1", attempt).state == "wrong"


def test_the_line_with_the_blank_is_named() -> None:
    line = half_done.__code__.co_firstlineno + 2
    assert judge("0.1.1", half_done).message == f"There is still a `...` to replace in line {line}: `return y * ...`."


def test_the_answers_that_are_missing_are_named() -> None:
    assert "`mean` in the cell above" in judge("0.1.2", 7, ...).message
    assert "`n` and `mean`" in judge("0.1.2", ..., ...).message


# Bad input


def generates(x: torch.Tensor) -> Iterator[torch.Tensor]:
    yield 2 * x


async def waits(x: torch.Tensor) -> torch.Tensor:
    return 2 * x


class Misspelt(nn.Module):
    def foward(self, x: torch.Tensor) -> torch.Tensor:
        return x


@pytest.mark.parametrize("number", ["9.9.9", "", 1.1, None, ["0.1.1"]])
def test_an_unknown_number_lists_the_known_ones(number: Any, capsys: pytest.CaptureFixture[str]) -> None:
    check(number, 1)
    assert "There is no such exercise. Known are 0.1.1, 0.1.2, 0.1.3." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("number", "answers", "message"),
    [
        ("0.1.1", (), 'takes 1 answer, not 0: `check("0.1.1", double)`'),
        ("0.1.1", (double, double), "takes 1 answer, not 2"),
        ("0.1.2", (7,), 'takes 2 answers, not 1: `check("0.1.2", n, mean)`'),
        ("0.1.1", (3,), "`double` should be a function, but it is 3. Hand over its name"),
        ("0.1.1", (None,), "`double` should be a function, but it is None"),
        ("0.1.2", (len, [1, 2]), "`n` should be a number, but it is a function. Call it"),
        ("0.1.2", ("seven", [1, 2]), "`n` should be a number, but it is something of type str"),
        ("0.1.2", (7, nn.Identity()), "`mean` should be a tensor, but it is something of type Identity"),
        ("0.1.1", (generates,), "write `return` instead of `yield`"),
        ("0.1.1", (waits,), "and no `async`"),
        ("0.1.3", (Misspelt(),), "`model` has no method `forward`. Is its name misspelt?"),
        ("0.1.3", (nn.Identity,), "`model` is the class itself. Make a model first"),
        ("0.1.3", (3.0,), "`model` should be a model, an `nn.Module`, but it is 3"),
    ],
)
def test_answers_that_cannot_be_tried_are_explained(number: str, answers: tuple, message: str) -> None:
    verdict = judge(number, *answers)
    assert verdict.state == "wrong"
    assert message in verdict.message


@pytest.mark.parametrize(
    ("answer", "difference"),
    [
        (lambda x: (2 * x)[:, None], "shape (2, 1) instead of shape (2,)"),
        (lambda x: 2 * x.sum(), "one number instead of shape (2,)"),
        (lambda x: print(2 * x), "is the `return` missing?"),
        (lambda x: "2x", "not numbers"),
        (lambda x: [[1], [2, 3]], "not numbers"),
        (lambda x: x.new_zeros(3000, 0), "shape (3000, 0) instead of shape (2,)"),
        (lambda x: 1j * x, "not numbers"),
        (lambda x: x * float("nan"), "2 of 2 numbers are NaN or infinite"),
    ],
    ids=["column", "sum", "print", "text", "ragged", "empty", "complex", "NaN"],
)
@pytest.mark.filterwarnings("ignore")  # as in a notebook: discarding an imaginary part is only a warning
def test_a_return_value_that_cannot_be_right_is_explained(answer: Callable, difference: str) -> None:
    verdict = judge("0.1.1", answer)
    assert verdict.state == "wrong"
    assert dict(verdict.rows)["difference"] == difference
    assert len(dict(verdict.rows)["yours"]) < 40


def test_an_answer_that_changes_its_input_is_not_right() -> None:
    def in_place(x: torch.Tensor) -> torch.Tensor:
        return x.mul_(2)

    verdict = judge("0.1.1", in_place)
    assert verdict.state == "wrong"
    assert "changes its input `x`" in verdict.message
    assert judge("0.1.1", lambda x: 2 * x).state == "right", "the next answer gets the input as it was"


def printed(answer: Callable) -> str:
    return dict(judge("0.1.1", answer).rows)["printed"]


def test_what_an_answer_prints_is_shown_whatever_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    def talks(x: torch.Tensor) -> torch.Tensor:
        print("x is", x.tolist())
        return 3 * x

    def talks_and_is_right(x: torch.Tensor) -> torch.Tensor:
        print(len(x))
        return 2 * x

    def talks_and_stops(x: torch.Tensor) -> torch.Tensor:
        print("before", file=sys.stderr)
        return x / ...

    assert printed(talks).startswith("x is [1.0, 2.0]\nx is [0.0, 1.0, ")
    assert printed(talks_and_is_right) == "2\n20"
    assert printed(talks_and_stops) == "before"
    assert printed(lambda x: print("y" * 1000)).startswith("y" * 300 + " …\n")
    assert printed(lambda x: print("\ud800")) == "?\n?"
    assert printed(lambda x: [print("a") for _ in range(99)]) == "\n".join(2 * (9 * ["a"] + ["a …"]))
    assert capsys.readouterr() == ("", "")


# Exceptions


def divides(x: torch.Tensor) -> torch.Tensor:
    return x / (1 // 0)


def inside_torch(x: torch.Tensor) -> torch.Tensor:
    y = torch.zeros(3, 4)
    return y @ x


def deep_inside_torch(x: torch.Tensor) -> torch.Tensor:
    layer = nn.Sequential(nn.Linear(3, 4))
    return layer(x)


def leaves(x: torch.Tensor) -> torch.Tensor:
    raise SystemExit(1)


def local_too_late(x: torch.Tensor) -> torch.Tensor:
    if len(x) > 99:
        lost = x
    return lost


class Speechless(Exception):
    def __str__(self) -> str:
        raise SystemExit


def says_ellipsis(x: torch.Tensor) -> torch.Tensor:
    raise ValueError("the ellipsis of the sun.")


def speechless(x: torch.Tensor) -> torch.Tensor:
    raise Speechless


def recursive(x: torch.Tensor) -> torch.Tensor:
    return recursive(x)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (divides, ": `return x / (1 // 0)` with ZeroDivisionError: "),
        (inside_torch, ": `return y @ x` with RuntimeError: size mismatch"),
        (deep_inside_torch, ": `return layer(x)` with RuntimeError: mat1"),
        (leaves, ": `raise SystemExit(1)` with SystemExit: 1"),
        (recursive, ": `return recursive(x)` with RecursionError"),
        (lambda: 1, "It stopped with TypeError: "),
        (local_too_late, "it is not associated with a value."),
        (speechless, ": `raise Speechless` with Speechless: a message that cannot be shown."),
        (lambda x: x.long().softmax(0), "with NotImplementedError: "),
        (says_ellipsis, "with ValueError: the ellipsis of the sun."),
        (not_implemented, ": `raise NotImplementedError` with NotImplementedError: no message."),
        (lambda x: later, "NameError: name 'later' is not defined. Is it misspelt, or made in a cell above"),  # noqa: F821
    ],
    ids=[
        "Python",
        "library",
        "deep library",
        "exit",
        "recursion",
        "signature",
        "local",
        "speechless",
        "not implemented by torch",
        "word",
        "not implemented",
        "cells in another order",
    ],
)
def test_an_exception_is_told_with_the_own_line(answer: Callable, message: str) -> None:
    verdict = judge("0.1.1", answer)
    assert verdict.state == "wrong"
    assert message in verdict.message, verdict.message
    assert ".." not in verdict.message
    assert ("made in a cell above" in verdict.message) == ("NameError" in verdict.message)
    assert "Traceback" not in str(verdict)


def test_a_fault_of_the_check_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checking, "judge", lambda *args: 1 / 0)
    check("0.1.1", double)
    said = capsys.readouterr().out
    assert said.startswith("✗ 0.1.1 not yet\n")
    assert "The check itself failed, which is our fault: ZeroDivisionError" in said


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary(), st.lists))
def test_nothing_that_is_handed_over_raises(thing: Any) -> None:
    for answer in (thing, lambda x: thing):
        assert judge("0.1.1", answer).state != "right"
    judge("0.1.2", thing, thing)
    assert judge("0.1.3", thing).state != "right"


# Endless answers


def loops(x: torch.Tensor) -> None:
    while True:
        x = x + 1


def stubborn(x: torch.Tensor) -> None:
    for _ in range(3):
        try:
            while True:
                pass
        except BaseException:
            pass


def careless(x: torch.Tensor) -> None:
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


def sleeps(x: torch.Tensor) -> None:
    time.sleep(4)


class Endless:
    def __array__(self) -> np.ndarray:
        while True:
            pass


ENDLESS = {"plain": loops, "catches exceptions": careless, "catches all": stubborn, "result": lambda x: Endless()}


@pytest.mark.parametrize("answer", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_loop_is_ended_and_its_line_named(answer: Callable) -> None:
    start, threads = time.perf_counter(), threading.active_count()
    verdict = judge("0.1.1", answer)
    assert time.perf_counter() - start < 3
    assert threading.active_count() == threads
    assert "After 0.3 s it was still running in line " in verdict.message
    assert "Does a loop never end, or is it only slow?" in verdict.message


def test_a_value_that_never_ends_to_be_read_is_ended() -> None:
    assert "After 0.3 s it was still running" in judge("0.1.2", Endless(), [1, 2]).message


class NotInTheMainThread:
    def __array__(self, *args: object, **options: object) -> np.ndarray:
        if threading.current_thread() is threading.main_thread():
            raise SystemExit
        return np.array([3.0, 6.0])


def test_what_an_answer_returns_is_read_inside_the_time_limit_only() -> None:
    assert judge("0.1.1", lambda x: NotInTheMainThread()).state == "wrong"


def test_an_answer_that_cannot_be_ended_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_PATIENCE", 0.2)
    verdict = judge("0.1.1", sleeps)
    assert "`time.sleep(4)`, and could not be stopped: restart the kernel" in verdict.message
    assert judge("0.1.1", lambda x: 2 * x).state == "right"


# The session around a check


def test_a_check_draws_from_no_generator_of_the_session_and_repeats_itself() -> None:
    drawn = []

    def draws(x: torch.Tensor) -> torch.Tensor:
        drawn.append((torch.rand(1).item(), np.random.rand(), random.random()))  # noqa: NPY002
        return 2 * x

    def state() -> tuple:
        return torch.get_rng_state().sum().item(), np.random.get_state()[1].sum(), random.getstate()  # noqa: NPY002

    for _ in range(2):
        before = state()
        judge("0.1.1", draws)
        assert state() == before
        torch.rand(1), np.random.rand(), random.random()  # noqa: NPY002
    assert len(set(drawn)) == 1


def test_grading_raises_unless_the_answer_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_GRADING", "1")
    check("0.1.1", lambda x: 2 * x)
    for answers in ((lambda x: 3 * x,), (...,), ()):
        with pytest.raises(NotSolved, match=r"0\.1\.1 (not yet|not attempted)"):
            check("0.1.1", *answers)
    with pytest.raises(NotSolved, match="no such exercise"):
        check("9.9.9", 1)


def test_progress_lists_the_chapters_that_were_checked(capsys: pytest.CaptureFixture[str]) -> None:
    progress()
    assert capsys.readouterr().out == "Nothing has been checked in this session.\n"
    check("0.1.2", 7, [1, 2])
    check("0.1.2", 8, [1, 2])
    check("0.1.1", lambda x: 3 * x)
    capsys.readouterr()
    progress()
    assert capsys.readouterr().out == "✗ 0.1.1 Twice\n✓ 0.1.2 Twice\n○ 0.1.3 Twice\nSolved in this session: 1 of 3\n"


def test_in_a_terminal_a_verdict_is_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    check("0.1.1", lambda x: x**2)
    assert capsys.readouterr().out == (
        "✗ 0.1.1 not yet: Twice\n"
        "  You square it.\n"
        "  case        x = [1, 2]\n"
        "  expected    [2, 4]\n"
        "  yours       [1, 4]\n"
        "  difference  1 at [0]\n"
    )


def test_what_a_reader_wrote_is_text_on_the_page() -> None:
    page = Verdict("1", "a < b", "wrong", "Use `x < y` & <b>", [("yours", "<script>"), ("printed", "")]).to_html()
    assert "<code" in page
    for raw in ("<script>", "<b>", "a < b", "x < y", "printed"):
        assert raw not in page


def test_what_is_infinite_is_shown_beside_what_is_not() -> None:
    assert show([[2.0, 1.0], [float("inf"), 1e-9]]) == "[[2, 1], [inf, 0]]"
