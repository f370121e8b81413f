"""The check of one lesson, made of attendance's answer for many lessons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.attendance.checks import Checks
from gateway.door.asking import ask
from kernel.errors import NotFound


def lesson_check(lesson_id: UUID) -> dict[str, Any]:
    """Who was absent from a lesson; 404 while nobody has checked it.

    Raises `NotFound` then.
    """
    checks: list[dict[str, Any]] = ask(Checks.lesson_checks, lesson_ids=[lesson_id])["checks"]
    if not checks:
        raise NotFound("Nobody has checked this lesson yet.", rule="lesson-not-checked", field="lesson_id")
    return checks[0]
