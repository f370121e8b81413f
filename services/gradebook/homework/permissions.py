"""Who may see what a lesson's homework has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kernel.auth import Actor
from services.gradebook.courses.permissions import CourseTies, may_read_day


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
