"""Kinds of work and columns of marks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import cycle
from uuid import UUID

from uuid_utils.compat import uuid7

from cli.building import Rows
from services.gradebook.marks import tables


def kinds(answer_id: UUID, control_id: UUID | None = None) -> Rows:
    """The answer at a lesson, and control works, which weigh more."""
    rows = [{"id": answer_id, "name": "Ответ на уроке", "weight": Decimal(1), "is_answer": True}]
    if control_id is not None:
        rows.append({"id": control_id, "name": "Контрольная работа", "weight": Decimal("2.5"), "is_answer": False})
    return [(tables.KindOfWork, rows)]


def column(lesson_id: UUID, kind_id: UUID, students: Iterable[UUID], values: str = "5") -> Rows:
    """Marks of students at a lesson, with these values in turn."""
    work_id = uuid7()
    return [
        (tables.Work, [{"id": work_id, "lesson_id": lesson_id, "kind_id": kind_id, "title": ""}]),
        (
            tables.Mark,
            [
                {"id": uuid7(), "work_id": work_id, "student_id": one, "value": value, "comment": "", "version": 1}
                for one, value in zip(students, cycle(values), strict=False)
            ],
        ),
    ]
