"""Records of the PTB database: the real one where it is at hand, and small ones that these tests write."""

import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from course_utils.data import DataError, heartbeats, ptb_heartbeats
from course_utils.data.beats import r_peaks
from course_utils.data.ecgsyn import orbit
from course_utils.data.ptb import _wfdb, read_record
from tests.conftest import _Quiet, missing, serve

REAL, SMALL = "patient001/s0010_re", "patient901/s0001_re"
TWELVE = ("i", "ii", "iii", "avr", "avl", "avf", "v1", "v2", "v3", "v4", "v5", "v6")
HEART = torch.tensor([[72.0, 1.2, 0.3, 0.16, 0.0]])
ptb = sys.modules["course_utils.data.ptb"]


@pytest.fixture
def real(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder, with the real record."""
    if not (real_data / "ptbdb" / f"{REAL}.hea").exists():
        missing(f"COURSE_DATA_DIR holds no ptbdb/{REAL}.hea")
    monkeypatch.setenv("COURSE_DATA_DIR", str(real_data))
    return real_data


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def write(
    folder: Path,
    name: str = SMALL,
    *,
    rate: float = 1000,
    seconds: float = 10,
    comments: tuple[str, ...] = ("age: 40", "Reason for admission: Healthy control", "Smoker: no"),
    units: str = "mV",
    fmt: str = "16",
) -> Path:
    """A record of four leads of one synthetic heart; v1 upside down, v2 flat, v3 with samples missing."""
    z = orbit(torch.arange(round(seconds * rate), dtype=torch.float64) / rate - 0.5, HEART)[0, 2].double().numpy()
    lacking = np.where(np.arange(len(z)) < 5, np.nan, z)
    leads = {"i": z / 2, "ii": z, "v1": -0.7 * z, "v2": 0 * z, "v3": lacking}
    path = folder / "ptbdb" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    every = len(leads)
    with warnings.catch_warnings():  # it uses what new versions of pandas advise against
        warnings.simplefilter("ignore")
        _wfdb().wrsamp(
            path.name,
            fs=rate,
            units=[units] * every,
            sig_name=list(leads),
            p_signal=np.stack([*leads.values()], axis=1),
            fmt=[fmt] * every,
            adc_gain=[2000] * every,
            baseline=[0] * every,
            comments=list(comments),
            write_dir=str(path.parent),
        )
    return path


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_all_twelve_leads_of_the_real_record_agree_on_its_beats(real: Path) -> None:
    record = read_record(REAL)
    found = [r_peaks(record.lead(lead), record.rate) for lead in TWELVE]
    assert max(map(len, found)) - min(map(len, found)) <= 1
    assert min(map(len, found)) >= 51
    for peaks in found:
        nearest = [np.abs(peaks - other[:, None]).min(1).max() for other in found]
        assert max(nearest) < 0.040
        assert 60 / np.diff(peaks).max() > 70
        assert 60 / np.diff(peaks).min() < 95


def test_the_real_record_is_read_as_its_bytes_say(real: Path) -> None:
    record = read_record(REAL)
    path = real / "ptbdb" / REAL
    assert (record.rate, record.signal.shape, record.diagnosis) == (1000, (38_400, 15), "Myocardial infarction")
    assert record.leads == (*TWELVE, "vx", "vy", "vz")
    for suffix, leads in ((".dat", slice(0, 12)), (".xyz", slice(12, 15))):
        numbers = np.fromfile(path.with_suffix(suffix), "<i2").reshape(38_400, -1)
        np.testing.assert_allclose(record.signal[:, leads], numbers / 2000, atol=1e-12)


def test_real_beats_come_with_their_diagnosis(real: Path) -> None:
    found = heartbeats(real=True)
    assert found.x.shape == (51, 128)
    assert not found.labels.any()
    assert found.name == "heartbeats (PTB, lead ii: 0 Myocardial infarction)"
    assert found.factors is found.sigma is found.clean is None
    assert torch.equal(found.grid, heartbeats(1).grid)
    assert heartbeats(real=True, before=0.2).grid[0] == pytest.approx(-0.2)
    assert 0.2 < found.x.max() < 3


def test_real_beats_of_one_lead_look_alike(real: Path) -> None:
    found = ptb_heartbeats(lead="v2", seconds=0.6, before=0.25)
    usual = found.x.median(0).values
    alike = [np.corrcoef(beat, usual)[0, 1] for beat in found.x]
    assert min(alike) > 0.9


def test_a_lead_may_be_named_in_capitals_by_reader_and_record(folder: Path) -> None:
    header = write(folder).with_suffix(".hea")
    found = ptb_heartbeats(records=SMALL, lead="ii").x
    capital = ptb_heartbeats(records=SMALL, lead="II")
    assert torch.equal(capital.x, found)
    assert "lead ii" in capital.name
    header.write_text(header.read_text().replace(" ii\n", " II\n"))
    assert torch.equal(ptb_heartbeats(records=SMALL, lead="ii").x, found)


@pytest.mark.parametrize(("lead", "size"), [("i", 0.5), ("ii", 1), ("v1", -0.7)])
@pytest.mark.parametrize("rate", [1000, 257])
def test_beats_are_those_of_the_heart_that_was_written(folder: Path, rate: float, lead: str, size: float) -> None:
    write(folder, rate=rate)
    found = ptb_heartbeats(records=SMALL, lead=lead)
    assert len(found) == 11  # of the 12 within 10 s, one is cut off
    shifts = torch.linspace(-0.008, 0.008, 33)[:, None]  # the middle of what is steep is not quite R
    truth = size * orbit(found.grid + shifts, HEART.repeat(33, 1))[:, 2]
    nearest = (found.x[:, None] - truth).abs().amax(-1).min(1).values
    assert nearest.max() < 0.04 * abs(size)


def test_beats_of_several_records_are_labelled_by_diagnosis(folder: Path) -> None:
    reasons = {
        SMALL: "Healthy control",
        "patient902/s0002_re": "Cardiomyopathy",
        "patient903/s0003_re": "Healthy control",
    }
    for name, reason in reasons.items():
        write(folder, name, comments=(f"Reason for admission: {reason}",))
    found = ptb_heartbeats(records=list(reasons))
    assert found.labels.tolist() == 11 * [0] + 11 * [1] + 11 * [0]
    assert found.name == "heartbeats (PTB, lead ii: 0 Healthy control, 1 Cardiomyopathy)"


def test_some_beats_are_drawn_by_their_seed(folder: Path) -> None:
    write(folder)
    every = ptb_heartbeats(records=SMALL)
    some, again, other = (ptb_heartbeats(4, seed, records=SMALL) for seed in (1, 1, 2))
    assert torch.equal(some.x, again.x)
    assert not torch.equal(some.x, other.x)
    assert torch.cdist(some.x, every.x).min(1).values.max() == 0


@pytest.mark.parametrize(
    "comments", [(), ("age: 81", "Diagnose:"), ("Reason for admission:",), ("Reason for admission: n/a",)]
)
def test_without_a_diagnosis_it_is_not_stated(folder: Path, comments: tuple[str, ...]) -> None:
    write(folder, comments=comments)
    assert read_record(SMALL).diagnosis == "not stated"
    assert ptb_heartbeats(records=SMALL).name.endswith("0 not stated)")


def test_an_unknown_lead_lists_those_there(folder: Path) -> None:
    write(folder)
    with pytest.raises(ValueError, match="s0001_re has no lead 'v9'; it has i, ii, v1, v2, v3"):
        ptb_heartbeats(records=SMALL, lead="v9")


@pytest.mark.parametrize(
    ("lead", "message"), [("v2", "lead v2 is flat"), ("v3", "lead v3 lacks 5 of 10000 samples. Choose another lead")]
)
def test_a_lead_without_signal_says_so(folder: Path, lead: str, message: str) -> None:
    write(folder)
    with pytest.raises(DataError, match=message):
        ptb_heartbeats(records=SMALL, lead=lead)


def test_a_record_without_a_whole_beat_says_so(folder: Path) -> None:
    write(folder, seconds=3)
    with pytest.raises(DataError, match=r"no beat of 2\.8 s lies wholly within lead ii"):
        ptb_heartbeats(records=SMALL, seconds=2.8, before=1.0)


@pytest.mark.parametrize("name", ["s0010_re", "../elsewhere/s0010_re", "/etc/passwd", "patient001/s0010_re.dat", ""])
def test_a_record_is_named_with_its_folder(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="named with its folder, as in 'patient001/s0010_re'"):
        read_record(name)


def test_no_record_is_no_data() -> None:
    with pytest.raises(ValueError, match="at least one record"):
        ptb_heartbeats(records=[])


def test_a_truncated_signal_is_named_and_left_alone(folder: Path) -> None:
    signal = write(folder).with_suffix(".dat")
    signal.write_bytes(signal.read_bytes()[:-1000])
    with pytest.raises(DataError, match=r"s0001_re\.dat is damaged: 99000 bytes, s0001_re\.hea says 100000\. Delete"):
        read_record(SMALL)
    assert signal.stat().st_size == 99_000


def test_a_signal_that_is_too_long_is_named(folder: Path) -> None:
    signal = write(folder).with_suffix(".dat")
    signal.write_bytes(signal.read_bytes() + bytes(10))
    with pytest.raises(DataError, match=r"s0001_re\.dat is damaged: 100010 bytes, s0001_re\.hea says 100000"):
        read_record(SMALL)


def test_a_signal_that_is_missing_is_named(folder: Path) -> None:
    write(folder).with_suffix(".dat").unlink()
    with pytest.raises(DataError, match=r"s0001_re\.dat is damaged: 0 bytes"):
        read_record(SMALL)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "damaged"),
        ("<html>not found</html>\n", "damaged"),
        ("s0001_re 5 1000 10000\n", "damaged.*0 leads described of 5, 10000 samples|damaged"),
        ("s0001_re 2 1000 10000\ns0001_re.dat 16 2000 16 0 0 0 0 i\n", "1 leads described of 2"),
        ("s0001_re 1 1000\ns0001_re.dat 16 2000 16 0 0 0 0 i\n", "damaged"),
        ("s0001_re 1 1000 10000\ns0001_re.dat 212 2000 16 0 0 0 0 i\n", "of another kind: .* format 16"),
        ("s0001_re 1 1000 10000\n../s0001_re.dat 16 2000 16 0 0 0 0 i\n", "of another kind|damaged"),
    ],
)
def test_a_damaged_header_is_named(folder: Path, content: str, message: str) -> None:
    write(folder).with_suffix(".hea").write_text(content)
    with pytest.raises(DataError, match=rf"s0001_re\.hea is .*(?:{message})"):
        read_record(SMALL)


def test_another_unit_is_refused(folder: Path) -> None:
    write(folder, units="uV")
    with pytest.raises(DataError, match=r"s0001_re\.hea: the leads are in uV, expected mV"):
        read_record(SMALL)


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server's folder with the small record, in place of PhysioNet's."""
    write(tmp_path / "origin")
    with serve(tmp_path / "origin" / "ptbdb") as url:
        monkeypatch.setattr(ptb, "URL", url)
        yield tmp_path / "origin" / "ptbdb"


def test_a_record_is_downloaded_once(folder: Path, origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_record(SMALL)
    assert files(folder) == [f"ptbdb/{SMALL}.dat", f"ptbdb/{SMALL}.hea"]
    for suffix in (".dat", ".hea"):
        assert (folder / "ptbdb" / f"{SMALL}{suffix}").read_bytes() == (origin / f"{SMALL}{suffix}").read_bytes()
    monkeypatch.setattr(ptb, "URL", "http://127.0.0.1:1/gone/")
    np.testing.assert_array_equal(read_record(SMALL).signal, first.signal)


def test_all_files_of_the_real_record_are_downloaded(
    real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").mkdir()
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "cache"))
    with serve(real / "ptbdb") as url:
        monkeypatch.setattr(ptb, "URL", url)
        assert len(heartbeats(real=True)) == 51
    assert files(tmp_path / "cache") == [f"ptbdb/{REAL}{suffix}" for suffix in (".dat", ".hea", ".xyz")]


def test_a_record_that_arrives_truncated_is_not_kept(folder: Path, origin: Path) -> None:
    signal = origin / f"{SMALL}.dat"
    signal.write_bytes(signal.read_bytes()[:5000])
    with pytest.raises(DataError, match=r"s0001_re\.dat is damaged: 5000 bytes, s0001_re\.hea says 100000"):
        read_record(SMALL)
    assert files(folder) == []


class Truncating(_Quiet):
    """Sends headers whole, and hangs up half-way through signals."""

    def do_GET(self) -> None:
        if self.path.endswith(".hea"):
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(bytes(50_000))


def test_a_connection_that_breaks_leaves_nothing(folder: Path, origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(origin, Truncating) as url:
        monkeypatch.setattr(ptb, "URL", url)
        with pytest.raises(DataError, match=r"s0001_re\.dat could not be downloaded"):
            read_record(SMALL)
    assert files(folder) == []


def test_a_record_whose_signal_is_missing_on_the_server_is_not_kept(folder: Path, origin: Path) -> None:
    (origin / f"{SMALL}.dat").unlink()
    with pytest.raises(DataError, match=r"s0001_re\.dat could not be downloaded.*404"):
        read_record(SMALL)
    assert files(folder) == []


def test_half_a_record_without_its_header_is_downloaded_anew(folder: Path, origin: Path) -> None:
    shutil.copytree(origin, folder / "ptbdb")
    (folder / "ptbdb" / f"{SMALL}.hea").unlink()
    (folder / "ptbdb" / f"{SMALL}.dat").write_bytes(b"half")
    assert read_record(SMALL).signal.shape == (10_000, 5)


def test_a_record_that_cannot_be_stored_whole_is_not_taken_for_one(
    folder: Path, origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves = []

    def fill_up(source: Path, target: Path) -> None:
        moves.append(target.name)
        if len(moves) == 2:
            raise OSError(28, "No space left on device")
        shutil.move(source, target)

    with monkeypatch.context() as full:
        full.setattr(ptb.os, "replace", fill_up)
        with pytest.raises(DataError, match="cannot be read or stored: No space left"):
            read_record(SMALL)
    assert files(folder) == [f"ptbdb/{SMALL}.dat"]
    assert read_record(SMALL).signal.shape == (10_000, 5)


def test_no_network_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ptb, "URL", "http://127.0.0.1:1/")
    with pytest.raises(
        DataError,
        match=r"s0001_re\.hea could not be downloaded. Check the connection.*put them into .*ptbdb/patient901",
    ):
        read_record(SMALL)
    assert files(folder) == []


def test_without_wfdb_it_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder)
    monkeypatch.setitem(sys.modules, "wfdb", None)
    with pytest.raises(ImportError, match=r"read by the package wfdb, which cannot be imported .*: pip install wfdb"):
        ptb_heartbeats(records=SMALL)


def test_synthetic_beats_need_no_wfdb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wfdb", None)
    assert len(heartbeats(3)) == 3
