import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course_utils.data.fetch import DataError, data_folder, fetch
from tests.conftest import _Quiet, serve

CONTENT = bytes(range(256)) * 4000
MD5 = hashlib.md5(CONTENT).hexdigest()
FETCH = "import sys; from course_utils.data.fetch import fetch; print(fetch('set/file.gz', sys.argv[1], sys.argv[2]))"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("COURSE_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def origin(tmp_path: Path):
    (tmp_path / "origin").mkdir()
    (tmp_path / "origin" / "file.gz").write_bytes(CONTENT)
    with serve(tmp_path / "origin") as url:
        yield f"{url}file.gz"


class Truncating(_Quiet):
    """Promises the whole file and hangs up half-way."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[: len(CONTENT) // 2])


class Stalling(Truncating):
    """Sends half of the file and then nothing."""

    def do_GET(self) -> None:
        super().do_GET()
        self.wfile.flush()
        time.sleep(30)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def child(url: str, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", FETCH, url, MD5], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def test_a_file_is_downloaded_once(folder: Path, origin: str) -> None:
    path = fetch("set/file.gz", origin, MD5)
    assert path == folder / "set" / "file.gz"
    assert path.read_bytes() == CONTENT
    assert fetch("set/file.gz", "http://127.0.0.1:1/gone", MD5) == path
    assert files(folder) == ["set/file.gz"]


def test_another_checksum_is_refused_and_not_kept(folder: Path, origin: str) -> None:
    with pytest.raises(DataError, match=r"file\.gz arrived damaged .* not kept"):
        fetch("set/file.gz", origin, "0" * 32)
    assert files(folder) == []


def test_a_damaged_file_in_place_is_named_and_left_alone(folder: Path, origin: str) -> None:
    (folder / "set").mkdir()
    (folder / "set" / "file.gz").write_bytes(CONTENT[:100])
    with pytest.raises(DataError, match=r"set/file\.gz is damaged or another file.*Delete it and run again"):
        fetch("set/file.gz", origin, MD5)
    assert (folder / "set" / "file.gz").read_bytes() == CONTENT[:100]


def test_a_connection_that_breaks_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    with serve(tmp_path, Truncating) as url, pytest.raises(DataError, match=r"file\.gz could not be downloaded"):
        fetch("set/file.gz", f"{url}file.gz", MD5)
    assert files(folder) == []


def test_no_network_says_what_to_do(folder: Path) -> None:
    with pytest.raises(
        DataError, match=r"Check the connection and run again.*put it at .*set/file\.gz.*Connection refused"
    ):
        fetch("set/file.gz", "http://127.0.0.1:1/file.gz", MD5)
    assert files(folder) == []


def test_a_missing_page_says_so(folder: Path, tmp_path: Path) -> None:
    with serve(tmp_path) as url, pytest.raises(DataError, match="404"):
        fetch("set/file.gz", f"{url}nothing.gz", MD5)
    assert files(folder) == []


def test_a_killed_download_leaves_no_half_file_and_the_next_one_works(
    folder: Path, tmp_path: Path, origin: str
) -> None:
    with serve(tmp_path, Stalling) as url:
        process = child(f"{url}file.gz")
        deadline = time.monotonic() + 20
        while not list((folder / "set").glob(".partial-*/*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    left = list((folder / "set").glob(".partial-*"))
    assert left, "the download was not under way when it was killed"
    assert not (folder / "set" / "file.gz").exists()

    an_age_ago = time.time() - 7200
    os.utime(left[0], (an_age_ago, an_age_ago))
    assert fetch("set/file.gz", origin, MD5).read_bytes() == CONTENT
    assert files(folder) == ["set/file.gz"]


def test_two_processes_at_once_both_get_the_file(folder: Path, origin: str) -> None:
    processes = [child(origin) for _ in range(2)]
    for process in processes:
        output, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        assert output.strip() == str(folder / "set" / "file.gz")
    assert files(folder) == ["set/file.gz"]


def test_a_full_disk_says_so_and_leaves_nothing(folder: Path, origin: str) -> None:
    limit = len(CONTENT) // 2
    process = child(origin, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    _, errors = process.communicate(timeout=60)
    assert "cannot be read or stored: File too large. Free the space" in errors
    assert files(folder) == []


def test_a_folder_that_cannot_be_written_says_so(folder: Path, origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DataError, match=r"cannot be read or stored: Permission denied.*COURSE_DATA_DIR"):
        fetch("set/file.gz", origin, MD5)


def test_a_file_in_the_place_of_the_folder_says_so(folder: Path, origin: str) -> None:
    (folder / "set").write_text("in the way")
    with pytest.raises(DataError, match="cannot be read or stored"):
        fetch("set/file.gz", origin, MD5)


def test_an_unknown_data_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match="nowhere', which is not a folder"):
        data_folder()


def test_without_the_variable_the_users_cache_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
    assert data_folder().name == "course_utils"
