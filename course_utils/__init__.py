"""Helpers behind the notebooks of *From Autoencoders to Neural ODEs*.

``import course_utils`` loads neither torch nor matplotlib: a submodule is
imported when it is first used.
"""

from importlib import import_module
from types import ModuleType

from course_utils.claims import claim
from course_utils.environment import setup
from course_utils.tables import seven_questions, table

__all__ = ["claim", "setup", "seven_questions", "table"]
__version__ = "0.1.0"

_SUBMODULES = ("data", "exercises", "losses", "metrics", "models", "ode", "plotting", "training", "widgets")


def __getattr__(name: str) -> ModuleType:
    if name in _SUBMODULES:
        return import_module(f"course_utils.{name}")
    raise AttributeError(f"course_utils has no {name!r}; it has {', '.join((*__all__, *_SUBMODULES))}")


def __dir__() -> list[str]:
    return sorted((*globals(), *_SUBMODULES))
