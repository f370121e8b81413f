"""Selects a person's ties to a student."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, select
from sqlalchemy.orm import Session

from services.gradebook.people.permissions import StudentTies
from services.gradebook.people.tables import ClassCopy, GuardianCopy, StudentCopy


def guards(person_id: UUID | None, student_id: Any) -> ColumnElement[bool]:
    """Whether the person is a guardian with consent of the student."""
    if person_id is None:
        return false()
    return exists().where(GuardianCopy.student_id == student_id, GuardianCopy.guardian_id == person_id)


def student_ties(session: Session, student_id: UUID, person_id: UUID | None) -> StudentTies | None:
    """The person's ties to the student; None if the school has no such student."""
    row = session.execute(
        select(ClassCopy.homeroom_teacher_id, guards(person_id, StudentCopy.student_id).label("guards"))
        .select_from(StudentCopy)
        .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
        .where(StudentCopy.student_id == student_id)
    ).one_or_none()
    if row is None:
        return None
    return StudentTies(
        homeroom=person_id is not None and row.homeroom_teacher_id == person_id, guardian=bool(row.guards)
    )
