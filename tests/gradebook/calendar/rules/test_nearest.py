"""The school days beside a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.gradebook.calendar.rules.nearest import nearest_school_days
from services.gradebook.calendar.rules.year_calendar import GradeWeek
from tests.gradebook.calendar.years import day_off, moved, year

FIVE_DAYS = {grade: GradeWeek(grade, "quarters", 5) for grade in range(1, 12)}


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2026, 9, 9), date(2026, 9, 8), date(2026, 9, 10)),
        (date(2026, 9, 12), date(2026, 9, 11), date(2026, 9, 14)),
        (date(2026, 10, 23), date(2026, 10, 22), date(2026, 11, 2)),
        (date(2026, 9, 1), None, date(2026, 9, 2)),
        (date(2026, 8, 1), None, date(2026, 9, 1)),
        (date(2026, 5, 1), None, None),
    ],
)
def test_weekends_and_holidays_are_passed_over(day: date, before: date | None, after: date | None) -> None:
    school = year(grades=FIVE_DAYS, terms=year().terms[:4])
    assert nearest_school_days([school], day) == (before, after)


def test_a_day_of_any_grade_is_a_school_day() -> None:
    grades = {**FIVE_DAYS, 9: GradeWeek(9, "quarters", 6)}
    assert nearest_school_days([year(grades=grades)], date(2026, 9, 11)).after == date(2026, 9, 12)
    closed = day_off("Карантин", date(2026, 9, 10), date(2026, 9, 11), 1, kind="closed")
    assert nearest_school_days([year(grades=FIVE_DAYS, days_off=(closed,))], date(2026, 9, 9)).after == date(
        2026, 9, 10
    )
    worked = year(grades=FIVE_DAYS, moved_days=(moved(date(2026, 9, 13), 1),))
    assert nearest_school_days([worked], date(2026, 9, 12)).after == date(2026, 9, 13)


def test_summer_lies_between_two_years() -> None:
    last = replace(year(grades=FIVE_DAYS), starts_on=date(2026, 9, 1), ends_on=date(2027, 5, 31))
    later = replace(last, terms=(), starts_on=date(2027, 9, 1), ends_on=date(2028, 5, 31))
    assert nearest_school_days([last, later], date(2027, 7, 1)) == (date(2027, 5, 26), date(2027, 9, 1))
