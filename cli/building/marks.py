"""Kinds of work and columns of marks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import cycle
from uuid import UUID

from uuid_utils.compat import uuid7

from cli.building import Row, Rows
from services.gradebook.marks import tables


def kinds(answer_id: UUID, control_id: UUID | None = None) -> Rows:
    """The answer at a lesson, and control works, which weigh more."""
    rows = [{"id": answer_id, "name": "Ответ на уроке", "weight": Decimal(1), "is_answer": True}]
    if control_id is not None:
        rows.append({"id": control_id, "name": "Контрольная работа", "weight": Decimal("2.5"), "is_answer": False})
    return [(tables.KindOfWork, rows)]


def column(lesson: Row, kind_id: UUID, students: Iterable[UUID], values: str = "5") -> Rows:
    """Marks of students at a lesson, made by `lessons.lesson`, with these values in turn."""
    column = work(lesson, kind_id)
    marks = [mark(column, lesson, one, value) for one, value in zip(students, cycle(values), strict=False)]
    return [(tables.Work, [column]), (tables.Mark, marks)]


def work(lesson: Row, kind_id: UUID, work_id: UUID | None = None, source_id: str | None = None) -> Row:
    """A column of a lesson."""
    of = {"lesson_id": lesson["id"], "kind_id": kind_id}
    return {"id": work_id or uuid7(), **of, "title": "", "source_id": source_id}


def mark(work: Row, lesson: Row, student_id: UUID, value: str | None, mark_id: UUID | None = None) -> Row:
    """A mark in a column of a lesson, with what marks copy from both; null was taken back."""
    return {
        "id": mark_id or uuid7(),
        "work_id": work["id"],
        "student_id": student_id,
        "value": value,
        "comment": "",
        "version": 1,
        "lesson_id": lesson["id"],
        "kind_id": work["kind_id"],
        "course_id": lesson["course_id"],
        "date": lesson["date"],
        "number": lesson["number"],
    }
