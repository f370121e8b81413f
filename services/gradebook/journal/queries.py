"""Selects the rows of whole pages and of notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final, Protocol, cast
from uuid import UUID

from sqlalchemy import RowMapping, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.data.among import among
from services.gradebook.calendar.tables import Year
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.lessons.queries import IN_ORDER, LESSON, LessonShown
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.queries import MARK, MARKS_IN_ORDER, MarkShown
from services.gradebook.marks.tables import KindOfWork, Mark, MarkRevision

# --- the journal -----------------------------------------------------------------------------------


class WeightedMark(MarkShown, Protocol):
    """A mark with the weight of its kind."""

    weight: Decimal


class FamilyMark(Protocol):
    """A mark as the student's family sees it."""

    id: UUID
    lesson_id: UUID
    course_id: UUID
    title: str
    date: dt.date
    value: str
    comment: str
    version: int
    kind: str
    weight: Decimal


class CourseTime(Protocol):
    """A course and a student's membership of it."""

    id: UUID
    title: str
    since: dt.date
    until: dt.date | None


_MEMBERS_BETWEEN: Final = (
    select(CourseMember.student_id)
    .where(
        CourseMember.course_id == bindparam("course_id"),
        CourseMember.since <= bindparam("ends_on"),
        or_(CourseMember.until.is_(None), CourseMember.until >= bindparam("starts_on")),
    )
    .distinct()
    .order_by(CourseMember.student_id)
)
_MARKS_BETWEEN: Final = (
    select(*MARK, KindOfWork.weight)
    .join(KindOfWork, KindOfWork.id == Mark.kind_id)
    .where(Mark.course_id == bindparam("course_id"), Mark.date.between(bindparam("starts_on"), bindparam("ends_on")))
    .order_by(*MARKS_IN_ORDER)
)


def members_between(session: Session, course_id: UUID, starts_on: dt.date, ends_on: dt.date) -> Sequence[UUID]:
    """The students who were in the course on any day of the period, both ends included."""
    wanted = {"course_id": course_id, "starts_on": starts_on, "ends_on": ends_on}
    return session.scalars(_MEMBERS_BETWEEN, wanted).all()


def marks_between(session: Session, course_id: UUID, starts_on: dt.date, ends_on: dt.date) -> Sequence[WeightedMark]:
    """A course's marks of lessons in the period, with the weights of their kinds, in order."""
    wanted = {"course_id": course_id, "starts_on": starts_on, "ends_on": ends_on}
    return cast("Sequence[WeightedMark]", session.execute(_MARKS_BETWEEN, wanted).all())


# --- the diary -------------------------------------------------------------------------------------

# Built once: families' pages are requested more often than any others.
_MARKS_OF_STUDENT = (
    select(
        Mark.id,
        Mark.lesson_id,
        Mark.course_id,
        Course.title,
        Mark.date,
        Mark.value,
        Mark.comment,
        Mark.version,
        KindOfWork.name.label("kind"),
        KindOfWork.weight,
    )
    .join(Course, Course.id == Mark.course_id)
    .join(KindOfWork, KindOfWork.id == Mark.kind_id)
    .where(
        Mark.student_id == bindparam("student"),
        Mark.value.is_not(None),
        Mark.date.between(bindparam("starts_on"), bindparam("ends_on")),
    )
    .order_by(Course.title, Course.id, *MARKS_IN_ORDER)
)
_COURSES_OF_STUDENT = (
    select(Course.id, Course.title, CourseMember.since, CourseMember.until)
    .join(CourseMember, CourseMember.course_id == Course.id)
    .join(Year, Year.id == Course.year_id)
    .where(
        Year.starts_on <= bindparam("ends_on"),
        Year.ends_on >= bindparam("starts_on"),
        CourseMember.student_id == bindparam("student"),
        CourseMember.since <= bindparam("ends_on"),
        or_(CourseMember.until.is_(None), CourseMember.until >= bindparam("starts_on")),
    )
)


_LESSONS_OF: Final = (
    select(*LESSON)
    .join(Course, Course.id == Lesson.course_id)
    .where(
        among(Lesson.course_id, "course_ids"),
        Lesson.date.between(bindparam("starts_on"), bindparam("ends_on")),
    )
    .order_by(*IN_ORDER)
)


def marks_of(session: Session, student_id: UUID, starts_on: dt.date, ends_on: dt.date) -> Sequence[FamilyMark]:
    """A student's marks of lessons in the period, by course; withdrawn marks are left out."""
    wanted = {"student": student_id, "starts_on": starts_on, "ends_on": ends_on}
    return cast("Sequence[FamilyMark]", session.execute(_MARKS_OF_STUDENT, wanted).all())


def courses_of(session: Session, student_id: UUID, starts_on: dt.date, ends_on: dt.date) -> Sequence[CourseTime]:
    """The courses a student was in on any day of the period, with the dates of the membership."""
    wanted = {"student": student_id, "starts_on": starts_on, "ends_on": ends_on}
    return cast("Sequence[CourseTime]", session.execute(_COURSES_OF_STUDENT, wanted).all())


def lessons_of(
    session: Session, course_ids: Collection[UUID], starts_on: dt.date, ends_on: dt.date
) -> Sequence[LessonShown]:
    """The lessons of these courses in the period, in order."""
    wanted = {"course_ids": course_ids, "starts_on": starts_on, "ends_on": ends_on}
    return cast("Sequence[LessonShown]", session.execute(_LESSONS_OF, wanted).all())


# --- notices ---------------------------------------------------------------------------------------


def mark_notices(session: Session, mark_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about marks: the present and the previous value."""
    before = aliased(MarkRevision)
    return (
        session.execute(
            select(
                Mark.id.label("mark_id"),
                Mark.student_id,
                Course.title,
                Mark.date,
                KindOfWork.name.label("kind"),
                Mark.value,
                before.value.label("previous"),
            )
            .join(Course, Course.id == Mark.course_id)
            .join(KindOfWork, KindOfWork.id == Mark.kind_id)
            .outerjoin(before, and_(before.mark_id == Mark.id, before.version == Mark.version - 1))
            .where(Mark.id.in_(mark_ids))
            .order_by(Mark.date, Mark.id)
        )
        .mappings()
        .all()
    )


def homework_notices(session: Session, lesson_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about homework."""
    return (
        session.execute(
            select(
                Lesson.id.label("lesson_id"),
                Course.title,
                Lesson.date,
                Lesson.homework,
                Lesson.homework_due.label("due"),
            )
            .join(Course, Course.id == Lesson.course_id)
            .where(Lesson.id.in_(lesson_ids))
            .order_by(*IN_ORDER)
        )
        .mappings()
        .all()
    )
