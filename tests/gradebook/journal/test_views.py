"""A diary shows a student the lessons the student was taught, to the day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gradebook.journal import views as journal_views
from services.gradebook.marks.queries import Kind

MONDAY = date(2025, 9, 8)
WEDNESDAY = MONDAY + timedelta(2)
ALGEBRA, CHOIR = uuid4(), uuid4()


def lesson(course_id: UUID, day: date = WEDNESDAY) -> Any:
    described = {"title": "Lesson", "number": 1, "topic": "", "homework": "", "homework_due": None}
    return SimpleNamespace(id=uuid4(), course_id=course_id, date=day, **described)


def time_in(course_id: UUID, since: int, until: int | None) -> Any:
    """A time in a course, in days from the lesson's."""
    ends_on = None if until is None else WEDNESDAY + timedelta(until)
    return SimpleNamespace(id=course_id, since=WEDNESDAY + timedelta(since), until=ends_on)


def shown(lessons: list[Any], *times: Any) -> set[UUID]:
    days = journal_views.diary_days(MONDAY, lessons, times, [], {})
    assert [day["date"] for day in days] == [MONDAY + timedelta(offset) for offset in range(7)]
    return {entry["lesson_id"] for day in days for entry in day["lessons"]}


@pytest.mark.parametrize(
    ("since", "until", "taught"),
    [(0, None, True), (1, None, False), (-9, 0, True), (-9, -1, False), (0, 0, True), (-9, 9, True)],
)
def test_the_first_and_the_last_day_in_a_course_are_days_in_it(since: int, until: int | None, taught: bool) -> None:
    held = lesson(ALGEBRA)
    assert (held.id in shown([held], time_in(ALGEBRA, since, until))) is taught


def test_a_time_in_one_course_is_none_in_another() -> None:
    algebra, choir = lesson(ALGEBRA), lesson(CHOIR)
    assert shown([algebra, choir], time_in(ALGEBRA, -9, None), time_in(CHOIR, 1, None)) == {algebra.id}


def test_who_left_a_course_and_came_back_has_the_lessons_of_both_times() -> None:
    held = [lesson(ALGEBRA, MONDAY + timedelta(offset)) for offset in range(5)]
    times = time_in(ALGEBRA, -2, -2), time_in(ALGEBRA, 1, None)
    assert shown(held, *times) == {held[0].id, held[3].id, held[4].id}


@pytest.mark.parametrize(("version", "is_changed"), [(1, False), (2, True), (3, True)])
def test_a_mark_that_replaced_another_says_so(version: int, is_changed: bool) -> None:
    kind = Kind(uuid4(), "Answer", Decimal("2.500"))
    row: Any = SimpleNamespace(id=uuid4(), value="5", kind_id=kind.id, comment="", version=version)
    assert journal_views.diary_mark(row, {kind.id: kind})["changed"] is is_changed
    assert journal_views.diary_mark(row, {kind.id: kind})["weight"] == "2.5"
