"""Records of the PTB Diagnostic ECG Database: downloaded, checked against their headers, and read by wfdb."""

from __future__ import annotations

import os
import re
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from course_utils.data.fetch import DataError, arriving, data_folder, download, explained

if TYPE_CHECKING:
    from wfdb import Record

URL = "https://physionet.org/files/ptbdb/1.0.0/"
DIAGNOSIS = "Reason for admission:"
NOT_STATED = "not stated"
_BYTES = 2  # of a number in the format 16, that of all records
_AGAIN = "Delete the record's files and run again to download them anew."


@dataclass(frozen=True)
class Recording:
    """An ECG of several leads.

    Attributes
    ----------
    name : str
    rate : float
        Samples per second.
    leads : tuple of str
        Their names.
    signal : ndarray, (d, leads)
        In mV; NaN where nothing was measured.
    diagnosis : str
        The reason for admission that the header states, or ``"not stated"``.
    """

    name: str
    rate: float
    leads: tuple[str, ...]
    signal: NDArray[np.float64]
    diagnosis: str

    def lead(self, name: str) -> NDArray[np.float64]:
        """The signal (d,) of one lead, named in capitals or not.

        Raises
        ------
        DataError
            If the lead is flat or has missing samples.
        ValueError
            If there is no such lead.
        """
        known = [lead.lower() for lead in self.leads]
        if name.lower() not in known:
            raise ValueError(f"{self.name} has no lead {name!r}; it has {', '.join(self.leads)}")
        signal = self.signal[:, known.index(name.lower())]
        if missing := np.isnan(signal).sum():
            raise DataError(f"{self.name}: lead {name} lacks {missing} of {len(signal)} samples. Choose another lead.")
        if np.ptp(signal) == 0:
            raise DataError(f"{self.name}: lead {name} is flat, so nothing was measured. Choose another lead.")
        return signal


def read_record(name: str) -> Recording:
    """A record of the database, downloaded on first use.

    Parameters
    ----------
    name : str
        With its folder, as in ``"patient001/s0010_re"``. It is looked up below ``ptbdb`` in :func:`data_folder`.

    Raises
    ------
    DataError
        If it cannot be had or is damaged.
    ImportError
        If wfdb is missing.
    """
    if not re.fullmatch(r"[\w-]+/[\w-]+", name):
        raise ValueError(f"a PTB record is named with its folder, as in 'patient001/s0010_re'; got {name!r}")
    path = data_folder() / "ptbdb" / name
    with explained(path):
        if not path.with_suffix(".hea").exists():
            _fetch(name, path)
        _check(path, _header(path))
        record = _wfdb().rdrecord(str(path))
    if set(record.units) != {"mV"}:
        raise DataError(f"{path}.hea: the leads are in {', '.join(sorted(set(record.units)))}, expected mV.")
    stated = [line.removeprefix(DIAGNOSIS).strip() for line in record.comments if line.startswith(DIAGNOSIS)]
    diagnosis = NOT_STATED if stated[:1] in ([], [""], ["n/a"]) else stated[0]
    return Recording(name, record.fs, tuple(record.sig_name), record.p_signal, diagnosis)


def _wfdb() -> ModuleType:
    try:
        with warnings.catch_warnings():  # it uses what new versions of pandas advise against
            warnings.simplefilter("ignore")
            import wfdb
    except ImportError as error:
        raise ImportError(
            f"recorded heartbeats are read by the package wfdb, which cannot be imported ({error}): pip install wfdb"
        ) from error
    return wfdb


def _fetch(name: str, path: Path) -> None:
    """Download the files of a record; its header, without which the others are not looked at, comes last."""
    advice = f"You can also download the files {URL}{name}.* yourself and put them into {path.parent}."
    with arriving(path.parent) as partial:
        header = partial / f"{path.name}.hea"
        download(f"{URL}{name}.hea", header, advice)
        files = [*dict.fromkeys(_header(header.with_suffix("")).file_name)]
        for file in files:
            download(f"{URL}{Path(name).parent}/{file}", partial / file, advice)
        _check(partial / path.name, _header(partial / path.name))
        for file in [*files, header.name]:
            os.replace(partial / file, path.parent / file)


def _header(path: Path) -> Record:
    wfdb = _wfdb()
    try:
        header = wfdb.rdheader(str(path))
        n_described, n_leads, length = len(header.sig_name or ()), header.n_sig, header.sig_len
    except OSError:
        raise
    except Exception as error:  # of many types
        raise DataError(f"{path}.hea is damaged ({error}). {_AGAIN}") from error
    if not n_leads or n_described != n_leads or not length:
        raise DataError(
            f"{path}.hea is damaged: {n_described} leads described of {n_leads}, {length} samples. {_AGAIN}"
        )
    if set(header.fmt) != {"16"} or any(Path(file).name != file for file in header.file_name):
        raise DataError(
            f"{path}.hea is of another kind: the numbers of a PTB record are in format 16 beside it. {_AGAIN}"
        )
    return header


def _check(path: Path, header: Record) -> None:
    """Refuse files that are not as long as the header says."""
    for name, n_leads in Counter(header.file_name).items():
        file, expected = path.parent / name, n_leads * header.sig_len * _BYTES
        found = file.stat().st_size if file.exists() else 0
        if found != expected:
            raise DataError(f"{file} is damaged: {found} bytes, {path.name}.hea says {expected}. {_AGAIN}")
