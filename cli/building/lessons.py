"""Lessons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from cli.building import Row, Rows
from services.gradebook.lessons import tables


def lesson(lesson_id: UUID, course_id: UUID, day: date, number: int | None = 1) -> Row:
    """A lesson without a topic and homework."""
    return {
        "id": lesson_id,
        "course_id": course_id,
        "date": day,
        "number": number,
        "topic": "",
        "homework": "",
        "homework_due": None,
        "version": 1,
    }


def lessons(rows: Iterable[Row]) -> Rows:
    """Lessons as `lesson` makes them."""
    return [(tables.Lesson, list(rows))]
