"""Selects a person's ties to a student, and copies of students."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, select
from sqlalchemy.orm import Session

from kernel.data.among import among
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


_STUDENT: Final = student_with_ties()
_NOBODYS: Final = StudentTies(homeroom=False, guardian=False)


def ties_to_student(session: Session, student_id: UUID, person_id: UUID | None) -> StudentTies:
    """The person's ties to a student; none where the school has no such student."""
    row = session.execute(_STUDENT, {"student_id": student_id, "person_id": person_id}).one_or_none()
    return _NOBODYS if row is None else student_ties(cast(TiedToStudent, row), person_id)


_COPIES: Final = (
    select(StudentCopy.class_id)
    .where(among(StudentCopy.student_id, "student_ids"))
    .order_by(StudentCopy.student_id)
    .with_for_update(key_share=True)
)


def classes_before(session: Session, student_ids: Collection[UUID]) -> set[UUID]:
    """The classes in which these students were so far; nobody else renews their copies meanwhile."""
    found = session.scalars(_COPIES, {"student_ids": student_ids})
    return {class_id for class_id in found if class_id is not None}
