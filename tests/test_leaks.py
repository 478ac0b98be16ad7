"""No text of a solution is in the student edition or on its site, and the site leads to no original."""

from __future__ import annotations

import html
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from tests.answers.cells import exercises
from tests.conftest import ROOT, serve
from tests.visit import Visit
from tools.notebooks import notebooks, pages
from tools.repo import current
from tools.student.edition import INSTRUCTORS_PAGE

pytestmark = pytest.mark.slow

EDITION, ARCHIVE = ROOT / "dist" / "student", ROOT / "dist" / "student.zip"
STUDENT_SITE = ROOT / "_build" / "student"
PAGES = [page for page in pages() if page != INSTRUCTORS_PAGE]

each_chapter = pytest.mark.parametrize("chapter", notebooks(), ids=lambda path: path.stem)


def fragments() -> dict[str, list[str]]:
    """For each exercise the lines that only its solution has, and what its figures are said to show."""
    cells = [cell for path in notebooks() for cell in nbformat.read(path, as_version=4).cells]
    public = "\n".join(cell.source for cell in cells if "solution" not in cell.metadata.get("tags", []))
    found = {}
    for number, (block, _) in exercises().items():
        alt = block.solution.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        lines = [line.strip() for line in [*block.solution.source.splitlines(), alt]]
        found[number] = [line for line in lines if len(line) > 15 and line not in public]
    return found


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """What can be read in every file; pages also as they are seen."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = path.read_bytes().decode("utf-8", errors="ignore")
        yield path, text
        if path.suffix == ".html":
            yield path, BeautifulSoup(text, "html.parser").get_text()


def leaks(found: Iterator[tuple[Path, str]]) -> set[tuple[str, str, str]]:
    """Exercise, line and file wherever a line of a solution is found, however it is escaped."""
    forms = [
        (number, form)
        for number, lines in fragments().items()
        for line in lines
        for form in {line, json.dumps(line)[1:-1], json.dumps(line, ensure_ascii=False)[1:-1], html.escape(line)}
    ]
    return {(number, form, path.name) for path, text in found for number, form in forms if form in text}


def test_every_solution_has_lines_that_give_it_away() -> None:
    assert all(len(lines) >= 2 for lines in fragments().values()), fragments()


def test_the_search_finds_every_solution_where_it_is() -> None:
    places = {number: path.parent for number, (_, path) in exercises().items()}
    for folder in set(places.values()):
        here = {number for number, place in places.items() if place == folder}
        assert here <= {number for number, *_ in leaks(texts(folder))}, folder
    assert {number for number, *_ in leaks(texts(ROOT / "_build" / "html" / "book"))} == set(places)


@pytest.mark.parametrize("folder", [EDITION, STUDENT_SITE], ids=["edition", "site"])
def test_no_solution_leaks(folder: Path) -> None:
    assert any(path.suffix == ".ipynb" for path in folder.rglob("*"))
    assert leaks(texts(folder)) == set()


def test_the_archive_holds_the_edition_and_nothing_else() -> None:
    with zipfile.ZipFile(ARCHIVE) as packed:
        content = {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}
    assert content == {p.relative_to(EDITION).as_posix(): p.read_bytes() for p in EDITION.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def student_url() -> Iterator[str]:
    with serve(STUDENT_SITE / "html") as url:
        yield url


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_for_students_opens_cleanly_and_leads_to_no_original(
    browser: Browser, student_url: str, page: str, width: int
) -> None:
    with Visit(browser, student_url, page, width) as visit:
        assert visit.problems == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        links = visit.page.evaluate("[...document.querySelectorAll('[href]')].map(link => link.href)")
        assert [link for link in links if link.startswith(current()) or "colab" in link] == []
        assert "student edition" in visit.page.title()


def test_the_site_shows_the_numbers_of_the_book_and_has_run_nothing_again(site: Path) -> None:
    for path in notebooks():
        page = path.relative_to(ROOT).with_suffix(".html")
        of_book, of_students = (
            BeautifulSoup((folder / page).read_text(encoding="utf-8"), "html.parser").select(".claim, .run-footer")
            for folder in (site, STUDENT_SITE / "html")
        )
        assert len(of_book) > 5
        assert [shown.get_text() for shown in of_students] == [shown.get_text() for shown in of_book]
        assert of_students[-1]["data-seconds"] == of_book[-1]["data-seconds"]


def page_of(chapter: Path) -> str:
    return chapter.relative_to(ROOT).with_suffix("").as_posix()


def count(chapter: Path) -> int:
    """How many exercises it has."""
    return sum(path == chapter for _, path in exercises().values())


@each_chapter
def test_a_student_reads_exercises_and_checks_but_no_solution(
    browser: Browser, student_url: str, chapter: Path
) -> None:
    with Visit(browser, student_url, page_of(chapter), 1280) as visit:
        assert visit.page.locator(".verdict-blank").count() == count(chapter) > 0
        assert visit.page.get_by_text("Show the solution").count() == 0
        assert visit.page.locator(".tag_solution").count() == 0
        with visit.page.expect_download() as download:
            visit.page.locator(".btn-download-source-button").evaluate("link => link.click()")
        saved = nbformat.read(download.value.path(), as_version=4)
        assert saved == nbformat.read(EDITION / chapter.parent.name / chapter.name, as_version=4)


@each_chapter
def test_the_site_for_readers_has_the_solutions_folded(browser: Browser, site_url: str, chapter: Path) -> None:
    with Visit(browser, site_url, page_of(chapter), 1280) as visit:
        assert visit.page.get_by_text("Show the solution").count() == count(chapter) > 0
        solutions = visit.page.locator(".tag_solution pre")
        assert solutions.count() >= count(chapter)
        assert not any(solution.is_visible() for solution in solutions.all())
