"""The certificate of grade 11: its mark is made of the term and year marks of this year and the year before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from uuid_utils.compat import uuid7

from cli.building import calendar, write
from contracts.gradebook.term_marks import TermMarks
from kernel.clock import now
from services.gradebook.brought.tables import OtherSchoolMark
from services.gradebook.calendar.tables import Year
from services.gradebook.courses.tables import Course, CourseMember, Subject
from services.gradebook.term_marks.tables import TermMark, TermMarkRevision
from tests.gradebook.brought.test_entrypoints import Move
from tests.gradebook.term_results.test_entrypoints import WHY, course_page, one, set_marks
from tests.gradebook.term_results.test_years import begun, computed, given
from tests.kit.calls import call, statements
from tests.kit.databases import on_both

MISSING = "The marks of grade 10 are missing here."


class Before:
    """The school year before, of two terms, with a course of the same subject for the class of today."""

    def __init__(self, school: Any, title: str = "2024/25", last: int = -160) -> None:
        """The year ended on the day `last`, counted from today."""
        self.school, self.last = school, last
        year, self.terms = uuid7(), (uuid7(), uuid7())
        self.year_id = year
        first, second = (school.day(last - 270), school.day(last - 150)), (school.day(last - 149), school.day(last))
        rows = calendar.year(year, (first[0], second[1]), dict(zip(self.terms, (first, second), strict=True)))
        write(school.service.unit_of_work, school.id, rows)
        with school.service.unit_of_work.of(school.id) as session:
            session.get_one(Year, (school.id, year)).title = title
            self.subject_id = session.scalars(select(Course.subject_id).where(Course.id == school.course_id)).one()
        self.course_id = self.course("Algebra 10A")

    def course(self, title: str, since: int = -270, **more: Any) -> UUID:
        """A course of the year; the first student joined it on a day counted from the year's end."""
        course_id, school = uuid7(), self.school
        of = {"subject_id": self.subject_id, "class_id": school.class_id, "year_id": self.year_id, **more}
        school.save(Course, {"id": course_id, "title": title, **of})
        school.save(CourseMember, school.member_row(course_id, school.students[0], self.last + since))
        return course_id

    def mark(self, place: int, value: str, kind: str = "term", **more: Any) -> UUID:
        """A mark of a term, by its place in the year, that was handed in."""
        of = {
            "course_id": self.course_id, "term_id": self.terms[place], "kind": kind,
            "student_id": self.school.students[0], "first_shown": value, **more,
        }  # fmt: skip
        mark_id, said = uuid7(), self.said(value)
        self.school.save(TermMark, {"id": mark_id, **of, **said})
        self.school.save(TermMarkRevision, {"term_mark_id": mark_id, **said})
        return mark_id

    def said(self, value: str, version: int = 1, at: datetime | None = None) -> dict[str, Any]:
        who, moment = self.school.teacher.person_id, at or now() - timedelta(days=200)
        told = {"value": value, "reason": "", "comment": "", "computed": None}
        return {**told, "version": version, "set_by": who, "set_at": moment}

    def marks(self) -> None:
        """4 and 4 in the terms, 4 for the year."""
        for place, kind in ((0, "term"), (1, "term"), (1, "year")):
            self.mark(place, "4", kind)


def this_year(school: Any) -> None:
    """5 and 5 in the terms, 5 for the year."""
    for term_id, kind in ((school.term_id, "term"), (school.later_term_id, "term"), (school.later_term_id, "year")):
        given(school, "5", term_id, kind)


def opened(school: Any, actor: Any = None, **more: Any) -> dict[str, Any]:
    command = {"course_id": school.course_id, "term_id": school.later_term_id, "student_id": school.students[0]}
    command |= {"kind": "certificate", **more}
    return call(school.service, TermMarks.explained_term_mark, actor or school.teacher, **command)


def inputs(found: dict[str, Any]) -> list[tuple[str | None, str, str]]:
    return [(one_input["year"], one_input["kind"], one_input["text"]) for one_input in found["inputs"]]


@pytest.fixture
def before(school: Any) -> Before:
    begun(school, 11)
    return Before(school)


@on_both
def test_the_certificate_of_grade_11_is_computed_from_two_years(school: Any, engine: Engine) -> None:
    begun(school, 11)
    Before(school).marks()
    assert course_page(school, term_id=school.later_term_id)["kinds"] == ["term", "year", "certificate"]
    given(school, "5", school.term_id)
    given(school, "5", school.later_term_id)
    assert computed(school, "certificate")["text"] is None, "the year has no mark yet"
    given(school, "5", school.later_term_id, "year")
    found = computed(school, "certificate")
    assert (found["text"], found["mean"], found["counted"], found["allowed"]) == ("5", "4.50", 6, ["5"])
    assert given(school, "4", school.later_term_id, "certificate", reason="")[:2] == ("refused", "term-mark-differs")
    assert given(school, "4", school.later_term_id, "certificate") == ("saved", None, "4")


