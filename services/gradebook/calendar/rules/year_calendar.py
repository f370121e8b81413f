"""The calendar schedule of an academic year: what a school keeps of it, and what follows for a grade (clause 4.2).

Where nothing is kept, the law and the terms speak: public holidays, the days between terms, Sundays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple
from uuid import UUID

from contracts.gradebook.calendar import (
    CLOSED,
    FIVE_DAYS,
    GRADES,
    HALF_YEARS,
    HOLIDAYS,
    MODULES,
    OUTSIDE,
    PUBLIC,
    QUARTERS,
    SENIOR,
    SIX_DAYS,
    TRIMESTERS,
    WHOLE_YEAR,
)
from services.gradebook.calendar.rules.grades import applies
from services.gradebook.calendar.rules.public_holidays import PUBLIC_HOLIDAYS
from services.gradebook.calendar.rules.school_days import Holidays, SchoolCalendar

_DAY: Final = timedelta(days=1)
#: The first grade is taught five days a week (SanPiN 2.4.3648-20, 3.4.16).
_FIRST_GRADE: Final = 1
#: By which terms grades usually go, the likeliest first (practice).
_OF_SENIORS: Final = (HALF_YEARS, TRIMESTERS, QUARTERS, MODULES, WHOLE_YEAR)
_OF_OTHERS: Final = (QUARTERS, TRIMESTERS, MODULES, HALF_YEARS, WHOLE_YEAR)


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a division of the year. `by_hand`: a person entered it, no import brought it."""

    id: UUID
    title: str
    division: str
    starts_on: date
    ends_on: date
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class GradeWeek:
    """By which terms a grade goes, the usual ones where `division` is empty, and how many days its week has: 5 or 6."""

    grade: int
    division: str
    days_a_week: int


