"""Decode codes with the network that a notebook trains.

Usage: python -m tests.decode NOTEBOOK EXPRESSION < codes.json > pictures.json
"""

from __future__ import annotations

import json
import sys
from itertools import takewhile
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def main(path: str, decoder: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    before = takewhile(lambda cell: "LatentExplorer(" not in cell.source, notebook.cells)
    codes = json.dumps(json.load(sys.stdin))
    question = f"import json\nprint(json.dumps({decoder}(torch.tensor({codes})).tolist()))"
    notebook.cells = [*before, nbformat.v4.new_code_cell(question)]
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": Path(path).parent}}).execute()
    print(notebook.cells[-1].outputs[0].text)


if __name__ == "__main__":
    main(*sys.argv[1:])
