"""Who may read a mark."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from kernel.auth import Actor
from services.gradebook.courses.permissions import CourseTies, may_read_day
from services.gradebook.people.permissions import StudentTies, may_read_student, reads_whole_school


def may_read_mark(actor: Actor, student_id: UUID, day: date, course: CourseTies, student: StudentTies) -> bool:
    """Whether the actor teaches the course, has taught it until the mark's day or longer, or may read the student's
    marks.
    """
    return may_read_student(actor, student_id, student) or _teaches(actor, day, course)


def reads_mark_as_staff(actor: Actor, day: date, course: CourseTies, student: StudentTies) -> bool:
    """Whether the actor reads of a mark what families do not: hidden ones, why it was changed, whether it came late.

    Who is no teacher of the student's reads as the family does.
    """
    return reads_whole_school(actor) or (actor.has("teacher") and student.homeroom) or _teaches(actor, day, course)


def _teaches(actor: Actor, day: date, course: CourseTies) -> bool:
    of_teacher = CourseTies(course.teaches, False, course.at_another_time, course.taught_until)
    return actor.has("teacher") and may_read_day(actor, of_teacher, day)
