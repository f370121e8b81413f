"""A student's marks in one course over the year, with the mean after each: the same means as elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, update
from uuid_utils.compat import uuid7

from contracts.gradebook.journal import Journal
from contracts.gradebook.marks import Marks
from contracts.gradebook.other_schools import OtherSchools
from kernel.clock import now
from kernel.errors import NotFound
from services.gradebook.brought.tables import OtherSchoolMark
from services.gradebook.calendar.tables import Term
from services.gradebook.courses import tables as courses_tables
from services.gradebook.journal import trends
from services.gradebook.lessons.tables import Lesson
from services.gradebook.policy.rules.defaults import policy_with
from services.gradebook.policy.rules.policy import Place
from tests.gradebook.brought.test_entrypoints import Move
from tests.kit.calls import call, statements


def trend(school: Any, actor: Any = None, **more: Any) -> dict[str, Any]:
    command = {"student_id": school.students[0], "course_id": school.course_id, **more}
    return call(school.service, Journal.subject_trend, actor or school.parent, **command)


def mean_on_marks(school: Any, term_id: Any, course_id: UUID) -> dict[str, Any]:
    """The mean on the page of all marks."""
    command = {"student_id": school.students[0], "term_id": term_id}
    found = call(school.service, Journal.marks_of, school.parent, **command)["subjects"]
    (mean,) = [one["mean"] for one in found if one["course_id"] == str(course_id)]
    return dict(mean)


def mark(school: Any, offset: int, value: str, kind: UUID | None = None, topic: str = "") -> None:
    lesson_id = uuid7()
    row = school.lesson_row(lesson_id, school.course_id, school.day(offset), 5)
    school.save(Lesson, {**row, "topic": topic})
    command = {"lesson_id": lesson_id, "student_id": school.students[0], "value": value}
    call(school.service, Marks.post_mark, school.teacher, **command, **({"kind_id": kind} if kind else {}))


def seen(term: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one["value"], one["mean_after"]) for one in term["marks"]]


def test_each_mark_has_the_mean_of_the_term_up_to_it_by_date_and_by_weight(school: Any) -> None:
    mark(school, -5, "2", school.control_id, topic="Дроби")
    mark(school, -9, "5")
    mark(school, -2, "4/5")
    mark(school, -1, "осв")
    found = trend(school)
    assert (found["title"], found["lowest"], found["highest"]) == ("Algebra 7A", "1", "5")
    (term,) = found["terms"]
    assert seen(term) == [("5", "5.00"), ("2", "2.86"), ("4/5", "3.45"), ("осв", "3.45")]
    assert [one["numbers"] for one in term["marks"]] == [["5"], ["2"], ["4", "5"], []]
    assert [one["topic"] for one in term["marks"]] == ["", "Дроби", "", ""]
    assert [one["weight"] for one in term["marks"]] == ["1", "2.5", "1", "1"]
    assert term["mean"] == mean_on_marks(school, school.term_id, school.course_id)
    assert term["mean"]["value"] == "3.45"


def test_the_mean_begins_anew_with_each_term_and_terms_to_come_are_left_out(school: Any) -> None:
    mark(school, -40, "2")
    mark(school, -5, "5")
    assert [term["title"] for term in trend(school)["terms"]] == ["I"]
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Term).where(Term.id == school.term_id).values(ends_on=school.day(-31)))
        later = update(Term).where(Term.id == school.later_term_id)
        session.execute(later.values(starts_on=school.day(-30)))
    first, second = trend(school)["terms"]
    assert (seen(first), seen(second)) == ([("2", "2.00")], [("5", "5.00")])
    for term in (first, second):
        assert term["mean"] == mean_on_marks(school, term["id"], school.course_id)


def test_a_course_without_marks_has_an_empty_term_without_a_mean(school: Any) -> None:
    (term,) = trend(school)["terms"]
    assert (term["marks"], term["mean"]["value"]) == ([], None)


def test_marks_of_a_course_that_was_left_stand_in_the_course_that_was_joined(school: Any) -> None:
    move = Move(school)
    (term,) = trend(school, course_id=move.course_id)["terms"]
    assert seen(term) == [("5", "5.00"), ("5", "5.00"), ("4", "4.67"), ("3", "4.25")]
    assert [one["origin"] and one["origin"]["title"] for one in term["marks"]] == ["Algebra 7A"] * 3 + [None]
    assert term["mean"] == mean_on_marks(school, school.term_id, move.course_id)
    assert trend(school)["terms"] == [], "they are not shown twice"


def test_marks_of_another_school_stand_by_date_and_count(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        member = courses_tables.CourseMember
        own = (member.course_id == school.course_id, member.student_id == school.students[0])
        session.execute(update(member).where(*own).values(since=school.day(-20)))
    mark(school, -5, "3")
    document = {"school": "Школа № 2", "document": "справка", "student_id": school.students[0]}
    place = {"course_id": school.course_id, "term_id": school.term_id}
    marks = [{"date": school.day(-30), "text": "5"}, {"date": school.day(-40), "text": "4"}]
    call(school.service, OtherSchools.enter_other_school_marks, school.teacher, **place, **document, marks=marks)
    (term,) = trend(school)["terms"]
    assert seen(term) == [("4", "4.00"), ("5", "4.50"), ("3", "4.00")]
    assert [one["origin"] and one["origin"]["school"] for one in term["marks"]] == ["Школа № 2"] * 2 + [None]
    assert term["mean"] == mean_on_marks(school, school.term_id, school.course_id)


def test_who_was_at_another_school_for_a_while_has_all_marks_by_date(school: Any) -> None:
    mark(school, -50, "3")
    mark(school, -5, "5")
    given = {"id": uuid7(), "course_id": school.course_id, "student_id": school.students[0], "term_id": None,
             "kind_id": school.answer_id, "date": school.day(-30), "value": "4", "school": "Школа № 2",
             "document": "справка", "entered_by": uuid4(), "entered_at": now(), "reason": ""}  # fmt: skip
    school.save(OtherSchoolMark, given)
    (term,) = trend(school)["terms"]
    assert seen(term) == [("3", "3.00"), ("4", "3.50"), ("5", "4.00")]
    assert term["mean"] == mean_on_marks(school, school.term_id, school.course_id)


def test_it_is_for_whoever_may_read_the_students_marks(school: Any) -> None:
    for actor in (school.parent, school.student, school.homeroom, school.director, school.deputy, school.methodologist):
        assert trend(school, actor)["title"] == "Algebra 7A"
    for actor in (school.other_parent, school.other_student, school.teacher):
        with pytest.raises(NotFound) as refused:
            trend(school, actor)
        assert refused.value.rule == "no-such-student"


def test_a_course_that_is_not_the_students_looks_as_if_it_did_not_exist(school: Any) -> None:
    for course_id in (school.first_course_id, uuid4()):
        with pytest.raises(NotFound) as refused:
            trend(school, course_id=course_id)
        assert (refused.value.rule, refused.value.params["id"]) == ("no-such-course", str(course_id))


def test_a_year_of_marks_costs_three_statements(school: Any, engine: Engine) -> None:
    for number in range(30):
        mark(school, -1 - number, "45"[number % 2])
    with statements(engine) as sent:
        found = trend(school)
    assert len(found["terms"][0]["marks"]) == 30
    assert len(sent) == 3, sent


@pytest.mark.parametrize(
    ("scale", "ends"),
    [("five", ("1", "5")), ("hundred", ("0", "100")), ("five_best_one", ("1", "5")), ("pass_fail", (None, None))],
)
def test_the_ends_of_a_scale_are_numbers_where_its_marks_have_them(scale: str, ends: tuple[str, str]) -> None:
    found = trends.ends_of_scale(policy_with(scale, "Europe/Moscow"), Place(7))
    assert (found["lowest"], found["highest"]) == ends
