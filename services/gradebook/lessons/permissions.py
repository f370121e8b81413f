"""Who may read a teacher's day."""

from __future__ import annotations

from uuid import UUID

from kernel.auth import Actor
from kernel.errors import Forbidden
from services.gradebook.people.permissions import reads_whole_school


def check_reads_day(actor: Actor, teacher_id: UUID | None) -> None:
    """Refuse another teacher's day unless the actor reads the whole school."""
    if not reads_whole_school(actor) and actor.person_id != teacher_id:
        raise Forbidden("Another teacher's day is for the administration.", rule="not-your-day", field="teacher_id")
