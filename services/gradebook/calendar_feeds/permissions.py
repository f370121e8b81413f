"""Who has a calendar feed of what: teachers of the lessons that they hold, families of the student's."""

from __future__ import annotations

from uuid import UUID

from kernel.auth import Actor
from kernel.errors import Forbidden
from services.gradebook.people.permissions import StudentTies
from services.gradebook.rows import missing


def check_teaches(actor: Actor) -> None:
    """Refuse all but teachers a feed of the lessons that they hold."""
    if not actor.has("teacher"):
        raise Forbidden("Say of which student the calendar is to be.", rule="student-required", field="student_id")


def may_have_of_student(actor: Actor, student_id: UUID, ties: StudentTies | None) -> bool:
    """The student and guardians with consent to the portal (clauses 2.2, 5.1, 5.2): nobody's work needs more."""
    own = actor.has("student") and actor.person_id == student_id
    return ties is not None and (own or (actor.has("parent") and ties.guardian))


def check_family(actor: Actor, student_id: UUID, ties: StudentTies | None) -> None:
    """Refuse all but a student's family; to others there is no such student."""
    if not may_have_of_student(actor, student_id, ties):
        raise missing("student", student_id)
