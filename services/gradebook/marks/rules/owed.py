"""Work that a student owes: a point in a cell, with its date or without (domain, §3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple, Protocol

from kernel.errors import Stale
from services.gradebook.marks.rules.cells import OwedToken

#: How it stands with a work: it is owed, a mark was set for it, the point was taken away.
OWED, DONE, WITHDRAWN = "owed", "done", "withdrawn"
#: The hour of the school's clock from which families are reminded of what is due on the next day.
REMINDS_FROM: Final = 8
_DAY: Final = timedelta(days=1)
_FIRST_MONTH: Final = 9


class Kept(Protocol):
    """A work as it is kept."""

    @property
    def due(self) -> date | None:
        """Until when it is owed; None where no date was said."""

    @property
    def state(self) -> str:
        """One of `OWED`, `DONE`, `WITHDRAWN`."""

    @property
    def version(self) -> int:
        """Which state of the work this is."""


class Outcome(NamedTuple):
    """What is to be kept of a work."""

    due: date | None
    state: str


def outcome(
    kept: Kept | None, written: OwedToken | None, *, has_mark: bool, marked_now: bool, seen: int | None, field: str
) -> Outcome | None:
    """What an entry in a cell makes of the work that is owed there; None where it changes nothing (practice).

    `written` is the point in its text, `has_mark` whether a mark stands beside it, `marked_now` whether that is set or
    changed by the entry. A mark without a point closes what is owed, whoever noted it meanwhile; a point beside a mark
    is still owed: the work is done again. Raises `Stale` naming `field` where somebody else noted something else than
    was `seen`, a version; None where nothing was owed.
    """
    stands = kept if kept is not None and kept.state == OWED else None
    if written is None and stands is None:
        return None
    if written is not None and stands is not None and written.due == stands.due:
        return None
    closes = written is None and has_mark
    if not (closes and marked_now) and seen != (stands.version if stands else None):
        raise _stale(stands, written, field)
    if written is not None:
        return Outcome(written.due, OWED)
    return Outcome(stands.due if stands else None, DONE if closes else WITHDRAWN)


def text(due: date | None, lesson: date) -> str:
    """How a cell of a lesson shows what is owed: the year is left out within the lesson's school year (practice)."""
    if due is None:
        return "."
    year = "" if _school_year(due) == _school_year(lesson) else f".{due.year:04}"
    return f".{due:%d.%m}{year}"


def is_overdue(due: date | None, today: date) -> bool:
    """Whether a work that is owed should have been handed in (practice)."""
    return due is not None and due < today


def reminded_now(local: datetime) -> tuple[date, date] | None:
    """The first and the last date of works of which families are reminded; None where it is too early (practice).

    That is of what is due on the next day, and of what was noted later than that; of nothing that is overdue.
    """
    return (local.date(), local.date() + _DAY) if local.hour >= REMINDS_FROM else None


def _school_year(day: date) -> int:
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def _stale(stands: Kept | None, written: OwedToken | None, field: str) -> Stale:
    entered = str(written) if written else ""
    if stands is None:
        return Stale("Meanwhile nothing is owed here any more; you entered {entered}.", field=field, entered=entered)
    noted = str(OwedToken(stands.due))
    if not entered:
        return Stale("Meanwhile {noted} was noted here as owed; you entered none.", field=field, noted=noted)
    return Stale(
        "Meanwhile {noted} was noted here as owed; you entered {entered}.", field=field, noted=noted, entered=entered
    )
