"""Files of 1-minute bars, in both forms in which they come, and damaged ones."""

import gzip
from pathlib import Path

import numpy as np
import pytest
import torch

from course_utils.data import DataError, prices
from course_utils.data.minutes import read_windows

START = 1_500_000_000
NEW = "timestamp,open,high,low,close,volume"
OLD = "Timestamp,Open,High,Low,Close,Volume_(BTC),Volume_(Currency),Weighted_Price"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def bars(n: int, seed: int = 0) -> tuple[list[float], list[float]]:
    """Open and close of n minutes; a minute need not open where the last one closed."""
    rng = np.random.default_rng(seed)
    closes = 1000 * np.exp(np.cumsum(rng.normal(0, 1e-3, n)))
    return (np.append(1000, closes[:-1]) * np.exp(rng.normal(0, 1e-4, n))).tolist(), closes.tolist()


def rows(n: int, columns: str = NEW, missing: tuple[int, ...] = (), empty: tuple[int, ...] = ()) -> list[str]:
    """Lines of a file; ``missing`` minutes have no row, ``empty`` ones NaN."""
    opens, closes = bars(n)
    others = columns.count(",") - 4
    lines = [columns]
    for k, (first, close) in enumerate(zip(opens, closes, strict=True)):
        values = [first, max(first, close), min(first, close), close, *[1.0] * others]
        if k in empty:
            values = ["NaN"] * len(values)
        if k not in missing:
            lines.append(",".join(map(str, [START + 60 * k, *values])))
    return lines


def write(path: Path, lines: list[str]) -> Path:
    content = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def by_hand(n: int, window: int, minutes: int) -> list[float]:
    opens, closes = bars(n)
    first = window * minutes
    return [100 * np.log(close / opens[first]) for close in closes[first : first + minutes]]


@pytest.mark.parametrize("columns", [NEW, OLD])
@pytest.mark.parametrize("name", ["bars.csv", "bars.csv.gz"])
def test_both_forms_are_read_plain_and_packed(folder: Path, columns: str, name: str) -> None:
    write(folder / name, rows(400, columns))
    found = prices(path=name)
    np.testing.assert_allclose(found.x, [by_hand(400, k, 180) for k in (0, 1)], atol=1e-5)
    assert found.grid.tolist() == list(range(1, 181))
    assert found.factors is None
    assert found.name == f"prices ({name}: 0 of 2 windows with gaps left out)"


def test_a_file_is_looked_up_in_the_data_folder_first_and_then_as_it_is_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "bars.csv", rows(40))
    assert len(prices(path="bars.csv", minutes=20).x) == 2
    assert len(prices(path=tmp_path / "bars.csv", minutes=20).x) == 2
    write(folder / "bars.csv", rows(60))
    assert len(prices(path="bars.csv", minutes=20).x) == 3


@pytest.mark.parametrize("kind", ["missing", "empty"])
def test_windows_with_gaps_are_left_out_and_counted(folder: Path, kind: str) -> None:
    path = write(folder / "bars.csv", rows(100, OLD, **{kind: (25, 26, 59, 80)}))
    found, left_out = read_windows(path, 20)
    np.testing.assert_allclose(found, [by_hand(100, k, 20) for k in (0, 3)], atol=1e-5)
    assert left_out == 3
    assert prices(path=path, minutes=20).name.endswith(": 3 of 5 windows with gaps left out)")


def test_rows_without_price_at_both_ends_are_no_windows(folder: Path) -> None:
    path = write(folder / "bars.csv", rows(100, OLD, empty=(*range(7), *range(50, 100))))
    found, left_out = read_windows(path, 20)
    assert (len(found), left_out) == (2, 0)
    opens, closes = bars(100)
    assert found[1, 3] == pytest.approx(100 * np.log(closes[30] / opens[27]), abs=1e-5)


def test_a_minute_without_its_first_price_is_a_gap(folder: Path) -> None:
    assert read_windows(write(folder / "bars.csv", changed(1, "")), 20)[1] == 1


def test_blanks_around_the_names_of_columns_do_not_matter(folder: Path) -> None:
    path = write(folder / "bars.csv", [NEW.replace(",", " , "), *GOOD[1:]])
    assert len(read_windows(path, 20)[0]) == 3


def test_what_is_left_at_the_end_is_no_window(folder: Path) -> None:
    found, left_out = read_windows(write(folder / "bars.csv", rows(59)), 20)
    assert (len(found), left_out) == (2, 0)


