"""Every SELECT of checks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.attendance.absences.tables import Absence
from services.attendance.checks.tables import LessonCheck, LessonCheckRevision
from services.attendance.copies.tables import ClassCopy, LessonCopy, LessonTeacherCopy


class CheckRow(NamedTuple):
    """The check of a class in a lesson, with one of the class's absences there; a check has as many rows as these."""

    check: LessonCheck
    #: None where nobody was absent.
    absence: Absence | None
    lesson: LessonCopy


_CHECKS: Final = (
    select(LessonCheck, Absence, LessonCopy)
    .join(LessonCopy, (LessonCopy.school_id == LessonCheck.school_id) & (LessonCopy.lesson_id == LessonCheck.lesson_id))
    .outerjoin(
        Absence,
        (Absence.school_id == LessonCheck.school_id)
        & (Absence.lesson_id == LessonCheck.lesson_id)
        & (Absence.class_id == LessonCheck.class_id)
        & Absence.code.is_not(None),
    )
    .where(among(LessonCheck.lesson_id, "lesson_ids"))
    .order_by(Absence.id)
)
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


_REVISIONS: Final = (
    select(LessonCheckRevision)
    .where(
        LessonCheckRevision.lesson_id == bindparam("lesson_id"), LessonCheckRevision.class_id == bindparam("class_id")
    )
    .order_by(LessonCheckRevision.version)
)


def checks_of(session: Session, lesson_ids: Collection[UUID]) -> list[CheckRow]:
    """The checks of these lessons, of every class."""
    return _rows(session, _CHECKS, {"lesson_ids": lesson_ids})


def checks_seen_by(session: Session, lesson_ids: Collection[UUID], person_id: UUID | None) -> list[CheckRow]:
    """The checks of these lessons that the person taught, or of classes whose homeroom teacher the person is."""
    return _rows(session, _CHECKS_SEEN, {"lesson_ids": lesson_ids, "person_id": person_id})


def revisions(session: Session, lesson_id: UUID, class_id: UUID) -> list[LessonCheckRevision]:
    """Every check of a class in a lesson, first to last."""
    return list(session.scalars(_REVISIONS, {"lesson_id": lesson_id, "class_id": class_id}))


def _rows(session: Session, statement: Any, wanted: dict[str, Any]) -> list[CheckRow]:
    return [CheckRow(*row) for row in session.execute(statement, wanted)]