def test_the_figure_opens_to_the_marks_of_both_years(school: Any, before: Before) -> None:
    before.marks()
    this_year(school)
    found = opened(school)
    assert inputs(found) == [
        ("2024/25", "I", "4"), ("2024/25", "II", "4"), ("2024/25", "year", "4"),
        (None, "I", "5"), (None, "II", "5"), (None, "year", "5"),
    ]  # fmt: skip
    origins = [one_input["origin"] and (one_input["origin"]["title"]) for one_input in found["inputs"]]
    assert origins == ["Algebra 10A"] * 3 + [None] * 3
    until = {one_input["origin"]["until"] for one_input in found["inputs"][:3]}
    assert until == {school.day(before.last).isoformat()}
    assert MISSING not in found["steps"]["en"]


def test_a_student_without_marks_of_the_year_before_is_told_so(school: Any, before: Before) -> None:
    before.mark(0, "2", student_id=school.students[1])
    this_year(school)
    found = opened(school)
    assert (found["computed"]["text"], found["computed"]["counted"]) == ("5", 3)
    assert found["steps"]["en"][0] == MISSING
    assert found["steps"]["ru"][0] == "Отметок за 10 класс здесь нет."


def test_marks_of_other_years_subjects_and_kinds_do_not_count(school: Any, before: Before) -> None:
    this_year(school)
    Before(school, "2023/24", before.last - 365).marks()
    other = uuid7()
    school.save(Subject, {"id": other, "name": "Химия"})
    before.mark(0, "2", course_id=before.course("Chemistry 10A", subject_id=other))
    before.mark(1, "2", "certificate")
    before.mark(0, "4")
    assert inputs(opened(school))[:2] == [("2024/25", "I", "4"), (None, "I", "5")]


def test_of_several_courses_the_one_joined_last_counts_and_no_elective(school: Any, before: Before) -> None:
    joined = before.course("Advanced algebra 10B", -100)
    before.mark(0, "3")
    before.mark(1, "3")
    before.mark(1, "4", course_id=joined)
    before.mark(0, "2", course_id=before.course("Algebra, elective", -90, class_id=None))
    this_year(school)
    found = opened(school)
    assert inputs(found)[:2] == [("2024/25", "I", "3"), ("2024/25", "II", "4")]
    titles = [one_input["origin"]["title"] for one_input in found["inputs"][:2]]
    assert titles == ["Algebra 10A", "Advanced algebra 10B"]


def test_a_group_across_classes_counts_where_there_was_no_other_course(school: Any, before: Before) -> None:
    before.mark(0, "4", course_id=before.course("Profile algebra", class_id=None))
    this_year(school)
    assert inputs(opened(school))[0] == ("2024/25", "I", "4")


def test_term_marks_of_another_school_count_where_none_was_set(school: Any, before: Before) -> None:
    of = {"course_id": before.course_id, "student_id": school.students[0], "school": "Лицей № 5", "document": "Табель"}
    entered = {"entered_by": school.teacher.person_id, "entered_at": now() - timedelta(days=200)}
    gone: dict[str, Any] = {"withdrawn_by": uuid7(), "withdrawn_at": now() - timedelta(days=100)}
    for place, value, more in ((0, "4", {}), (1, "2", {}), (0, "2", gone)):
        row = {"id": uuid7(), "term_id": before.terms[place], "value": value, "reason": ""}
        school.save(OtherSchoolMark, {**row, **of, **entered, **more})
    before.mark(1, "3")
    this_year(school)
    found = opened(school)
    assert inputs(found)[:3] == [("2024/25", "I", "4"), ("2024/25", "II", "3"), (None, "I", "5")]
    assert [one_input["origin"]["school"] for one_input in found["inputs"][:2]] == ["Лицей № 5", ""]
    earlier = opened(school, as_of=now() - timedelta(days=250))
    assert inputs(earlier)[0] == (None, "I", "—"), "nothing had been entered"


