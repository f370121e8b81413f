"""Who may read a student's data."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from contracts.roles import KEEPERS
from kernel.auth import Actor


@dataclass(frozen=True, slots=True)
class StudentTies:
    """How the actor is tied to a student: as homeroom teacher; as a guardian with consent."""

    homeroom: bool
    guardian: bool


def reads_whole_school(actor: Actor) -> bool:
    """Whether the actor's role gives access to all of the school's data."""
    return actor.holds(KEEPERS)


def may_read_student(actor: Actor, student_id: UUID, ties: StudentTies) -> bool:
    """The student, guardians with consent, the homeroom teacher, administration (clauses 2.1, 2.2, 5.1, 5.2)."""
    return (
        reads_as_staff(actor, ties)
        or (actor.has("student") and actor.person_id == student_id)
        or (actor.has("parent") and ties.guardian)
    )


def reads_as_staff(actor: Actor, ties: StudentTies) -> bool:
    """Whether it is the homeroom teacher or administration who reads a student's data (clauses 2.1, 3.3)."""
    return reads_whole_school(actor) or (actor.has("teacher") and ties.homeroom)
