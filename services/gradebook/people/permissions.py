"""Who may read what of a student."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.auth import Actor
from kernel.errors import Forbidden

#: Administration and methodologist: they read all of the school (domain, §2).
ADMINISTRATION = ("director", "deputy", "methodologist")
#: Users of the journal (regulation, clause 2.1).
STAFF = (*ADMINISTRATION, "teacher")


@dataclass(frozen=True, slots=True)
class StudentTies:
    """How the actor is tied to a student: is the homeroom teacher; is a guardian who may look."""

    homeroom: bool
    guardian: bool


def is_administration(actor: Actor) -> bool:
    """Whether the actor reads all of the school."""
    return actor.has(*ADMINISTRATION)


def check_member_of_school(actor: Actor) -> None:
    """Refuse an actor who is nobody in this school, such as an operator."""
    if not (actor.has(*STAFF, "plan_head", "parent", "student") or actor.service is not None):
        raise Forbidden("This is for members of the school.", rule="members-only")


def may_read_student(actor: Actor, student_id: UUID, ties: StudentTies) -> bool:
    """Student, guardians with consent, homeroom teacher, administration (clauses 2.1, 2.2, 5.1, 5.2)."""
    return (
        is_administration(actor)
        or (actor.has("student") and actor.person_id == student_id)
        or (actor.has("parent") and ties.guardian)
        or (actor.has("teacher") and ties.homeroom)
    )
