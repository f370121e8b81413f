"""The period in which a journal cell may be changed: its window, its term's lock, the methodologist's openings.

Practice: paper journals were locked with the report on the term (domain, §8). The policy sets the number of days.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from kernel.clock import local_date
from kernel.errors import Conflict, Invalid
from kernel.phrases import Language, Phrase, Sentence
from services.gradebook.calendar.rules.school_days import SchoolCalendar, end_of_day
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.windows.rules.deadlines import ANYWHERE, Duty, deadline, kind_of_work

_CELL: Final = Phrase(
    "Клетку можно изменять по {day} включительно: календарных дней после {start} — {days}. Основание: {source}.",
    "The cell can be changed until the end of {day}: calendar days after {start} – {days}. By {source}.",
)
_TERM: Final = Phrase(
    "Учебный период закончился {end}; его отметки можно изменять по {day} включительно. Основание: {source}.",
    "The term ended on {end}; its marks can be changed until the end of {day}. By {source}.",
)
_OPENED: Final = Phrase(
    "Методист открыл клетку по {day} включительно. Причина: {reason}.",
    "The methodologist opened the cell until the end of {day}. Reason: {reason}.",
)
_SHORTEST_REASON: Final = 3


class Lock(enum.Enum):
    """The reason why a cell closes."""

    #: The cell's own days are over.
    CELL = "cell"
    #: The cell's term is closed.
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Opening:
    """The methodologist's reopening of a closed cell, from an instant to the end of a local day."""

    opened_at: datetime
    last_day: date
    #: The end of `last_day`, in UTC.
    until: datetime
    reason: str

    def holds(self, now: datetime) -> bool:
        """Whether this opening keeps the cell open at `now`."""
        return self.opened_at <= now < self.until

    @property
    def sentence(self) -> Sentence:
        """The opening's end and reason in words."""
        return _OPENED(day=self.last_day, reason=self.reason)


@dataclass(frozen=True, slots=True)
class EditWindow:
    """The end of the period in which a cell may be changed, and why."""

    #: The day from which calendar days are counted.
    counted_from: date
    #: The last local day on which the course's teachers may change the cell.
    last_day: date
    #: The end of that day, in UTC.
    closes_at: datetime
    closed_by: Lock
    source: Source
    sentence: Sentence
    openings: tuple[Opening, ...] = ()

    def is_open(self, now: datetime) -> bool:
        """Whether the cell may be changed at `now` (aware)."""
        return self.open_until(now) is not None

    def open_until(self, now: datetime) -> datetime | None:
        """The instant at which the cell, if open at `now`, closes; None if it is closed."""
        ends = [one.until for one in self.openings if one.holds(now)]
        if now < self.closes_at:
            ends.append(self.closes_at)
        return max(ends, default=None)

    def said(self, language: Language) -> tuple[str, ...]:
        """The end and its reason, then each opening, as sentences."""
        return tuple(one.said(language) for one in (self.sentence, *(each.sentence for each in self.openings)))


def edit_window(
    lesson_day: date,
    policy: Policy,
    calendar: SchoolCalendar,
    place: Place = ANYWHERE,
    *,
    due_on: date | None = None,
    term_ends_on: date | None = None,
    openings: tuple[Opening, ...] = (),
) -> EditWindow:
    """The edit window of a cell in the column of `lesson_day` (domain, §3).

    It closes `policy.keeping.edit_days` calendar days after `counted_from(…)`, or when its term closes
    (`term_closes_on`), whichever comes first. `openings` are those of this cell and override both. Raises
    `NoSchoolDay` if the calendar has too few school days.
    """
    start = counted_from(lesson_day, policy, calendar, place, due_on)
    days, source = policy.keeping.edit_days.at(place)
    day, lock = start + timedelta(days=days), Lock.CELL
    sentence = _CELL(day=day, start=start, days=days, source=source.sentence)
    term_day = None if term_ends_on is None else term_closes_on(term_ends_on, policy, place)
    if term_day is not None and term_day < day:
        day, lock, source = term_day, Lock.TERM, policy.keeping.term_open_days.at(place).source
        sentence = _TERM(end=term_ends_on, day=day, source=source.sentence)
    return EditWindow(start, day, end_of_day(day, policy.time_zone), lock, source, sentence, openings)


def counted_from(
    lesson_day: date, policy: Policy, calendar: SchoolCalendar, place: Place = ANYWHERE, due_on: date | None = None
) -> date:
    """The day from which a cell's window is counted (domain, §3).

    For homework and written work it is their due date, `due_on`. Without one, it is the day by which marks are due for
    written work, and the lesson's day for homework. For all other marks it is the lesson's day.
    """
    kind = kind_of_work(policy, place.kind)
    if due_on is not None and (kind.homework or kind.written):
        return due_on
    return deadline(Duty.MARKS, lesson_day, policy, calendar, place).day if kind.written else lesson_day


def term_closes_on(term_ends_on: date, policy: Policy, place: Place = ANYWHERE) -> date:
    """The last day on which marks of a term may be changed: `policy.keeping.term_open_days` after its end.

    Source: practice.
    """
    return term_ends_on + timedelta(days=policy.keeping.term_open_days.at(place).value)


def check_open(window: EditWindow, now: datetime, field: str = "value") -> None:
    """Refuse a change of a closed cell; the refusal says when it closed and who can reopen it (domain, §3)."""
    if window.is_open(now):
        return
    over = [one.last_day for one in window.openings if one.until <= now]
    day = max([window.last_day, *over])
    if window.closed_by is Lock.TERM:
        raise Conflict(
            "The term is closed: its marks could be changed until {date}. The methodologist can open the cell.",
            rule="term-closed",
            field=field,
            date=day,
        )
    raise Conflict(
        "The cell is closed: it could be changed until {date}. The methodologist can open it.",
        rule="cell-closed",
        field=field,
        date=day,
    )


def opening(reason: str, last_day: date, now: datetime, zone: str) -> Opening:
    """The methodologist's reopening of a cell from `now` to the end of the local day `last_day` (practice).

    Raises `Invalid` without a reason and for a past day.
    """
    given = reason.strip()
    if len(given) < _SHORTEST_REASON:
        raise Invalid("Say why the cell is opened.", rule="reason-required", field="reason")
    if last_day < local_date(now, zone):
        raise Invalid(
            "A cell is opened until today or a later day, not until {date}.",
            rule="opening-over",
            field="last_day",
            date=last_day,
        )
    return Opening(now, last_day, end_of_day(last_day, zone), given)
