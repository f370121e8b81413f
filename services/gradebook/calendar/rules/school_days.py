"""A school's days: its week, holidays, moved days, and the end of a local day.

Holidays of the state: Labour Code, article 112. School holidays are the school's own (practice).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from kernel.errors import Invalid

#: The most days in a row without lessons; a calendar with a longer break is taken to be wrong.
LONGEST_BREAK: Final = 366
ISO_WEEKDAYS: Final = frozenset(range(1, 8))
_DAY: Final = timedelta(days=1)


class Holidays(NamedTuple):
    """Days without lessons from `first` to `last`, both included."""

    name: str
    first: date
    last: date


class NoSchoolDay(LookupError):
    """The calendar holds no school day within `LONGEST_BREAK` days."""


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """On which days a school has lessons, and by which weekday's timetable."""

    #: ISO weekdays of lessons: 1 is Monday, 6 Saturday.
    week: frozenset[int]
    holidays: tuple[Holidays, ...] = ()
    #: Single days without lessons, with their names: public holidays, quarantine.
    days_off: Mapping[date, str] = field(default_factory=dict)
    #: Days taught by the timetable of another ISO weekday. They are school days even if they are holidays or days off.
    moved: Mapping[date, int] = field(default_factory=dict)
    #: School days with shortened lessons.
    short_days: frozenset[date] = frozenset()

    def timetable_weekday(self, day: date) -> int | None:
        """The ISO weekday whose timetable applies on `day`; None if there are no lessons."""
        if day in self.moved:
            return self.moved[day]
        weekday = day.isoweekday()
        return weekday if weekday in self.week and self.day_off(day) is None else None

    def day_off(self, day: date) -> str | None:
        """The name of the holidays or the day off on `day`; None if there is none."""
        if day in self.days_off:
            return self.days_off[day]
        return next((one.name for one in self.holidays if one.first <= day <= one.last), None)

    def is_school_day(self, day: date) -> bool:
        """Whether lessons are held on `day`."""
        return self.timetable_weekday(day) is not None

    def is_short(self, day: date) -> bool:
        """Whether the lessons of `day` are shortened; a day without lessons is not short."""
        return day in self.short_days and self.is_school_day(day)

    def school_days_from(self, day: date) -> Iterator[date]:
        """The school days after `day`, in order, without end.

        Raises `NoSchoolDay` if there is none within `LONGEST_BREAK` days of the last one, or before `date.max`.
        """
        last = day
        while day < date.max and (day - last).days < LONGEST_BREAK:
            day += _DAY
            if self.is_school_day(day):
                yield day
                last = day
        raise NoSchoolDay(last.isoformat())

    def next_school_day(self, day: date) -> date:
        """The first school day after `day`. Raises `NoSchoolDay`."""
        return next(self.school_days_from(day))

    def school_days_after(self, day: date, count: int) -> date:
        """The school day number `count` after `day`; 0 is `day` itself, a school day or not. Raises `NoSchoolDay`."""
        following = self.school_days_from(day)
        for _ in range(count):
            day = next(following)
        return day

    def count_school_days(self, after: date, until: date) -> int:
        """How many school days lie after `after`, up to and including `until`; 0 if `until` is not later."""
        return sum(self.is_school_day(after + _DAY * ahead) for ahead in range(1, (until - after).days + 1))


def check_calendar(calendar: SchoolCalendar) -> None:
    """Refuse an invalid calendar: weekdays outside 1 to 7, holidays that end before they begin (practice).

    Also refuses a week without lessons, and a day that follows the timetable of a weekday without lessons.
    """
    if not calendar.week or not calendar.week <= ISO_WEEKDAYS:
        raise Invalid("A school week is one or more of the weekdays 1 to 7.", rule="week-impossible", field="week")
    for index, holidays in enumerate(calendar.holidays):
        if holidays.last < holidays.first:
            raise Invalid(
                "The holidays {name} end before they begin.",
                rule="holidays-reversed",
                field=f"holidays.{index}.last",
                name=holidays.name,
            )
    for day, weekday in calendar.moved.items():
        if weekday not in calendar.week:
            raise Invalid(
                "On {date} lessons cannot follow weekday {weekday}: it has no lessons of its own.",
                rule="moved-to-free-weekday",
                field=f"moved.{day.isoformat()}",
                date=day,
                weekday=weekday,
            )


def worked_instead(
    moved: Iterable[tuple[date, date]], days_off: Collection[date], week: frozenset[int]
) -> dict[date, int]:
    """The days taught by another weekday's timetable because the state moved days off (for `moved`; practice).

    `moved` pairs the day that lost its day off with the day that became one. If the first is an ordinary weekend
    day, it is worked by the timetable of the second. If it is itself a day off (a public holiday on a weekend), it
    is not worked. A day of the school's own week keeps its timetable, as Saturday does in a six-day week.
    """
    return {
        worked: free.isoweekday()
        for worked, free in moved
        if worked not in days_off and worked.isoweekday() not in week and free.isoweekday() in week
    }


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant after the local `day`, in UTC: midnight, even if the clocks skip it.

    Source: practice.
    """
    return datetime.combine(day + _DAY, time.min, ZoneInfo(zone)).astimezone(UTC)
