"""Every SELECT of absences."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.attendance.absences.tables import Absence, AbsenceRevision
from services.attendance.copies.tables import LessonCopy, StudentCopy

_WITH_LESSON: Final = select(Absence, LessonCopy).join(
    LessonCopy, (LessonCopy.school_id == Absence.school_id) & (LessonCopy.lesson_id == Absence.lesson_id)
)
_STANDING: Final = _WITH_LESSON.where(Absence.code.is_not(None))
_ABSENCES_BETWEEN: Final = _STANDING.where(
    Absence.student_id == bindparam("student_id"),
    LessonCopy.date.between(bindparam("starts_on"), bindparam("ends_on")),
).order_by(LessonCopy.date, LessonCopy.number, Absence.id)
_ABSENCES_BY_ID: Final = _WITH_LESSON.where(among(Absence.id, "absence_ids")).order_by(Absence.id)
_NUMBERS_IN_CLASS: Final = (
    select(Absence.student_id, Absence.code, func.count())
    .join(LessonCopy, (LessonCopy.school_id == Absence.school_id) & (LessonCopy.lesson_id == Absence.lesson_id))
    .join(StudentCopy, (StudentCopy.school_id == Absence.school_id) & (StudentCopy.student_id == Absence.student_id))
    .where(
        StudentCopy.class_id == bindparam("class_id"),
        Absence.code.is_not(None),
        LessonCopy.date.between(bindparam("starts_on"), bindparam("ends_on")),
    )
    .group_by(Absence.student_id, Absence.code)
    .order_by(Absence.student_id, Absence.code)
)


class NumberOfCode(NamedTuple):
    """How often a student has a code."""

    student_id: UUID
    code: str
    number: int


_IN_CELLS: Final = select(Absence).where(
    among(Absence.lesson_id, "lesson_ids"), among(Absence.student_id, "student_ids")
)
_LAST_REVISIONS: Final = (
    select(AbsenceRevision)
    .join(Absence, (Absence.id == AbsenceRevision.absence_id) & (Absence.version == AbsenceRevision.version))
    .where(among(AbsenceRevision.absence_id, "absence_ids"))
)


_REVISIONS: Final = (
    select(AbsenceRevision)
    .where(AbsenceRevision.absence_id == bindparam("absence_id"))
    .order_by(AbsenceRevision.version)
)


def absences_by_student(session: Session, lesson_id: UUID, student_ids: Collection[UUID]) -> dict[UUID, Absence]:
    """Student → absence in a lesson, withdrawn ones included."""
    rows = session.scalars(select(Absence).where(Absence.lesson_id == lesson_id, Absence.student_id.in_(student_ids)))
    return {row.student_id: row for row in rows}


def absences_in_cells(
    session: Session, lesson_ids: Collection[UUID], student_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], Absence]:
    """Lesson and student → absence, withdrawn ones included, of these students in these lessons."""
    rows = session.scalars(_IN_CELLS, {"lesson_ids": lesson_ids, "student_ids": student_ids})
    return {(row.lesson_id, row.student_id): row for row in rows}


def last_revisions(session: Session, absence_ids: Collection[UUID]) -> dict[UUID, AbsenceRevision]:
    """Absence → its last state, with who left it so and when."""
    rows = session.scalars(_LAST_REVISIONS, {"absence_ids": absence_ids})
    return {row.absence_id: row for row in rows}


def revisions(session: Session, absence_id: UUID) -> list[AbsenceRevision]:
    """Every state of an absence, first to last."""
    return list(session.scalars(_REVISIONS, {"absence_id": absence_id}))


def absences_between(
    session: Session, student_id: UUID, starts_on: date, ends_on: date
) -> list[tuple[Absence, LessonCopy]]:
    """A student's absences between two dates, both included, by date and lesson."""
    wanted = {"student_id": student_id, "starts_on": starts_on, "ends_on": ends_on}
    return _pairs(session, _ABSENCES_BETWEEN, wanted)


def numbers_in_class(session: Session, class_id: UUID, starts_on: date, ends_on: date) -> list[NumberOfCode]:
    """How often the class's present students have each code between two dates, both included, by student."""
    wanted = {"class_id": class_id, "starts_on": starts_on, "ends_on": ends_on}
    rows = session.execute(_NUMBERS_IN_CLASS, wanted)
    return [NumberOfCode(student_id, code, number) for student_id, code, number in rows if code is not None]


def absences_by_id(session: Session, absence_ids: Collection[UUID]) -> list[tuple[Absence, LessonCopy]]:
    """Absences, withdrawn ones included, each with its lesson."""
    return _pairs(session, _ABSENCES_BY_ID, {"absence_ids": absence_ids})


def _pairs(session: Session, statement: Any, wanted: dict[str, Any]) -> list[tuple[Absence, LessonCopy]]:
    return [(absence, lesson) for absence, lesson in session.execute(statement, wanted)]
