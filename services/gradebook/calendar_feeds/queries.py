"""Selects calendar feeds, and what dates the lessons in them."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import bindparam, func, select, union_all
from sqlalchemy.orm import Session

from services.gradebook.calendar.tables import CalendarRevision, Year
from services.gradebook.calendar_feeds.rules import Span
from services.gradebook.calendar_feeds.tables import CalendarFeed
from services.gradebook.people.tables import ClassCopy, StudentCopy
from services.gradebook.timetable.tables import DayChangeRevision, TimetableEdit


class FeedRow(Protocol):
    """A feed: whose it is, and of whose lessons."""

    person_id: UUID
    of: str
    of_id: UUID
    made_at: dt.datetime


class Changed(NamedTuple):
    """How often timetable, single days and calendar were changed, and when last; None if they never were."""

    times: int
    last_at: dt.datetime | None


_FEED: Final = select(CalendarFeed.person_id, CalendarFeed.of, CalendarFeed.of_id, CalendarFeed.made_at)
_BY_SECRET: Final = _FEED.where(CalendarFeed.secret_hash == bindparam("secret_hash"))
_MADE_AT: Final = select(CalendarFeed.made_at).where(
    CalendarFeed.person_id == bindparam("person_id"),
    CalendarFeed.of == bindparam("of"),
    CalendarFeed.of_id == bindparam("of_id"),
)
_YEARS: Final = select(Year.starts_on, Year.ends_on)
_CLASS: Final = (
    select(ClassCopy.name)
    .join(StudentCopy, StudentCopy.class_id == ClassCopy.class_id)
    .where(StudentCopy.student_id == bindparam("student_id"))
)
#: When lessons were moved: by edits of the timetable, changes of single days, changes of the calendar with its bells.
_MOVED_AT: Final = (TimetableEdit.edited_at, DayChangeRevision.changed_at, CalendarRevision.changed_at)
_CHANGED: Final = union_all(*(select(func.count(), func.max(moment)) for moment in _MOVED_AT))


def by_secret(session: Session, secret_hash: str) -> FeedRow | None:
    """The feed with a secret; None if there is none such."""
    return cast("FeedRow | None", session.execute(_BY_SECRET, {"secret_hash": secret_hash}).one_or_none())


def made_at(session: Session, person_id: UUID, of: str, of_id: UUID) -> dt.datetime | None:
    """Since when a person's feed has its address; None if there is none."""
    return session.scalar(_MADE_AT, {"person_id": person_id, "of": of, "of_id": of_id})


def years(session: Session) -> list[Span]:
    """The first and last days of the school's years."""
    return [Span(*row) for row in session.execute(_YEARS)]


def class_of(session: Session, student_id: UUID) -> str | None:
    """The name of a student's class; None without one."""
    return session.scalar(_CLASS, {"student_id": student_id})


def changed(session: Session) -> Changed:
    """How often timetable, single days and calendar were changed, and when last."""
    rows = session.execute(_CHANGED).all()
    return Changed(sum(times for times, _ in rows), max((last for _, last in rows if last), default=None))
