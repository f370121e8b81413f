"""What may be changed of a lesson, and what then stands in the way."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.gradebook.day_changes import MOST_DAYS
from kernel.errors import Conflict, Invalid
from services.gradebook.bells.rules.bells import Bell
from services.gradebook.day_changes.rules.changing import (
    HeldLesson,
    check_change,
    check_span,
    check_targets,
    hindered,
    last_day,
)
from services.gradebook.timetable.rules.laying import Change, Place

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
YEAR = (date(2026, 9, 1), date(2027, 5, 31))
ALGEBRA, PHYSICS = UUID(int=1), UUID(int=2)
PLACE = Place(ALGEBRA, MONDAY, 2)
NOBODY = "A cancelled lesson has no classroom and nobody who stands in."
OUTSIDE = "lies outside the year, which goes from 2026-09-01 to 2027-05-31."


def test_days_have_an_order_and_a_most() -> None:
    check_span(MONDAY, MONDAY)
    check_span(MONDAY, MONDAY + timedelta(days=MOST_DAYS - 1))
    for last, rule in (
        (MONDAY - timedelta(days=1), "days-reversed"),
        (MONDAY + timedelta(days=MOST_DAYS), "too-many-days"),
    ):
        with pytest.raises(Invalid) as refused:
            check_span(MONDAY, last)
        assert (refused.value.rule, refused.value.field) == (rule, "last")


@pytest.mark.parametrize(
    ("change", "rule", "field", "said"),
    [
        (Change(cancelled=True, moved_to=(TUESDAY, 2)), "cancelled-and-moved", "cancelled",
         "A lesson is either cancelled or moved."),
        (Change(cancelled=True, teacher_id=UUID(int=5)), "cancelled-and-held", "cancelled", NOBODY),
        (Change(cancelled=True, classroom_id=UUID(int=5)), "cancelled-and-held", "cancelled", NOBODY),
        (Change(moved_to=(MONDAY, 2)), "moved-nowhere", "moved_to", "The lesson is at this time already."),
        (Change(moved_to=(date(2026, 8, 31), 2)), "day-outside-year", "moved_to", f"2026-08-31 {OUTSIDE}"),
        (Change(moved_to=(date(2027, 6, 1), 2)), "day-outside-year", "moved_to", f"2027-06-01 {OUTSIDE}"),
    ],
)  # fmt: skip
def test_a_change_that_contradicts_itself_is_refused(change: Change, rule: str, field: str, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_change("changes.0", PLACE, change, YEAR)
    assert (refusal.value.rule, refusal.value.field) == (rule, f"changes.0.{field}")
    assert str(refusal.value) == said


@pytest.mark.parametrize(
    "change",
    [
        Change(),
        Change(cancelled=True, reason="мороз"),
        Change(moved_to=(MONDAY, 3), teacher_id=UUID(int=5), classroom_id=UUID(int=6)),
        Change(moved_to=(*YEAR[:1], 2)),  # type: ignore[arg-type]  # the first day
        Change(moved_to=(YEAR[1], 2)),
    ],
)
def test_any_other_change_may_be_made(change: Change) -> None:
    check_change("changes.0", PLACE, change, YEAR)


def test_a_lesson_is_not_moved_to_where_its_course_has_another_one() -> None:
    third, fourth = Place(ALGEBRA, MONDAY, 3), Place(ALGEBRA, MONDAY, 4)
    fields = {PLACE: "changes.0", third: "changes.1"}
    check_targets(fields, [(PLACE, fourth)], [third])
    check_targets(fields, [(PLACE, Place(PHYSICS, MONDAY, 3))], [third])
    with pytest.raises(Conflict) as refusal:
        check_targets(fields, [(third, PLACE), (PLACE, third)], [third])
    assert (refusal.value.rule, refusal.value.field) == ("lesson-exists", "changes.0.moved_to")
    assert str(refusal.value) == "The course has another lesson on 2026-09-07 at this number."
    with pytest.raises(Conflict) as refusal:
        check_targets(fields, [(PLACE, fourth), (third, fourth)], [])
    assert refusal.value.field == "changes.1.moved_to"


def held(number: int, course: UUID = ALGEBRA, at: int = 2, **takes: Any) -> HeldLesson:
    of = {"classroom_id": None, "teachers": frozenset[int](), "students": frozenset[int](), **takes}
    return HeldLesson(UUID(int=100 + number), course, MONDAY, at, **of)


def test_what_is_taken_at_the_time_stands_in_the_way() -> None:
    teacher, room, student = UUID(int=11), UUID(int=12), UUID(int=13)
    changed = held(1, teachers=frozenset({teacher}), classroom_id=room, students=frozenset({student}))
    everything = held(
        2, PHYSICS, teachers=frozenset({teacher}), classroom_id=room, students=frozenset({student, UUID(int=14)})
    )
    found = list(hindered([changed], [everything]))
    assert [one.what for one in found] == ["teacher", "classroom", "students"]
    assert [(one.lesson, one.other) for one in found] == [(changed, everything)] * 3
    assert list(hindered([changed], [everything._replace(number=3)])) == []
    assert list(hindered([changed], [everything._replace(date=TUESDAY)])) == []
    assert list(hindered([changed], [held(2, PHYSICS), changed._replace(students=frozenset())])) == []
    assert list(hindered([changed._replace(classroom_id=None)], [held(3, PHYSICS, classroom_id=None)])) == []
    (only,) = hindered([changed, held(2, PHYSICS, teachers=frozenset({teacher}))], [])
    assert (only.lesson, only.what) == (changed, "teacher")


def test_lessons_of_two_shifts_are_at_one_time_where_their_bells_overlap() -> None:
    teacher = frozenset({UUID(int=11)})
    early, late = Bell(7, time(13), time(13, 40)), Bell(1, time(13, 30), time(14, 10))
    changed = held(1, at=7, teachers=teacher, bell=early)

    def others(**of: Any) -> list[Any]:
        return list(hindered([changed], [held(2, PHYSICS, teachers=teacher, shift=2, **of)]))

    assert len(others(at=1, bell=late)) == 1
    assert others(at=7, bell=late._replace(starts=time(13, 40))) == [], "the same number is another time"
    assert others(at=7) == [], "nobody knows when the second shift begins"
    unknown = held(3, PHYSICS, at=7, teachers=teacher, shift=None)
    assert len(list(hindered([changed], [unknown]))) == 1, "a group of both shifts is compared by the number"


def test_a_change_is_about_the_last_of_the_days_that_it_touches() -> None:
    stays, moved = Change(), Change(moved_to=(TUESDAY, 1))
    assert last_day(MONDAY, None, stays) == MONDAY
    assert last_day(MONDAY, TUESDAY, stays) == TUESDAY, "it was to be held on Tuesday"
    assert last_day(MONDAY, None, moved) == TUESDAY
    assert last_day(TUESDAY, MONDAY, stays) == TUESDAY
