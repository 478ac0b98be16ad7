import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from course_utils import claim, claims
from course_utils.claims import ClaimError


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STRICT", "1")


@pytest.fixture
def relaxed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSE_STRICT", raising=False)


def test_a_claim_is_one_line_with_bound_and_baseline(strict: None, capsys: pytest.CaptureFixture) -> None:
    claim("part/data/share", torch.tensor(0.25), at_most=0.3, baseline={"PCA": 0.7}, unit="nats")
    assert capsys.readouterr().out == "✓ part/data/share = 0.25 nats   (at most 0.3 nats; PCA 0.7 nats)\n"


@pytest.mark.parametrize("bounds", [{"at_least": 0.6}, {"at_most": 0.4}, {"at_least": 0.6, "at_most": 0.7}])
def test_a_claim_that_fails_stops_a_strict_run(strict: None, bounds: dict[str, float]) -> None:
    with pytest.raises(ClaimError, match=r"✗ part/data/share = 0.5"):
        claim("part/data/share", 0.5, **bounds)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_fails_even_without_bound(strict: None, value: float) -> None:
    with pytest.raises(ClaimError):
        claim("part/data/share", value)


def test_bounds_are_included(strict: None) -> None:
    claim("part/data/share", 0.5, at_least=0.5, at_most=0.5)


def test_a_student_sees_the_expected_range_instead_of_an_error(
    relaxed: None, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "calibrated", lambda: {"part/data/share": {0: 0.21, 1: 0.24}})
    claim("part/data/share", 0.5, at_most=0.3)
    assert (
        capsys.readouterr().out
        == "✗ part/data/share = 0.5   (at most 0.3; expected 0.21 to 0.24: the range of seeds 0, 1)\n"
    )


def test_on_real_data_the_key_changes_and_no_bound_applies(strict: None, capsys: pytest.CaptureFixture) -> None:
    claim("part/data/share", 0.5, at_most=0.3, real=True)
    assert capsys.readouterr().out == "· part/data/share/real = 0.5\n"


@pytest.mark.parametrize("key", ["share", "Part/share", "part/data share", "part//share", ""])
def test_a_malformed_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="claim key"):
        claim(key, 1)


@pytest.mark.parametrize("value", [torch.zeros(2), "many", None])
def test_what_is_not_one_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="the value must be one number"):
        claim("part/data/share", value)


def test_in_a_notebook_the_claim_travels_with_its_line(relaxed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    InteractiveShell.instance()
    monkeypatch.setattr(claims, "in_notebook", lambda: True)
    with capture_output() as captured:
        claim("part/data/share", 0.5, at_most=0.3, baseline={"<b>": 1})
    InteractiveShell.clear_instance()
    (output,) = captured.outputs
    assert output.metadata["claim"]["value"] == 0.5
    assert output.metadata["claim"]["baseline"] == [("<b>", 1.0)]
    assert "claim-fails" in output.data["text/html"]
    assert "&lt;b&gt; 1" in output.data["text/html"]


def test_the_calibration_table_is_read() -> None:
    assert set(claims.calibrated()["autoencoders/digits/unexplained-2d"]) == {0, 1, 2, 3, 4}
