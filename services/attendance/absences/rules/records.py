"""What is known of one student in one lesson, and how it changes."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from kernel.errors import Conflict
from services.attendance.codes.rules import Code, Reason


class Standing(enum.Enum):
    """Whether the student was there. UNKNOWN: nobody looked, which is not the same as nobody absent (domain, §6)."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    #: Away by the school's own order, and not counted as absent.
    ON_BUSINESS = "on_business"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LessonRecord:
    """A lesson that was held, or will be, for one student.

    `number` is the lesson's place in the day, None where the timetable has none. `code` and `minutes` are what
    the check entered; `minutes` may be missing of lateness brought from another system. `announced` is what was
    said beforehand: it says nothing of whether the student came. Raises ValueError for a code without check and
    for minutes without lateness or below 1, which no row may hold.
    """

    lesson_id: UUID
    day: date
    number: int | None
    subject: str
    checked: bool
    code: Code | None = None
    minutes: int | None = None
    announced: Code | None = None

    def __post_init__(self) -> None:
        if self.code is not None and not self.checked:
            raise ValueError("a lesson that was not checked has no code")
        if self.minutes is not None and (self.code is None or not self.code.late):
            raise ValueError("only lateness has minutes")
        if self.minutes is not None and self.minutes < 1:
            raise ValueError("lateness lasts a minute at least")

    @property
    def standing(self) -> Standing:
        """Whether the student was there."""
        if not self.checked:
            return Standing.UNKNOWN
        if self.code is None:
            return Standing.PRESENT
        if self.code.counts_as_absent:
            return Standing.ABSENT
        if self.code.late:
            return Standing.LATE
        return Standing.ON_BUSINESS if self.code.school_business else Standing.PRESENT

    @property
    def missed(self) -> bool:
        """Whether the lesson counts as missed."""
        return self.standing is Standing.ABSENT

    @property
    def reason(self) -> Reason | None:
        """Why the student was away; None for one who was there, and where nobody looked."""
        return self.code.reason if self.code else None


class Change(NamedTuple):
    """What becomes of the code of one lesson; None is no code."""

    lesson_id: UUID
    before: Code | None
    after: Code | None


def in_order(records: Iterable[LessonRecord]) -> tuple[LessonRecord, ...]:
    """One student's records by day and lesson, whatever order they came in.

    Raises ValueError for a lesson that stands twice: it would count twice.
    """
    ordered = tuple(sorted(records, key=lambda one: (one.day, -1 if one.number is None else one.number, one.lesson_id)))
    if len({record.lesson_id for record in ordered}) < len(ordered):
        raise ValueError("a lesson stands twice among the records of a student")
    return ordered


def ids(records: Iterable[LessonRecord]) -> tuple[UUID, ...]:
    """The lessons of the records, in the records' order."""
    return tuple(record.lesson_id for record in records)


def changed(records: Iterable[LessonRecord], changes: Iterable[Change]) -> tuple[LessonRecord, ...]:
    """The records after the changes, in the order they came in. Minutes go with the lateness they belonged to.

    Raises `Conflict` where a record's code is not the one that its change begins from: someone was faster.
    """
    by_lesson = {change.lesson_id: change for change in changes}
    return tuple(_changed(record, by_lesson.get(record.lesson_id)) for record in records)


def _changed(record: LessonRecord, change: Change | None) -> LessonRecord:
    if change is None:
        return record
    if record.code != change.before:
        raise Conflict(
            "The absence in the lesson {lesson_id} was changed since.",
            rule="absence-changed-since", field="lesson_id", lesson_id=record.lesson_id,
        )  # fmt: skip
    still_late = change.after is not None and change.after.late
    return replace(record, code=change.after, minutes=record.minutes if still_late else None)
