"""Views of years, their terms and days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from formats.result import Reading
from kernel.errors import Stale
from services.gradebook.calendar.queries import RevisionRow, SpanRow, TermRow
from services.gradebook.calendar.rules import year_days
from services.gradebook.calendar.rules.days_found import DayChange, DaysFound, Row
from services.gradebook.calendar.rules.year_calendar import DayOff, MovedDay, YearCalendar
from services.gradebook.rows import View, picked

_SPAN: Final = ("id", "title", "starts_on", "ends_on")
_TERM: Final = (*_SPAN, "division")
_DAY: Final = ("id", "date", "grades")
_CHANGE: Final = ("version", "what", "before", "after", "changed_by", "changed_at")


def calendar(years: Iterable[SpanRow], terms: Iterable[TermRow]) -> View:
    """Years with their terms."""
    by_year: dict[UUID, list[View]] = {}
    for row in terms:
        by_year.setdefault(row.year_id, []).append(term(row))
    return {"years": [{**picked(row, _SPAN), "terms": by_year.get(row.id, [])} for row in years]}


def term(row: TermRow) -> View:
    """A term."""
    return picked(row, _TERM)


def schedule(year: YearCalendar) -> View:
    """The calendar schedule of a year."""
    days = {grade: year_days.days_of_grade(year, grade) for grade in year.shown_grades}
    return {
        **picked(year, (*_SPAN, "version")),
        "terms": [picked(one, (*_TERM, "by_hand")) for one in year.terms],
        "grades": [_grade(count) for count in year_days.counts(year, days)],
        "days_off": [picked(one, ("id", "kind", "name", "first", "last", "grades")) for one in year.days_off],
        "moved_days": [picked(one, (*_DAY, "weekday")) for one in year.moved_days],
        "short_days": [picked(one, _DAY) for one in year.short_days],
        "days": [_run(run) for run in year_days.runs(days)],
    }


def changed_first(year: YearCalendar) -> Stale:
    """The refusal of a change that starts from an older calendar, with the present one."""
    return Stale(
        "Someone changed the calendar of this year first.", rule="stale", field="version", present=schedule(year)
    )


def changes(rows: Iterable[RevisionRow]) -> View:
    """Who changed a year's calendar, and how."""
    return {"changes": [picked(row, _CHANGE) for row in rows]}


def _grade(count: year_days.GradeCount) -> View:
    terms = [{"term_id": one.term_id, "days": one.days, "weeks": str(one.weeks)} for one in count.terms]
    shown = picked(count, ("grade", "division", "days_a_week", "said", "days"))
    return {**shown, "weeks": str(count.weeks), "terms": terms}


def _run(run: year_days.Run) -> View:
    told = [{**one.day._asdict(), "grades": one.grades} for one in run.told]
    return {"first": run.first, "last": run.last, "told": told}


def days_file(year: YearCalendar, file: str, reading: Reading[DaysFound], changed: Iterable[DayChange]) -> View:
    """What a file would change of a year's calendar, and its faults."""
    return {
        "year_id": year.id,
        "file": file,
        "version": year.version,
        "refused": reading.value is None,
        "changes": [
            {
                "change": one.change,
                "before": [_row_of_days(row) for row in one.before],
                "after": None if one.after is None else _row_of_days(one.after),
            }
            for one in changed
        ],
        "faults": [
            {"place": one.place, "rule": one.rule, "ru": one.reason.said("ru"), "en": one.reason.said("en")}
            for one in reading.faults
        ],
    }


def _row_of_days(row: Row) -> View:
    if isinstance(row, DayOff):
        return {"what": "off", "weekday": None, **picked(row, ("first", "last", "kind", "name", "grades"))}
    weekday = row.weekday if isinstance(row, MovedDay) else None
    what = "short" if weekday is None else "moved"
    of_day = {"what": what, "first": row.date, "last": row.date, "kind": "", "name": "", "weekday": weekday}
    return {**of_day, "grades": row.grades}
