"""Selects the rows of the journal's grid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.as_it_stood import at
from services.gradebook.calendar.queries import DAY_OFF
from services.gradebook.calendar.tables import DayOff, Term
from services.gradebook.courses.queries import CLASS_OF_COURSE
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.gathered import Values, gathered
from services.gradebook.id_texts import id_text
from services.gradebook.journal.queries import pages
from services.gradebook.lessons.queries import SHOWN, LessonThen, in_order, is_shown
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.queries import MarkThen, OwedWorkThen, marks_in_order, owed_columns, settings_beside
from services.gradebook.marks.rules.owed import OWED
from services.gradebook.marks.tables import Mark, OwedWork, Work
from services.gradebook.people.tables import ClassCopy, StudentCopy
from services.gradebook.plans.queries import heads

#: Days without lessons in a term, and for which grades.
_DAYS_OFF: Final = (
    select(gathered(*DAY_OFF))
    .where(DayOff.year_id == Course.year_id, DayOff.first <= Term.ends_on, DayOff.last >= Term.starts_on)
    .correlate(Course, Term)
    .scalar_subquery()
)
_BESIDE: Final = (*CLASS_OF_COURSE, heads(Course.subject_id).label("heads"), _DAYS_OFF.label("days_off"))
_IN_GRID: Final = and_(Lesson.course_id == Course.id, Lesson.date.between(Term.starts_on, Term.ends_on))


def _settings(*, then: bool) -> ColumnElement[Any]:
    return settings_beside(_IN_GRID, Course, Term, then=then).label("settings")


def _owed(owed: Any) -> ColumnElement[Any]:
    found = select(gathered(*owed_columns(owed))).join(Lesson, Lesson.id == owed.lesson_id)
    return found.where(_IN_GRID, owed.state == OWED).correlate(Course, Term).scalar_subquery().label("owed")


_PAGE: Final = pages.FRAME.add_columns(*_BESIDE, _settings(then=False), _owed(OwedWork))
_PAGE_THEN: Final = pages.FRAME_THEN.add_columns(*_BESIDE, _settings(then=True), _owed(OwedWorkThen))
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
    .where(Course.id == bindparam("course_id"), pages.IN_TERM)
    .order_by(CourseMember.student_id, CourseMember.since)
)
_SPAN: Final[tuple[Any, Any]] = (bindparam("starts_on"), bindparam("ends_on"))


def _lessons(lesson: Any, shown: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            lesson.id,
            lesson.date,
            lesson.number,
            lesson.topic,
            lesson.homework,
            lesson.homework_due,
            lesson.state,
            lesson.teacher_id,
            lesson.moved_to,
            lesson.moved_number,
            lesson.reason,
        )
        .where(lesson.course_id == bindparam("course_id"), lesson.date.between(*_SPAN), shown)
        .order_by(*in_order(lesson))
    )


def _marks(mark: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            id_text(mark.id),
            id_text(mark.lesson_id),
            id_text(mark.student_id),
            id_text(mark.kind_id),
            mark.value,
            mark.version,
            mark.comment,
        )
        .where(
            mark.school_id == bindparam("school_id"),
            mark.course_id == bindparam("course_id"),
            mark.date.between(*_SPAN),
            mark.value.is_not(None),
        )
        .order_by(*marks_in_order(mark))
    )


#: Of the table, and not of its class: rows of classes take twice as long. The school is said here then.
_MARKS: Final = _marks(Mark.__table__.c)
_MARKS_THEN: Final = _marks(MarkThen)
_LESSONS: Final = _lessons(Lesson, SHOWN)
#: A lesson that nobody sees any more is shown with the marks that stood in it.
_MARKED_THEN: Final = LessonThen.id.in_(
    select(MarkThen.lesson_id).where(
        MarkThen.course_id == bindparam("course_id"), MarkThen.date.between(*_SPAN), MarkThen.value.is_not(None)
    )
)
_LESSONS_THEN: Final = _lessons(LessonThen, or_(is_shown(LessonThen), _MARKED_THEN))
_ENTERED: Final = (
    select(Mark.id).join(Work, Work.id == Mark.work_id).where(among(Mark.id, "mark_ids"), Work.source_id.is_(None))
)
#: Ids of a mark, its lesson, its student and its kind of work; its text, version and comment.
MarkOfSheet = tuple[str, str, str, str, str, int, str]


class PageRow(pages.FrameRow, Protocol):
    """The frame of a page of the grid."""

    several_grades: bool | None
    class_name: str | None
    #: Whether the person heads the association of the course's subject.
    heads: bool
    #: For `calendar.queries.days_off_of`.
    days_off: list[Values]
    #: For `marks.queries.settings_of`.
    settings: list[Values]
    #: For `marks.queries.owed_of`.
    owed: list[Values]


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


def page(
    session: Session, course_id: UUID, term_id: UUID, person_id: UUID | None, as_of: dt.datetime | None = None
) -> PageRow:
    """The frame of a course's grid for a term, with the person's ties. Raises `NotFound` for the course."""
    statement = _PAGE_THEN if as_of else _PAGE
    return cast(PageRow, pages.frame(session, statement, course_id, term_id, person_id, as_of))


def members(session: Session, course_id: UUID, term_id: UUID) -> Sequence[Member]:
    """The students who are in the course on any day of the term, by student and time."""
    wanted = {"course_id": course_id, "term_id": term_id}
    return cast("Sequence[Member]", session.execute(_MEMBERS, wanted).all())


def lessons(
    session: Session, course_id: UUID, starts_on: dt.date, ends_on: dt.date, as_of: dt.datetime | None = None
) -> Sequence[LessonOfSheet]:
    """The lessons of a course in the period, cancelled ones too, in order; with topic and homework of a moment."""
    wanted = {"course_id": course_id, "starts_on": starts_on, "ends_on": ends_on, **at(as_of)}
    return cast("Sequence[LessonOfSheet]", session.execute(_LESSONS_THEN if as_of else _LESSONS, wanted).all())


def marks(
    session: Session,
    school_id: UUID,
    course_id: UUID,
    starts_on: dt.date,
    ends_on: dt.date,
    as_of: dt.datetime | None = None,
) -> Sequence[MarkOfSheet]:
    """The marks that stand in a course's lessons of the period, or stood in them at a moment, in order."""
    wanted = {"school_id": school_id, "course_id": course_id, "starts_on": starts_on, "ends_on": ends_on, **at(as_of)}
    return cast("Sequence[MarkOfSheet]", session.execute(_MARKS_THEN if as_of else _MARKS, wanted).all())


def entered(session: Session, mark_ids: Collection[UUID]) -> set[str]:
    """Those of these marks that were entered here, as opposed to those that imports brought."""
    return {str(mark_id) for mark_id in session.scalars(_ENTERED, {"mark_ids": mark_ids})}
