"""Who may see a student's absences. Pure: decides from loaded data."""

from __future__ import annotations

from contracts.roles import STAFF
from kernel.auth import Actor
from services.attendance.copies.permissions import ClassOf, Student, no_such_class, no_such_student, sees_whole_school


def check_may_see_absences(actor: Actor, student: Student) -> None:
    """Raises `NotFound` for callers who may not see the absences, as if the student did not exist (clause 2.2)."""
    if not sees_whole_school(actor) and not _concerns(student, actor):
        raise no_such_student()


def check_may_see_class(actor: Actor, of: ClassOf) -> None:
    """Raises `NotFound` for who neither leads the class nor sees the school, as if it did not exist (clause 2.2)."""
    leads = actor.has("teacher") and actor.person_id is not None and of.homeroom_teacher_id == actor.person_id
    if not sees_whole_school(actor) and not leads:
        raise no_such_class(of.class_id)


def _concerns(student: Student, actor: Actor) -> bool:
    if actor.person_id is None:
        return False
    return (
        (actor.has("student") and actor.person_id == student.student_id)
        or (actor.has("parent") and actor.person_id in student.portal_guardians)
        or (actor.holds(STAFF) and actor.person_id == student.homeroom_teacher_id)
    )
