"""Every SELECT of checks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.attendance.checks.tables import LessonCheck
from services.attendance.copies.tables import ClassCopy, LessonTeacherCopy

_CHECKS: Final = select(LessonCheck).where(among(LessonCheck.lesson_id, "lesson_ids"))
_CHECKS_SEEN: Final = _CHECKS.where(
    or_(
        exists().where(
            LessonTeacherCopy.school_id == LessonCheck.school_id,
            LessonTeacherCopy.lesson_id == LessonCheck.lesson_id,
            LessonTeacherCopy.teacher_id == bindparam("person_id"),
        ),
        exists().where(
            ClassCopy.school_id == LessonCheck.school_id,
            ClassCopy.class_id == LessonCheck.class_id,
            ClassCopy.homeroom_teacher_id == bindparam("person_id"),
        ),
    )
)


def checks_of(session: Session, lesson_ids: Collection[UUID]) -> list[LessonCheck]:
    """The checks of these lessons, of every class."""
    return list(session.scalars(_CHECKS, {"lesson_ids": lesson_ids}))


def checks_seen_by(session: Session, lesson_ids: Collection[UUID], person_id: UUID | None) -> list[LessonCheck]:
    """The checks of these lessons that the person taught, or of classes whose homeroom teacher the person is."""
    return list(session.scalars(_CHECKS_SEEN, {"lesson_ids": lesson_ids, "person_id": person_id}))
