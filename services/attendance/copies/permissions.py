"""Who sees the whole school, and the facts of students that permissions depend on. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from contracts.roles import KEEPERS
from kernel.auth import Actor
from kernel.errors import NotFound

#: A journal is printed with its absences; an import is undone only where none were checked in its lessons.
READING_SERVICES = frozenset({"printing", "gradebook"})


@dataclass(frozen=True, slots=True)
class ClassOf:
    """The class a student is in today, and its homeroom teacher."""

    class_id: UUID
    homeroom_teacher_id: UUID | None


@dataclass(frozen=True, slots=True)
class Student:
    """Who may see a student's absences besides the student: consenting guardians and the homeroom teacher."""

    student_id: UUID
    portal_guardians: frozenset[UUID]
    homeroom_teacher_id: UUID | None


def sees_whole_school(actor: Actor) -> bool:
    """Those who keep the school's data; a service that shows it on to those who may see it."""
    return actor.service in READING_SERVICES or actor.holds(KEEPERS)


def no_such_class(class_id: UUID) -> NotFound:
    """The refusal for a class that does not exist, and for a class of another homeroom teacher."""
    return NotFound("There is no such class.", rule="no-such-class", field="class_id", id=class_id)


def no_such_student() -> NotFound:
    """The refusal for a student who does not exist, and for a student of another family."""
    return NotFound("There is no such student.", rule="no-such-student", field="student_id")
