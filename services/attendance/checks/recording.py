"""Writes checks and their history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from kernel.data.copies import replacing
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
