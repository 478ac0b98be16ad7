"""A small language for right-hand sides: read into a tree that Python and the page evaluate alike, never executed."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

Tree = float | str | list  # a number; a name; an operator or a function, and what it is applied to

CONSTANTS = {"pi": np.pi, "e": np.e}
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "atan": np.arctan, "abs": np.abs,
}  # fmt: skip
_BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow}
_SYMBOLS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_LONGEST = 5000  # characters
_DEEPEST = 200  # levels; it is read and evaluated by functions that call themselves
_LARGEST = 1e300
_ALLOWED = f"numbers, names, + - * / **, brackets and {', '.join(FUNCTIONS)}"


class FormulaError(ValueError):
    """A formula that cannot be read; the message quotes it and says what is allowed."""


def parse(text: str, names: tuple[str, ...]) -> Tree:
    """Read one formula.

    Parameters
    ----------
    text : str
        Python's arithmetic: ``"-g / l * sin(theta)"``.
    names : tuple of str
        The variables that it may use, beside ``pi`` and ``e``.

    Returns
    -------
    Tree
        Numbers, names, and lists of an operator or function and its arguments.

    Raises
    ------
    FormulaError
        If it is no formula, or uses a name, a function or a sign that it may not.

    Examples
    --------
    >>> parse("1 - rate * x", ("x", "rate"))
    ['-', 1.0, ['*', 'rate', 'x']]
    """
    if not isinstance(text, str) or len(text) > _LONGEST:
        shown = f"{len(text)} characters" if isinstance(text, str) else type(text).__name__
        raise FormulaError(f"a formula is a text of at most {_LONGEST} characters, got {shown}")
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", type(error).__name__)
        raise FormulaError(f"cannot read the formula {text!r}: {reason}; it may have {_ALLOWED}") from None
    if _depth(body) > _DEEPEST:
        raise FormulaError(f"the formula {text[:20]!r}… is nested more than {_DEEPEST} deep")
    return _tree(body, text, names)


def _depth(body: ast.expr) -> int:
    """Levels of a formula, counted without a function that calls itself."""
    level: list[ast.AST] = [body]
    depth = 0
    while level:
        depth += 1
        level = [part for node in level for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    return depth


def _tree(node: ast.expr, text: str, names: tuple[str, ...]) -> Tree:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        if abs(node.value) > _LARGEST:
            raise FormulaError(f"{text!r}: a number is larger than {_LARGEST:g}")
        return float(node.value)
    if isinstance(node, ast.Name):
        if node.id not in (*names, *CONSTANTS):
            raise FormulaError(f"{text!r}: unknown name {node.id!r}; known are {', '.join((*names, *CONSTANTS))}")
        return node.id
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = _tree(node.operand, text, names)
        return ["-", 0.0, inner] if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp) and type(node.op) in _SYMBOLS:
        return [_SYMBOLS[type(node.op)], _tree(node.left, text, names), _tree(node.right, text, names)]
    if isinstance(node, ast.Call):
        return _call(node, text, names)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
        raise FormulaError(f"{text!r}: a power is written **, not ^")
    raise FormulaError(f"{text!r}: {ast.unparse(node)!r} is not allowed; a formula may have {_ALLOWED}")


def _call(node: ast.Call, text: str, names: tuple[str, ...]) -> Tree:
    called = ast.unparse(node.func)
    if called not in FUNCTIONS:
        raise FormulaError(f"{text!r}: {called!r} may not be called; functions are {', '.join(FUNCTIONS)}")
    if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
        raise FormulaError(f"{text!r}: {called} takes one argument")
    return [called, _tree(node.args[0], text, names)]


def formulas(trees: Iterable[Tree], names: tuple[str, ...], fixed: Mapping[str, float]) -> Callable[..., list]:
    """A function of the values of ``names``, in their order, that gives those of the formulas; ``fixed`` holds the other names.

    Arrays are taken element by element, with infinities and NaN where a number has no result. What formulas have in
    common is reckoned once in a call, and what no name moves is reckoned here.
    """
    values: list[Any] = [None] * len(names)
    places = {(name,): i for i, name in enumerate(names)}
    steps: list[tuple[Callable[..., Any], list[int], int]] = []

    def place(tree: Tree) -> int:
        symbol, *parts = tree if isinstance(tree, list) else [tree]
        key = symbol, *map(place, parts)
        if key not in places:
            at, arguments = len(values), list(key[1:])
            function = _BINARY.get(symbol) or FUNCTIONS.get(symbol)
            if not arguments:
                values.append(np.float64({**CONSTANTS, **fixed}.get(symbol, symbol)))
            elif any(values[i] is None for i in arguments):
                values.append(None)
                steps.append((function, arguments, at))
            else:
                values.append(function(*(values[i] for i in arguments)))
            places[key] = at
        return places[key]

    with np.errstate(all="ignore"):
        results = [place(tree) for tree in trees]

    def run(*given: Any) -> list:
        found = [*given, *values[len(names) :]]
        for function, arguments, at in steps:
            found[at] = function(*[found[i] for i in arguments])
        return [found[i] for i in results]

    return run
