"""Who may read a mark."""

from __future__ import annotations

from uuid import UUID

from kernel.auth import Actor
from services.gradebook.courses.permissions import CourseTies
from services.gradebook.people.permissions import StudentTies, may_read_student


def may_read_mark(actor: Actor, student_id: UUID, course: CourseTies, student: StudentTies) -> bool:
    """Whether the actor teaches the course or may read the student's marks."""
    return (actor.has("teacher") and course.teaches) or may_read_student(actor, student_id, student)
