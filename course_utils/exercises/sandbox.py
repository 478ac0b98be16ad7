"""Run an answer without harm: a time limit, its prints kept, every generator as it was, its failure told with its own line."""

from __future__ import annotations

import ctypes
import io
import random
import sys
import sysconfig
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

TIME_LIMIT = 5.0  # seconds for one case
_PATIENCE = 2.0  # seconds that an endless answer has to obey

_OURS = (sysconfig.get_path("stdlib"), str(Path(__file__).parents[1]), "<frozen", "<string>")
_SHOWN, _LINES = 300, 10  # characters and lines of a message or of what was printed


class AnswerError(Exception):
    """An answer does something that is explained better than by a traceback."""


class BlankError(Exception):
    """An answer returned what is still to be written."""


class _TimeUp(BaseException):
    """Not an Exception, so that ``except Exception`` in an answer does not catch it."""


@dataclass
class Attempt:
    """What came of one case."""

    value: Any = None
    printed: str = ""
    failure: str | None = None
    blank: bool = False  # something is still to be written, where `place` says
    place: str = ""


def attempt(ask: Callable[..., Any], answers: tuple[Any, ...], limit: float | None = None) -> Attempt:
    """Run ``ask(*answers)`` in a thread of its own, for at most ``limit`` seconds, ``TIME_LIMIT`` unless told."""
    limit = TIME_LIMIT if limit is None else limit
    made, printed = Attempt(), io.StringIO()
    worker = threading.Thread(target=_work, args=(ask, answers, made), daemon=True)
    with _generators_kept(), redirect_stdout(printed), redirect_stderr(printed):
        worker.start()
        try:
            worker.join(limit)
        finally:
            if worker.is_alive():
                made = Attempt(failure=f"After {limit:g} s it was still running{_stop(worker)}")
    made.printed = _cut(printed.getvalue().strip())
    return made


def _work(ask: Callable[..., Any], answers: tuple[Any, ...], made: Attempt) -> None:
    try:
        made.value = ask(*answers)
    except _TimeUp:
        pass
    except BaseException as error:
        made.place = _place(traceback.extract_tb(error.__traceback__))
        made.blank = _is_blank(error)
        made.failure = _explain(error, made.place)


def _stop(worker: threading.Thread) -> str:
    """End a thread that takes too long, and say where it was."""
    frame = sys._current_frames().get(worker.ident)
    place = _place(traceback.extract_stack(frame)) if frame else ""
    for _ in range(10):  # `except:` without a name catches it once
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(_TimeUp))
        worker.join(_PATIENCE / 10)
        if not worker.is_alive():
            return f"{place}. Does a loop never end, or is it only slow? A check waits no longer."
    return f"{place}, and could not be stopped: restart the kernel to get rid of it."


def _place(frames: traceback.StackSummary) -> str:
    """Where the reader's own code was: the innermost frame outside of Python, its libraries and this package."""
    own = [f for f in frames if not f.filename.startswith(_OURS) and "-packages" not in f.filename]
    if not own:
        return ""
    text = f": `{own[-1].line}`" if own[-1].line else ""
    return f" in line {own[-1].lineno}{text}"


def _is_blank(error: BaseException) -> bool:
    """Whether an answer stopped because of a ``...``."""
    stumbled = isinstance(error, TypeError | AttributeError) and "ellipsis" in _message(error)
    return stumbled or isinstance(error, BlankError)


def _explain(error: BaseException, place: str) -> str:
    if isinstance(error, AnswerError):
        return str(error)
    advice = " Is it misspelt, or made in a cell above that was not run?" if type(error) is NameError else ""
    return f"It stopped{place} with {type(error).__name__}: {_message(error) or 'no message'}.{advice}"


def _message(error: BaseException) -> str:
    try:
        return _cut(str(error)).rstrip(".")
    except BaseException:
        return "a message that cannot be shown"


def _cut(text: str) -> str:
    """As much as a verdict has room for, in characters that every terminal and browser knows."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    short = "\n".join(text[:_SHOWN].splitlines()[:_LINES])
    return text if short == text else f"{short} …"


@contextmanager
def _generators_kept() -> Iterator[None]:
    """Seed every generator, so that a check repeats itself, and give them back as they were."""
    before = random.getstate(), np.random.get_state()  # noqa: NPY002
    with torch.random.fork_rng():
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002
        torch.manual_seed(0)
        try:
            yield
        finally:
            random.setstate(before[0])
            np.random.set_state(before[1])  # noqa: NPY002
