"""Half-years beside quarters: a course's page, marks and means are of the terms of its own division alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, update
from uuid_utils.compat import uuid7

from contracts.gradebook.calendar import Calendar
from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from kernel.errors import Invalid, NotFound
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.people import tables as people_tables
from tests.kit.calls import call, statements


@pytest.fixture
def halves(school: Any) -> dict[str, UUID]:
    """Title → term: the school's terms are quarters now, and its algebra goes by half-years beside them."""
    ids = {"1 half": uuid7(), "2 half": uuid7()}
    rows = [
        {
            "id": term_id, "year_id": school.year_id, "title": title, "division": "half-years",
            "starts_on": school.day(first), "ends_on": school.day(last),
        }
        for (title, term_id), (first, last) in zip(ids.items(), ((-60, 60), (61, 200)), strict=True)
    ]  # fmt: skip
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(calendar_tables.Term).values(division="quarters"))
        session.execute(update(courses_tables.Course).values(division="quarters"))
        of_algebra = update(courses_tables.Course).where(courses_tables.Course.id == school.course_id)
        session.execute(of_algebra.values(division="half-years"))
    school.save(calendar_tables.Term, *rows)
    return ids


def page(school: Any, course_id: UUID, term_id: UUID) -> dict[str, Any]:
    return call(school.service, Journal.journal_page, school.director, course_id=course_id, term_id=term_id)


def marks_of(school: Any, **more: Any) -> dict[str, Any]:
    command = {"student_id": school.students[0], **more}
    return call(school.service, Journal.marks_of, school.parent, **command)


def test_p02_the_calendar_and_the_courses_say_who_goes_by_which_terms(school: Any, halves: dict[str, UUID]) -> None:
    (year,) = call(school.service, Calendar.calendar, school.parent)["years"]
    assert [(term["title"], term["division"]) for term in year["terms"]] == [
        ("I", "quarters"), ("1 half", "half-years"), ("II", "quarters"), ("2 half", "half-years"),
    ]  # fmt: skip
    courses = call(school.service, Courses.courses, school.director)["courses"]
    divisions = {course["title"]: course["division"] for course in courses}
    assert divisions == {
        "Algebra 7A": "half-years", "Biology 7A": "quarters", "Choir": "quarters", "Reading 1B": "quarters",
    }  # fmt: skip


def test_p02_a_course_has_pages_of_its_own_terms_alone(school: Any, halves: dict[str, UUID]) -> None:
    school.post(0, "4")
    found = page(school, school.course_id, halves["1 half"])
    assert (found["term"]["title"], found["term"]["division"]) == ("1 half", "half-years")
    assert [mark["value"] for mark in found["marks"]] == ["4"]
    assert page(school, school.course_id, halves["2 half"])["marks"] == []
    assert page(school, school.other_course_id, school.term_id)["term"]["title"] == "I"
    for course_id, term_id, title in (
        (school.course_id, school.term_id, "I"), (school.other_course_id, halves["1 half"], "1 half"),
    ):  # fmt: skip
        with pytest.raises(NotFound) as refused:
            page(school, course_id, term_id)
        assert (refused.value.rule, refused.value.field) == ("term-of-another-division", "term_id")
        assert str(refused.value) == f"The course goes by other terms than “{title}”: choose one of its own."


def test_p02_a_mark_counts_in_one_term_and_in_no_mean_of_another_division(school: Any, halves: dict[str, UUID]) -> None:
    school.post(0, "4")
    half = marks_of(school, term_id=halves["1 half"])
    assert [(one["title"], one["mean"]["value"]) for one in half["subjects"]] == [("Algebra 7A", "4.00")]
    quarter = marks_of(school, term_id=school.term_id)
    assert [(one["title"], one["mean"]["value"]) for one in quarter["subjects"]] == [
        ("Biology 7A", None), ("Choir", None),
    ]  # fmt: skip
    assert marks_of(school, term_id=halves["2 half"])["subjects"][0]["marks"] == []


def test_p02_a_family_is_shown_the_present_term_of_most_courses_and_offered_those_of_all(
    school: Any, halves: dict[str, UUID], engine: Engine
) -> None:
    with statements(engine) as sent:
        found = marks_of(school)
    assert len(sent) == 2
    assert (found["term"]["title"], found["term"]["year_id"]) == ("I", str(school.year_id))
    assert [term["title"] for term in found["terms"]] == ["I", "1 half", "II", "2 half"]
    algebra_alone = uuid7()
    copy = {"student_id": algebra_alone, "revision": 1, "class_id": school.class_id}
    school.save(people_tables.StudentCopy, copy)
    school.save(courses_tables.CourseMember, school.member_row(school.course_id, algebra_alone))
    theirs = call(school.service, Journal.marks_of, school.director, student_id=algebra_alone)
    assert theirs["term"]["title"] == "1 half"
    assert [term["title"] for term in theirs["terms"]] == ["1 half", "2 half"]
    with pytest.raises(NotFound) as refused:
        call(school.service, Journal.marks_of, school.director, student_id=algebra_alone, term_id=school.term_id)
    assert refused.value.rule == "no-such-term"


def test_p02_a_student_of_no_course_has_no_terms(school: Any) -> None:
    newcomer = uuid4()
    school.save(people_tables.StudentCopy, {"student_id": newcomer, "revision": 1, "class_id": None})
    found = call(school.service, Journal.marks_of, school.director, student_id=newcomer)
    assert (found["term"], found["terms"], found["subjects"]) == (None, [], [])


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"starts_on": "2026-09-01"}, "one-date-alone"),
        ({"ends_on": "2026-09-01"}, "one-date-alone"),
        ({"starts_on": "2026-09-01", "ends_on": "2026-09-01", "term_id": str(uuid4())}, "term-and-dates"),
    ],
)
def test_marks_are_asked_for_by_a_term_or_by_two_dates(school: Any, given: dict[str, Any], rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        marks_of(school, **given)
    assert refused.value.rule == rule
