"""A class's printed means come out of the service: all that АСУ РСО exported of it is laid into the tables."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from cli.building import Row, Rows, calendar, copies, courses, lessons, marks, write
from cli.building.courses import Taught
from contracts.gradebook.journal import Journal
from contracts.gradebook.sheets import Sheets
from contracts.gradebook.term_marks import TermMarks
from kernel.auth import Actor
from services.gradebook.marks import tables as marks_tables
from services.gradebook.policy.tables import Setting
from services.gradebook.service import GradebookService
from services.gradebook.term_marks.rules.means import rounded_half_up
from tests.kit.calls import call
from tests.shared import shared

YEAR = (date(2024, 9, 1), date(2025, 5, 31))
TERM = (date(2025, 3, 24), date(2025, 5, 24))


class RealClass:
    """The exported class: a course for each subject, a lesson for each date, a mark in each cell that has any."""

    def __init__(self, service: GradebookService, cases: list[dict[str, Any]]) -> None:
        self.service, self.cases = service, cases
        self.director = Actor(uuid7(), uuid7(), uuid7(), uuid7(), frozenset({"director"}))
        self.term_id, self.class_id, self.answer_id = uuid7(), uuid7(), uuid7()
        self.students: dict[str, UUID] = {case["student"]: uuid7() for case in cases}
        self.courses: dict[str, UUID] = {case["subject"]: uuid7() for case in cases}
        self.cells: set[tuple[str, str]] = {(case["subject"], cell["date"]) for case in cases for cell in case["cells"]}
        write(service.unit_of_work, self.director.tenant, *self._rows())

    def _rows(self) -> Iterator[Rows]:
        everybody, year_id = tuple(self.students.values()), uuid7()
        yield [(Setting, [{"lowest": 0, "highest": 5, "time_zone": "Europe/Samara"}])]
        yield calendar.year(year_id, YEAR, {self.term_id: TERM})
        yield marks.kinds(self.answer_id)
        taught = [Taught(one, title, self.class_id, (), everybody) for title, one in self.courses.items()]
        yield courses.courses(year_id, YEAR[0], taught)
        held = {
            (title, day): lessons.lesson(uuid7(), self.courses[title], date.fromisoformat(day))
            for title, day in self.cells
        }
        yield lessons.lessons(held.values())
        yield copies.copies([copies.Class(self.class_id, "8А", 8, everybody)], {})
        works = {place: marks.work(lesson, self.answer_id) for place, lesson in held.items()}
        yield [(marks_tables.Work, list(works.values()))]
        yield [(marks_tables.Mark, list(self._marks(held, works)))]

    def _marks(self, held: dict[tuple[str, str], Row], works: dict[tuple[str, str], Row]) -> Iterator[Row]:
        for case in self.cases:
            by_day: defaultdict[str, list[str]] = defaultdict(list)
            for cell in case["cells"]:
                by_day[cell["date"]] += re.findall(r"\d", cell["raw"])
            for day, given in by_day.items():
                if given:
                    place = (case["subject"], day)
                    yield marks.mark(works[place], held[place], self.students[case["student"]], "/".join(given))

    def means(self, method: Any) -> dict[tuple[str, str], Decimal | None]:
        """Student and subject → the mean that a page of the service shows."""
        names = {str(one): name for name, one in self.students.items()}
        found: dict[tuple[str, str], Decimal | None] = {}
        for title, course_id in self.courses.items():
            page = call(self.service, method, self.director, course_id=course_id, term_id=self.term_id)
            for row in page["rows"]:
                shown = row["mean"] if method is Sheets.sheet else row["computed"]["mean"]
                found[names[row["student_id"]], title] = None if shown is None else Decimal(shown)
        return found


def test_every_mean_that_asu_rso_printed_of_a_class_comes_out_of_the_service(service: GradebookService) -> None:
    cases = json.loads(shared("cases/netschool_period_means.json").read_text())["cases"]
    real = RealClass(service, cases)
    of_grid, of_term_marks = real.means(Sheets.sheet), real.means(TermMarks.course_term_marks)
    compared = empty = 0
    for case in cases:
        place = (case["student"], case["subject"])
        assert of_grid[place] == of_term_marks[place], place
        if case.get("mismatch"):
            continue  # it counts a mark that is not on the sheet
        expected = Decimal(str(case["expected_mean"]))
        if of_grid[place] is None:
            assert expected == 0, place
            empty += 1
        else:
            assert of_grid[place] == rounded_half_up(Fraction(expected), 2), place
            compared += 1
    assert (compared, empty) == (223, 56)


def test_a_familys_page_shows_the_same_means(service: GradebookService) -> None:
    cases = json.loads(shared("cases/netschool_period_means.json").read_text())["cases"]
    real = RealClass(service, cases)
    of_grid = real.means(Sheets.sheet)
    for name, student_id in real.students.items():
        command = {"student_id": student_id, "term_id": real.term_id}
        for subject in call(service, Journal.marks_of, real.director, **command)["subjects"]:
            shown = subject["mean"]["value"]
            assert of_grid[name, subject["title"]] == (None if shown is None else Decimal(shown))
