"""Deadlines of a lesson's topic, homework, marks and attendance: the end of a local school day.

Regulation, clauses 3.2 and 3.3; the policy sets the number of days.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from kernel.errors import Invalid
from kernel.phrases import Phrase, Sentence
from services.gradebook.calendar.rules.school_days import SchoolCalendar, end_of_day
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.policy import KeepingRules, Kind, Place, Policy, Rule

_SAME_DAY: Final = Phrase(
    "Срок — день урока, {day}. Основание: {source}.",
    "Due on the day of the lesson, {day}. By {source}.",
)
_AFTER_DAYS: Final = Phrase(
    "Срок — {day}: учебных дней после урока — {days}. Основание: {source}.",
    "Due on {day}: school days after the lesson – {days}. By {source}.",
)
_WITH_TERM: Final = Phrase(
    "Срок — {day}: в этот день закрывается учебный период. Основание: {source}.",
    "Due on {day}, the day on which the term is closed. By {source}.",
)


ANYWHERE: Final = Place()
_SHORTEST_REASON: Final = 3


class Duty(enum.Enum):
    """The duties of those who keep the journal of a lesson."""

    TOPIC = "topic"
    HOMEWORK = "homework"
    MARKS = "marks"
    ATTENDANCE = "attendance"


_RULES: Final[Mapping[Duty, Callable[[KeepingRules], Rule[int]]]] = {
    Duty.TOPIC: lambda keeping: keeping.topic_days,
    Duty.HOMEWORK: lambda keeping: keeping.homework_days,
    Duty.MARKS: lambda keeping: keeping.mark_days,
    Duty.ATTENDANCE: lambda keeping: keeping.attendance_days,
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline and its rule."""

    #: The last local day allowed.
    day: date
    #: The end of that day, in UTC: this instant and later ones are late.
    at: datetime
    source: Source
    sentence: Sentence

    def missed(self, instant: datetime) -> bool:
        """Whether `instant` (aware) is late."""
        return instant >= self.at


class Late(NamedTuple):
    """What is kept of an entry that came late; `due_on` is None of one that came in time."""

    #: The last day on which it was in time.
    due_on: date | None
    reason: str


IN_TIME: Final = Late(None, "")


def deadline(
    duty: Duty,
    lesson_day: date,
    policy: Policy,
    calendar: SchoolCalendar,
    place: Place = ANYWHERE,
    term_closes_on: date | None = None,
) -> Deadline:
    """The deadline of a duty of the lesson held on `lesson_day`.

    It is the end of the school day that lies the policy's number of school days (`policy.keeping`) after the lesson;
    0 is the lesson's own day, which the regulation sets for topic, homework and oral marks (clause 3.2) and for
    attendance (clause 3.3). `place.kind` is the kind of work whose marks are due. Marks are due by `term_closes_on`,
    the last day on which the lesson's term is open, if that is earlier. Raises `NoSchoolDay` if the calendar has too
    few school days.
    """
    days, source = _RULES[duty](policy.keeping).at(place)
    day = calendar.school_days_after(lesson_day, days)
    sentence = (_AFTER_DAYS if days else _SAME_DAY)(day=day, days=days, source=source.sentence)
    if duty is Duty.MARKS and term_closes_on is not None and term_closes_on < day:
        day, source = term_closes_on, policy.keeping.term_open_days.at(place).source
        sentence = _WITH_TERM(day=day, source=source.sentence)
    return Deadline(day, end_of_day(day, policy.time_zone), source, sentence)


def kind_of_work(policy: Policy, code: str | None) -> Kind:
    """The kind of work with this code; an unknown code is an ordinary lesson mark.

    Source: regulation, clause 3.2.
    """
    return next((kind for kind in policy.kinds if kind.code == code), Kind(code or "", code or ""))


def due_days(duty: Duty, policy: Policy, place: Place = ANYWHERE) -> int:
    """How many school days after the lesson a duty is due; with 0, no calendar is needed to say when (clause 3.2)."""
    return _RULES[duty](policy.keeping).at(place).value


def late_entry(due_on: date | None, given: str, policy: Policy, place: Place = ANYWHERE) -> Late:
    """What is kept of an entry: the deadline `due_on` that it missed, and why; nothing of one that is in time.

    `given` are the words of the person. Raises `Invalid` where the policy asks for a reason and there is none
    (practice).
    """
    if due_on is None:
        return IN_TIME
    reason = given.strip()
    if policy.keeping.late_reason.at(place).value and len(reason) < _SHORTEST_REASON:
        raise Invalid(
            "This was due on {date}: say why it comes later.", rule="late-reason-required", field="reason", date=due_on
        )
    return Late(due_on, reason)
