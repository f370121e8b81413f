"""A journal page and a lesson's check, put together of gradebook, attendance and identity."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.attendance.checks import Checks
from contracts.gradebook.journal import Journal
from gateway.composed.names import names_of
from gateway.door.asking import SHORT_TIMEOUT, ask
from kernel.contract import MANY
from kernel.errors import Fault, NotFound


def journal(course_id: UUID, term_id: UUID) -> dict[str, Any]:
    """A journal page with names and absences; `missing` says what could not be had."""
    page = ask(Journal.journal_page, course_id=course_id, term_id=term_id)
    names = names_of({*page["student_ids"], *page["course"]["teacher_ids"]})
    lesson_ids = [lesson["id"] for lesson in page["lessons"]][:MANY]
    try:
        checks = ask(Checks.lesson_checks, timeout=SHORT_TIMEOUT, lesson_ids=lesson_ids) if lesson_ids else {}
    except Fault:
        return {**page, "names": names, "checks": [], "missing": ["absences"]}
    return {**page, "names": names, "checks": checks.get("checks", []), "missing": []}


def lesson_check(lesson_id: UUID) -> dict[str, Any]:
    """A lesson's check. Raises `NotFound` while nobody has checked the lesson."""
    checks: list[dict[str, Any]] = ask(Checks.lesson_checks, lesson_ids=[lesson_id])["checks"]
    if not checks:
        raise NotFound("Nobody has checked this lesson yet.", rule="lesson-not-checked", field="lesson_id")
    return checks[0]
