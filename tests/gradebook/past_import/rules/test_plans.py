"""Where each mark of a file belongs, and what stands in its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.gradebook.past_import import STUDENT, SUBJECT
from services.gradebook.calendar.rules.year_calendar import Term
from services.gradebook.past_import.rules.figures import Figure, Printed
from services.gradebook.past_import.rules.names import Meanings, Named
from services.gradebook.past_import.rules.plans import (
    At,
    Course,
    Plan,
    Present,
    School,
    Stay,
    complete,
    counted,
    digest_of,
    plan_of,
)
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.timetable_import.rules.matching import Meaning

ANNA, BORIS, ALGEBRA, MUSIC, CLASS, OTHER = (uuid4() for _ in range(6))
FIRST = Term(uuid4(), "I", "quarters", date(2024, 9, 1), date(2024, 10, 27))
LAST = Term(uuid4(), "II", "quarters", date(2024, 11, 4), date(2025, 5, 26))
SINCE = Stay(date(2024, 9, 1), None)
COURSE = Course(uuid4(), "Алгебра 8А", ALGEBRA, "Алгебра", CLASS, "", "quarters", 8, True)


def made(subject_id: UUID, name: str) -> Course:
    return Course(UUID(int=subject_id.int ^ 1), f"{name} 8А", subject_id, name, CLASS, "", "quarters", 8, True)


POLICIES = {one.ends_on: default_policy() for one in (FIRST, LAST)}
SCHOOL = School(
    CLASS, date(2024, 9, 1), date(2025, 5, 31), (FIRST, LAST), date(2026, 1, 1), (COURSE,),
    {(COURSE.id, ANNA): [SINCE]}, {}, (), POLICIES, {ALGEBRA: "Алгебра", MUSIC: "Музыка"}, made,
)  # fmt: skip
MEANS = Meanings(
    {
        Named(STUDENT, "Анна"): Meaning("known", ANNA), Named(STUDENT, "Борис"): Meaning("known", BORIS),
        Named(STUDENT, "Вера"): Meaning("none"), Named(STUDENT, "Глеб"): Meaning(None),
        Named(SUBJECT, "Алгебра"): Meaning("known", ALGEBRA), Named(SUBJECT, "Музыка"): Meaning("known", MUSIC),
    },
    {},
)  # fmt: skip


def figure(text: str = "4", term: str = "1 Четверть", kind: str = "term", **more: Any) -> Figure:
    return Figure(
        **{"place": "B2", "student": "Анна", "subject": "Алгебра", "term": term, "kind": kind, "text": text} | more
    )


def planned(*figures: Figure, **changes: Any) -> Plan:
    return plan_of(Printed("8А", "2024/2025", figures), replace(SCHOOL, **changes), MEANS)


def said(*figures: Figure, **changes: Any) -> list[str]:
    """Outcomes and rules of faults."""
    plan = planned(*figures, **changes)
    return [*(one.outcome for one in plan.marks), *(one.rule for one in plan.faults)]


def at_grade(grade: int | None, *, known: bool = True) -> dict[str, Any]:
    return {"courses": (COURSE._replace(grade=grade, grade_known=known),)}


def test_a_mark_belongs_to_its_course_and_term() -> None:
    (one,) = planned(figure("н/а")).marks
    assert (one.at, one.text, one.joins) == (At(COURSE.id, ANNA, FIRST.id, "term"), "н/а", False)
    (year,) = planned(figure(term="", kind="year")).marks
    assert year.at == At(COURSE.id, ANNA, LAST.id, "year")


def test_names_that_mean_nothing_are_left_out_and_open_ones_wait() -> None:
    plan = planned(figure(student="Вера"), figure(student="Глеб"), figure())
    assert (plan.left_out.total(), len(plan.marks), plan.faults) == (1, 1, [])


@pytest.mark.parametrize(
    ("grade", "kind", "outcome"),
    [
        (8, "year", ["added"]),
        (8, "exam", ["no-such-kind-of-mark"]),
        (8, "certificate", []),
        (9, "exam", ["added"]),
        (9, "certificate", ["added"]),
        (11, "certificate", ["added"]),
        (11, "exam", ["no-such-kind-of-mark"]),
        (1, "year", ["course-unmarked"]),
    ],
)
def test_the_grade_of_the_course_says_which_marks_there_are(grade: int, kind: str, outcome: list[str]) -> None:
    assert said(figure(term="", kind=kind), **at_grade(grade)) == outcome


def test_a_course_of_which_the_grade_is_not_known_gets_none() -> None:
    assert said(figure(), **at_grade(None, known=False)) == ["grade-unknown"]
    assert said(figure(), **at_grade(None)) == ["added"]


@pytest.mark.parametrize(
    ("text", "outcome"), [("5", "added"), (" 5 ", "added"), ("0", "no-such-term-mark"), ("Н", "no-such-term-mark")]
)
def test_a_mark_is_one_of_the_schools(text: str, outcome: str) -> None:
    assert said(figure(text)) == [outcome]


def test_what_stands_stays_and_what_was_taken_back_is_set_anew() -> None:
    at = At(COURSE.id, ANNA, FIRST.id, "term")
    assert said(figure(), present={at: Present("4", 1)}) == ["stands"]
    assert said(figure(), present={at: Present("5", 1)}) == ["differs", "mark-differs"]
    assert said(figure(), present={at: Present(None, 2)}) == ["added"]


def test_locked_marks_stay_locked() -> None:
    locked = {(COURSE.id, FIRST.id, "term")}
    assert said(figure(), locked=locked) == ["term-marks-locked"]
    present = {At(COURSE.id, ANNA, FIRST.id, "term"): Present("4", 1)}
    assert said(figure(), locked=locked, present=present) == ["stands"]
    assert said(figure(term="", kind="year"), locked=locked) == ["added"]


def test_a_term_that_goes_on_and_one_that_there_is_not() -> None:
    assert said(figure(), today=FIRST.ends_on) == ["term-not-over"]
    assert said(figure(term="3 Четверть")) == ["no-such-term"]
    assert said(figure(term="1 полугодие")) == ["no-such-term"]
    assert said(figure(term="", kind="year"), terms=()) == ["no-terms"]


def test_the_first_of_two_marks_at_one_place_is_taken() -> None:
    plan = planned(figure("4"), figure("4"), figure("5", place="B9"))
    assert ([one.text for one in plan.marks], [(one.place, one.rule) for one in plan.faults]) == (
        ["4"],
        [("B9", "mark-twice")],
    )


def test_of_two_courses_it_is_the_one_in_which_the_student_was_in_the_term() -> None:
    group = COURSE._replace(id=uuid4(), group_name="2")
    left = Stay(date(2024, 9, 1), date(2024, 12, 1))
    both = {
        "courses": (COURSE, group),
        "stays": {(COURSE.id, ANNA): [left], (group.id, ANNA): [Stay(date(2024, 12, 2), None)]},
    }
    assert [one.course for one in planned(figure(), **both).marks] == [COURSE]
    assert [one.course for one in planned(figure(term="2 Четверть"), **both).marks] == [group]


def test_who_came_later_has_no_mark_of_before_and_who_was_in_none_joins() -> None:
    late = {"stays": {(COURSE.id, ANNA): [Stay(date(2025, 1, 9), None)]}}
    assert said(figure(), **late) == ["not-in-course"]
    plan = planned(figure(student="Борис"))
    assert (plan.members, plan.made_courses) == ({COURSE.id: {BORIS}}, [])
    group = {"courses": (COURSE._replace(group_name="1"),)}
    assert said(figure(student="Борис"), **group) == ["not-in-course"]
    of_another_class = {"courses": (COURSE._replace(class_id=OTHER),)}
    assert [one.title for one in planned(figure(student="Борис"), **of_another_class).made_courses] == ["Алгебра 8А"]


def test_a_subject_without_course_gets_one_of_those_who_have_a_mark() -> None:
    plan = planned(figure(subject="Музыка"), figure(subject="Музыка", student="Борис"), figure("0", subject="Музыка"))
    (course,) = plan.made_courses
    assert plan.members == {course.id: {ANNA, BORIS}}
    assert planned(figure("0", subject="Музыка")).made_courses == [], "none is made for nothing"


def test_a_class_is_complete_where_nobody_who_was_there_misses_a_mark() -> None:
    stays = {(COURSE.id, one): [SINCE] for one in (ANNA, BORIS)}
    school = replace(SCHOOL, stays=stays)
    place = (COURSE.id, FIRST.id, "term")
    one, both = (
        plan_of(Printed("8А", "", them), school, MEANS) for them in ((figure(),), (figure(), figure(student="Борис")))
    )
    assert complete(one, school, {ANNA, BORIS}) == {place: False}
    assert complete(both, school, {ANNA, BORIS}) == {place: True}
    gone = replace(school, stays={**stays, (COURSE.id, BORIS): [Stay(date(2024, 9, 1), date(2024, 10, 1))]})
    assert complete(one, gone, {ANNA, BORIS}) == {place: True}
    stood = replace(school, present={At(COURSE.id, BORIS, FIRST.id, "term"): Present("3", 1)})
    assert complete(one, stood, {ANNA, BORIS}) == {place: True}


def test_what_would_be_done_is_told_in_short_and_the_same_for_the_same() -> None:
    one, again = planned(figure(subject="Музыка")), planned(figure(subject="Музыка"))
    assert digest_of(one) == digest_of(again)
    assert digest_of(one) != digest_of(planned(figure("5", subject="Музыка")))
    at = At(COURSE.id, ANNA, FIRST.id, "term")
    assert digest_of(planned(figure())) != digest_of(planned(figure(), present={at: Present(None, 2)}))
    assert counted(one) == {"added": 1}
