"""Selects years with all that is kept of them. `school_calendar` is what other rooms ask."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from services.gradebook.calendar.rules import year_calendar
from services.gradebook.calendar.rules.school_days import SchoolCalendar
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.calendar.tables import CalendarRevision, DayOff, MovedDay, ShortDay, Term, Year, YearGrade
from services.gradebook.gathered import Values, gathered
from services.gradebook.people.tables import ClassCopy
from services.gradebook.rows import missing


class SpanRow(Protocol):
    """A year or a term: its title and its first and last day."""

    id: UUID
    title: str
    starts_on: dt.date
    ends_on: dt.date


class TermRow(SpanRow, Protocol):
    """A term of a year."""

    year_id: UUID
    division: str


class RevisionRow(Protocol):
    """A change of a year's calendar."""

    version: int
    what: str
    before: dict[str, Any]
    after: dict[str, Any]
    changed_by: UUID | None
    changed_at: dt.datetime


_YEARS: Final = select(Year.id, Year.title, Year.starts_on, Year.ends_on).order_by(Year.starts_on.desc(), Year.id)
_TERMS: Final = select(Term.id, Term.title, Term.starts_on, Term.ends_on, Term.year_id, Term.division).order_by(
    Term.starts_on, Term.ends_on, Term.id
)
_TITLE: Final = select(Term.title).where(Term.id == bindparam("term_id"))


def years(session: Session) -> Sequence[SpanRow]:
    """The academic years, newest first."""
    return cast("Sequence[SpanRow]", session.execute(_YEARS).all())


def terms(session: Session) -> Sequence[TermRow]:
    """The terms of all years, by date."""
    return cast("Sequence[TermRow]", session.execute(_TERMS).all())


def title_of_term(session: Session, term_id: UUID) -> str | None:
    """The title of a term; None if the school has no such term."""
    return session.scalar(_TITLE, {"term_id": term_id})


# --- the calendar of a year ------------------------------------------------------------------------


#: What `days_off_of` reads.
DAY_OFF: Final = (DayOff.id, DayOff.kind, DayOff.name, DayOff.first, DayOff.last, DayOff.grades)


def _of_year(table: Any, *columns: Any) -> Any:
    """Rows of the `Year` of the enclosing query, as one value of it."""
    return select(gathered(*columns)).where(table.year_id == Year.id).correlate(Year).scalar_subquery()


def year_with_calendar() -> Select[*tuple[Any, ...]]:
    """Selects years with all that `year_calendar_of` reads; whoever executes it says which."""
    return select(
        Year.id,
        Year.title,
        Year.starts_on,
        Year.ends_on,
        Year.version,
        _of_year(Term, Term.id, Term.title, Term.division, Term.starts_on, Term.ends_on, Term.by_hand).label("terms"),
        _of_year(YearGrade, YearGrade.grade, YearGrade.division, YearGrade.days_a_week).label("grades"),
        _of_year(DayOff, *DAY_OFF).label("days_off"),
        _of_year(MovedDay, MovedDay.id, MovedDay.date, MovedDay.weekday, MovedDay.grades).label("moved_days"),
        _of_year(ShortDay, ShortDay.id, ShortDay.date, ShortDay.grades).label("short_days"),
        select(gathered(ClassCopy.grade)).where(ClassCopy.grade.is_not(None)).scalar_subquery().label("taught"),
    )


class YearRow(SpanRow, Protocol):
    """A year with all that is kept of it."""

    version: int
    terms: list[Values]
    grades: list[Values]
    days_off: list[Values]
    moved_days: list[Values]
    short_days: list[Values]
    taught: list[Values]


_YEAR: Final = year_with_calendar().where(Year.id == bindparam("year_id"))
_YEARS_NEAR: Final = year_with_calendar().where(Year.starts_on <= bindparam("last"), Year.ends_on >= bindparam("first"))
_LOCK: Final = select(Year.id).where(Year.id == bindparam("year_id")).with_for_update()
_CHANGES: Final = (
    select(
        CalendarRevision.version,
        CalendarRevision.what,
        CalendarRevision.before,
        CalendarRevision.after,
        CalendarRevision.changed_by,
        CalendarRevision.changed_at,
    )
    .where(CalendarRevision.year_id == bindparam("year_id"))
    .order_by(CalendarRevision.version.desc())
)


