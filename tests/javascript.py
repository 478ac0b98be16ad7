"""The scripts of the explorers, run by node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from course_utils.widgets.assets import FOLDER
from tests.conftest import ROOT, node

Ask = Callable[[dict[str, Any]], Any]


@contextmanager
def javascript(script: str) -> Iterator[Ask]:
    """Answers of one of the ``run_*.mjs`` in this folder, which reads a question from each line."""
    command = [node(), "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", ROOT / "tests" / script, f"{FOLDER.as_uri()}/"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def ask(question: dict[str, Any]) -> Any:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()
