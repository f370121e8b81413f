"""Views of lessons."""

from __future__ import annotations

from typing import Any

from services.gradebook.lessons.queries import LessonShown
from services.gradebook.rows import View, picked

_LESSON = (
    "id",
    "course_id",
    "title",
    "class_id",
    "date",
    "number",
    "topic",
    "homework",
    "homework_due",
    "version",
)


def lesson(row: LessonShown, **changed: Any) -> View:
    """The view of a lesson; `changed` overrides columns that changed since the row was read."""
    return picked(row, _LESSON) | changed
