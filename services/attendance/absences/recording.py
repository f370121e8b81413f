"""Writes absences and their history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.attendance.absences import queries
from services.attendance.absences.rules.entries import Entry, changes
from services.attendance.absences.tables import Absence, AbsenceRevision


def enter(
    session: Session,
    lesson_id: UUID,
    own: Mapping[UUID, UUID],
    entries: Mapping[UUID, Entry],
    *,
    by: UUID | None,
    at: datetime,
) -> list[Absence]:
    """Replace the absences of the students `own` (student → class) with `entries`. Returns those that changed."""
    changed = _changed(session, lesson_id, own, entries)
    add_revisions(session, changed, by=by, at=at)
    return changed


def _changed(
    session: Session, lesson_id: UUID, own: Mapping[UUID, UUID], entries: Mapping[UUID, Entry]
) -> list[Absence]:
    """The new and changed absences of `own`, with the values of `entries` set."""
    rows = queries.absences_by_student(session, lesson_id, own)
    before = {student_id: Entry(row.code, row.minutes) for student_id, row in rows.items()}
    changed = []
    for student_id, entry in changes(before, entries).items():
        changed.append(renewed(rows.get(student_id), (lesson_id, student_id), own[student_id], entry))
    return changed


def renewed(before: Absence | None, of: tuple[UUID, UUID], class_id: UUID, entry: Entry) -> Absence:
    """The absence as an entry makes it, for `add_revisions`; `of` are the lesson and the student, who is in a class."""
    row = before or Absence(id=uuid7(), lesson_id=of[0], student_id=of[1], version=0)
    row.class_id, row.code, row.minutes = class_id, entry.code, entry.minutes
    row.version += 1
    return row


def add_revisions(session: Session, absences: list[Absence], *, by: UUID | None, at: datetime) -> None:
    """Write new and changed absences, and append the new state of each to its history."""
    session.add_all(absences)
    session.flush()
    session.add_all(
        AbsenceRevision(
            absence_id=absence.id,
            version=absence.version,
            code=absence.code,
            minutes=absence.minutes,
            changed_by=by,
            changed_at=at,
        )
        for absence in absences
    )
