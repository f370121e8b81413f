"""Every SELECT of checks."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from services.attendance.checks.tables import LessonCheck
from services.attendance.copies.tables import ClassCopy, LessonTeacherCopy


def checks_of(session: Session, lesson_ids: Collection[UUID]) -> list[LessonCheck]:
    """The checks of these lessons, of every class."""
    return list(session.scalars(select(LessonCheck).where(LessonCheck.lesson_id.in_(lesson_ids))))


def checks_seen_by(session: Session, lesson_ids: Collection[UUID], teacher_id: UUID | None) -> list[LessonCheck]:
    """The checks of these lessons that a teacher taught, or of classes whose homeroom teacher the person is."""
    taught = exists().where(
        LessonTeacherCopy.school_id == LessonCheck.school_id,
        LessonTeacherCopy.lesson_id == LessonCheck.lesson_id,
        LessonTeacherCopy.teacher_id == teacher_id,
    )
    own_class = exists().where(
        ClassCopy.school_id == LessonCheck.school_id,
        ClassCopy.class_id == LessonCheck.class_id,
        ClassCopy.homeroom_teacher_id == teacher_id,
    )
    return list(
        session.scalars(select(LessonCheck).where(LessonCheck.lesson_id.in_(lesson_ids), or_(taught, own_class)))
    )
