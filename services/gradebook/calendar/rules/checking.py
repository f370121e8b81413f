"""What cannot be right in the calendar of a year (clause 4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, pairwise
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from contracts.gradebook.calendar import CLOSED, HOLIDAYS, PUBLIC
from kernel.errors import FieldFault, Invalid
from kernel.texts import Text
from services.gradebook.calendar.rules.grades import in_common, in_words
from services.gradebook.calendar.rules.year_calendar import (
    DayOff,
    MovedDay,
    ShortDay,
    Term,
    YearCalendar,
    divisions_of,
    week_of_grade,
    weekdays,
)

#: The most days of a year that a person enters: a leap year, and a summer beside it.
LONGEST_YEAR: Final = 400
#: Kind of days off → what they are called in refusals.
_KINDS: Final = {HOLIDAYS: Text("Holidays"), PUBLIC: Text("Public holiday"), CLOSED: Text("Day off")}


class Wrong(NamedTuple):
    """What is wrong: with which row, in which of its fields, by which rule. The year itself is the row 0."""

    row: UUID | int
    field: str
    rule: str
    text: Text


class Span(Protocol):
    """A year: its title, first and last day."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def starts_on(self) -> date:
        """Its first day."""

    @property
    def ends_on(self) -> date:
        """Its last day."""


def check_change(before: YearCalendar | None, after: YearCalendar, places: Mapping[UUID | int, str]) -> None:
    """Refuse a change that makes the calendar of a year wrong, with every fault (clause 4.2).

    What was wrong before it, such as terms that an import brought, is no fault of the change. `places`: row → its path
    in what was sent, such as `terms.0`; a grade is the row of its own number. A fault of a row that was not sent is one
    of the whole.
    """
    known = list(_wrong(before)) if before else []
    wrong = [one for one in _wrong(after) if one not in known]
    if not wrong:
        return
    faults = tuple(FieldFault.of(_place(one, places), one.rule, one.text) for one in wrong)
    raise Invalid.of(wrong[0].text, rule=wrong[0].rule, field=faults[0].field, faults=faults)


def _place(wrong: Wrong, places: Mapping[UUID | int, str]) -> str:
    row = places.get(wrong.row)
    return f"{row}.{wrong.field}" if row else wrong.field


def _wrong(year: YearCalendar) -> Iterator[Wrong]:
    yield from _of_year(year)
    yield from _of_terms(year)
    yield from _of_grades(year)
    yield from _of_days_off(year)
    yield from _of_single_days(year)


def check_years_apart(year: Span, others: Iterable[Span]) -> None:
    """Refuse a year that shares days with another one: a day is of one year (practice)."""
    for other in others:
        if year.starts_on <= other.ends_on and other.starts_on <= year.ends_on:
            raise Invalid(
                "The year {other} goes from {starts_on} to {ends_on}: two years share no days.",
                rule="years-overlap",
                field="starts_on",
                other=other.title,
                starts_on=other.starts_on,
                ends_on=other.ends_on,
            )


def _of_year(year: YearCalendar) -> Iterator[Wrong]:
    if year.ends_on <= year.starts_on:
        yield Wrong(0, "ends_on", "year-reversed", Text("The year ends before it begins."))
    elif (year.ends_on - year.starts_on).days >= LONGEST_YEAR:
        text = Text("A year has {most} days at most.", {"most": LONGEST_YEAR})
        yield Wrong(0, "ends_on", "year-too-long", text)


def _of_terms(year: YearCalendar) -> Iterator[Wrong]:
    for term in year.terms:
        if term.ends_on < term.starts_on:
            text = Text("“{title}” ends before it begins.", {"title": term.title})
            yield Wrong(term.id, "ends_on", "term-reversed", text)
        elif not year.starts_on <= term.starts_on <= term.ends_on <= year.ends_on:
            field = "starts_on" if term.starts_on < year.starts_on else "ends_on"
            yield Wrong(term.id, field, "term-outside-year", _outside(year, term.title))
    for division in divisions_of(year):
        own = sorted((one for one in year.terms if one.division == division), key=lambda one: one.starts_on)
        yield from _overlapping_terms(own)


