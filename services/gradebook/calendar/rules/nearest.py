"""The school days beside a day (practice)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

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
    calendars = [calendar_of(year, grade) for year in years for grade in year.shown_grades]

    def first(days: Iterable[date]) -> date | None:
        return next((one for one in days if any(calendar.is_school_day(one) for calendar in calendars)), None)

    away = range(1, FARTHEST + 1)
    return Nearest(first(day - _DAY * far for far in away), first(day + _DAY * far for far in away))
