"""Views of openings."""

from __future__ import annotations

import datetime as dt
from typing import Final

from services.gradebook.openings.queries import OpeningRow
from services.gradebook.rows import View, picked

_SHOWN: Final = (
    "id", "title", "lesson_date", "first", "last", "until", "reason", "opened_by", "opened_at", "ended_by", "ended_at",
)  # fmt: skip


def opening(row: OpeningRow, moment: dt.datetime) -> View:
    """An opening, as it is at a moment."""
    of = {"lesson": row.lesson_id, "course": row.course_id, "teacher": row.teacher_id, "class": row.class_id}
    kind, of_id = next((kind, one) for kind, one in of.items() if one is not None)
    return {**picked(row, _SHOWN), "of": kind, "of_id": of_id, "open": row.ended_at is None and moment < row.until}
