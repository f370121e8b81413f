"""Every SELECT of the copies: students' classes, and who may see a student's absences."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.attendance.copies.permissions import ClassOf, Student, no_such_class, no_such_student
from services.attendance.copies.tables import ClassCopy, GuardianCopy, StudentCopy

_CLASS_OF_STUDENT = (ClassCopy.school_id == StudentCopy.school_id) & (ClassCopy.class_id == StudentCopy.class_id)


def classes_of(session: Session, student_ids: Collection[UUID]) -> dict[UUID, ClassOf]:
    """Student → class, for students in a class. A class that was not copied yet has no homeroom teacher."""
    rows = session.execute(
        select(StudentCopy.student_id, StudentCopy.class_id, ClassCopy.homeroom_teacher_id)
        .outerjoin(ClassCopy, _CLASS_OF_STUDENT)
        .where(StudentCopy.student_id.in_(student_ids))
    )
    return {student_id: ClassOf(class_id, homeroom) for student_id, class_id, homeroom in rows if class_id}


_STUDENT: Final = (
    select(ClassCopy.homeroom_teacher_id, GuardianCopy.guardian_id)
    .select_from(StudentCopy)
    .outerjoin(ClassCopy, _CLASS_OF_STUDENT)
    .outerjoin(
        GuardianCopy,
        (GuardianCopy.school_id == StudentCopy.school_id)
        & (GuardianCopy.student_id == StudentCopy.student_id)
        & GuardianCopy.portal,
    )
    .where(StudentCopy.student_id == bindparam("student_id"))
)


def student(session: Session, student_id: UUID) -> Student:
    """Who may see a student's absences. Raises `NotFound` for a student of another school."""
    rows = session.execute(_STUDENT, {"student_id": student_id}).all()
    if not rows:
        raise no_such_student()
    guardians = frozenset(row.guardian_id for row in rows if row.guardian_id is not None)
    return Student(student_id, guardians, rows[0].homeroom_teacher_id)


def class_of(session: Session, class_id: UUID) -> ClassOf:
    """A class with its homeroom teacher. Raises `NotFound` for a class of another school."""
    wanted = select(ClassCopy.class_id, ClassCopy.homeroom_teacher_id).where(ClassCopy.class_id == class_id)
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise no_such_class(class_id)
    return ClassOf(*found)
