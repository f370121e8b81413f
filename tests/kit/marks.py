"""What marks copy from their columns and lessons, compared with these."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from kernel.data.database import UnitOfWork
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.tables import Mark, Work

COPIES = (Mark.lesson_id, Mark.kind_id, Mark.course_id, Mark.date, Mark.number)
ORIGINALS = (Lesson.id, Work.kind_id, Lesson.course_id, Lesson.date, Lesson.number)


def copies_and_originals(unit_of_work: UnitOfWork) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Of all schools' marks: what each has copied, and what its column and lesson say. They ought to be equal."""
    joined = select(Mark.id).join(Work, Work.id == Mark.work_id).join(Lesson, Lesson.id == Work.lesson_id)
    with unit_of_work.everywhere() as session:
        found = [
            [tuple(row) for row in session.execute(joined.add_columns(*columns).order_by(Mark.id))]
            for columns in (COPIES, ORIGINALS)
        ]
    return found[0], found[1]
