"""The period in which a record may be changed: its window, its term's lock, the methodologist's openings.

Practice: paper journals were locked with the report on the term (domain, §8). The policy sets the number of days.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.errors import Conflict, Invalid
from kernel.phrases import Phrase, Sentence
from services.gradebook.calendar.rules.school_days import SchoolCalendar, end_of_day
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.windows.rules.closed_terms import Closing
from services.gradebook.windows.rules.deadlines import ANYWHERE, Duty, deadline, kind_of_work

_CELL: Final = Phrase(
    "Клетку можно изменять по {day} включительно: календарных дней после {start} — {days}. Основание: {source}.",
    "The cell can be changed until the end of {day}: calendar days after {start} – {days}. By {source}.",
)
_TERM: Final = Phrase(
    "Учебный период закончился {end}; его отметки можно изменять по {day} включительно. Основание: {source}.",
    "The term ended on {end}; its marks can be changed until the end of {day}. By {source}.",
)
_SHORTEST_REASON: Final = 3
#: The longest time for which something is opened.
LONGEST: Final = timedelta(days=366)


class Lock(enum.Enum):
    """The reason why a record closes."""

    #: Its own days are over.
    DAYS = "days"
    #: Its term is closed.
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Opening:
    """The methodologist's opening of closed lessons, from one instant to another."""

    opened_at: datetime
    until: datetime
    #: The local day on which it ends.
    last_day: date
    reason: str
    #: The only lesson that it is for; None: those of all days from `first` to `last`.
    lesson_id: UUID | None = None
    first: date | None = None
    last: date | None = None

    def covers(self, lesson_id: UUID | None, day: date) -> bool:
        """Whether it is for this lesson, which is held on `day`; None is a lesson that is still to be entered."""
        if self.lesson_id is not None:
            return self.lesson_id == lesson_id
        return self.first is not None and self.last is not None and self.first <= day <= self.last

    def holds(self, now: datetime) -> bool:
        """Whether this opening keeps its lessons open at `now`."""
        return self.opened_at <= now < self.until


@dataclass(frozen=True, slots=True)
class EditWindow:
    """The end of the period in which a record may be changed, and why."""

    #: The day from which calendar days are counted.
    counted_from: date
    #: The last local day on which the course's teachers may change the record.
    last_day: date
    #: The end of that day, in UTC.
    closes_at: datetime
    closed_by: Lock
    source: Source
    sentence: Sentence
    #: The term that the record belongs to.
    term: Closing | None = None
    openings: tuple[Opening, ...] = ()

    def is_open(self, now: datetime) -> bool:
        """Whether the record may be changed at `now` (aware)."""
        return self.open_until(now) is not None

    def open_until(self, now: datetime) -> datetime | None:
        """The instant at which the record, if open at `now`, closes; None if it is closed."""
        ends = [one.until for one in self.openings if one.holds(now)]
        if now < self.closes_at:
            ends.append(self.closes_at)
        return max(ends, default=None)

    def opened_until(self, now: datetime) -> datetime | None:
        """Until when the methodologist keeps the record open that would be closed at `now`; None if nobody has to."""
        return None if now < self.closes_at else self.open_until(now)

    def open_day(self, now: datetime) -> date:
        """The last local day on which a record that is closed at `now` could be changed."""
        return max([self.last_day, *(one.last_day for one in self.openings if one.until <= now)])


def edit_window(
    lesson_day: date,
    policy: Policy,
    calendar: SchoolCalendar,
    place: Place = ANYWHERE,
    *,
    due_on: date | None = None,
    term: Closing | None = None,
    openings: tuple[Opening, ...] = (),
) -> EditWindow:
    """The edit window of a record of the lesson of `lesson_day` (domain, §3).

    It closes `policy.keeping.edit_days` calendar days after `counted_from(…)`, or with its `term`, whichever comes
    first. `openings` are those of this lesson and override both. Raises `NoSchoolDay` if the calendar has too few
    school days.
    """
    start = counted_from(lesson_day, policy, calendar, place, due_on)
    days, source = policy.keeping.edit_days.at(place)
    day, lock = start + timedelta(days=days), Lock.DAYS
    sentence = _CELL(day=day, start=start, days=days, source=source.sentence)
    if term is not None and term.last_day < day:
        day, lock, source = term.last_day, Lock.TERM, term.source
        sentence = _TERM(end=term.ends_on, day=day, source=source.sentence)
    return EditWindow(start, day, end_of_day(day, policy.time_zone), lock, source, sentence, term, openings)


def counted_from(
    lesson_day: date, policy: Policy, calendar: SchoolCalendar, place: Place = ANYWHERE, due_on: date | None = None
) -> date:
    """The day from which a window is counted (domain, §3).

    For marks of homework and written work it is their due date, `due_on`. Without one, it is the day by which marks are
    due for written work, and the lesson's day for homework. For all else it is the lesson's day.
    """
    kind = kind_of_work(policy, place.kind)
    if due_on is not None and (kind.homework or kind.written):
        return due_on
    return deadline(Duty.MARKS, lesson_day, policy, calendar, place).day if kind.written else lesson_day


def check_open(window: EditWindow, now: datetime, field: str) -> None:
    """Refuse a change of a closed record; the refusal says until when it was open, and who can open it (domain, §3)."""
    if window.is_open(now):
        return
    day = window.open_day(now)
    if window.closed_by is Lock.TERM and window.term is not None:
        raise Conflict(
            "“{term}” ended on {ended_on}: its journal could be changed until {date}. "
            "The methodologist can open the lesson again.",
            rule="term-closed",
            field=field,
            term=window.term.title,
            ended_on=window.term.ends_on,
            date=day,
        )
    raise Conflict(
        "The school's time for changes is over: this could be changed until {date}. "
        "The methodologist can open the lesson again.",
        rule="window-closed",
        field=field,
        date=day,
    )


def end_of_opening(until: datetime, zone: str) -> datetime:
    """The instant at which an opening ends, in UTC: a time without offset is the school's local one (practice)."""
    return (until.replace(tzinfo=ZoneInfo(zone)) if until.tzinfo is None else until).astimezone(UTC)


def check_opening(reason: str, until: datetime, now: datetime, span: tuple[date, date] | None) -> str:
    """The stripped reason of an opening from `now` to `until`, of lessons from one day to another (practice).

    Raises `Invalid` without a reason, for an end that is past or more than a year ahead, and for days in wrong order.
    """
    given = reason.strip()
    if len(given) < _SHORTEST_REASON:
        raise Invalid("Say why it is opened.", rule="reason-required", field="reason")
    if until <= now:
        raise Invalid("The time until which it is open must be still to come.", rule="opening-over", field="until")
    if until - now > LONGEST:
        raise Invalid("Nothing is opened for more than a year.", rule="opening-too-long", field="until")
    if span is not None and span[1] < span[0]:
        raise Invalid("The last day lies before the first.", rule="days-reversed", field="last")
    return given
