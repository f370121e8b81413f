"""The certificate of grade 11 on the pages of term marks: its figure opens to the marks of two years."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from cli.building import calendar, write
from kernel.clock import now
from services.gradebook.calendar.tables import Year
from services.gradebook.courses.tables import Course
from services.gradebook.people.tables import ClassCopy
from services.gradebook.term_marks.tables import TermMark
from tests.gateway.pages.test_pages import shown
from tests.gateway.site import Site
from tests.kit.people import TODAY, id_of
from tests.kit.town import School

MISSING = "Отметок за 10 класс здесь нет."


@pytest.fixture
def eleventh(school: School) -> School:
    """The class is in grade 11."""
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(update(ClassCopy).where(ClassCopy.class_id == school.class_a).values(grade=11))
    return school


def had_in_grade_10(school: School, value: str) -> None:
    """Anna has a mark of a term and of the year before."""
    year_id, term_id, course_id = uuid7(), uuid7(), uuid7()
    whole = (TODAY - timedelta(days=430), TODAY - timedelta(days=150))
    gradebook = school.town.gradebook.unit_of_work
    write(gradebook, school.id, calendar.year(year_id, whole, {term_id: whole}))
    with gradebook.of(school.id) as session:
        session.get_one(Year, (school.id, year_id)).title = "2024/25"
        subject_id = session.scalars(select(Course.subject_id).where(Course.id == school.algebra)).one()
    course = {"id": course_id, "title": "Алгебра, 10А", "subject_id": subject_id, "class_id": school.class_a}
    place = {"course_id": course_id, "term_id": term_id, "student_id": UUID(str(id_of(school.anna)))}
    said = {"value": value, "reason": "", "comment": "", "version": 1, "set_by": uuid7(), "set_at": now()}
    marks = [{"id": uuid7(), "kind": kind, "first_shown": value, **place, **said} for kind in ("term", "year")]
    write(gradebook, school.id, [(Course, [{**course, "year_id": year_id}]), (TermMark, marks)])


def set_for_anna(door: Site, school: School, kind: str, value: str) -> None:
    entry = {"student_id": id_of(school.anna), "value": value, "reason": "Решение учителя"}
    body: dict[str, Any] = {"term_id": str(school.term), "kind": kind, "entries": [entry]}
    answer = door.asking(school.teacher).post(f"/courses/{school.algebra}/term-marks", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json["answers"][0]["state"] == "saved"


def test_the_certificate_of_grade_11_is_set_beside_its_figure_which_opens_to_two_years(
    door: Site, eleventh: School
) -> None:
    had_in_grade_10(eleventh, "4")
    set_for_anna(door, eleventh, "term", "5")
    set_for_anna(door, eleventh, "year", "5")
    client, query = door.visit(eleventh.teacher), f"term={eleventh.term}&kind=certificate"
    page = shown(client.get(f"/journal/{eleventh.algebra}/term-marks?{query}"), "Отметки в аттестат", "4,5")
    assert "kind=exam" not in page
    figure = f"/journal/{eleventh.algebra}/students/{id_of(eleventh.anna)}/term-mark?{query}"
    page = shown(client.get(figure), "I, 2024/25", "Год, 2024/25", "из: Алгебра, 10А")
    assert (TODAY - timedelta(days=150)).strftime("%d.%m.%Y") in page, "the day says its year"
    assert MISSING not in page


def test_the_figure_says_that_the_marks_of_grade_10_are_missing(door: Site, eleventh: School) -> None:
    set_for_anna(door, eleventh, "year", "5")
    query = f"term={eleventh.term}&kind=certificate"
    client = door.visit(eleventh.teacher)
    shown(client.get(f"/journal/{eleventh.algebra}/students/{id_of(eleventh.anna)}/term-mark?{query}"), MISSING)
