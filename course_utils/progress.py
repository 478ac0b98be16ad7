"""One line that counts epochs while a model trains and says at the end what came out."""

from __future__ import annotations

import sys
import time

from course_utils.environment import in_notebook

_INTERVAL = 0.25  # seconds between two updates


class Progress:
    """Rewrites one line: of the cell's output in a notebook, of the terminal elsewhere."""

    def __init__(self, name: str = "") -> None:
        self._prefix = f"{name}: " if name else ""
        self._handle = None
        self._shown = 0.0
        self._terminal = not in_notebook() and sys.stderr.isatty()
        if in_notebook():
            from IPython.display import DisplayHandle

            self._handle = DisplayHandle()
            self._handle.display({"text/plain": f"{self._prefix}training"}, raw=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, error: type[BaseException] | None, *details: object) -> None:
        if error is not None:
            self.finish("stopped before the end")

    def update(self, text: str) -> None:
        """Show ``text`` unless the line has just been written."""
        if time.monotonic() - self._shown > _INTERVAL:
            self._write(self._prefix + text, end="\r")

    def finish(self, text: str) -> None:
        """Show ``text`` for good."""
        self._write(self._prefix + text, end="\n")

    def _write(self, text: str, end: str) -> None:
        self._shown = time.monotonic()
        if self._handle is not None:
            self._handle.update({"text/plain": text}, raw=True)
        elif self._terminal:
            print(f"\033[2K{text}", end=end, file=sys.stderr, flush=True)
