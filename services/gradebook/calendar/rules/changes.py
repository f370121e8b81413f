"""Changes of the calendar of a year, as they are sent: each gives the calendar after it (clause 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple, Protocol, TypeVar
from uuid import UUID

from kernel.errors import NotFound
from services.gradebook.calendar.rules.grades import normal
from services.gradebook.calendar.rules.year_calendar import (
    DayOff,
    GradeWeek,
    MovedDay,
    ShortDay,
    Term,
    YearCalendar,
)

Given = Mapping[str, Any]
#: Row → its path in what was sent, for `checking.check_change`.
Places = Mapping[UUID | int, str]


class Row(Protocol):
    """Something that is kept of a year."""

    @property
    def id(self) -> UUID:
        """Its id."""


R = TypeVar("R", bound=Row)
NewId = Callable[[], UUID]


class Change(NamedTuple):
    """A calendar after a change, and where what was sent stands in it."""

    after: YearCalendar
    places: Places


#: Lists of what is sent of days, each named like the rows of the calendar.
_DAYS: Final[Mapping[str, Any]] = {"days_off": DayOff, "moved_days": MovedDay, "short_days": ShortDay}


def with_span(year: YearCalendar, title: str, starts_on: date, ends_on: date) -> YearCalendar:
    """The year with another title, first and last day (clause 4.2)."""
    return replace(year, title=title.strip(), starts_on=starts_on, ends_on=ends_on)


def with_terms(year: YearCalendar, division: str, given: Sequence[Given], new_id: NewId) -> Change:
    """The year with these terms in a division, in place of its own (clause 4.2). Raises `NotFound` for a term."""
    known = [term for term in year.terms if term.division == division]
    rows = _with_ids(given, {term.id for term in known}, new_id)
    terms = [
        Term(row["id"], row["title"].strip(), division, row["starts_on"], row["ends_on"], _by_hand(row, known))
        for row in rows
    ]
    others = [term for term in year.terms if term.division != division]
    after = replace(year, terms=tuple(sorted([*others, *terms], key=lambda term: (term.starts_on, term.ends_on))))
    return Change(after, _places("terms", rows))


def _by_hand(given: Given, known: Iterable[Term]) -> bool:
    """Whether a term is a person's: one of an import that was sent as it is stays the import's."""
    return not any(
        not term.by_hand
        and (term.id, term.title, term.starts_on, term.ends_on)
        == (given["id"], given["title"].strip(), given["starts_on"], given["ends_on"])
        for term in known
    )


def with_grades(year: YearCalendar, given: Iterable[Given]) -> Change:
    """The year with what is said of grades, in place of all that was (clause 4.2)."""
    rows = {row["grade"]: GradeWeek(row["grade"], row["division"], row["days_a_week"]) for row in given}
    places: dict[UUID | int, str] = {grade: f"grades.{index}" for index, grade in enumerate(rows)}
    return Change(replace(year, grades=dict(sorted(rows.items()))), places)


def with_days(
    year: YearCalendar, given: Mapping[str, Sequence[Given]], gone: Collection[UUID], new_id: NewId
) -> Change:
    """The year with days added, changed and removed (clause 4.2). Raises `NotFound` for one that it does not have."""
    known = {row.id for name in _DAYS for row in getattr(year, name)}
    _check_known(gone, known)
    places: dict[UUID | int, str] = {}
    lists: dict[str, Any] = {}
    for name, cls in _DAYS.items():
        present: tuple[Any, ...] = getattr(year, name)
        rows = _with_ids(given.get(name, ()), {row.id for row in present}, new_id)
        places |= _places(name, rows)
        lists[name] = _merged(present, [cls(**_stripped(row)) for row in rows], gone)
    return Change(replace(year, **lists), places)


def _merged(present: Iterable[R], given: Iterable[R], gone: Collection[UUID]) -> tuple[R, ...]:
    """The rows without those that go, and with those that are given in place of their own or as new ones."""
    rows = {row.id: row for row in present if row.id not in gone} | {row.id: row for row in given}
    return tuple(sorted(rows.values(), key=_by_date))


def _by_date(row: Any) -> Any:
    return (row.first, row.last, row.name) if isinstance(row, DayOff) else row.date


def _stripped(row: Given) -> dict[str, Any]:
    names = {"name": row["name"].strip()} if "name" in row else {}
    return {**row, **names, "grades": normal(row["grades"])}


def _with_ids(given: Iterable[Given], known: Collection[UUID], new_id: NewId) -> list[dict[str, Any]]:
    rows = [{**row, "id": row.get("id") or new_id()} for row in given]
    _check_known([row["id"] for row in given if row.get("id")], known)
    return rows


def _check_known(ids: Iterable[UUID], known: Collection[UUID]) -> None:
    if any(one not in known for one in ids):
        raise NotFound("Somebody has removed this day or term meanwhile.", rule="no-such-day")


def _places(name: str, rows: Iterable[Given]) -> dict[UUID | int, str]:
    return {row["id"]: f"{name}.{index}" for index, row in enumerate(rows)}
