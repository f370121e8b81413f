"""A term that is closed: nobody changes what belongs to it by hand, and whoever reads it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, update
from uuid_utils.compat import uuid7

from contracts.gradebook.course_plans import CoursePlans
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from kernel.errors import Conflict, Forbidden, NotFound
from services.gradebook.calendar.tables import Term
from services.gradebook.courses.tables import Course
from services.gradebook.lessons.tables import Lesson, LessonRevision
from services.gradebook.marks.tables import MarkRevision
from services.gradebook.policy.tables import Setting
from tests.kit.calls import call, statements
from tests.noon import OTHER_DAY, OTHER_DAY_ZONE

#: Days before today: a lesson of the first term, and the term's last day where it is closed since today.
HELD, ENDED = 10, 4


class Kept:
    """What the first term has: a lesson of ten days ago, and a mark of the first student."""

    def __init__(self, school: Any) -> None:
        self.school = school
        self.lesson_id = self.lesson(-HELD)
        self.mark = school.post(lesson_id=self.lesson_id)

    def lesson(self, offset: int) -> UUID:
        lesson_id = uuid7()
        self.school.save(Lesson, self.school.lesson_row(lesson_id, self.school.course_id, self.school.day(offset), 3))
        return lesson_id

    def call(self, method: Any, actor: Any = None, **command: Any) -> dict[str, Any]:
        return call(self.school.service, method, actor or self.school.teacher, **command)

    def post_one(self, actor: Any = None) -> dict[str, Any]:
        given = {"lesson_id": self.lesson_id, "student_id": self.school.students[1], "value": "2"}
        return self.call(Marks.post_mark, actor, **given)

    def post_column(self, actor: Any = None) -> dict[str, Any]:
        marks = [{"student_id": student, "value": "2"} for student in self.school.students[1:]]
        return self.call(Marks.post_marks, actor, lesson_id=self.lesson_id, kind_id=self.school.control_id, marks=marks)

    def set_column(self, actor: Any = None) -> dict[str, Any]:
        """A second mark, and the first one taken back."""
        entries = [
            {"student_id": self.school.students[0], "value": None, "version": 1},
            {"student_id": self.school.students[1], "value": "2"},
        ]
        return self.call(Marks.set_column, actor, lesson_id=self.lesson_id, marks=entries, reason="typed wrongly")

    def change(self, actor: Any = None, value: str | None = "2") -> dict[str, Any]:
        given = {"mark_id": self.mark["id"], "version": 1, "value": value, "reason": "typed wrongly"}
        return self.call(Marks.change_mark, actor, **given)

    def take_back(self, actor: Any = None) -> dict[str, Any]:
        return self.change(actor, None)

    def topic(self, actor: Any = None) -> dict[str, Any]:
        return self.call(Lessons.describe_lesson, actor, lesson_id=self.lesson_id, version=1, topic="Sums")

    def homework(self, actor: Any = None) -> dict[str, Any]:
        return self.call(Lessons.describe_lesson, actor, lesson_id=self.lesson_id, version=1, homework="No. 5")

    def take_topics(self, actor: Any = None) -> dict[str, Any]:
        return self.call(CoursePlans.take_topics, actor, lesson_id=self.lesson_id, version=1, topic_ids=[])

    def add(self, actor: Any = None) -> dict[str, Any]:
        given = {"course_id": self.school.course_id, "date": self.school.day(-HELD), "number": 4, "works_anyway": True}
        return self.call(Lessons.add_lesson, actor, **given)


#: What is written by hand, and the field that a refusal names.
WRITERS: list[tuple[Callable[..., dict[str, Any]], str]] = [
    (Kept.post_one, "lesson_id"), (Kept.post_column, "lesson_id"), (Kept.set_column, "lesson_id"),
    (Kept.change, "mark_id"), (Kept.take_back, "mark_id"), (Kept.topic, "lesson_id"),
    (Kept.homework, "lesson_id"), (Kept.take_topics, "lesson_id"), (Kept.add, "date"),
]  # fmt: skip
every_writer = pytest.mark.parametrize("writes", [writes for writes, _ in WRITERS], ids=lambda one: one.__name__)


@pytest.fixture
def kept(school: Any) -> Kept:
    return Kept(school)


@pytest.mark.parametrize(("writes", "field"), WRITERS, ids=[writes.__name__ for writes, _ in WRITERS])
def test_d06_nothing_is_written_into_a_closed_term(kept: Kept, writes: Callable[..., Any], field: str) -> None:
    school = kept.school
    school.end_term(ENDED)
    with pytest.raises(Conflict) as refused:
        writes(kept)
    assert (refused.value.rule, refused.value.field) == ("term-closed", field)
    assert refused.value.params == {"term": "I", "ended_on": school.day(-ENDED), "date": school.day(-1)}
    assert (school.count(MarkRevision), school.count(LessonRevision), school.count(Lesson)) == (1, 0, 6)


@every_writer
def test_d06_on_the_last_day_everything_is_written_still(kept: Kept, writes: Callable[..., Any]) -> None:
    kept.school.end_term(ENDED - 1)
    assert writes(kept)


@every_writer
@pytest.mark.parametrize(("days", "refusal"), [(0, Conflict), (1, None)])
def test_d06_the_last_day_is_the_schools_own(
    kept: Kept, writes: Callable[..., Any], days: int, refusal: type[Conflict] | None
) -> None:
    """In another zone it is another day at this moment: there the term was closed `OTHER_DAY` days later or earlier."""
    with kept.school.service.unit_of_work.of(kept.school.id) as session:
        session.execute(update(Setting).values(time_zone=OTHER_DAY_ZONE))
    kept.school.end_term(ENDED - OTHER_DAY - days)
    if refusal is None:
        assert writes(kept)
    else:
        with pytest.raises(refusal):
            writes(kept)


@every_writer
def test_d06_who_may_not_write_there_is_told_no_more_of_a_closed_term(kept: Kept, writes: Callable[..., Any]) -> None:
    school = kept.school
    school.end_term(ENDED)
    for actor, refusal in ((school.homeroom, Forbidden), (school.other_teacher, NotFound)):
        with pytest.raises(refusal):
            writes(kept, actor)


@every_writer
def test_d06_a_course_closes_by_its_own_terms(kept: Kept, writes: Callable[..., Any]) -> None:
    school = kept.school
    school.end_term(ENDED)
    half = {"starts_on": school.day(-100), "ends_on": school.day(60)}
    school.save(Term, {"id": uuid7(), "year_id": school.year_id, "title": "Half", "division": "half-years", **half})
    with pytest.raises(Conflict):
        writes(kept)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Course).where(Course.id == school.course_id).values(division="half-years"))
    assert writes(kept)


def test_d06_a_lesson_in_the_holidays_goes_with_the_term_after_them(kept: Kept) -> None:
    school = kept.school
    school.end_term(ENDED)
    kept.lesson_id = kept.lesson(-ENDED + 1)
    assert kept.topic()["closed"] is None
    assert kept.post_one()["value"] == "2"


def shown(school: Any, ended: int) -> dict[str, Any]:
    ended_on: date = school.day(-ended)
    last_day = school.day(3 - ended).isoformat()
    return {"by": "term", "term": "I", "ended_on": ended_on.isoformat(), "last_day": last_day}


def test_d06_who_reads_a_lesson_or_a_mark_is_told_whether_its_term_is_closed(kept: Kept) -> None:
    school = kept.school

    def told() -> list[Any]:
        day = kept.call(Lessons.day, date=school.day(-HELD))["lessons"]
        page = kept.call(Journal.journal_page, course_id=school.course_id, term_id=school.term_id)["lessons"]
        lesson = kept.call(Lessons.lesson, lesson_id=kept.lesson_id)
        history = kept.call(Marks.mark_history, school.parent, mark_id=kept.mark["id"])
        return [one["closed"] for one in (*day, page[0], lesson, history)]

    school.end_term(ENDED - 1)
    assert told() == [None] * 4
    school.end_term(ENDED)
    assert told() == [shown(school, ENDED)] * 4
    later = kept.call(Journal.journal_page, course_id=school.course_id, term_id=school.later_term_id)
    assert [one["closed"] for one in later["lessons"]] == [], "it has no lessons yet"
    assert kept.call(Lessons.lesson, lesson_id=school.lesson_id)["closed"] is None


def test_d06_lessons_that_need_a_topic_are_those_that_may_still_get_one(kept: Kept) -> None:
    school = kept.school
    day_off = school.day(-1)
    assert [one["id"] for one in kept.call(Lessons.day, date=day_off)["without_topic"]] == [str(kept.lesson_id)]
    school.end_term(ENDED)
    assert kept.call(Lessons.day, date=day_off)["without_topic"] == []


def test_d06_what_closes_a_lesson_costs_no_statement_but_where_the_course_alone_is_read(
    kept: Kept, engine: Engine
) -> None:
    expected = {Kept.post_one: 4, Kept.change: 3, Kept.topic: 3, Kept.add: 6}
    for writes, count in expected.items():
        with statements(engine) as sent:
            writes(kept)
        assert len(sent) == count, sent
