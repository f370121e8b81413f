"""A school's days: its week, its holidays, the days that were moved, and the local day of an instant.

Holidays of the state: Labour Code, article 112. School holidays are the school's own (practice).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from kernel.errors import Invalid

#: Nowhere are there more days without lessons in a row: after so many the calendar is taken to be wrong.
LONGEST_BREAK: Final = 366
ISO_WEEKDAYS: Final = frozenset(range(1, 8))
_DAY: Final = timedelta(days=1)


class Holidays(NamedTuple):
    """Days without lessons from `first` to `last`, both among them."""

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
    #: Days that are taught by the timetable of another ISO weekday. They are school days whatever else says not.
    moved: Mapping[date, int] = field(default_factory=dict)
    #: School days with shortened lessons.
    short_days: frozenset[date] = frozenset()

    def timetable_weekday(self, day: date) -> int | None:
        """The ISO weekday whose timetable holds on `day`; None where there are no lessons."""
        if day in self.moved:
            return self.moved[day]
        weekday = day.isoweekday()
        return weekday if weekday in self.week and self.day_off(day) is None else None

    def day_off(self, day: date) -> str | None:
        """The name of the holidays or the day off that `day` lies in; None where it lies in none."""
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
        """The school days after `day`, in order and without end.

        Raises `NoSchoolDay` where there is none within `LONGEST_BREAK` days of the last one, or where the
        calendar of the world ends.
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
        """How many school days lie after `after` and not after `until`; 0 where `until` is not later."""
        return sum(self.is_school_day(after + _DAY * ahead) for ahead in range(1, (until - after).days + 1))


def check_calendar(calendar: SchoolCalendar) -> None:
    """Refuse a calendar that cannot be meant: weekdays that are none, holidays that end before they begin (practice).

    A day cannot follow the timetable of a weekday without lessons either, and a week has a day of lessons.
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
    """Which days are taught by another weekday's timetable, as the state moved its days off (for `moved`; practice).

    `moved` pairs the day that a day off was taken from with the day that became one. Where the first is a day
    of the weekend, it is worked, by the timetable of the second. Where it is a day off itself, a public holiday
    that fell on the weekend, nothing is worked. A day of the school's own week keeps its timetable, as Saturday
    does in a week of six days.
    """
    return {
        worked: free.isoweekday()
        for worked, free in moved
        if worked not in days_off and worked.isoweekday() not in week and free.isoweekday() in week
    }


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant after the local `day`, in UTC: midnight, also where the clocks are put forward over it.

    Source: practice.
    """
    return datetime.combine(day + _DAY, time.min, ZoneInfo(zone)).astimezone(UTC)
