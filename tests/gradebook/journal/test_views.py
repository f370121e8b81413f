"""A diary shows a student the lessons the student was taught, to the day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gradebook.bells.rules.bells import Times
from services.gradebook.journal import views as journal_views
from services.gradebook.marks.queries import Kind

MONDAY = date(2025, 9, 8)
WEDNESDAY = MONDAY + timedelta(2)
ALGEBRA, CHOIR, YEAR = uuid4(), uuid4(), uuid4()


def lesson(course_id: UUID, day: date = WEDNESDAY, **more: Any) -> Any:
    described = {"title": "Lesson", "number": 1, "topic": "", "homework": "", "homework_due": None, "next_lesson": None}
    nothing = ("minutes", "links", "files", "task", "task_due", "done_at", "fingerprint")
    described |= {"class_id": None, "grade": 7, **dict.fromkeys(nothing)}
    described |= {"state": "", "reason": "", **dict.fromkeys(("classroom", "teacher_id", "moved_to", "moved_number"))}
    return SimpleNamespace(id=uuid4(), course_id=course_id, date=day, came=[], **{**described, **more})


def time_in(course_id: UUID, since: int, until: int | None) -> Any:
    """A time in a course, in days from the lesson's."""
    ends_on = None if until is None else WEDNESDAY + timedelta(until)
    return SimpleNamespace(id=course_id, year_id=YEAR, since=WEDNESDAY + timedelta(since), until=ends_on)


def shown(lessons: list[Any], *times: Any) -> set[UUID]:
    days = journal_views.diary_days(MONDAY, lessons, times, [], {}, Times({}))
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


def due(lessons: list[Any], *times: Any) -> list[tuple[date, UUID | None, str]]:
    """What is due: the day, the lesson at which it stands if any, the homework."""
    found: list[tuple[date, UUID | None, str]] = []
    for day in journal_views.diary_days(MONDAY, lessons, times or [time_in(ALGEBRA, -30, None)], [], {}, Times({})):
        for entry in day["lessons"]:
            found += [(day["date"], entry["lesson_id"], given["homework"]) for given in entry["due_homework"]]
        found += [(day["date"], None, given["homework"]) for given in day["due_homework"]]
    return found


def test_d10_homework_stands_at_the_first_lesson_of_the_day_on_which_it_is_due() -> None:
    last_week = lesson(ALGEBRA, MONDAY - timedelta(3), homework="No. 4", next_lesson=WEDNESDAY)
    monday = lesson(ALGEBRA, MONDAY, homework="No. 5", homework_due=WEDNESDAY)
    first, second = lesson(ALGEBRA, number=3), lesson(ALGEBRA, number=4)
    assert due([last_week, monday, first, second]) == [(WEDNESDAY, first.id, "No. 4"), (WEDNESDAY, first.id, "No. 5")]


def test_d10_homework_due_on_a_day_without_a_lesson_of_its_course_stands_beside_the_lessons() -> None:
    given = lesson(ALGEBRA, MONDAY, homework="No. 5", homework_due=WEDNESDAY)
    choir = lesson(CHOIR)
    assert due([given, choir], time_in(ALGEBRA, -9, None), time_in(CHOIR, -9, None)) == [(WEDNESDAY, None, "No. 5")]


def test_d10_homework_of_another_week_or_without_a_day_is_due_on_none_of_this_one() -> None:
    next_week = lesson(ALGEBRA, homework="No. 5", next_lesson=MONDAY + timedelta(7))
    no_day, no_homework = lesson(ALGEBRA, homework="No. 6"), lesson(ALGEBRA, MONDAY, next_lesson=WEDNESDAY)
    assert due([no_homework, next_week, no_day]) == []


@pytest.mark.parametrize(
    ("since", "until", "has_it"), [(-1, None, True), (0, 0, True), (-9, -1, False), (1, None, False)]
)
def test_d10_who_is_in_the_course_on_the_due_day_has_the_homework(since: int, until: int | None, has_it: bool) -> None:
    given = lesson(ALGEBRA, MONDAY - timedelta(7), homework="No. 5", homework_due=WEDNESDAY)
    assert bool(due([given, lesson(ALGEBRA)], time_in(ALGEBRA, since, until))) is has_it


@pytest.mark.parametrize(("previous", "is_changed"), [(None, False), ("3", True)])
def test_a_mark_that_replaced_another_says_so(previous: str | None, is_changed: bool) -> None:
    kind = Kind(uuid4(), "Answer", Decimal("2.500"))
    row: Any = SimpleNamespace(id=uuid4(), value="5", kind_id=kind.id, comment="", previous=previous)
    assert journal_views.diary_mark(row, {kind.id: kind})["changed"] is is_changed
    assert journal_views.diary_mark(row, {kind.id: kind})["weight"] == "2.5"
