"""The topics that the plans of courses hold for lessons: offered on a teacher's day, taken by its form."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import request

from contracts.gradebook.course_plans import CoursePlans
from gateway.door.asking import SHORT_TIMEOUT, ask, carry_out
from gateway.pages.frame import forms, reasons, shown
from kernel.errors import Fault

#: The name of the buttons that take topics; their value is `<lesson>:<topic>,<topic>`, or `<lesson>:chosen`.
BUTTON = "take"
CHOSEN = "chosen"


def offers(day: date) -> dict[str, dict[str, Any]]:
    """Lesson → what its plan holds for it; nothing while plans cannot be read, as the day can be filled in without."""
    if not shown.allowed(CoursePlans.take_topics):
        return {}
    try:
        found = ask(CoursePlans.offers, timeout=SHORT_TIMEOUT, date=day)["lessons"]
    except Fault:
        return {}
    return {one["lesson_id"]: one for one in found}


def lesson_that_takes() -> str:
    """The lesson whose button was pressed to take topics; empty if none was."""
    return forms.text(BUTTON).partition(":")[0]


def chosen(lesson_id: str) -> list[UUID] | None:
    """The topics that the form's button takes for this lesson; None if no such button was pressed. Raises `Invalid`."""
    if lesson_that_takes() != lesson_id:
        return None
    topics = forms.text(BUTTON).partition(":")[2]
    given = request.form.getlist(f"topics-{lesson_id}") if topics == CHOSEN else topics.split(",")
    return [forms.identifier(one, "topic_ids") for one in given]


def take(lesson_id: str, topic_ids: list[UUID], version: int) -> dict[str, Any]:
    """Let a lesson cover these topics, with the homework that the plan proposes where there is none yet."""
    homework = f"planned-homework-{lesson_id}" in request.form
    taken: dict[str, Any] = carry_out(
        CoursePlans.take_topics,
        part=lesson_id,
        lesson_id=lesson_id,
        topic_ids=topic_ids,
        homework=homework,
        version=version,
        reason=reasons.typed(f"-{lesson_id}"),
    )
    return taken
