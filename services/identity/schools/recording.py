"""Creates schools."""

from __future__ import annotations

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.identity.schools.tables import School


def add(session: Session, name: str, time_zone: str, source_id: str | None = None) -> School:
    """Create a school; `source_id` is its sourcedId in a bundle."""
    school = School(id=uuid7(), name=name, source_id=source_id, identifier="", time_zone=time_zone)
    session.add(school)
    return school
