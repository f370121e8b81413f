"""Selects openings of lessons, and what lessons are opened of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import and_, bindparam, case, literal, select
from sqlalchemy.orm import Session

from contracts.gradebook.openings import LISTED
from kernel.data.columns import UtcDateTime
from services.gradebook.courses.tables import Course, CourseTeacher
from services.gradebook.lessons.tables import Lesson
from services.gradebook.people.tables import ClassCopy
from services.gradebook.rows import missing
from services.gradebook.windows.tables import EditOpening


class OpeningRow(Protocol):
    """An opening with the title of its course and the date of its lesson, where it has them."""

    id: UUID
    course_id: UUID | None
    teacher_id: UUID | None
    class_id: UUID | None
    lesson_id: UUID | None
    first: dt.date | None
    last: dt.date | None
    until: dt.datetime
    reason: str
    opened_by: UUID
    opened_at: dt.datetime
    ended_by: UUID | None
    ended_at: dt.datetime | None
    title: str | None
    lesson_date: dt.date | None


_OPENING: Final = (
    select(
        EditOpening.id,
        EditOpening.course_id,
        EditOpening.teacher_id,
        EditOpening.class_id,
        EditOpening.lesson_id,
        EditOpening.first,
        EditOpening.last,
        EditOpening.until,
        EditOpening.reason,
        EditOpening.opened_by,
        EditOpening.opened_at,
        EditOpening.ended_by,
        EditOpening.ended_at,
        Course.title,
        Lesson.date.label("lesson_date"),
    )
    .outerjoin(Course, and_(Course.school_id == EditOpening.school_id, Course.id == EditOpening.course_id))
    .outerjoin(Lesson, and_(Lesson.school_id == EditOpening.school_id, Lesson.id == EditOpening.lesson_id))
)
_HOLDS: Final = and_(EditOpening.ended_at.is_(None), EditOpening.until > bindparam("moment", type_=UtcDateTime()))
_LAST: Final = _OPENING.order_by(
    case((_HOLDS, literal(0)), else_=literal(1)), EditOpening.opened_at.desc(), EditOpening.id.desc()
).limit(bindparam("most"))
_ONE: Final = _OPENING.where(EditOpening.id == bindparam("opening_id"))
_ONE_LOCKED: Final = _ONE.with_for_update(of=EditOpening)


def last(session: Session, moment: dt.datetime) -> Sequence[OpeningRow]:
    """The last openings, newest first, those that hold at a moment before the others."""
    return cast("Sequence[OpeningRow]", session.execute(_LAST, {"moment": moment, "most": LISTED}).all())


def opening(session: Session, opening_id: UUID, *, lock: bool = False) -> OpeningRow:
    """An opening. Raises `NotFound`. `lock` makes others who end it wait until the transaction ends."""
    row = session.execute(_ONE_LOCKED if lock else _ONE, {"opening_id": opening_id}).one_or_none()
    if row is None:
        raise missing("opening", opening_id)
    return cast(OpeningRow, row)


_WANTED: Final[Any] = bindparam("of_id")
_FOUND: Final = {
    "course": select(Course.id.label("course_id")).where(Course.id == _WANTED),
    "teacher": select(CourseTeacher.teacher_id).where(CourseTeacher.teacher_id == _WANTED).distinct(),
    "class": select(ClassCopy.class_id).where(ClassCopy.class_id == _WANTED),
    "lesson": select(Lesson.course_id, Lesson.id.label("lesson_id")).where(Lesson.id == _WANTED),
}


def columns_of(session: Session, of: str, of_id: UUID) -> dict[str, UUID]:
    """The columns of an opening that say what its lessons are of. Raises `NotFound` for what the school has not."""
    row = session.execute(_FOUND[of], {"of_id": of_id}).one_or_none()
    if row is None:
        raise missing(of, of_id)
    return dict(row._mapping)
