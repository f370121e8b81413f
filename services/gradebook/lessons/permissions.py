"""Who may read a teacher's day."""

from __future__ import annotations

from uuid import UUID

from kernel.auth import Actor
from kernel.errors import Forbidden
from services.gradebook.people.permissions import reads_whole_school


def whose_day(actor: Actor, teacher_id: UUID | None) -> UUID | None:
    """The teacher whose day is asked for: the actor where nobody is named; None for one who is no person.

    Refuses another teacher's day unless the actor reads the whole school.
    """
    teacher_id = teacher_id or actor.person_id
    if not reads_whole_school(actor) and actor.person_id != teacher_id:
        raise Forbidden("Another teacher's day is for the administration.", rule="not-your-day", field="teacher_id")
    return teacher_id
