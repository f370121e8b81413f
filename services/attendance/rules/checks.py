"""What a lesson's check may hold, and what it changes (regulation, clause 3.3; domain, §6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from kernel.errors import Forbidden, Invalid
from services.attendance.rules.codes import check_code

#: The longest range of days a list of absences covers: a school year and its summer.
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Entry:
    """What is recorded of a student in a lesson; `code` is None where an absence was withdrawn."""

    code: str | None
    minutes: int | None = None


WITHDRAWN = Entry(None)


def check_not_ahead(lesson_date: date, today: date) -> None:
    """Refuse to check a lesson that is still to come (domain, §6: announced is not checked); `today` is local."""
    if lesson_date > today:
        raise Invalid(
            "The lesson is on {date}: it can be checked from that day on.",
            rule="lesson-ahead", field="lesson_id", date=lesson_date.isoformat(),
        )  # fmt: skip


def check_days(starts_on: date, ends_on: date) -> None:
    """Refuse a range of days that ends before it starts, or is longer than a year (regulation, clause 3.3)."""
    if ends_on < starts_on:
        raise Invalid("The range ends before it starts.", rule="range-reversed", field="ends_on")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise Invalid(
            "The range is longer than {days} days: ask for less at once.",
            rule="range-too-long", field="ends_on", days=LONGEST_DAYS,
        )  # fmt: skip


def entered(absences: list[dict[str, Any]], members: Collection[UUID], own: Collection[UUID]) -> dict[UUID, Entry]:
    """What a check enters, by student.

    `members` were in the lesson's course at its date; `own` are those of the actor's class. Raises `Invalid`
    for a student who is not in the lesson or is named twice, a code that is none and minutes out of place,
    `Forbidden` for a student of another class (clause 3.3).
    """
    entries: dict[UUID, Entry] = {}
    for position, absence in enumerate(absences):
        field, student_id = f"absences.{position}", absence["student_id"]
        if student_id not in members:
            raise Invalid(
                "This student was not in the lesson.",
                rule="student-not-in-lesson",
                field=f"{field}.student_id",
            )
        if student_id not in own:
            raise Forbidden(
                "Only the homeroom teacher of this student's class enters the student's absences.",
                rule="not-own-class", field=f"{field}.student_id",
            )  # fmt: skip
        if student_id in entries:
            raise Invalid("This student is named twice.", rule="student-twice", field=f"{field}.student_id")
        check_code(absence["code"], absence["minutes"], field)
        entries[student_id] = Entry(absence["code"], absence["minutes"])
    return entries


def changes(before: Mapping[UUID, Entry], now: Mapping[UUID, Entry]) -> dict[UUID, Entry]:
    """What a repeated check changes, by student: new and other entries, and `WITHDRAWN` where one is gone.

    Source: regulation, clause 3.3.
    """
    gone = {student: WITHDRAWN for student, entry in before.items() if student not in now and entry != WITHDRAWN}
    return {student: entry for student, entry in now.items() if before.get(student) != entry} | gone
