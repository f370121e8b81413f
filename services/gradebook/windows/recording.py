"""Saves openings of closed lessons."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from services.gradebook.windows.tables import EditOpening


def opened(
    session: Session,
    actor: Actor,
    of: dict[str, UUID],
    span: tuple[dt.date, dt.date] | None,
    until: dt.datetime,
    reason: str,
    moment: dt.datetime,
) -> dict[str, Any]:
    """Save an opening of the lessons `of` something, by its column; returns its columns."""
    first, last = span or (None, None)
    row: dict[str, Any] = {"course_id": None, "teacher_id": None, "class_id": None, "lesson_id": None} | of
    row |= {
        "id": uuid7(), "first": first, "last": last, "until": until, "reason": reason, "opened_by": actor.person_id,
        "opened_at": moment, "ended_by": None, "ended_at": None,
    }  # fmt: skip
    session.execute(insert(EditOpening), [{"school_id": actor.tenant, **row}])
    return row


def ended(session: Session, actor: Actor, opening_id: UUID, moment: dt.datetime) -> None:
    """Note that an opening was ended before its time."""
    session.execute(
        update(EditOpening).where(EditOpening.id == opening_id).values(ended_by=actor.person_id, ended_at=moment)
    )
