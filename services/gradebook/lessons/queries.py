"""Selects lessons with the actor's ties to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from services.gradebook.courses.queries import GRADE_OF_COURSE, TIES, CourseClass, Tied
from services.gradebook.courses.tables import Course, CourseTeacher
from services.gradebook.lessons.tables import Lesson
from services.gradebook.rows import missing

#: The columns of a lesson that answers show; `Course` must be joined.
LESSON = (
    Lesson.id,
    Lesson.course_id,
    Course.title,
    Course.class_id,
    Lesson.date,
    Lesson.number,
    Lesson.topic,
    Lesson.homework,
    Lesson.homework_due,
    Lesson.version,
)
#: The order of lessons.
IN_ORDER = (Lesson.date, Lesson.number.nulls_last(), Lesson.id)


class LessonShown(Protocol):
    """The columns `LESSON`."""

    id: UUID
    course_id: UUID
    title: str
    class_id: UUID | None
    date: dt.date
    number: int | None
    topic: str
    homework: str
    homework_due: dt.date | None
    version: int


class LessonRow(LessonShown, Tied, Protocol):
    """A lesson with the grade of its course and the person's ties."""

    grade: int | None


def lesson_with_ties() -> Select[*tuple[Any, ...]]:
    """Selects the lesson of the parameter `lesson_id` as `lesson` does; for queries that need more beside it."""
    return (
        select(*LESSON, GRADE_OF_COURSE.label("grade"), *TIES)
        .select_from(Lesson)
        .join(Course, Course.id == Lesson.course_id)
        .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
        .where(Lesson.id == bindparam("lesson_id"))
    )


_LESSON: Final = lesson_with_ties()
_LESSON_LOCKED: Final = _LESSON.with_for_update(of=Lesson, key_share=True)


def lesson(session: Session, lesson_id: UUID, person_id: UUID | None, *, lock: bool = False) -> LessonRow:
    """A lesson with the grade of its course and the person's ties. Raises `NotFound`.

    `lock` makes others who write to the lesson wait until the transaction ends.
    """
    wanted = {"lesson_id": lesson_id, "person_id": person_id}
    row = session.execute(_LESSON_LOCKED if lock else _LESSON, wanted).one_or_none()
    if row is None:
        raise missing("lesson", lesson_id)
    return cast(LessonRow, row)


_LOCK: Final = select(Lesson.id).where(Lesson.id == bindparam("lesson_id")).with_for_update(key_share=True)


def lock(session: Session, lesson_id: UUID) -> None:
    """Make others who write to the lesson wait until the transaction ends. Raises `NotFound`.

    What the transaction selects after that, it finds as the last of them left it.
    """
    if session.execute(_LOCK, {"lesson_id": lesson_id}).one_or_none() is None:
        raise missing("lesson", lesson_id)


def lesson_at(session: Session, course_id: UUID, day: dt.date, number: int | None) -> UUID | None:
    """The id of the course's lesson with this date and number, if there is one."""
    same_number = Lesson.number.is_(None) if number is None else Lesson.number == number
    return session.scalar(select(Lesson.id).where(Lesson.course_id == course_id, Lesson.date == day, same_number))


_DAY_OF_TEACHER: Final = (
    select(*LESSON)
    .join(Course, Course.id == Lesson.course_id)
    .join(CourseTeacher, CourseTeacher.course_id == Course.id)
    .where(CourseTeacher.teacher_id == bindparam("teacher_id"), Lesson.date == bindparam("day"))
    .order_by(*IN_ORDER)
)


def day_of_teacher(session: Session, teacher_id: UUID, day: dt.date) -> Sequence[LessonShown]:
    """A teacher's lessons on a date, in order."""
    found = session.execute(_DAY_OF_TEACHER, {"teacher_id": teacher_id, "day": day}).all()
    return cast("Sequence[LessonShown]", found)
