"""A journal page, composed of answers of gradebook, attendance and identity."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.attendance.checks import Checks
from contracts.gradebook.journal import Journal
from gateway.composed.names import names_of
from gateway.door.asking import SHORT_TIMEOUT, ask
from kernel.contract import MANY
from kernel.errors import Fault


def page(course_id: UUID, term_id: UUID) -> dict[str, Any]:
    """A journal page with names and absences. `missing` holds `absences` while attendance is away."""
    found = ask(Journal.journal_page, course_id=course_id, term_id=term_id)
    names = names_of({*found["student_ids"], *found["course"]["teacher_ids"]})
    lesson_ids = [lesson["id"] for lesson in found["lessons"]][:MANY]
    try:
        checks = ask(Checks.lesson_checks, timeout=SHORT_TIMEOUT, lesson_ids=lesson_ids) if lesson_ids else {}
    except Fault:
        return {**found, "names": names, "checks": [], "missing": ["absences"]}
    return {**found, "names": names, "checks": checks.get("checks", []), "missing": []}
