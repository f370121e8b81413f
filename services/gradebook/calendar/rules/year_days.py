"""The days of a year one by one, and how many school days and weeks each grade has in each term (clause 4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from contracts.gradebook.calendar import MOVED, SCHOOL, SHORT, WEEKEND
from services.gradebook.calendar.rules.year_calendar import (
    YearCalendar,
    calendar_of,
    days_between,
    days_off_of,
    week_of_grade,
)

#: States of days on which lessons are held.
TAUGHT: Final = frozenset({SCHOOL, SHORT, MOVED})


class Day(NamedTuple):
    """What a day is for a grade. `weekday`: the ISO weekday whose timetable applies on a moved day."""

    state: str
    name: str = ""
    weekday: int | None = None


class Told(NamedTuple):
    """A day of some grades; of all that are spoken of, where `grades` is empty."""

    day: Day
    grades: tuple[int, ...]


class Run(NamedTuple):
    """Days in a row that are the same, both included."""

    first: date
    last: date
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class TermCount:
    """How many school days and weeks a term has for a grade."""

    term_id: UUID
    days: int
    weeks: Decimal


@dataclass(frozen=True, slots=True)
class GradeCount:
    """The school days and weeks of a grade, by the terms that it goes by and in the whole year.

    `said`: whether the school says by which terms and on how many days the grade is taught.
    """

    grade: int
    division: str
    days_a_week: int
    said: bool
    terms: tuple[TermCount, ...]
    days: int
    weeks: Decimal


def days_of_grade(year: YearCalendar, grade: int | None) -> dict[date, Day]:
    """What each day of the year is for a grade, by date (clause 4.2)."""
    calendar = calendar_of(year, grade)
    found = {
        day: Day(SCHOOL if day.isoweekday() in calendar.week else WEEKEND)
        for day in days_between(year.starts_on, year.ends_on)
    }
    for off in days_off_of(year, grade):
        for day in days_between(max(off.first, year.starts_on), min(off.last, year.ends_on)):
            found[day] = Day(off.kind, off.name)
    for day, weekday in calendar.moved.items():
        if day in found:
            found[day] = Day(MOVED, "", weekday)
    for day in calendar.short_days:
        if day in found and found[day].state in TAUGHT:
            found[day] = Day(SHORT, "", found[day].weekday)
    return found


def runs(days: Mapping[int, Mapping[date, Day]]) -> list[Run]:
    """The days of grades (grade → its days, of the same dates), like ones in a row together (practice)."""
    found: list[Run] = []
    for day in next(iter(days.values()), {}):
        told = _told({grade: of_grade[day] for grade, of_grade in days.items()})
        if found and found[-1].told == told:
            found[-1] = found[-1]._replace(last=day)
        else:
            found.append(Run(day, day, told))
    return found


def _told(by_grade: Mapping[int, Day]) -> tuple[Told, ...]:
    grades: dict[Day, list[int]] = {}
    for grade, day in by_grade.items():
        grades.setdefault(day, []).append(grade)
    if len(grades) == 1:
        return (Told(next(iter(grades)), ()),)
    return tuple(Told(day, tuple(chosen)) for day, chosen in grades.items())


def counts(year: YearCalendar, days: Mapping[int, Mapping[date, Day]]) -> list[GradeCount]:
    """The school days and weeks of each grade (clause 4.2).

    A week is as many school days as the grade has in a week, so that a term of 39 days has 7.8 weeks of five days: a
    calendar week that a holiday shortens counts as what is left of it (practice).
    """
    return [_count(year, grade, of_grade) for grade, of_grade in days.items()]


def _count(year: YearCalendar, grade: int, days: Mapping[date, Day]) -> GradeCount:
    week = week_of_grade(year, grade)
    terms = []
    for term in sorted(year.terms, key=lambda one: one.starts_on):
        if term.division == week.division:
            taught = _taught(day for date_, day in days.items() if term.starts_on <= date_ <= term.ends_on)
            terms.append(TermCount(term.id, taught, _weeks(taught, week.days_a_week)))
    whole = _taught(days.values())
    return GradeCount(
        grade, week.division, week.days_a_week, grade in year.grades, tuple(terms), whole,
        _weeks(whole, week.days_a_week),
    )  # fmt: skip


def _taught(days: Iterable[Day]) -> int:
    return sum(day.state in TAUGHT for day in days)


def _weeks(days: int, days_a_week: int) -> Decimal:
    return (Decimal(days) / days_a_week).quantize(Decimal("0.1"))
