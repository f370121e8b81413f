"""Saves years, their terms and days, and who changed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.clock import now
from kernel.data import copies
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.calendar.tables import CalendarRevision, DayOff, MovedDay, ShortDay, Term, Year, YearGrade
from services.gradebook.laying import ask_for_lessons

#: What is kept of a year → its table, and the column that names a row within the year.
_TABLES: Final[dict[str, tuple[Any, str]]] = {
    "terms": (Term, "id"),
    "grades": (YearGrade, "grade"),
    "days_off": (DayOff, "id"),
    "moved_days": (MovedDay, "id"),
    "short_days": (ShortDay, "id"),
}
_YEAR: Final = ("title", "starts_on", "ends_on")


def new_year(session: Session, actor: Actor, year: YearCalendar) -> YearCalendar:
    """Save a year of which nothing else is kept yet; returns it."""
    row = {"school_id": actor.tenant, "id": year.id, "version": year.version, **_columns(year)}
    session.execute(insert(Year), [row])
    _save_revision(session, actor, year, "year", {}, {"year": _plain(_columns(year))})
    return year


def changed_year(session: Session, actor: Actor, before: YearCalendar, after: YearCalendar, what: str) -> YearCalendar:
    """Save what differs, with its history, as a new version; returns the calendar as it is then.

    `what` was changed: one of `contracts.gradebook.calendar.CHANGES`. Nothing is saved where nothing differs.
    """
    were, are = _parts(before), _parts(after)
    was, became = {}, {}
    for part, rows in are.items():
        old, new = _differing(were[part], rows)
        if old or new:
            was[part], became[part] = _plain(list(old.values())), _plain(list(new.values()))
            _save_rows(session, actor.tenant, before.id, part, old, new)
    if _columns(before) != _columns(after):
        was["year"], became["year"] = _plain(_columns(before)), _plain(_columns(after))
    if not became:
        return before
    saved = replace(after, version=before.version + 1)
    session.execute(update(Year).where(Year.id == before.id).values(version=saved.version, **_columns(after)))
    ask_for_lessons(session, actor.tenant)
    _save_revision(session, actor, saved, what, was, became)
    return saved


def noted_change(
    session: Session, actor: Actor, year: YearCalendar, what: str, before: dict[str, Any], after: dict[str, Any]
) -> YearCalendar:
    """Note a change of something else that is kept of the year, such as its bells; returns the year's new version."""
    saved = replace(year, version=year.version + 1)
    session.execute(update(Year).where(Year.id == year.id).values(version=saved.version))
    _save_revision(session, actor, saved, what, before, after)
    return saved


def _parts(year: YearCalendar) -> dict[str, dict[Any, dict[str, Any]]]:
    """Part → the rows that are kept of it, by what names them."""
    return {part: {row[key]: row for row in map(asdict, _rows_of(year, part))} for part, (_, key) in _TABLES.items()}


def _rows_of(year: YearCalendar, part: str) -> Iterable[Any]:
    rows = getattr(year, part)
    return rows.values() if part == "grades" else rows


def _differing(
    before: dict[Any, dict[str, Any]], after: dict[Any, dict[str, Any]]
) -> tuple[dict[Any, dict[str, Any]], dict[Any, dict[str, Any]]]:
    """The rows that are gone or were other ones, and those that are new or became so."""
    old = {key: row for key, row in before.items() if after.get(key) != row}
    return old, {key: row for key, row in after.items() if before.get(key) != row}


def _save_rows(
    session: Session, school_id: UUID, year_id: UUID, part: str, old: dict[Any, Any], new: dict[Any, Any]
) -> None:
    table, key = _TABLES[part]
    gone = old.keys() - new.keys()
    if gone:
        session.execute(delete(table).where(table.year_id == year_id, getattr(table, key).in_(gone)))
    if new:
        rows = [{"school_id": school_id, "year_id": year_id, **row} for row in new.values()]
        session.execute(copies.replacing(session, table), rows)


def _columns(year: YearCalendar) -> dict[str, Any]:
    return {name: getattr(year, name) for name in _YEAR}


def _plain(value: Any) -> Any:
    """The value as JSON has it: ids and dates are texts."""
    return msgspec.to_builtins(value)


def _save_revision(
    session: Session, actor: Actor, year: YearCalendar, what: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    row = {
        "school_id": actor.tenant,
        "year_id": year.id,
        "version": year.version,
        "what": what,
        "before": before,
        "after": after,
        "changed_by": actor.person_id,
        "changed_at": now(),
    }
    session.execute(insert(CalendarRevision), [row])
