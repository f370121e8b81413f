"""Creates schools and changes their time zones."""

from __future__ import annotations

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.identity.schools import SchoolChanged
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import outbox
from services.identity.schools.tables import School, ZoneChange


def add(session: Session, name: str, time_zone: str, source_id: str | None = None) -> School:
    """Create a school; `source_id` is its sourcedId in a bundle."""
    school = School(id=uuid7(), name=name, source_id=source_id, identifier="", time_zone=time_zone)
    session.add(school)
    return school


def set_time_zone(session: Session, school: School, zone: str, actor: Actor | None = None) -> None:
    """Change a school's time zone, keep who did it, and announce it. `actor` is None on the command line.

    The session is bound to the school.
    """
    if zone == school.time_zone:
        return
    by = {"person_id": actor.person_id, "account_id": actor.account_id} if actor else {}
    change = ZoneChange(school_id=school.id, before=school.time_zone, time_zone=zone, at=now(), **by)
    session.add(change)
    school.time_zone = zone
    session.flush()
    outbox.record(session, SchoolChanged(school_id=school.id))
