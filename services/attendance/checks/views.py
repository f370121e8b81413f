"""Views of checks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.attendance.absences.queries import absences_in
from services.attendance.absences.views import absence_view
from services.attendance.checks.tables import LessonCheck


def check_views(session: Session, seen: list[LessonCheck]) -> list[dict[str, Any]]:
    """One view for each lesson: the latest check of its classes, and the absences of the classes in `seen`."""
    by_lesson: dict[UUID, list[LessonCheck]] = {}
    for check in seen:
        by_lesson.setdefault(check.lesson_id, []).append(check)
    visible = {(check.lesson_id, check.class_id) for check in seen}
    absences: dict[UUID, list[dict[str, Any]]] = {lesson_id: [] for lesson_id in by_lesson}
    for absence, lesson in absences_in(session, by_lesson):
        if (absence.lesson_id, absence.class_id) in visible:
            absences[absence.lesson_id].append(absence_view(absence, lesson))
    views = []
    for lesson_id, of_lesson in by_lesson.items():
        latest = max(of_lesson, key=lambda check: check.checked_at)
        views.append(
            {
                "lesson_id": lesson_id,
                "checked_at": latest.checked_at,
                "checked_by": latest.checked_by,
                "absences": absences[lesson_id],
            }
        )
    return views
