"""Selects the rows of the journal's grid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final, Protocol, cast
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.calendar.queries import DAY_OFF
from services.gradebook.calendar.tables import DayOff, Term
from services.gradebook.courses.queries import CLASS_OF_COURSE
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.gathered import Values, gathered
from services.gradebook.id_texts import id_text
from services.gradebook.journal import queries as journal_queries
from services.gradebook.lessons.queries import IN_ORDER, SHOWN
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.tables import Mark, Work
from services.gradebook.people.tables import ClassCopy, StudentCopy
from services.gradebook.plans.queries import heads

#: Days without lessons in a term, and for which grades.
_DAYS_OFF: Final = (
    select(gathered(*DAY_OFF))
    .where(DayOff.year_id == Course.year_id, DayOff.first <= Term.ends_on, DayOff.last >= Term.starts_on)
    .correlate(Course, Term)
    .scalar_subquery()
)
_PAGE: Final = journal_queries.FRAME.add_columns(
    *CLASS_OF_COURSE, heads(Course.subject_id).label("heads"), _DAYS_OFF.label("days_off")
)
_MEMBERS: Final = (
    select(
        CourseMember.student_id,
        CourseMember.since,
        CourseMember.until,
        ClassCopy.grade,
        ClassCopy.several_grades,
        ClassCopy.name.label("class_name"),
        ClassCopy.homeroom_teacher_id,
    )
    .join(Course, Course.id == CourseMember.course_id)
    .join(Term, Term.id == bindparam("term_id"))
    .outerjoin(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
    .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .where(Course.id == bindparam("course_id"), journal_queries.IN_TERM)
    .order_by(CourseMember.student_id, CourseMember.since)
)
_LESSONS: Final = (
    select(
        Lesson.id,
        Lesson.date,
        Lesson.number,
        Lesson.topic,
        Lesson.homework,
        Lesson.homework_due,
        Lesson.state,
        Lesson.teacher_id,
        Lesson.moved_to,
        Lesson.moved_number,
        Lesson.reason,
    )
    .where(
        Lesson.course_id == bindparam("course_id"),
        Lesson.date.between(bindparam("starts_on"), bindparam("ends_on")),
        SHOWN,
    )
    .order_by(*IN_ORDER)
)


#: Of the table, and not of its class: rows of classes take twice as long. The school is said here then.
_MARK: Final = Mark.__table__.c
_MARKS: Final = (
    select(
        id_text(_MARK.id),
        id_text(_MARK.lesson_id),
        id_text(_MARK.student_id),
        id_text(_MARK.kind_id),
        _MARK.value,
        _MARK.version,
        _MARK.comment,
    )
    .where(
        _MARK.school_id == bindparam("school_id"),
        _MARK.course_id == bindparam("course_id"),
        _MARK.date.between(bindparam("starts_on"), bindparam("ends_on")),
        _MARK.value.is_not(None),
    )
    .order_by(_MARK.date, _MARK.number.nulls_last(), _MARK.lesson_id, _MARK.id)
)
_ENTERED: Final = (
    select(Mark.id).join(Work, Work.id == Mark.work_id).where(among(Mark.id, "mark_ids"), Work.source_id.is_(None))
)
#: Ids of a mark, its lesson, its student and its kind of work; its text, version and comment.
MarkOfSheet = tuple[str, str, str, str, str, int, str]


class PageRow(journal_queries.FrameRow, Protocol):
    """The frame of a page of the grid."""

    several_grades: bool | None
    class_name: str | None
    #: Whether the person heads the association of the course's subject.
    heads: bool
    #: For `calendar.queries.days_off_of`.
    days_off: list[Values]


class Member(Protocol):
    """A student's time in a course, what is known of the grade of the student's class, and who leads that."""

    student_id: UUID
    since: dt.date
    until: dt.date | None
    grade: int | None
    several_grades: bool | None
    class_name: str | None
    homeroom_teacher_id: UUID | None


class LessonOfSheet(Protocol):
    """A lesson as the head of a column shows it."""

    id: UUID
    date: dt.date
    number: int | None
    topic: str
    homework: str
    homework_due: dt.date | None
    state: str
    teacher_id: UUID | None
    moved_to: dt.date | None
    moved_number: int | None
    reason: str


def page(session: Session, course_id: UUID, term_id: UUID, person_id: UUID | None) -> PageRow:
    """The frame of a course's grid for a term, with the person's ties. Raises `NotFound` for the course."""
    return cast(PageRow, journal_queries.frame(session, _PAGE, course_id, term_id, person_id))


def members(session: Session, course_id: UUID, term_id: UUID) -> Sequence[Member]:
    """The students who are in the course on any day of the term, by student and time."""
    wanted = {"course_id": course_id, "term_id": term_id}
    return cast("Sequence[Member]", session.execute(_MEMBERS, wanted).all())


def lessons(session: Session, course_id: UUID, starts_on: dt.date, ends_on: dt.date) -> Sequence[LessonOfSheet]:
    """The lessons of a course in the period, cancelled ones too, in order."""
    wanted = {"course_id": course_id, "starts_on": starts_on, "ends_on": ends_on}
    return cast("Sequence[LessonOfSheet]", session.execute(_LESSONS, wanted).all())


def marks(
    session: Session, school_id: UUID, course_id: UUID, starts_on: dt.date, ends_on: dt.date
) -> Sequence[MarkOfSheet]:
    """The marks that stand in a course's lessons of the period, in order."""
    wanted = {"school_id": school_id, "course_id": course_id, "starts_on": starts_on, "ends_on": ends_on}
    return cast("Sequence[MarkOfSheet]", session.execute(_MARKS, wanted).all())


def entered(session: Session, mark_ids: Collection[UUID]) -> set[str]:
    """Those of these marks that were entered here, as opposed to those that imports brought."""
    return {str(mark_id) for mark_id in session.scalars(_ENTERED, {"mark_ids": mark_ids})}
