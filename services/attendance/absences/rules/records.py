"""Records of one student's lessons, and changes of their codes."""

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
    """Whether the student was there. UNKNOWN: the lesson was not checked, which does not mean present (domain, §6)."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    #: Away on school business, not counted as absent.
    ON_BUSINESS = "on_business"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LessonRecord:
    """A past or future lesson of one student.

    `number` is the lesson's place in the day, None if the timetable has none. The check entered `code` and `minutes`;
    lateness imported from another system may lack `minutes`. `announced` is the code announced beforehand; it does
    not say whether the student came. Raises ValueError for a code without check, minutes without lateness, or minutes
    below 1.
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
        """Why the student was away; None if the student was there or the lesson was not checked."""
        return self.code.reason if self.code else None


class Change(NamedTuple):
    """The change of one lesson's code; None is no code."""

    lesson_id: UUID
    before: Code | None
    after: Code | None


def in_order(records: Iterable[LessonRecord]) -> tuple[LessonRecord, ...]:
    """One student's records in order of day and lesson.

    Raises ValueError for a duplicate lesson: it would count twice.
    """
    ordered = tuple(sorted(records, key=lambda one: (one.day, -1 if one.number is None else one.number, one.lesson_id)))
    if len({record.lesson_id for record in ordered}) < len(ordered):
        raise ValueError("a lesson stands twice among the records of a student")
    return ordered


def ids(records: Iterable[LessonRecord]) -> tuple[UUID, ...]:
    """The ids of the records' lessons, in the records' order."""
    return tuple(record.lesson_id for record in records)


def changed(records: Iterable[LessonRecord], changes: Iterable[Change]) -> tuple[LessonRecord, ...]:
    """Apply changes to records; the order stays. Minutes are dropped if the new code is not lateness.

    Raises `Conflict` if a record's code is not the change's `before`: someone else changed it meanwhile.
    """
    by_lesson = {change.lesson_id: change for change in changes}
    return tuple(_changed(record, by_lesson.get(record.lesson_id)) for record in records)


def _changed(record: LessonRecord, change: Change | None) -> LessonRecord:
    if change is None:
        return record
    if record.code != change.before:
        raise Conflict(
            "The absence in the lesson {lesson_id} was changed since.",
            rule="absence-changed-since",
            field="lesson_id",
            lesson_id=record.lesson_id,
        )
    still_late = change.after is not None and change.after.late
    return replace(record, code=change.after, minutes=record.minutes if still_late else None)
