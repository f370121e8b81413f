"""Who may do what, decided on what the loaded rows say of the actor.

What an actor may not read does not exist for him (`NotFound`); what he may read and not write is `Forbidden`,
as is anything a role never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.auth import Actor
from kernel.errors import Forbidden, NotFound

#: Administration and methodologist: they read all of the school (domain, §2).
ADMINISTRATION = ("director", "deputy", "methodologist")
#: Users of the journal (regulation, clause 2.1).
STAFF = (*ADMINISTRATION, "teacher")
#: Services that read journal pages and lessons of their own accord.
READING_SERVICES = frozenset({"printing", "attendance"})
#: The service that writes notices.
NOTICE_SERVICE = "notifications"


@dataclass(frozen=True, slots=True)
class CourseTies:
    """How the actor is tied to a course: teaches it; is homeroom teacher of a class with students in it."""

    teaches: bool
    homeroom: bool


@dataclass(frozen=True, slots=True)
class StudentTies:
    """How the actor is tied to a student: is the homeroom teacher; is a guardian who may look."""

    homeroom: bool
    guardian: bool


def is_administration(actor: Actor) -> bool:
    """Whether the actor reads all of the school."""
    return actor.has(*ADMINISTRATION)


def check_staff(actor: Actor) -> None:
    """Refuse families and operators: students and parents have no access to the journal (clause 2.1)."""
    if not (actor.has(*STAFF) or actor.service in READING_SERVICES):
        raise Forbidden("The journal is for the school's staff.", rule="journal-for-staff")


def check_member_of_school(actor: Actor) -> None:
    """Refuse an actor who is nobody in this school, such as an operator."""
    if not (actor.has(*STAFF, "plan_head", "parent", "student") or actor.service is not None):
        raise Forbidden("This is for members of the school.", rule="members-only")


def check_teacher(actor: Actor) -> None:
    """Refuse those who never write in the journal: it is the subject teacher's to fill in (clause 3.2)."""
    if not actor.has("teacher"):
        raise Forbidden("Only the teacher of the course writes in its journal.", rule="teacher-required")


def reads_all_courses(actor: Actor) -> bool:
    """The administration; printing and attendance, which work for the whole school."""
    return is_administration(actor) or actor.service in READING_SERVICES


def may_read_course(actor: Actor, ties: CourseTies) -> bool:
    """Who reads all courses, the course's teachers, homeroom teachers of its students (clauses 2.1, 3.3)."""
    return reads_all_courses(actor) or (actor.has("teacher") and (ties.teaches or ties.homeroom))


def may_write_course(actor: Actor, ties: CourseTies) -> bool:
    """The course's teachers alone (clause 3.2)."""
    return actor.has("teacher") and ties.teaches


def check_writes_course(actor: Actor, ties: CourseTies, missing: NotFound) -> None:
    """Refuse all but the course's teachers: `missing` to those who may not even read it."""
    if may_write_course(actor, ties):
        return
    if not may_read_course(actor, ties):
        raise missing
    raise Forbidden("Only the teacher of the course writes in its journal.", rule="not-your-course")


def may_read_student(actor: Actor, student_id: UUID, ties: StudentTies) -> bool:
    """Student, guardians with consent, homeroom teacher, administration (clauses 2.1, 2.2, 5.1, 5.2)."""
    return (
        is_administration(actor)
        or (actor.has("student") and actor.person_id == student_id)
        or (actor.has("parent") and ties.guardian)
        or (actor.has("teacher") and ties.homeroom)
    )


def may_read_mark(actor: Actor, student_id: UUID, course: CourseTies, student: StudentTies) -> bool:
    """The course's teachers beside everyone who may read the student's marks."""
    return (actor.has("teacher") and course.teaches) or may_read_student(actor, student_id, student)


def check_reads_day(actor: Actor, teacher_id: UUID | None) -> None:
    """Refuse another teacher's day to all but the administration."""
    if not is_administration(actor) and actor.person_id != teacher_id:
        raise Forbidden("Another teacher's day is for the administration.", rule="not-your-day", field="teacher_id")


def check_notices(actor: Actor) -> None:
    """Refuse all but the service that writes notices."""
    if actor.service != NOTICE_SERVICE:
        raise Forbidden("Notices are for the notifications service.", rule="service-only")
