"""The school days beside a day (practice)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from services.gradebook.calendar.rules.school_days import SchoolCalendar
from services.gradebook.calendar.rules.year_calendar import YearCalendar, calendar_of

#: How many days away a school day is looked for: longer than the summer.
FARTHEST: Final = 120
_DAY: Final = timedelta(days=1)


class Nearest(NamedTuple):
    """The last school day before a day and the first one after it; None where none is near."""

    before: date | None
    after: date | None


def nearest_school_days(years: Sequence[YearCalendar], day: date) -> Nearest:
    """The school days beside a day, on which any grade has lessons (practice)."""
    calendars = [(year, [calendar_of(year, grade) for grade in year.shown_grades]) for year in years]

    def first(days: Iterable[date]) -> date | None:
        return next((one for one in days if _is_school_day(calendars, one)), None)

    away = range(1, FARTHEST + 1)
    return Nearest(first(day - _DAY * far for far in away), first(day + _DAY * far for far in away))


def _is_school_day(calendars: Iterable[tuple[YearCalendar, Sequence[SchoolCalendar]]], day: date) -> bool:
    return any(
        year.starts_on <= day <= year.ends_on and any(one.is_school_day(day) for one in of_grades)
        for year, of_grades in calendars
    )
