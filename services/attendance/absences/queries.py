"""Every SELECT of absences."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.attendance.absences.tables import Absence
from services.attendance.copies.tables import LessonCopy


def absences_by_student(session: Session, lesson_id: UUID, student_ids: Collection[UUID]) -> dict[UUID, Absence]:
    """Student → absence in a lesson, withdrawn ones included."""
    rows = session.scalars(select(Absence).where(Absence.lesson_id == lesson_id, Absence.student_id.in_(student_ids)))
    return {row.student_id: row for row in rows}


def absences_in(session: Session, lesson_ids: Collection[UUID]) -> list[tuple[Absence, LessonCopy]]:
    """Absences from these lessons, each with its lesson, in the order of first entry."""
    return _absences(session, Absence.lesson_id.in_(lesson_ids), Absence.id)


def absences_between(
    session: Session, student_id: UUID, starts_on: date, ends_on: date
) -> list[tuple[Absence, LessonCopy]]:
    """A student's absences between two dates, both included, by date and lesson."""
    return _absences(
        session,
        (Absence.student_id == student_id) & LessonCopy.date.between(starts_on, ends_on),
        LessonCopy.date,
        LessonCopy.number,
        Absence.id,
    )


def _absences(session: Session, condition: Any, *order: Any) -> list[tuple[Absence, LessonCopy]]:
    rows = session.execute(_with_lesson().where(Absence.code.is_not(None), condition).order_by(*order))
    return [(absence, lesson) for absence, lesson in rows]


def absences_by_id(session: Session, absence_ids: Collection[UUID]) -> list[tuple[Absence, LessonCopy]]:
    """Absences, withdrawn ones included, each with its lesson."""
    rows = session.execute(_with_lesson().where(Absence.id.in_(absence_ids)).order_by(Absence.id))
    return [(absence, lesson) for absence, lesson in rows]


def _with_lesson() -> Any:
    lesson = (LessonCopy.school_id == Absence.school_id) & (LessonCopy.lesson_id == Absence.lesson_id)
    return select(Absence, LessonCopy).join(LessonCopy, lesson)
