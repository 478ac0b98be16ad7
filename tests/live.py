"""A Jupyter server of its own, for front ends that are driven in a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import nbformat


def write_notebook(path: Path, *cells: str) -> None:
    """A notebook of code cells for the kernel ``python3``."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells], metadata=kernel)
    nbformat.write(notebook, path)


@contextmanager
def jupyter(program: Path, application: str, folder: Path, *options: str) -> Iterator[str]:
    """Serve ``folder`` with ``jupyter lab`` or ``jupyter notebook``, without a password; yields the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    own = {
        name: str(folder / name.lower()) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    command = [program, application, "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", *options]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=os.environ | own, stdout=log, stderr=log)
        try:
            _wait_for(address, server, folder / "server.log")
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}api", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"Jupyter did not start at {address}:\n{log.read_text()[-3000:]}")


def lab(program: Path, folder: Path) -> AbstractContextManager[str]:
    """JupyterLab that fetches neither news nor updates, and lets a script run its commands."""
    return jupyter(
        program,
        "lab",
        folder,
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    )
