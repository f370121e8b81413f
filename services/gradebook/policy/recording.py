"""Saves the school's decisions."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from kernel.data.copies import insert_into
from services.gradebook.policy.tables import Setting


def renewed_time_zone(session: Session, school_id: UUID | None, zone: str) -> None:
    """Save the school's time zone; a new row gets the default scale."""
    insertion = insert_into(session, Setting)
    known = insertion.on_conflict_do_update(index_elements=[Setting.school_id], set_={"time_zone": zone})
    session.execute(known, [{"school_id": school_id, "time_zone": zone}])