def test_marks_of_a_course_that_was_left_this_year_count_too(school: Any) -> None:
    begun(school, 11)
    Before(school).marks()
    move = Move(school)
    begun(school, 11)
    with school.service.unit_of_work.of(school.id) as session:
        session.get_one(Course, (school.id, move.course_id)).grade = 11
    move.has_term_mark(school.course_id, school.term_id, "3")
    entry = {"student_id": move.student, "value": "5", "reason": WHY}
    place = {"course_id": move.course_id, "term_id": school.later_term_id, "kind": "year"}
    set_marks(school, entry, actor=move.new_teacher, **place)
    found = opened(school, move.new_teacher, course_id=move.course_id)
    assert inputs(found)[3:] == [(None, "I", "3"), (None, "II", "—"), (None, "year", "5")]
    assert [(one_input["origin"] or {}).get("title") for one_input in found["inputs"][2:5]] == [
        "Algebra 10A", "Algebra 7A", None
    ]  # fmt: skip


def test_the_family_sees_it_once_it_is_handed_in_and_of_the_year_before_what_was(school: Any, before: Before) -> None:
    before.mark(0, "4")
    before.mark(1, "3", first_shown=None)
    this_year(school)
    assert [text for _, _, text in inputs(opened(school))] == ["4", "3", "5", "5", "5"]
    assert inputs(opened(school, school.parent)) == [("2024/25", "I", "4"), (None, "I", "—"), (None, "II", "—")]

    def seen() -> list[tuple[str, str]]:
        found = call(school.service, TermMarks.student_term_marks, school.parent, student_id=school.students[0])
        (subject,) = [subject for subject in found["subjects"] if subject["course_id"] == str(school.course_id)]
        return [(mark["kind"], mark["value"]) for mark in subject["marks"]]

    place = {"term_id": school.later_term_id, "kind": "certificate"}
    set_marks(school, *(one(school, number, "5", reason=WHY) for number in range(3)), **place)
    assert seen() == []
    call(school.service, TermMarks.hand_in_term_marks, school.teacher, course_id=school.course_id, **place)
    assert seen() == [("certificate", "5")]


def test_the_classs_page_shows_the_same_figure(school: Any, before: Before) -> None:
    before.marks()
    this_year(school)
    page = of_whole_class(school)
    cell = own_cell(school, page)
    assert (page["kinds"], cell["computed"], cell["mean"]) == (["term", "year", "certificate"], "5", "4.50")


def own_cell(school: Any, page: dict[str, Any]) -> dict[str, Any]:
    """The first student's place in algebra on a class's page."""
    (cell,) = [
        found for found in page["cells"]
        if (found["student_id"], found["course_id"]) == (str(school.students[0]), str(school.course_id))
    ]  # fmt: skip
    return dict(cell)


def mean_in_class(school: Any, as_of: datetime | None) -> str:
    return str(own_cell(school, of_whole_class(school, as_of=as_of))["mean"])


def of_whole_class(school: Any, kind: str = "certificate", **more: Any) -> dict[str, Any]:
    command = {"class_id": school.class_id, "term_id": school.later_term_id, "kind": kind, **more}
    return call(school.service, TermMarks.class_term_marks, school.homeroom, **command)


@on_both
def test_the_year_before_costs_one_statement_more_however_many_marks_there_are(school: Any, engine: Engine) -> None:
    begun(school, 11)
    before = Before(school)

    def counted(kind: str) -> tuple[int, int]:
        with statements(engine) as page:
            course_page(school, term_id=school.later_term_id, kind=kind)
        with statements(engine) as whole:
            of_whole_class(school, kind)
        return len(page), len(whole)

    assert (counted("year"), counted("certificate")) == ((6, 7), (7, 8))
    for student_id in school.students:
        for place in (0, 1):
            before.mark(place, "4", student_id=student_id)
    assert counted("certificate") == (7, 8)


def test_the_year_before_is_told_as_it_was_at_a_moment(school: Any, before: Before) -> None:
    moment = now() - timedelta(minutes=5)
    mark_id = before.mark(0, "3")
    this_year(school)
    of_both_years = now()
    with school.service.unit_of_work.of(school.id) as session:
        mark = session.get_one(TermMark, (school.id, mark_id))
        mark.value, mark.version, mark.set_at = "4", 2, now()
    school.save(TermMarkRevision, {"term_mark_id": mark_id, **before.said("4", 2, now())})
    assert inputs(opened(school))[0] == ("2024/25", "I", "4")
    assert inputs(opened(school, as_of=moment))[0] == ("2024/25", "I", "3")
    means = [[mean_in_class(school, at), opened(school, as_of=at)["computed"]["mean"]] for at in (of_both_years, None)]
    assert means == [["4.50"] * 2, ["4.75"] * 2], "(3 + 5 + 5 + 5) / 4, and with the 4 in place of the 3"
    assert inputs(opened(school, as_of=moment - timedelta(days=300)))[0] == (None, "I", "—")
