"""Views of schools."""

from __future__ import annotations

from uuid import UUID

from services.identity.rows import View


def school(school_id: UUID, name: str, source_id: str | None, time_zone: str) -> View:
    """A `SchoolView` of an existing school, or of one that a dry run would create."""
    return {"id": school_id, "name": name, "source_id": source_id, "time_zone": time_zone}
