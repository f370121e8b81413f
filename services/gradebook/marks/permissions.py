"""Who may read a mark."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from kernel.auth import Actor
from services.gradebook.courses.permissions import CourseTies, may_read_day
from services.gradebook.people.permissions import StudentTies, may_read_student


def may_read_mark(actor: Actor, student_id: UUID, day: date, course: CourseTies, student: StudentTies) -> bool:
    """Whether the actor teaches the course, has taught it until the mark's day or longer, or may read the student's
    marks.
    """
    of_teacher = CourseTies(course.teaches, False, course.at_another_time, course.taught_until)
    return may_read_student(actor, student_id, student) or (
        actor.has("teacher") and may_read_day(actor, of_teacher, day)
    )