def test_windows_are_drawn_by_their_seed(folder: Path) -> None:
    path = write(folder / "bars.csv", rows(400))
    first, again, other = (prices(5, seed, path=path, minutes=20).x for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def swapped(lines: list[str], i: int, k: int) -> list[str]:
    lines = [*lines]
    lines[i], lines[k] = lines[k], lines[i]
    return lines


def rescaled(factor: int) -> list[str]:
    return [NEW, *(f"{int(line.split(',', 1)[0]) * factor},{line.split(',', 1)[1]}" for line in rows(60)[1:])]


GOOD = rows(60)
CELLS = GOOD[8].split(",")


def changed(column: int, value: str) -> list[str]:
    """GOOD with another value in line 9."""
    cells = [*CELLS]
    cells[column] = value
    return [*GOOD[:8], ",".join(cells), *GOOD[9:]]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "is empty: its first line should name the columns"),
        ([NEW], "is empty: it has names of columns, but no rows"),
        (["time,open,high,low,close", *GOOD[1:]], "has no column timestamp: its first line names time, open"),
        (["timestamp,first,high,low,last,volume", *GOOD[1:]], "has no column open, close: .* names timestamp, first"),
        (GOOD[1:], "has no column timestamp, open, close"),
        (swapped(GOOD, 5, 6), "a time stamp is before the one above: sort the rows by time, first in line 7: 15000002"),
        ([GOOD[0], *GOOD[:0:-1]], "before the one above: sort the rows by time, first in line 3"),
        ([*GOOD[:9], GOOD[8], *GOOD[9:]], "a time stamp is repeated: keep one row of each minute, first in line 10"),
        (rescaled(1000), "the time stamp 1500000000000 seems to be in milliseconds: convert to Unix seconds"),
        (rescaled(1_000_000), "seems to be in microseconds"),
        (rescaled(1_000_000_000), "seems to be in nanoseconds"),
        (changed(0, str(START + 425)), "not at a full minute, so these are no 1-minute bars, first in line 9"),
        (changed(0, ""), "a row has no time stamp, first in line 9"),
        (changed(0, "2017-07-14 02:47"), "column timestamp holds what is no number.*2017-07-14 02:47.* at position 7"),
        (changed(4, "closed"), "column close holds what is no number.*closed.* at position 7"),
        (changed(4, "0"), "a price is not positive and finite, first in line 9"),
        (changed(1, "-3"), "a price is not positive and finite, first in line 9"),
        (changed(1, "inf"), "a price is not positive and finite, first in line 9"),
        (changed(4, "inf"), "a price is not positive and finite, first in line 9"),
        (changed(0, "inf"), "a row has no time stamp, first in line 9"),
        (rows(60, OLD, empty=tuple(range(60))), "has no row with open and close"),
        (rows(19), "covers 19 minutes, less than one window of 20"),
        (rows(60, missing=(5, 25, 45)), "each of its 3 windows of 20 minutes has a gap"),
    ],
)
def test_a_file_that_cannot_be_is_explained(folder: Path, lines: list[str], message: str) -> None:
    write(folder / "bars.csv", lines)
    if not lines:
        (folder / "bars.csv").write_bytes(b"")
    with pytest.raises(DataError, match=rf"bars\.csv.*{message}"):
        prices(path="bars.csv", minutes=20)


def test_a_missing_file_says_where_it_was_looked_for_and_where_to_get_one(folder: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv is neither in .*data nor at .*none\.csv\. Download .*github\.com"):
        prices(path="none.csv")


@pytest.mark.parametrize("damage", ["truncated", "garbled", "not packed", "a picture", "a quote without end"])
def test_a_damaged_file_is_named(folder: Path, damage: str) -> None:
    path = write(folder / "bars.csv.gz", rows(400))
    contents = {
        "truncated": path.read_bytes()[:-500],
        "garbled": path.read_bytes()[:500] + b"\xff" * 200 + path.read_bytes()[700:],
        "a quote without end": b'timestamp,open,close\n60,"2,3\n',
        "not packed": b"timestamp,open,close\n",
        "a picture": b"\x89PNG\r\n\xff\xfe",
    }
    if damage in ("a picture", "a quote without end"):
        path = folder / "bars.csv"
    path.write_bytes(contents[damage])
    with pytest.raises(DataError, match=r"bars\.csv.* it may be damaged .*Download it again"):
        prices(path=path)
