"""Saves classrooms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.data.among import among
from kernel.data.rows import insert_rows, update_rows
from kernel.errors import Conflict
from services.gradebook.classrooms.tables import Classroom

_REMOVED: Final = delete(Classroom).where(among(Classroom.id, "removed"))


def removed_classrooms(session: Session, room_ids: Collection[UUID]) -> None:
    """Delete classrooms. Raises `IntegrityError` where one is in use."""
    session.execute(_REMOVED, {"removed": list(room_ids)}, execution_options={"synchronize_session": False})


def set_classrooms(
    session: Session,
    actor: Actor,
    new: Sequence[dict[str, Any]],
    changed: Sequence[dict[str, Any]],
    removed: Collection[UUID],
) -> None:
    """Save classrooms. Raises `Conflict` where one that is to be removed has lessons in a timetable."""
    update_rows(session, Classroom, changed)
    insert_rows(session, Classroom, [{"school_id": actor.tenant, **row} for row in new])
    if not removed:
        return
    try:
        with session.begin_nested():
            session.execute(_REMOVED, {"removed": removed}, execution_options={"synchronize_session": False})
    except IntegrityError:
        raise Conflict(
            "A classroom that is to be removed has lessons in a timetable.", rule="classroom-in-use", field="removed"
        ) from None
