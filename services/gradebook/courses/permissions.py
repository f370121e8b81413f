"""Who may read and write a course's journal."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.auth import Actor
from kernel.errors import Forbidden, NotFound
from services.gradebook.people.permissions import STAFF, is_administration

#: Services that read journal pages and lessons of their own accord.
READING_SERVICES = frozenset({"printing", "attendance"})


@dataclass(frozen=True, slots=True)
class CourseTies:
    """How the actor is tied to a course: teaches it; is homeroom teacher of a class with students in it."""

    teaches: bool
    homeroom: bool


def check_staff(actor: Actor) -> None:
    """Refuse families and operators: students and parents have no access to the journal (clause 2.1)."""
    if not (actor.has(*STAFF) or actor.service in READING_SERVICES):
        raise Forbidden("The journal is for the school's staff.", rule="journal-for-staff")


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
