"""Selects bells, and keeps those that are read. Others ask `bells_on`; `kept_years` is for `times_of` of `courses`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, Protocol, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from cachetools import LRUCache
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.data import tenancy
from kernel.data.among import among
from services.gradebook.bells.rules import bells
from services.gradebook.bells.rules.bells import YearBells
from services.gradebook.bells.tables import Bell, BellSchedule, ClassShift
from services.gradebook.calendar.queries import YearRow, lock_year, year_calendar_of, year_with_calendar
from services.gradebook.calendar.rules.year_calendar import calendar_of
from services.gradebook.calendar.tables import Year
from services.gradebook.gathered import Values, gathered
from services.gradebook.rows import missing


class YearOfBellsRow(YearRow, Protocol):
    """A year with its calendar and bells."""

    schedules: list[Values]
    bells: list[Values]
    second_shift: list[Values]


_SCHEDULES: Final = (
    select(
        gathered(
            BellSchedule.id,
            BellSchedule.title,
            BellSchedule.shift,
            BellSchedule.weekdays,
            BellSchedule.short,
            BellSchedule.valid_from,
        )
    )
    .where(BellSchedule.year_id == Year.id)
    .correlate(Year)
    .scalar_subquery()
)
_BELLS: Final = (
    select(gathered(Bell.schedule_id, Bell.number, Bell.starts, Bell.ends))
    .join(BellSchedule, BellSchedule.id == Bell.schedule_id)
    .where(BellSchedule.year_id == Year.id)
    .correlate(Year)
    .scalar_subquery()
)
_SECOND_SHIFT: Final = (
    select(gathered(ClassShift.class_id))
    .where(ClassShift.year_id == Year.id, ClassShift.shift == bells.SECOND_SHIFT)
    .correlate(Year)
    .scalar_subquery()
)
_YEARS: Final = year_with_calendar().add_columns(
    _SCHEDULES.label("schedules"), _BELLS.label("bells"), _SECOND_SHIFT.label("second_shift")
)
#: Most years whose bells a process keeps; one takes about 20 kB.
_MOST_KEPT: Final = 256
#: Database → school, year and its version → the bells. What changes them or the year's calendar gives the year a new
#: version; copies of one database say different things by the same version.
_kept: Final[WeakKeyDictionary[Any, LRUCache[tuple[Any, UUID, int], YearBells]]] = WeakKeyDictionary()
_YEARS_AMONG: Final = _YEARS.where(among(Year.id, "year_ids"))


def year_of(session: Session, year_id: UUID, *, lock: bool = False) -> YearBells:
    """The bells of a year, with its calendar. Raises `NotFound`.

    `lock` makes others who change its calendar or bells wait until the transaction ends.
    """
    if lock:
        lock_year(session, year_id)
    found = _years(session, [year_id])
    if year_id not in found:
        raise missing("year", year_id)
    return found[year_id]


def kept_years(session: Session, versions: Mapping[UUID, int]) -> dict[UUID, YearBells]:
    """The bells of years, which are given with their present versions, for calls that change none of them.

    Takes no statement, but for the first time that a process meets a version: one, however many years there are.
    """
    school, kept = tenancy.bound(session), _kept.setdefault(session.get_bind(), LRUCache(_MOST_KEPT))
    found = {one: kept.get((school, one, version)) for one, version in versions.items()}
    new = [one for one, bells_of_year in found.items() if bells_of_year is None]
    read = _years(session, new) if new else {}
    for year_id, year in read.items():
        kept[school, year_id, year.calendar.version] = year
    return {one: year for one, year in {**found, **read}.items() if year is not None}


def bells_on(
    session: Session, year_id: UUID, day: dt.date, shift: int, grade: int | None = None
) -> tuple[bells.Bell, ...]:
    """The bells of a shift on a day of a grade's calendar; none where no bells are kept. Raises `NotFound`."""
    year = year_of(session, year_id)
    return bells.bells_of_day(year.schedules, day, calendar_of(year.calendar, grade), shift)


def _years(session: Session, year_ids: Collection[UUID]) -> dict[UUID, YearBells]:
    rows = cast("Iterable[YearOfBellsRow]", session.execute(_YEARS_AMONG, {"year_ids": list(year_ids)}).all())
    return {row.id: _year_of(row) for row in rows}


def _year_of(row: YearOfBellsRow) -> YearBells:
    ringing: dict[str, list[bells.Bell]] = {}
    for schedule_id, number, starts, ends in row.bells:
        ringing.setdefault(schedule_id, []).append(bells.Bell(number, _time(starts), _time(ends)))
    second_shift = frozenset(UUID(class_id) for (class_id,) in row.second_shift)
    return YearBells(year_calendar_of(row), bells.in_order(_schedules(row.schedules, ringing)), second_shift)


def _schedules(rows: Iterable[Values], ringing: dict[str, list[bells.Bell]]) -> Iterator[bells.BellSchedule]:
    for schedule_id, title, shift, weekdays, short, valid_from in rows:
        yield bells.BellSchedule(
            UUID(schedule_id),
            title,
            shift,
            tuple(_list(weekdays)),
            bool(short),
            dt.date.fromisoformat(valid_from),
            tuple(sorted(ringing.get(schedule_id, ()))),
        )


def _time(value: str) -> dt.time:
    """A time within gathered rows; SQLite writes its fractions of a second."""
    return dt.time.fromisoformat(value)


def _list(value: Any) -> list[int]:
    """A list within gathered rows: SQLite gives its JSON as a text there."""
    found: list[int] = json.loads(value) if isinstance(value, str) else value
    return found