@dataclass(frozen=True, slots=True)
class DayOff:
    """Days without lessons, both included: `holidays` of the school, a `public` holiday, `closed` for another reason.

    `grades`: for whom; empty for all.
    """

    id: UUID
    kind: str
    name: str
    first: date
    last: date
    grades: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A day taught by the timetable of an ISO weekday, whatever else the day is."""

    id: UUID
    date: date
    weekday: int
    grades: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShortDay:
    """A day of shortened lessons."""

    id: UUID
    date: date
    grades: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """A year with all that is kept of it. `version` is that of the whole: every change makes a new one."""

    id: UUID
    title: str
    starts_on: date
    ends_on: date
    version: int = 1
    terms: tuple[Term, ...] = ()
    #: Grade → what is said of it; a grade that is not here goes by what is usual.
    grades: Mapping[int, GradeWeek] = field(default_factory=dict)
    days_off: tuple[DayOff, ...] = ()
    moved_days: tuple[MovedDay, ...] = ()
    short_days: tuple[ShortDay, ...] = ()
    #: The grades of the school's classes.
    taught: frozenset[int] = frozenset()

    @property
    def shown_grades(self) -> tuple[int, ...]:
        """The grades that are spoken of: those that something is said of, and those of the classes; else all."""
        known = {*self.grades, *(grade for grade in self.taught if grade in GRADES)}
        return tuple(sorted(known)) or tuple(GRADES)


class Off(NamedTuple):
    """Days without lessons for a grade, and why: a kind of `DayOff`, or `outside` the terms."""

    kind: str
    name: str
    first: date
    last: date


def divisions_of(year: YearCalendar) -> tuple[str, ...]:
    """The divisions of the year, by name (clause 4.2)."""
    return tuple(sorted({term.division for term in year.terms}))


def week_of_grade(year: YearCalendar, grade: int | None) -> GradeWeek:
    """By which terms and on how many days a grade is taught: as the school says, else as is usual (practice).

    Usual are half-years from grade 10 on and quarters below, if the year has such, and six days a week, in grade 1
    five. What is of no one grade is taught on six days if any grade is.
    """
    if grade is None:
        every = {one.days_a_week for one in year.grades.values()}
        return GradeWeek(0, _usual_division(year, None), FIVE_DAYS if every == {FIVE_DAYS} else SIX_DAYS)
    said = year.grades.get(grade)
    if said is None:
        return GradeWeek(grade, _usual_division(year, grade), FIVE_DAYS if grade == _FIRST_GRADE else SIX_DAYS)
    known = said.division in divisions_of(year)
    return said if known else GradeWeek(grade, _usual_division(year, grade), said.days_a_week)


def _usual_division(year: YearCalendar, grade: int | None) -> str:
    order = _OF_SENIORS if grade is not None and grade >= SENIOR else _OF_OTHERS
    return min(divisions_of(year), key=lambda name: (_rank(order, name), name), default="")


def _rank(order: tuple[str, ...], division: str) -> int:
    """The place of a division in an order; of several of a kind, such as `quarters:2`, that of the kind."""
    kind = division.partition(":")[0]
    return order.index(kind) if kind in order else len(order)


def weekdays(days_a_week: int) -> frozenset[int]:
    """The ISO weekdays of a week of five or six school days (practice)."""
    return frozenset(range(1, days_a_week + 1))


def days_off_of(year: YearCalendar, grade: int | None, division: str | None = None) -> list[Off]:
    """The days without lessons of a grade, of which a later one in the list overrides an earlier (clause 4.2).

    Some may lie beyond the year, or hold no day.

    `division`: that of the terms, where it is not the grade's own. The days between the terms of other divisions are
    holidays too, as a half-year goes on over those between quarters, unless holidays are kept for the grade.
    """
    own = week_of_grade(year, grade).division if division is None else division
    kept = [one for one in year.days_off if applies(one.grades, grade)]
    found = [Off(OUTSIDE, "", first, last) for first, last in _outside(year, own)]
    if not any(one.kind == HOLIDAYS for one in kept):
        for other in divisions_of(year):
            if other != own:
                found += [Off(HOLIDAYS, "", first, last) for first, last in gaps(year.terms, other)]
    found += [Off(HOLIDAYS, one.name, one.first, one.last) for one in kept if one.kind == HOLIDAYS]
    found += [Off(PUBLIC, "", day, day) for day in _public_holidays(year)]
    found += [Off(PUBLIC, one.name, one.first, one.last) for one in kept if one.kind == PUBLIC]
    return found + [Off(CLOSED, one.name, one.first, one.last) for one in kept if one.kind == CLOSED]


def calendar_of(year: YearCalendar, grade: int | None, division: str | None = None) -> SchoolCalendar:
    """On which days a grade is taught, and by which weekday's timetable (clause 4.2).

    Beyond the year there are no school days. `division` as in `days_off_of`.
    """
    off = days_off_of(year, grade, division)
    beyond = (Holidays("", date.min, year.starts_on - _DAY), Holidays("", year.ends_on + _DAY, date.max))
    week = weekdays(week_of_grade(year, grade).days_a_week)
    return SchoolCalendar(
        week,
        (*beyond, *(Holidays(one.name, one.first, one.last) for one in reversed(off))),
        {},
        {one.date: one.weekday for one in year.moved_days if applies(one.grades, grade) and one.weekday in week},
        frozenset(one.date for one in year.short_days if applies(one.grades, grade)),
    )


def gaps(terms: Iterable[Term], division: str) -> Iterator[tuple[date, date]]:
    """The first and last day of each break between the terms of a division (clause 4.2)."""
    own = sorted((term for term in terms if term.division == division), key=lambda term: term.starts_on)
    for before, after in pairwise(own):
        if before.ends_on + _DAY < after.starts_on:
            yield before.ends_on + _DAY, after.starts_on - _DAY


def _outside(year: YearCalendar, division: str) -> Iterator[tuple[date, date]]:
    """The days of the year outside the terms of a division; none where it has no terms. A span may be empty."""
    own = [term for term in year.terms if term.division == division]
    if not own:
        return
    first, last = min(term.starts_on for term in own), max(term.ends_on for term in own)
    yield year.starts_on, first - _DAY
    yield from gaps(own, division)
    yield last + _DAY, year.ends_on


def _public_holidays(year: YearCalendar) -> Iterator[date]:
    for number in range(year.starts_on.year, year.ends_on.year + 1):
        yield from (date(number, month, day) for month, day in sorted(PUBLIC_HOLIDAYS))


def days_between(first: date, last: date) -> Sequence[date]:
    """The days from the first to the last, both included (practice)."""
    return [first + _DAY * ahead for ahead in range((last - first).days + 1)]
