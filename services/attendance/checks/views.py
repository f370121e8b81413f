"""Views of checks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.attendance.absences.views import absence_view
from services.attendance.checks.queries import CheckRow


def check_views(seen: Iterable[CheckRow]) -> list[dict[str, Any]]:
    """One view for each lesson: the latest check of its classes, and their absences in the order of first entry."""
    by_lesson: dict[UUID, list[CheckRow]] = {}
    for row in seen:
        by_lesson.setdefault(row.check.lesson_id, []).append(row)
    views = []
    for lesson_id, rows in by_lesson.items():
        latest = max((row.check for row in rows), key=lambda check: check.checked_at)
        views.append(
            {
                "lesson_id": lesson_id,
                "checked_at": latest.checked_at,
                "checked_by": latest.checked_by,
                "absences": [absence_view(row.absence, row.lesson) for row in rows if row.absence],
            }
        )
    return views
