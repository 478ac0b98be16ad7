"""nbgrader takes the student edition as its source and grades a right, a wrong and an untouched submission, for real."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from course_utils.exercises.checking import known
from tests.answers import WRONG
from tests.answers.cells import exercises
from tests.conftest import ROOT
from tools.executed import executed
from tools.notebooks import claims, notebooks
from tools.student.blocks import HEADING, Block
from tools.student.edition import INSTRUCTORS_PAGE

pytestmark = pytest.mark.slow

ON_THE_PAGE = "01-autoencoders"
ASSIGNMENT = "05-odes"  # the part that runs in the shortest time, and here it runs three times
CHAPTERS = [path for path in notebooks() if path.parent.name == ASSIGNMENT]
PART = {number: block for number, (block, path) in exercises().items() if path in CHAPTERS}
HANDED_IN = {number: WRONG[number][1] for number in PART}  # of the wrong submission
STUDENTS = ("right", "wrong", "untouched")

each_student = pytest.mark.parametrize("student", STUDENTS)
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)


def of_chapter(chapter: Path) -> dict[str, Block]:
    return {number: block for number, (block, path) in exercises().items() if path == chapter}


class Course:
    """An instructor's folder, set up as the page for instructors says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT / "dist" / "student", root / "student")
        shutil.copy(ROOT / "dist" / "nbgrader_config.py", root)

    def run(self, command: str) -> None:
        """Run a command as in an activated environment."""
        environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(command.split(), cwd=self.root, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr

    def read(self, step: str, chapter: Path, student: str = "") -> NotebookNode:
        return nbformat.read(self.root / step / student / ASSIGNMENT / chapter.name, as_version=4)

    def submit(self, chapter: Path, student: str, answers: dict[str, str]) -> None:
        """Hand in a released notebook with other stubs, its exercises in the opposite order."""
        notebook = self.read("release", chapter)
        for cell in notebook.cells:
            number = cell.metadata.get("nbgrader", {}).get("grade_id", "").removeprefix("exercise-").replace("-", ".")
            cell.source = answers.get(number, cell.source)
        starts = [place for place, cell in enumerate(notebook.cells) if HEADING.match(cell.source)]
        triples = [notebook.cells[start : start + 3] for start in reversed(starts)]
        notebook.cells[starts[0] : starts[-1] + 3] = [cell for triple in triples for cell in triple]
        folder = self.root / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, folder / chapter.name)


def commands() -> list[str]:
    """What the page for instructors tells to run, for this assignment."""
    page = (ROOT / f"{INSTRUCTORS_PAGE}.md").read_text(encoding="utf-8")
    return [line.replace(ON_THE_PAGE, ASSIGNMENT) for line in re.findall(r"^nbgrader .+$", page, flags=re.M)]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = Course(tmp_path_factory.mktemp("course"))
    release, *grading = commands()
    made.run(release)
    solutions = {number: block.solution.source for number, block in PART.items()}
    wrong = {number: HANDED_IN[number].source(source) for number, source in solutions.items()}
    for chapter in CHAPTERS:
        for student, answers in zip(STUDENTS, (solutions, wrong, {}), strict=True):
            made.submit(chapter, student, answers)
    for command in grading:
        made.run(command)
    return made


@each_chapter
def test_stubs_and_checks_survive_the_release(course: Course, chapter: Path) -> None:
    released = {cell.source for cell in course.read("release", chapter).cells}
    for block in of_chapter(chapter).values():
        assert block.stub.source in released
        assert block.check.source in released
        assert block.solution.source not in released


def test_points_are_full_none_and_none(course: Course) -> None:
    points = sum(known()[number].points for number in PART)
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        submissions = {student: gradebook.find_submission(ASSIGNMENT, student) for student in STUDENTS}
        assert {student: s.score for student, s in submissions.items()} == {"right": points, "wrong": 0, "untouched": 0}
        assert all(s.max_score == points and not s.needs_manual_grade for s in submissions.values())


@each_chapter
@each_student
def test_nothing_but_checks_fails_and_their_verdicts_are_kept(course: Course, chapter: Path, student: str) -> None:
    words = {"right": "correct", "wrong": "not yet", "untouched": "not attempted"}[student]
    seen = 0
    for cell in course.read("autograded", chapter, student).cells:
        errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        if "check" not in cell.metadata.get("tags", []):
            assert errors == [], cell.source
            continue
        assert len(errors) == (student != "right"), cell.source
        assert any(words in output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        seen += 1
    assert seen == len(of_chapter(chapter))


@each_chapter
def test_without_solutions_every_number_is_that_of_the_book(course: Course, site: Path, chapter: Path) -> None:
    notebook, _ = executed(chapter)
    of_students = {claim["key"]: claim["value"] for claim in claims(course.read("autograded", chapter, "untouched"))}
    of_book = {claim["key"]: claim["value"] for claim in claims(notebook)}
    assert of_students == pytest.approx(of_book, rel=1e-6)


def test_feedback_and_grades_are_written(course: Course) -> None:
    for chapter in CHAPTERS:
        page = course.root / "feedback" / "wrong" / ASSIGNMENT / f"{chapter.stem}.html"
        first = next(iter(of_chapter(chapter)))
        assert HANDED_IN[first].hint in page.read_text(encoding="utf-8")
    with (course.root / "grades.csv").open(newline="", encoding="utf-8") as file:
        grades = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert grades.keys() == set(STUDENTS)
    assert grades["right"] > grades["wrong"] == grades["untouched"] == 0
