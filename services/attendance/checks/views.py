"""Views of checks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.attendance.absences.tables import Absence, AbsenceRevision
from services.attendance.absences.views import absence_view
from services.attendance.checks.queries import CheckRow
from services.attendance.checks.tables import LessonCheckRevision
from services.attendance.codes.rules import code_of
from services.attendance.copies.tables import LessonCopy


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


def history_view(
    student_id: UUID, lesson: LessonCopy, states: Iterable[AbsenceRevision], checks: Iterable[LessonCheckRevision]
) -> dict[str, Any]:
    """What was noted of a student in a lesson, and the checks of the student's class there."""
    return {
        "lesson_id": lesson.lesson_id,
        "student_id": student_id,
        "title": lesson.title,
        "date": lesson.date,
        "number": lesson.number,
        "revisions": [
            {
                "version": one.version,
                "code": one.code,
                "name": "" if one.code is None else code_of(one.code).name,
                "minutes": one.minutes,
                "changed_by": one.changed_by,
                "changed_at": one.changed_at,
            }
            for one in states
        ],
        "checks": [{"checked_at": one.checked_at, "checked_by": one.checked_by} for one in checks],
    }


def missed_view(student_id: UUID, absences: Iterable[Absence]) -> dict[str, Any]:
    """How often a student was absent or late."""
    codes = [code_of(one.code) for one in absences if one.code is not None]
    return {
        "student_id": student_id,
        "missed": sum(code.counts_as_absent for code in codes),
        "late": sum(code.late for code in codes),
    }
