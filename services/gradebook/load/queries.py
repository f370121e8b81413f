"""Selects what a day asks of the students of a lesson, in all their courses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.data.among import among
from services.gradebook.courses.tables import Course, CourseMember, Subject
from services.gradebook.gathered import Values, gathered
from services.gradebook.homework.tables import HomeworkDetail
from services.gradebook.lessons.queries import IN_ORDER, is_held
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.tables import KindOfWork, Work
from services.gradebook.plans.tables import LessonTopic, PlanTopic


@dataclass(frozen=True, slots=True)
class CourseOfStudents:
    """A course, and those of the students who are in it."""

    id: UUID
    title: str
    subject: str
    group_name: str
    students: frozenset[UUID]


_STUDENTS: Final = (
    select(gathered(CourseMember.student_id))
    .where(
        CourseMember.course_id == Course.id,
        among(CourseMember.student_id, "student_ids"),
        CourseMember.since <= bindparam("day"),
        or_(CourseMember.until.is_(None), CourseMember.until >= bindparam("day")),
    )
    .correlate(Course)
    .scalar_subquery()
)
_COURSES: Final = (
    select(Course.id, Course.title, Subject.name.label("subject"), Course.group_name, _STUDENTS.label("students"))
    .join(Subject, Subject.id == Course.subject_id)
    .where(
        Course.year_id == select(Course.year_id).where(Course.id == bindparam("course_id")).scalar_subquery(),
        exists()
        .where(CourseMember.course_id == Course.id, among(CourseMember.student_id, "student_ids"))
        .correlate(Course),
    )
    .order_by(Course.title, Course.id)
)


def courses(
    session: Session, course_id: UUID, student_ids: Collection[UUID], day: dt.date
) -> dict[UUID, CourseOfStudents]:
    """The courses in which any of the students is on a day, of the year of a course."""
    rows = session.execute(_COURSES, {"course_id": course_id, "student_ids": student_ids, "day": day})
    return {
        row.id: CourseOfStudents(
            row.id, row.title, row.subject, row.group_name, frozenset(UUID(student) for (student,) in row.students)
        )
        for row in rows
        if row.students
    }


class DueRow(Protocol):
    """Homework that is due on a day."""

    lesson_id: UUID
    course_id: UUID
    minutes: int | None


_Other: Final = aliased(Lesson, name="other_lesson")
_DAY: Final[Any] = bindparam("day")
#: The last day before the day on which the lesson's course has one.
_LAST_BEFORE: Final = (
    select(func.max(_Other.date))
    .where(_Other.course_id == Lesson.course_id, _Other.date < _DAY, is_held(_Other))
    .correlate(Lesson)
    .scalar_subquery()
)
_HAS_LESSON: Final = (
    exists().where(_Other.course_id == Lesson.course_id, _Other.date == _DAY, is_held(_Other)).correlate(Lesson)
)
_DUE: Final = (
    select(Lesson.id.label("lesson_id"), Lesson.course_id, HomeworkDetail.minutes)
    .outerjoin(HomeworkDetail, HomeworkDetail.lesson_id == Lesson.id)
    .where(
        among(Lesson.course_id, "course_ids"),
        Lesson.homework != "",
        or_(
            Lesson.homework_due == _DAY,
            and_(Lesson.homework_due.is_(None), Lesson.date < _DAY, _HAS_LESSON, Lesson.date == _LAST_BEFORE),
        ),
    )
    .order_by(*IN_ORDER)
)


def due(session: Session, course_ids: Collection[UUID], day: dt.date) -> Sequence[DueRow]:
    """The homework of these courses that is due on a day: set for it, or given in the lesson before."""
    return cast("Sequence[DueRow]", session.execute(_DUE, {"course_ids": course_ids, "day": day}).all())


class HeldRow(Protocol):
    """A lesson with what may say that it holds a control work."""

    lesson_id: UUID
    course_id: UUID
    date: dt.date
    topic: str
    #: Each the control work of a topic of the plan, and the name of a column's kind of work.
    planned: list[Values]
    kinds: list[Values]


_PLANNED: Final = (
    select(gathered(PlanTopic.control))
    .join(LessonTopic, LessonTopic.topic_id == PlanTopic.id)
    .where(LessonTopic.lesson_id == Lesson.id, PlanTopic.control != "")
    .correlate(Lesson)
    .scalar_subquery()
)
_KINDS: Final = (
    select(gathered(KindOfWork.name))
    .join(Work, Work.kind_id == KindOfWork.id)
    .where(Work.lesson_id == Lesson.id)
    .correlate(Lesson)
    .scalar_subquery()
)
_HELD: Final = (
    select(
        Lesson.id.label("lesson_id"),
        Lesson.course_id,
        Lesson.date,
        Lesson.topic,
        _PLANNED.label("planned"),
        _KINDS.label("kinds"),
    )
    .where(
        among(Lesson.course_id, "course_ids"),
        is_held(Lesson),
        or_(
            Lesson.date.between(bindparam("first"), bindparam("last")),
            Lesson.date.between(bindparam("other_first"), bindparam("other_last")),
        ),
    )
    .order_by(*IN_ORDER)
)


Span = tuple[dt.date, dt.date]


def held(session: Session, course_ids: Collection[UUID], span: Span, other: Span) -> Sequence[HeldRow]:
    """The lessons of these courses in two spans of days, with what may say that they hold control works."""
    days = {"first": span[0], "last": span[1], "other_first": other[0], "other_last": other[1]}
    return cast("Sequence[HeldRow]", session.execute(_HELD, {"course_ids": course_ids, **days}).all())