def year_calendar_of(row: YearRow) -> YearCalendar:
    """The calendar of a year in a row of `year_with_calendar`."""
    return YearCalendar(
        row.id,
        row.title,
        row.starts_on,
        row.ends_on,
        row.version,
        tuple(sorted(_terms(row.terms), key=lambda term: (term.starts_on, term.ends_on, term.id))),
        {grade: year_calendar.GradeWeek(grade, *more) for grade, *more in sorted(row.grades)},
        tuple(sorted(days_off_of(row.days_off), key=lambda one: (one.first, one.last, one.name, one.id))),
        tuple(
            sorted(
                (
                    year_calendar.MovedDay(UUID(one), dt.date.fromisoformat(day), weekday, _grades(grades))
                    for one, day, weekday, grades in row.moved_days
                ),
                key=lambda one: (one.date, one.id),
            )
        ),
        tuple(
            sorted(
                (
                    year_calendar.ShortDay(UUID(one), dt.date.fromisoformat(day), _grades(grades))
                    for one, day, grades in row.short_days
                ),
                key=lambda one: (one.date, one.id),
            )
        ),
        frozenset(grade for (grade,) in row.taught),
    )


def year_of(session: Session, year_id: UUID, *, lock: bool = False) -> YearCalendar:
    """A year with all that is kept of it. Raises `NotFound`.

    `lock` makes others who change its calendar wait until the transaction ends.
    """
    if lock:
        lock_year(session, year_id)
    row = session.execute(_YEAR, {"year_id": year_id}).one_or_none()
    if row is None:
        raise missing("year", year_id)
    return year_calendar_of(cast(YearRow, row))


def years_near(session: Session, day: dt.date, days: int) -> list[YearCalendar]:
    """The years with all that is kept of them, of which a day lies so many days from this one or fewer."""
    span = {"first": day - dt.timedelta(days=days), "last": day + dt.timedelta(days=days)}
    return [year_calendar_of(cast(YearRow, row)) for row in session.execute(_YEARS_NEAR, span)]


def lock_year(session: Session, year_id: UUID) -> None:
    """Make others who change the calendar of a year wait until the transaction ends.

    What the transaction selects after that, it finds as the last of them left it.
    """
    session.execute(_LOCK, {"year_id": year_id})


def school_calendar(session: Session, year_id: UUID, grade: int | None, division: str | None = None) -> SchoolCalendar:
    """On which days a grade has lessons in a year, and by which weekday's timetable. Raises `NotFound`.

    None is no one grade, as a group across classes may be. `division`: that of a course, by whose terms it goes, where
    it is not the grade's own.
    """
    return year_calendar.calendar_of(year_of(session, year_id), grade, division)


def changes(session: Session, year_id: UUID) -> Sequence[RevisionRow]:
    """The changes of a year's calendar by people, newest first."""
    return cast("Sequence[RevisionRow]", session.execute(_CHANGES, {"year_id": year_id}).all())


def _terms(rows: Iterable[Values]) -> Iterable[year_calendar.Term]:
    for term_id, title, division, starts_on, ends_on, by_hand in rows:
        span = dt.date.fromisoformat(starts_on), dt.date.fromisoformat(ends_on)
        yield year_calendar.Term(UUID(term_id), title, division, *span, bool(by_hand))


def days_off_of(rows: Iterable[Values]) -> Iterable[year_calendar.DayOff]:
    """Days off, from gathered values of all their columns."""
    for one, kind, name, first, last, grades in rows:
        span = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        yield year_calendar.DayOff(UUID(one), kind, name, *span, _grades(grades))


def _grades(value: Any) -> tuple[int, ...]:
    """A list of grades within gathered rows: SQLite gives its JSON as a text there."""
    return tuple(json.loads(value) if isinstance(value, str) else value)
