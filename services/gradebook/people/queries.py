"""Selects a person's ties to a student."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, select

from services.gradebook.people.permissions import StudentTies
from services.gradebook.people.tables import ClassCopy, GuardianCopy, StudentCopy


class TiedToStudent(Protocol):
    """A row with what ties persons to its student."""

    homeroom_teacher_id: UUID | None
    guards: bool


def guards(student_id: Any) -> ColumnElement[bool]:
    """Whether the person of the parameter `person_id` is a guardian with consent of the student."""
    return exists().where(GuardianCopy.student_id == student_id, GuardianCopy.guardian_id == bindparam("person_id"))


def student_with_ties() -> Select[*tuple[Any, ...]]:
    """Selects the student of the parameter `student_id` with the columns of `TiedToStudent`."""
    return (
        select(ClassCopy.homeroom_teacher_id, guards(StudentCopy.student_id).label("guards"))
        .select_from(StudentCopy)
        .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
        .where(StudentCopy.student_id == bindparam("student_id"))
    )


def student_ties(row: TiedToStudent, person_id: UUID | None) -> StudentTies:
    """The person's ties to the student."""
    return StudentTies(
        homeroom=person_id is not None and row.homeroom_teacher_id == person_id, guardian=bool(row.guards)
    )
