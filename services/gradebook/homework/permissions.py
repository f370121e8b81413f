"""Who may see what a lesson's homework has, and who sees and sets whether it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel.auth import Actor
from services.gradebook.courses.permissions import CourseTies, may_read_day
from services.gradebook.people.permissions import StudentTies


@dataclass(frozen=True, slots=True)
class FamilyTies:
    """How the actor is tied to students who have the homework of a lesson: is one; guards one, with consent."""

    own: bool
    guards: bool


def may_have_homework(actor: Actor, course: CourseTies, family: FamilyTies, day: date) -> bool:
    """Whoever may read the lesson, its students, and their guardians with consent to the portal (clauses 1.4, 2.2)."""
    return (
        may_read_day(actor, course, day)
        or (actor.has("student") and family.own)
        or (actor.has("parent") and family.guards)
    )


def may_see_done(actor: Actor, student_id: UUID, ties: StudentTies) -> bool:
    """The student, and guardians with consent: a tick is the student's own, and no matter of the school (practice)."""
    own = actor.has("student") and actor.person_id == student_id
    return own or (actor.has("parent") and ties.guardian)


def may_tick(actor: Actor, *, own: bool, given: bool) -> bool:
    """The student who has the homework of the lesson, where it gave the student any (practice)."""
    return actor.has("student") and own and given
