"""Validates the check of a lesson (regulation, clause 3.3; domain, §6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from contracts.attendance.checks import NewAbsence
from contracts.gradebook.lessons import CANCELLED, ClosedView
from kernel.errors import Conflict, Forbidden, Invalid, Refused, Stale, together
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


def check_is_held(state: str) -> None:
    """Raises `Conflict` for a lesson that is cancelled, as the gradebook tells (clause 3.2)."""
    if state == CANCELLED:
        raise Conflict(
            "The lesson is cancelled. If it was held after all, the methodologist takes the cancellation back.",
            rule="lesson-cancelled",
            field="lesson_id",
        )


def check_term_open(closed: ClosedView | None) -> None:
    """Raises `Conflict` for a lesson that is `closed` with its term, which the gradebook tells (practice; domain, §8).

    The refusal says since when it is closed and who can open it. The days that the policy gives to change a topic and
    homework are none of attendance's.
    """
    if closed is not None and closed.by == "term":
        raise Conflict(
            "“{term}” ended on {ended_on}: who was absent could be entered until {date}. "
            "The methodologist can open the lesson again.",
            rule="term-closed",
            field="lesson_id",
            term=closed.term,
            ended_on=closed.ended_on,
            date=closed.last_day,
        )


def entered(absences: Sequence[NewAbsence], members: Collection[UUID], own: Collection[UUID]) -> dict[UUID, Entry]:
    """Student → entry of a check.

    `members` were in the lesson's course at its date; `own` are the students of the actor's class. Raises `Invalid`
    for a student who is not in the lesson or is named twice, an unknown code, or missing or misplaced minutes;
    `Forbidden` for a student of another class (clause 3.3).
    """
    entries: dict[UUID, Entry] = {}
    refusals: list[Refused] = []
    for position, absence in enumerate(absences):
        field, student_id = f"absences.{position}", absence.student_id
        try:
            _check_student(student_id, members, own, entries, field)
            entries[student_id] = Entry(code_read(absence.code, absence.minutes, field), absence.minutes)
        except Invalid as refusal:
            refusals.append(refusal)
    if refusals:
        raise together(refusals)
    return entries


def check_member(student_id: UUID, members: Collection[UUID], field: str = "student_id") -> None:
    """Raises `Invalid` for a student who was not in the lesson's course at its date (clause 3.3)."""
    if student_id not in members:
        raise Invalid("This student was not in the lesson.", rule="student-not-in-lesson", field=field)


def check_seen(standing: str | None, version: int | None, seen: int | None, code: str | None) -> None:
    """Raises `Stale` if somebody changed the absence since it was seen (practice: never the last one wins silently).

    `standing` is its code now, and `version` its state; `seen` is None for who saw no absence, `code` is the new one.
    """
    if seen == (version if standing is not None else None):
        return
    if standing is None:
        raise Stale("Meanwhile the absence was withdrawn here; you entered {entered}.", field="seen", entered=code)
    if code is None:
        raise Stale("Meanwhile {saved} was saved here; you emptied the field.", field="seen", saved=standing)
    raise Stale("Meanwhile {saved} was saved here; you entered {entered}.", field="seen", saved=standing, entered=code)


def _check_student(
    student_id: UUID, members: Collection[UUID], own: Collection[UUID], before: Collection[UUID], field: str
) -> None:
    """Refuse a student for whom the actor enters no absence in this check; `before` are those named already."""
    check_member(student_id, members, f"{field}.student_id")
    if student_id not in own:
        raise Forbidden(
            "Only the homeroom teacher of this student's class enters the student's absences.",
            rule="not-own-class",
            field=f"{field}.student_id",
        )
    if student_id in before:
        raise Invalid("This student is named twice.", rule="student-twice", field=f"{field}.student_id")
