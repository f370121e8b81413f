"""The year 2026/27 of a school, for tests of rules."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from services.gradebook.calendar.rules.year_calendar import DayOff, MovedDay, ShortDay, Term, YearCalendar

YEAR_ID = UUID("0198a3f2-7c00-7000-8000-000000000001")


def row_id(name: str) -> UUID:
    """The id of a row, by whatever tells it from others."""
    return uuid5(YEAR_ID, name)


def term(title: str, division: str, first: date, last: date, **more: Any) -> Term:
    return Term(row_id(title), title, division, first, last, **more)


def day_off(name: str, first: date, last: date, *grades: int, kind: str = "holidays") -> DayOff:
    return DayOff(row_id(name), kind, name, first, last, grades)


def moved(day: date, weekday: int, *grades: int) -> MovedDay:
    return MovedDay(row_id(f"moved {day} {grades}"), day, weekday, grades)


def short(day: date, *grades: int) -> ShortDay:
    return ShortDay(row_id(f"short {day} {grades}"), day, grades)


QUARTERS = (
    term("I", "quarters", date(2026, 9, 1), date(2026, 10, 23)),
    term("II", "quarters", date(2026, 11, 2), date(2026, 12, 30)),
    term("III", "quarters", date(2027, 1, 11), date(2027, 3, 19)),
    term("IV", "quarters", date(2027, 3, 29), date(2027, 5, 26)),
)
HALF_YEARS = (
    term("1-е", "half-years", date(2026, 9, 1), date(2026, 12, 30)),
    term("2-е", "half-years", date(2027, 1, 11), date(2027, 5, 26)),
)


def year(**kept: Any) -> YearCalendar:
    """The year with what is kept of it: quarters and half-years, unless `terms` says others."""
    said = {"terms": (*QUARTERS, *HALF_YEARS), **kept}
    return YearCalendar(YEAR_ID, "2026/27", date(2026, 9, 1), date(2027, 8, 31), **said)


def divided(*divisions: str, **kept: Any) -> YearCalendar:
    """The year with a term of each division."""
    terms = (term(one, one, date(2026, 9, 1), date(2026, 12, 30)) for one in sorted(divisions))
    return year(terms=tuple(terms), **kept)
