"""Files from elsewhere: looked up, downloaded whole or not at all, checked, and explained when that fails."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PARTIAL = ".partial-"
_ABANDONED_AFTER = 3600  # seconds


class DataError(RuntimeError):
    """A data file is missing, damaged or cannot be stored."""


def data_folder() -> Path:
    """The folder for real data: ``COURSE_DATA_DIR`` where it is set, else the user's cache.

    Raises
    ------
    DataError
        If ``COURSE_DATA_DIR`` names something that is not a folder.
    """
    chosen = os.environ.get("COURSE_DATA_DIR")
    if not chosen:
        import pooch

        return Path(pooch.os_cache("course_utils"))
    if not Path(chosen).is_dir():
        raise DataError(
            f"COURSE_DATA_DIR is {chosen!r}, which is not a folder. Create it, or unset the variable to use the cache."
        )
    return Path(chosen)


def fetch(relative: str, url: str, md5: str) -> Path:
    """Path of a checked file, downloaded on first use.

    The file is downloaded beside its place and moved there in one step once its checksum is right.
    A run that is killed, or two at once, therefore never leave half a file.

    Parameters
    ----------
    relative : str
        Where the file lies below :func:`data_folder`, as in ``"mnist/t10k-labels-idx1-ubyte.gz"``.
    url : str
        Where it comes from.
    md5 : str
        Its checksum, in hexadecimal.

    Raises
    ------
    DataError
        Names the file, the reason and what to do.
    """
    import pooch

    target = data_folder() / relative
    advice = f"You can also download {url} yourself and put it at {target}."
    with explained(target):
        if target.exists():
            if pooch.hashes.file_hash(str(target), alg="md5") == md5:
                return target
            raise DataError(
                f"{target} is damaged or another file: its MD5 is not {md5}. Delete it and run again to download it anew. {advice}"
            )
        with arriving(target.parent) as partial:
            download(url, partial / target.name, advice)
            if pooch.hashes.file_hash(str(partial / target.name), alg="md5") != md5:
                raise DataError(
                    f"{target.name} arrived damaged (its MD5 is not {md5}) and was not kept. Run again; if it happens twice, the file at {url} has changed."
                )
            os.replace(partial / target.name, target)
    return target


@contextmanager
def explained(target: Path) -> Iterator[None]:
    """Say of ``target`` why it cannot be read or stored, and what to do, where the system refuses."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(
            f"{target} cannot be read or stored: {reason}. Free the space or the permission, "
            f"or set COURSE_DATA_DIR to a folder that can be written."
        ) from error


@contextmanager
def arriving(folder: Path) -> Iterator[Path]:
    """A folder within ``folder`` for files on their way; what has not been moved from it at the end is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(folder)
    with tempfile.TemporaryDirectory(prefix=_PARTIAL, dir=folder) as partial:
        yield Path(partial)


def download(url: str, path: Path, advice: str) -> None:
    """Download to ``path``, without a check.

    Raises
    ------
    DataError
        If the connection fails; ``advice`` is part of the message.
    """
    import pooch
    import requests

    try:
        pooch.HTTPDownloader()(url, str(path), None)
    except requests.RequestException as error:
        raise DataError(
            f"{path.name} could not be downloaded. Check the connection and run again. {advice} Reason: {error}"
        ) from error


def _remove_abandoned(folder: Path) -> None:
    for partial in folder.glob(f"{_PARTIAL}*"):
        with suppress(FileNotFoundError):  # another process has just finished with it
            if time.time() - partial.stat().st_mtime > _ABANDONED_AFTER:
                shutil.rmtree(partial, ignore_errors=True)
