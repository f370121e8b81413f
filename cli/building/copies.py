"""What the gradebook keeps of identity's people: classes, students, guardians with portal consent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from cli.building import Rows
from services.gradebook.people import tables


@dataclass(frozen=True)
class Class:
    """A class with its students."""

    id: UUID
    name: str
    grade: int
    students: tuple[UUID, ...]
    homeroom_teacher: UUID | None = None


def copies(classes: Iterable[Class], guardians: Mapping[UUID, UUID]) -> Rows:
    """First revisions of classes and their students; `guardians` are by student."""
    classes = list(classes)
    return [
        (
            tables.ClassCopy,
            [
                {
                    "class_id": one.id,
                    "revision": 1,
                    "name": one.name,
                    "grade": one.grade,
                    "homeroom_teacher_id": one.homeroom_teacher,
                }
                for one in classes
            ],
        ),
        (
            tables.StudentCopy,
            [{"student_id": student, "revision": 1, "class_id": one.id} for one in classes for student in one.students],
        ),
        (
            tables.GuardianCopy,
            [{"student_id": student, "guardian_id": guardian} for student, guardian in guardians.items()],
        ),
    ]
