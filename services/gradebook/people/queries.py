"""Selects a person's ties to a student."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.orm import Session

from services.gradebook.people.permissions import StudentTies
from services.gradebook.people.tables import ClassCopy, GuardianCopy, StudentCopy


def guards(student_id: Any) -> ColumnElement[bool]:
    """Whether the person of the parameter `person_id` is a guardian with consent of the student."""
    return exists().where(GuardianCopy.student_id == student_id, GuardianCopy.guardian_id == bindparam("person_id"))


_TIES: Final = (
    select(ClassCopy.homeroom_teacher_id, guards(StudentCopy.student_id).label("guards"))
    .select_from(StudentCopy)
    .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .where(StudentCopy.student_id == bindparam("student_id"))
)


def student_ties(session: Session, student_id: UUID, person_id: UUID | None) -> StudentTies | None:
    """The person's ties to the student; None if the school has no such student."""
    row = session.execute(_TIES, {"student_id": student_id, "person_id": person_id}).one_or_none()
    if row is None:
        return None
    return StudentTies(
        homeroom=person_id is not None and row.homeroom_teacher_id == person_id, guardian=bool(row.guards)
    )
