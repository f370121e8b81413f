"""What the lessons of a teacher's day still lack: the topic, homework, and the check of absences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext

from contracts.attendance.checks import Checks
from gateway.door.asking import SHORT_TIMEOUT, ask
from gateway.pages.frame import visitor
from kernel.errors import Fault


def of_day(day: date, today: date, lessons: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """Lesson → what it lacks; of lessons that have come, are held and can be written in.

    Homework of grade 1 is none. Absences are named for the homeroom teacher, who notes them (clause 3.3), and not while
    attendance is away.
    """
    if day > today:
        return {}
    held = [one for one in lessons if one["state"] != "cancelled" and not one.get("closed")]
    unchecked = _unchecked([one["id"] for one in held if visitor.leads(one["class_id"])])
    return {one["id"]: _lacking(one, absences=one["id"] in unchecked) for one in held}


def _lacking(lesson: dict[str, Any], *, absences: bool) -> list[str]:
    found = [
        (not lesson["topic"], gettext("the topic")),
        (lesson.get("takes_homework", True) and not lesson["homework"], gettext("the homework")),
        (absences, gettext("who was absent")),
    ]
    return [name for is_lacking, name in found if is_lacking]


def _unchecked(lesson_ids: list[str]) -> set[str]:
    """Those of the lessons whose absences nobody has noted."""
    if not lesson_ids:
        return set()
    try:
        checks = ask(Checks.lesson_checks, timeout=SHORT_TIMEOUT, lesson_ids=lesson_ids)["checks"]
    except Fault:
        return set()
    return set(lesson_ids) - {one["lesson_id"] for one in checks}
