"""Who gets a mark of a term, and who has none."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

from services.gradebook.term_marks.rules.members import left_on, missing_by_class

END = date(2026, 10, 25)
ANNA, BORIS, VERA = uuid4(), uuid4(), uuid4()


class Time(NamedTuple):
    student_id: UUID
    until: date | None


def test_who_is_there_on_the_last_day_stays() -> None:
    spans = [Time(ANNA, None), Time(BORIS, END), Time(VERA, date(2026, 10, 24))]
    assert left_on(spans, END) == {ANNA: None, BORIS: None, VERA: date(2026, 10, 24)}


def test_who_left_and_came_back_stays_in_whatever_order_the_times_come() -> None:
    away, back = Time(ANNA, date(2026, 9, 10)), Time(ANNA, None)
    assert left_on([away, back], END) == left_on([back, away], END) == {ANNA: None}


def test_who_left_twice_left_on_the_later_day() -> None:
    first, last = Time(ANNA, date(2026, 9, 10)), Time(ANNA, date(2026, 10, 1))
    assert left_on([first, last], END) == left_on([last, first], END) == {ANNA: date(2026, 10, 1)}


def test_classes_that_miss_nothing_are_counted_too() -> None:
    seventh, eighth = uuid4(), uuid4()
    expected = {ANNA: seventh, BORIS: seventh, VERA: eighth, uuid4(): None}
    assert missing_by_class(expected, {BORIS, VERA}) == {seventh: 1, eighth: 0}
