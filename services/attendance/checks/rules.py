"""Validates the check of a lesson (regulation, clause 3.3; domain, §6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from contracts.attendance.checks import NewAbsence
from kernel.errors import Forbidden, Invalid
from services.attendance.absences.rules.entries import Entry
from services.attendance.codes.rules import code_read


def check_not_ahead(lesson_date: date, today: date) -> None:
    """Raises `Invalid` for a future lesson (domain, §6: announced is not checked); `today` is the school's date."""
    if lesson_date > today:
        raise Invalid(
            "The lesson is on {date}: it can be checked from that day on.",
            rule="lesson-ahead",
            field="lesson_id",
            date=lesson_date,
        )


def entered(absences: Sequence[NewAbsence], members: Collection[UUID], own: Collection[UUID]) -> dict[UUID, Entry]:
    """Student → entry of a check.

    `members` were in the lesson's course at its date; `own` are the students of the actor's class. Raises `Invalid`
    for a student who is not in the lesson or is named twice, an unknown code, or missing or misplaced minutes;
    `Forbidden` for a student of another class (clause 3.3).
    """
    entries: dict[UUID, Entry] = {}
    for position, absence in enumerate(absences):
        field, student_id = f"absences.{position}", absence.student_id
        if student_id not in members:
            raise Invalid(
                "This student was not in the lesson.",
                rule="student-not-in-lesson",
                field=f"{field}.student_id",
            )
        if student_id not in own:
            raise Forbidden(
                "Only the homeroom teacher of this student's class enters the student's absences.",
                rule="not-own-class",
                field=f"{field}.student_id",
            )
        if student_id in entries:
            raise Invalid("This student is named twice.", rule="student-twice", field=f"{field}.student_id")
        entries[student_id] = Entry(code_read(absence.code, absence.minutes, field), absence.minutes)
    return entries
