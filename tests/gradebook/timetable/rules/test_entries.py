"""Places in the week: odd and even weeks, what falls together, hours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from kernel.errors import Invalid
from services.gradebook.timetable.rules.entries import (
    Entry,
    Week,
    check_validity,
    hours_a_week,
    is_valid_on,
    same_day,
)

FIRST, LAST = date(2026, 9, 1), date(2027, 5, 28)


def entry(weekday: int = 1, number: int = 1, week: Week = "", since: date = FIRST, until: date | None = None) -> Entry:
    return Entry(UUID(int=1), UUID(int=2), weekday, number, week, since, until)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (entry(), entry(), True),
        (entry(weekday=2), entry(), False),
        (entry(number=2), entry(), True),
        (entry(week="1"), entry(week="2"), False),
        (entry(week="1"), entry(week="1"), True),
        (entry(week="1"), entry(), True),
        (entry(until=date(2026, 10, 25)), entry(since=date(2026, 10, 26)), False),
        (entry(until=date(2026, 10, 26)), entry(since=date(2026, 10, 26)), True),
        (entry(until=date(2026, 9, 2)), entry(since=date(2026, 10, 26), until=date(2026, 10, 27)), False),
    ],
)
def test_two_places_are_held_on_a_day_that_both_have(one: Entry, other: Entry, together: bool) -> None:
    assert same_day(one, other) is together
    assert same_day(other, one) is together


def test_an_entry_holds_from_its_first_to_its_last_day() -> None:
    held = entry(since=date(2026, 9, 7), until=date(2026, 9, 14))
    assert [is_valid_on(held, date(2026, 9, day)) for day in (6, 7, 14, 15)] == [False, True, True, False]
    assert is_valid_on(entry(), LAST)


def test_a_lesson_every_other_week_is_half_an_hour_of_the_curriculum() -> None:
    assert hours_a_week([entry(), entry(weekday=2), entry(week="1")]) == Decimal("2.5")
    assert hours_a_week([]) == 0


def test_an_entry_lies_in_its_year() -> None:
    check_validity(FIRST, LAST, FIRST, LAST)
    check_validity(FIRST, None, FIRST, LAST)
    for since, until, rule, field in [
        (date(2026, 9, 2), FIRST, "validity-reversed", "valid_until"),
        (date(2026, 8, 31), None, "validity-outside-year", "valid_from"),
        (FIRST, date(2027, 5, 29), "validity-outside-year", "valid_until"),
    ]:
        with pytest.raises(Invalid) as refused:
            check_validity(since, until, FIRST, LAST)
        assert (refused.value.rule, refused.value.field) == (rule, field)