def _overlapping_terms(terms: Sequence[Term]) -> Iterator[Wrong]:
    for first, second in pairwise(terms):
        if second.starts_on <= first.ends_on:
            text = Text(
                "“{second}” begins on {starts_on}, before “{first}” ends on {ends_on}: terms of one division of the "
                "year do not overlap.",
                {
                    "first": first.title,
                    "ends_on": first.ends_on,
                    "second": second.title,
                    "starts_on": second.starts_on,
                },
            )
            yield Wrong(second.id, "starts_on", "terms-overlap", text)


def _of_grades(year: YearCalendar) -> Iterator[Wrong]:
    known = divisions_of(year)
    for grade, said in year.grades.items():
        if said.division and said.division not in known:
            text = Text("Grade {grade} goes by terms that the year does not have.", {"grade": grade})
            yield Wrong(grade, "division", "no-such-division", text)


def _of_days_off(year: YearCalendar) -> Iterator[Wrong]:
    for one in year.days_off:
        if one.last < one.first:
            text = Text("“{name}” ends before it begins.", {"name": one.name})
            yield Wrong(one.id, "last", "days-off-reversed", text)
        elif not year.starts_on <= one.first <= one.last <= year.ends_on:
            field = "first" if one.first < year.starts_on else "last"
            yield Wrong(one.id, field, "days-off-outside-year", _outside(year, one.name))
    for kind in _KINDS:
        own = sorted(
            (one for one in year.days_off if one.kind == kind), key=lambda one: (one.first, one.last, one.name)
        )
        for earlier, later in combinations(own, 2):
            if _same_days(earlier, later):
                yield Wrong(later.id, "first", "days-off-overlap", _overlapping(earlier, later))


def _same_days(some: DayOff, other: DayOff) -> bool:
    return some.first <= other.last and other.first <= some.last and in_common(some.grades, other.grades)


def _overlapping(earlier: DayOff, later: DayOff) -> Text:
    return Text(
        "“{later}” shares days with “{earlier}”, {first} to {last}, {grades}.",
        {
            "later": later.name,
            "earlier": earlier.name,
            "first": earlier.first,
            "last": earlier.last,
            "grades": in_words(earlier.grades),
        },
    )


def _of_single_days(year: YearCalendar) -> Iterator[Wrong]:
    yield from _of_dates(year, year.moved_days)
    yield from _of_dates(year, year.short_days)
    for moved in year.moved_days:
        grades = moved.grades or year.shown_grades
        free = [one for one in grades if moved.weekday not in weekdays(week_of_grade(year, one).days_a_week)]
        if free:
            text = Text(
                "On {date} the timetable of that weekday cannot apply to {grades}: there are no lessons on it.",
                {"date": moved.date, "grades": in_words(free)},
            )
            yield Wrong(moved.id, "weekday", "moved-to-free-weekday", text)


def _of_dates(year: YearCalendar, rows: Sequence[MovedDay | ShortDay]) -> Iterator[Wrong]:
    for one in rows:
        if not year.starts_on <= one.date <= year.ends_on:
            yield Wrong(one.id, "date", "day-outside-year", _day_outside(year, one.date))
    for earlier, later in combinations(rows, 2):
        if earlier.date == later.date and in_common(earlier.grades, later.grades):
            text = Text(
                "{date} stands there already, for {grades}.",
                {"date": later.date, "grades": in_words(earlier.grades)},
            )
            yield Wrong(later.id, "date", "day-twice", text)


def _outside(year: YearCalendar, title: str) -> Text:
    return Text(
        "“{title}” lies outside the year, which goes from {starts_on} to {ends_on}.",
        {"title": title, "starts_on": year.starts_on, "ends_on": year.ends_on},
    )


def _day_outside(year: YearCalendar, day: date) -> Text:
    return Text(
        "{date} lies outside the year, which goes from {starts_on} to {ends_on}.",
        {"date": day, "starts_on": year.starts_on, "ends_on": year.ends_on},
    )
