"""Saves calendar feeds."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from kernel.data import copies
from services.gradebook.calendar_feeds.tables import CalendarFeed

_GONE: Final = delete(CalendarFeed).where(
    CalendarFeed.person_id == bindparam("person_id"),
    CalendarFeed.of == bindparam("of"),
    CalendarFeed.of_id == bindparam("of_id"),
)


def renewed(
    session: Session, school_id: UUID, person_id: UUID, of: str, of_id: UUID, secret_hash: str, moment: dt.datetime
) -> None:
    """Save a feed, in place of the person's feed of the same."""
    row = {
        "school_id": school_id, "person_id": person_id, "of": of, "of_id": of_id, "secret_hash": secret_hash,
        "made_at": moment,
    }  # fmt: skip
    session.execute(copies.replacing(session, CalendarFeed), [row])


def ended(session: Session, person_id: UUID, of: str, of_id: UUID) -> None:
    """Forget a person's feed."""
    wanted = {"person_id": person_id, "of": of, "of_id": of_id}
    session.execute(_GONE, wanted, execution_options={"synchronize_session": False})
