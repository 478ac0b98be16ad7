import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from course_utils import progress
from course_utils.progress import Progress


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch):
    InteractiveShell.instance()
    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    yield
    InteractiveShell.clear_instance()


def shown(captured) -> list[str]:
    return [output.data["text/plain"] for output in captured.outputs]


def test_the_line_ends_with_the_result(notebook: None) -> None:
    with capture_output() as captured, Progress("k = 2") as line:
        line.update("epoch 1 of 2")
        line.finish("2 epochs")
    assert shown(captured) == ["k = 2: training", "k = 2: epoch 1 of 2", "k = 2: 2 epochs"]


def test_updates_that_come_too_fast_are_left_out(notebook: None) -> None:
    with capture_output() as captured, Progress() as line:
        for epoch in range(100):
            line.update(f"epoch {epoch}")
        line.finish("done")
    assert shown(captured) == ["training", "epoch 0", "done"]


def test_a_failure_leaves_no_line_that_looks_alive(notebook: None) -> None:
    def fail() -> None:
        with Progress() as line:
            line.update("epoch 1")
            raise ValueError("broken")

    with capture_output() as captured, pytest.raises(ValueError, match="broken"):
        fail()
    assert shown(captured)[-1] == "stopped before the end"


def test_without_notebook_and_terminal_nothing_is_printed(capsys: pytest.CaptureFixture) -> None:
    with Progress() as line:
        line.update("epoch 1")
        line.finish("done")
    assert capsys.readouterr() == ("", "")
