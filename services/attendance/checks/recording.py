"""Writes checks and their history."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from contracts.attendance.checks import AbsenceRecorded
from kernel.data.copies import replacing
from kernel.data.rows import insert_rows
from services.attendance.absences.tables import Absence
from services.attendance.checks.tables import LessonCheck, LessonCheckRevision


def keep_checks(
    session: Session,
    school_id: UUID,
    lesson_id: UUID,
    class_ids: Iterable[UUID],
    *,
    by: UUID | None,
    at: datetime,
) -> bool:
    """Record that these classes were checked in a lesson; a repeated check increases the version.

    Returns whether one of them was checked for the first time.
    """
    checks = [
        {
            "school_id": school_id,
            "lesson_id": lesson_id,
            "class_id": class_id,
            "version": 1,
            "checked_at": at,
            "checked_by": by,
        }
        for class_id in sorted(class_ids)
    ]
    statement = replacing(session, LessonCheck, version=LessonCheck.version + 1)
    versions = session.execute(statement.returning(LessonCheck.class_id, LessonCheck.version), checks)
    version_of = dict(versions.all())
    session.execute(
        insert(LessonCheckRevision), [check | {"version": version_of[check["class_id"]]} for check in checks]
    )
    return 1 in version_of.values()


def first_checks(
    session: Session, school_id: UUID, classes: Collection[tuple[UUID, UUID]], *, by: UUID | None, at: datetime
) -> list[UUID]:
    """Record that classes were checked in lessons, pairs of both, those that were not checked yet.

    Returns the lessons in which one of them was.
    """
    before = select(LessonCheck.lesson_id, LessonCheck.class_id).where(
        LessonCheck.lesson_id.in_({lesson_id for lesson_id, _ in classes})
    )
    known = {(row.lesson_id, row.class_id) for row in session.execute(before)}
    own = {"school_id": school_id, "version": 1, "checked_at": at, "checked_by": by}
    new = [own | {"lesson_id": lesson, "class_id": of_class} for lesson, of_class in sorted(set(classes) - known)]
    insert_rows(session, LessonCheck, new)
    insert_rows(session, LessonCheckRevision, new)
    return sorted({lesson_id for lesson_id, _ in set(classes) - known})


def recorded(absence: Absence) -> AbsenceRecorded:
    """Announces a new, changed or withdrawn absence."""
    return AbsenceRecorded(absence_id=absence.id, lesson_id=absence.lesson_id, student_id=absence.student_id)
