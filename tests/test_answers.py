"""The checks of the exercises are checked: with the stub, the solution, and what students get wrong."""

import inspect
import time

import pytest
from torch import nn

from course_utils.exercises.checking import judge, known
from tests.answers import RIGHT, WRONG
from tests.answers.cells import answer, exercises, names_checked
from tests.answers.wrong import Wrong

each_exercise = pytest.mark.parametrize("number", list(known()))
each_wrong_answer = pytest.mark.parametrize(
    ("number", "place"), [(number, place) for number, listed in WRONG.items() for place in range(len(listed))]
)


def test_notebooks_and_package_have_the_same_exercises() -> None:
    in_notebooks = {number: block.title for number, (block, _) in exercises().items()}
    assert in_notebooks == {number: exercise.title for number, exercise in known().items()}
    assert list(in_notebooks) == sorted(in_notebooks, key=lambda number: [*map(int, number.split("."))])


@each_exercise
def test_the_cells_use_the_names_of_the_exercise(number: str) -> None:
    block, _ = exercises()[number]
    assert names_checked(block) == list(known()[number].takes)


@each_exercise
def test_the_stub_is_not_attempted(number: str) -> None:
    block, _ = exercises()[number]
    verdict = judge(number, *answer(number, block.stub.source))
    assert verdict.state == "blank", str(verdict)


@each_exercise
def test_the_solution_is_right_and_judged_within_a_second(number: str) -> None:
    block, _ = exercises()[number]
    answers = answer(number, block.solution.source)
    seconds = []
    for _ in range(3):  # the first may wait for imports, or for a busy machine
        start = time.perf_counter()
        verdict = judge(number, *answers)
        seconds.append(time.perf_counter() - start)
        assert verdict.state == "right", str(verdict)
    assert min(seconds) <= 1


@pytest.mark.parametrize(
    ("number", "place"), [(number, place) for number, listed in RIGHT.items() for place in range(len(listed))]
)
def test_a_right_answer_may_look_otherwise(number: str, place: int) -> None:
    verdict = judge(number, *answer(number, RIGHT[number][place]))
    assert verdict.state == "right", str(verdict)


@each_wrong_answer
def test_a_wrong_answer_gets_its_hint(number: str, place: int) -> None:
    block, _ = exercises()[number]
    wrong = WRONG[number][place]
    verdict = judge(number, *answer(number, wrong.source(block.solution.source)))
    assert verdict.state == "wrong", str(verdict)
    assert wrong.hint in verdict.message, str(verdict)


@each_exercise
def test_three_right_and_three_wrong_answers_are_listed_and_every_hint_is_reached(number: str) -> None:
    assert len(RIGHT.get(number, [])) >= 3, f"exercise {number} needs three right answers in tests/answers"
    listed = [wrong.hint for wrong in WRONG.get(number, [])]
    assert len(listed) >= 3, f"exercise {number} needs three typical wrong answers in tests/answers"
    for hint in known()[number].mistakes:
        assert any(words in hint for words in listed), f"no wrong answer is listed for the hint: {hint}"


FUNCTIONS = [number for number, exercise in known().items() if "function" in exercise.takes.values()]


@pytest.mark.parametrize("number", FUNCTIONS)
def test_a_solution_has_the_parameters_of_its_stub(number: str) -> None:
    block, _ = exercises()[number]
    (stub,), (solution,) = answer(number, block.stub.source), answer(number, block.solution.source)
    asked = list(inspect.signature(stub).parameters)
    assert list(inspect.signature(solution).parameters)[: len(asked)] == asked


def tied(changes: dict[str, str]) -> nn.Module:
    (model,) = answer("1.1.4", Wrong("", changes).source(exercises()["1.1.4"][0].solution.source))
    return model


def test_a_model_is_left_as_it_was() -> None:
    with_buffers = {"self.c =": "self.norm = nn.BatchNorm1d(n_pixels)\n        self.c =", "self.encoder(x)": "self.encoder(self.norm(x))"}  # fmt: skip
    for changes in ({}, with_buffers):
        model = tied(changes)
        before = {name: value.clone() for name, value in model.state_dict().items()}
        judge("1.1.4", model)
        assert all(value.equal(before[name]) for name, value in model.state_dict().items())
        assert all(p.grad is None and p.requires_grad for p in model.parameters())
        assert model.training


def test_a_gradient_that_is_no_number_is_not_right() -> None:
    model = tied({"+ self.c": "+ self.c + 0 * torch.sqrt(self.encoder.bias - self.encoder.bias).sum()"})
    assert dict(judge("1.1.4", model).rows)["difference"] == "distance of the gradient is not a finite number"


def test_which_residuals_hold_a_line_does_not_follow_from_their_place() -> None:
    for alternate in (0, 1):
        (score,) = answer(
            "1.2.5", f"def score(residual, sigma):\n    return (torch.arange(len(residual)) + {alternate}) % 2"
        )
        assert judge("1.2.5", score).state == "wrong"


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        ("1.1.4", {"        z = self": "        x /= 0\n        z = self"}),
        ("1.1.5", {"    start =": "    codes -= codes.mean(0)\n    start ="}),
    ],
)
def test_data_that_an_answer_spoils_are_its_own(number: str, changes: dict[str, str]) -> None:
    solution = exercises()[number][0].solution.source
    spoilt = judge(number, *answer(number, Wrong("", changes).source(solution)))
    assert "changes its input" in spoilt.message
    assert judge(number, *answer(number, solution)).state == "right"
