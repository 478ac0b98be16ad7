"""Files with a market's price in each minute."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from course_utils.data.fetch import DataError, data_folder

if TYPE_CHECKING:
    from pandas import DataFrame, Series

COLUMNS = ("timestamp", "open", "close")
SOURCE = "https://github.com/ff137/bitstamp-btcusd-minute-data"
# Times since 1973 tell their unit by their size.
_SMALLER_UNITS = {1e17: "nanoseconds", 1e14: "microseconds", 1e11: "milliseconds"}


def read_windows(path: str | Path, minutes: int) -> tuple[Tensor, int]:
    """Cut a file of 1-minute bars into windows that follow upon each other, from the first bar on.

    Parameters
    ----------
    path : str or Path
        A CSV file, plain or as .gz, looked up below :func:`data_folder` first. Its first line names the columns, at least
        timestamp (Unix seconds), open and close, in capitals or not. A minute without trade has no row, or NaN.
    minutes : int
        Length of a window. What is left at the end is no window.

    Returns
    -------
    windows : Tensor, (n, minutes)
        100 times the logarithm of each close, relative to the window's first open.
    left_out : int
        Windows that lack a minute.

    Raises
    ------
    DataError
        If the file cannot be had, is damaged or empty, lacks a column, is not in Unix seconds, repeats a time or goes back,
        or has no whole window.
    """
    path = _find(path)
    minute, first, close = _require(path, _read(path))
    row = minute - minute[0]
    n = (int(row[-1]) + 1) // minutes
    if not n:
        raise DataError(f"{path} covers {row[-1] + 1} minutes, less than one window of {minutes}.")
    opens, closes = np.full((2, n * minutes), np.nan)
    within = row < n * minutes
    opens[row[within]], closes[row[within]] = first[within], close[within]
    windows = 100 * np.log(closes.reshape(n, minutes) / opens.reshape(n, minutes)[:, :1])
    whole = ~np.isnan(windows).any(1)
    if not whole.any():
        raise DataError(
            f"{path}: each of its {n} windows of {minutes} minutes has a gap. Take a later part of the file."
        )
    return torch.from_numpy(windows[whole]).float(), int(n - whole.sum())


def _find(path: str | Path) -> Path:
    for candidate in (data_folder() / path, Path(path)):
        if candidate.is_file():
            return candidate
    raise DataError(
        f"{path} is neither in {data_folder()} nor at {Path(path).absolute()}. Download a file of 1-minute bars, "
        f"as from {SOURCE}, and put it there, or name its path."
    )


def _read(path: Path) -> DataFrame:
    """The columns that are needed, named in small letters."""
    import pandas as pd

    try:
        there = {str(column).strip().lower(): column for column in pd.read_csv(path, nrows=0).columns}
        if missing := [column for column in COLUMNS if column not in there]:
            raise DataError(
                f"{path} has no column {', '.join(missing)}: its first line names {', '.join(map(str, there.values()))}."
            )
        table = pd.read_csv(path, usecols=[there[column] for column in COLUMNS])
    except pd.errors.EmptyDataError as error:
        raise DataError(f"{path} is empty: its first line should name the columns.") from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise DataError(f"{path} cannot be read as CSV, it may be damaged ({error}). Download it again.") from error
    return table.rename(columns={there[column]: column for column in COLUMNS})


def _require(path: Path, table: DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whole minutes since 1970, open and close, of the rows that have all three; a row that cannot be is named."""
    if table.empty:
        raise DataError(f"{path} is empty: it has names of columns, but no rows.")
    seconds, first, close = (_numbers(path, table[column]) for column in COLUMNS)

    def refuse(wrong: np.ndarray, what: str) -> None:
        if wrong.any():
            row = int(wrong.argmax())
            raise DataError(f"{path}: {what}, first in line {row + 2}: {', '.join(map(str, table.iloc[row]))}.")

    refuse(~np.isfinite(seconds), "a row has no time stamp")
    for size, unit in _SMALLER_UNITS.items():
        if seconds[0] > size:
            raise DataError(f"{path}: the time stamp {seconds[0]:.0f} seems to be in {unit}: convert to Unix seconds.")
    refuse(seconds % 60 != 0, "a time stamp is not at a full minute, so these are no 1-minute bars")
    steps = np.diff(seconds, prepend=-np.inf)
    refuse(steps == 0, "a time stamp is repeated: keep one row of each minute")
    refuse(steps < 0, "a time stamp is before the one above: sort the rows by time")
    refuse((first <= 0) | (close <= 0) | np.isinf(first) | np.isinf(close), "a price is not positive and finite")
    known = ~(np.isnan(first) | np.isnan(close))
    if not known.any():
        raise DataError(f"{path} has no row with open and close.")
    return (seconds[known] // 60).astype(np.int64), first[known], close[known]


def _numbers(path: Path, column: Series) -> np.ndarray:
    import pandas as pd

    try:
        return pd.to_numeric(column).to_numpy(np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"{path}: column {column.name} holds what is no number, counted from 0: {error}.") from error
