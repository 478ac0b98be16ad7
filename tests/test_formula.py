"""The small language of right-hand sides: what it means, and what it refuses."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.ode import FormulaError, parse
from course_utils.ode.formula import FUNCTIONS, formulas

VALUES = {name: np.float64(value) for name, value in {"x": 0.7, "rate": -1.3, "t": 2.5}.items()}
NUMBERS = re.compile(r"\b\d[\d.]*(e-\d+)?")
PYTHON = {"number": np.float64, "pi": np.float64(np.pi), "e": np.float64(np.e)} | VALUES
PYTHON |= {name: getattr(np, name) for name in FUNCTIONS}


def expressions() -> st.SearchStrategy[str]:
    leaves = st.sampled_from([*VALUES, "pi", "e", "2", "0.5", "1e-3", "3.25"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner)
        return st.one_of(
            pair.map(lambda p: f"{p[0]} {p[1]} {p[2]}"),
            pair.map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
            st.tuples(st.sampled_from(["-", "+"]), inner).map("".join),
            st.tuples(st.sampled_from(sorted(FUNCTIONS)), inner).map(lambda p: f"{p[0]}({p[1]})"),
        )

    return st.recursive(leaves, larger, max_leaves=8).filter(lambda text: len(text) < 400)


@given(text=expressions())
def test_a_formula_means_what_python_makes_of_it(text: str) -> None:
    """With numbers that know infinity and NaN, as NumPy's do."""
    with np.errstate(all="ignore"):
        wanted = eval(NUMBERS.sub(r"number(\g<0>)", text), {"__builtins__": {}}, PYTHON)
        found = formulas([parse(text, tuple(VALUES))], tuple(VALUES), {})(*VALUES.values())
        fixed = formulas([parse(text, tuple(VALUES))], ("t",), VALUES)(VALUES["t"])
    np.testing.assert_array_equal(found, [wanted])
    np.testing.assert_array_equal(fixed, [wanted])


def test_blanks_around_a_formula_do_not_matter() -> None:
    assert parse("  x ", ("x",)) == "x"


def test_arrays_are_evaluated_element_by_element() -> None:
    x = np.linspace(0, 1, 5)
    (found,) = formulas([parse("1 - x**2", ("x",))], ("x",), {})(x)
    np.testing.assert_allclose(found, 1 - x**2)


def test_what_formulas_have_in_common_is_reckoned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setitem(FUNCTIONS, "sin", lambda value: asked.append(value) or np.sin(value))
    trees = [parse(text, ("x", "rate")) for text in ("sin(x) + sin(rate)", "sin(rate) * sin(x) / (1 + sin(x))")]
    run = formulas(trees, ("x",), {"rate": 2.0})
    assert asked == [2.0]  # no name moves it
    assert run(0.5) == pytest.approx([np.sin(0.5) + np.sin(2), np.sin(2) * np.sin(0.5) / (1 + np.sin(0.5))])
    run(0.7)
    assert asked == [2.0, 0.5, 0.7]


@pytest.mark.parametrize(
    ("text", "value"), [("1 / 0", np.inf), ("log(-1)", np.nan), ("9**9**9", np.inf), ("0 / 0", np.nan)]
)
def test_what_has_no_result_is_infinite_or_nan(text: str, value: float) -> None:
    np.testing.assert_equal(formulas([parse(text, ())], (), {})(), [value])


def test_a_formula_may_be_as_deep_as_the_limit() -> None:
    (found,) = formulas([parse("x + " * 199 + "x", ("x",))], ("x",), {})(0.5)
    assert found == 100


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rate * y", r"'rate \* y': unknown name 'y'; known are x, rate, t, pi, e"),
        ("sinn(x)", "'sinn' may not be called; functions are sin, cos"),
        ("__import__('os').system('true')", r"__import__\('os'\)\.system.* may not be called"),
        ("x.real", r"'x\.real' is not allowed"),
        ("().__class__", "is not allowed"),
        ("x[0]", r"'x\[0\]' is not allowed"),
        ("x if x else t", "is not allowed"),
        ("lambda: x", "is not allowed"),
        ("[x for x in t]", "is not allowed"),
        ("x := 3", "cannot read"),
        ("x = 3", "cannot read"),
        ("x < 1", "is not allowed"),
        ("x and t", "is not allowed"),
        ("not x", "is not allowed"),
        ("~x", "is not allowed"),
        ("x // 2", "is not allowed"),
        ("x @ t", "is not allowed"),
        ("'x' * 9", "is not allowed"),
        ("True", "is not allowed"),
        ("1j", "is not allowed"),
        ("...", "is not allowed"),
        ("sin", "unknown name 'sin'"),
        ("x(1)", "'x' may not be called"),
        ("x ^ 2", r"a power is written \*\*, not \^"),
        ("sin(x, t)", "sin takes one argument"),
        ("sin()", "sin takes one argument"),
        ("sin(*x)", "sin takes one argument"),
        ("sin(x, a=t)", "sin takes one argument"),
        ("", "cannot read the formula ''"),
        ("2x", "cannot read the formula '2x': .*it may have numbers, names"),
        ("sin(x", "cannot read"),
        ("x; t", "cannot read"),
        ("x\x00", "cannot read"),
        ("1e999", r"a number is larger than 1e\+300"),
        ("9" * 400, "a number is larger"),
        ("x" * 5001, "at most 5000 characters, got 5001 characters"),
        (1.0, "a text of at most 5000 characters, got float"),
        ("(" * 249 + "x" + ")" * 249, "cannot read"),
        ("-" * 200 + "x", "is nested more than 200 deep"),
        ("x + " * 200 + "x", "is nested more than 200 deep"),
        ("-" * 4999 + "x", "cannot read|is nested more than 200 deep"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_anything_but_arithmetic_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        parse(text, ("x", "rate", "t"))
