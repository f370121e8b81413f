"""Views of schools."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.identity.rows import View
from services.identity.schools.tables import School, ZoneChange


def school(school_id: UUID, name: str, source_id: str | None, time_zone: str) -> View:
    """A `SchoolView` of an existing school, or of one that a dry run would create."""
    return {"id": school_id, "name": name, "source_id": source_id, "time_zone": time_zone}


def zone(row: School, changes: Iterable[ZoneChange]) -> View:
    """A `SchoolZoneView`."""
    return {
        "time_zone": row.time_zone,
        "changes": [
            {"before": one.before, "time_zone": one.time_zone, "at": one.at, "changed_by": one.person_id}
            for one in changes
        ],
    }
