"""Selects a course's page for a term: its frame, its lessons and marks, today's or as they stood at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.as_it_stood import at
from services.gradebook.brought.queries import elsewhere_in_course
from services.gradebook.calendar.tables import Term
from services.gradebook.courses.queries import CourseClass, CourseRow, course_with_ties, teachers_beside
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.gathered import Values, gathered
from services.gradebook.lessons.queries import HELD, LessonShown, LessonThen, in_order, is_held, lesson_columns
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.queries import (
    MarkShown,
    MarkThen,
    kinds_beside,
    mark_columns,
    marks_in_order,
    only_if_helps,
)
from services.gradebook.marks.tables import Mark
from services.gradebook.policy.queries import SETTING, SETTING_THEN
from services.gradebook.rows import missing
from services.gradebook.windows.queries import openings_beside


class FrameRow(CourseRow, Protocol):
    """A course with the person's ties and the school's setting, and the frame of its page for a term."""

    #: These are None where the course goes by no such term: its year has none, or in another division.
    term_id: UUID | None
    term_title: str
    term_starts_on: dt.date
    term_ends_on: dt.date
    teachers: list[Values]
    #: For `marks.queries.kinds_of`.
    kinds: list[Values]
    #: For `windows.queries.openings_of`.
    openings: list[Values]
    #: For `brought.queries.Elsewhere`.
    elsewhere: list[Values]


class PageRow(FrameRow, Protocol):
    """The frame of a journal page."""

    #: For `members_of`.
    students: list[Values]


class MemberTime(NamedTuple):
    """A student's time in a course, both days included."""

    student_id: UUID
    since: dt.date
    until: dt.date | None


#: Whether a membership is one of the `Course` of the enclosing query on any day of its `Term`.
IN_TERM: Final = and_(
    CourseMember.course_id == Course.id,
    CourseMember.since <= Term.ends_on,
    or_(CourseMember.until.is_(None), CourseMember.until >= Term.starts_on),
)
_STUDENTS_OF_TERM: Final = (
    select(gathered(CourseMember.student_id, CourseMember.since, CourseMember.until))
    .where(IN_TERM)
    .correlate(Course, Term)
    .scalar_subquery()
)


def _frame(*, then: bool) -> Select[*tuple[Any, ...]]:
    return (
        course_with_ties(SETTING_THEN if then else SETTING)
        .outerjoin(
            Term,
            and_(Term.id == bindparam("term_id"), Term.year_id == Course.year_id, Term.division == Course.division),
        )
        .add_columns(
            Term.id.label("term_id"),
            Term.title.label("term_title"),
            Term.starts_on.label("term_starts_on"),
            Term.ends_on.label("term_ends_on"),
            teachers_beside().label("teachers"),
            kinds_beside().label("kinds"),
            openings_beside(then=then).label("openings"),
            elsewhere_in_course(then=then).label("elsewhere"),
        )
    )


#: For pages of a term that need more beside.
FRAME: Final = _frame(then=False)
#: The same at the moment `AS_OF`: versions of the policy, openings and marks of other schools; the rest is today's.
FRAME_THEN: Final = _frame(then=True)
_PAGE: Final = FRAME.add_columns(_STUDENTS_OF_TERM.label("students"))
_PAGE_THEN: Final = FRAME_THEN.add_columns(_STUDENTS_OF_TERM.label("students"))


class MarkOfPage(MarkShown, Protocol):
    """A mark, and whether it counts only where it raises the mean, as its column says."""

    only_if_helps: bool


def _marks_between(mark: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*mark_columns(mark), only_if_helps(mark, then=mark is MarkThen))
        .where(
            mark.course_id == bindparam("course_id"), mark.date.between(bindparam("starts_on"), bindparam("ends_on"))
        )
        .order_by(*marks_in_order(mark))
    )


_MARKS_BETWEEN: Final = _marks_between(Mark)
_MARKS_BETWEEN_THEN: Final = _marks_between(MarkThen)


def _lessons_of(lesson: Any, held: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*lesson_columns(lesson))
        .join(Course, Course.id == lesson.course_id)
        .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
        .where(
            among(lesson.course_id, "course_ids"),
            lesson.date.between(bindparam("starts_on"), bindparam("ends_on")),
            held,
        )
        .order_by(*in_order(lesson))
    )


_LESSONS_OF: Final = _lessons_of(Lesson, HELD)
#: Which lessons were held then has no history; those with a mark that stood were, whatever became of them.
_MARKED_THEN: Final = LessonThen.id.in_(
    select(MarkThen.lesson_id).where(
        among(MarkThen.course_id, "course_ids"),
        MarkThen.date.between(bindparam("starts_on"), bindparam("ends_on")),
        MarkThen.value.is_not(None),
    )
)
_LESSONS_OF_THEN: Final = _lessons_of(LessonThen, or_(is_held(LessonThen), _MARKED_THEN))


def page(
    session: Session, course_id: UUID, term_id: UUID, person_id: UUID | None, as_of: dt.datetime | None = None
) -> PageRow:
    """The frame of a course's page for a term, with the person's ties. Raises `NotFound` for the course."""
    return cast(PageRow, frame(session, _PAGE_THEN if as_of else _PAGE, course_id, term_id, person_id, as_of))


def frame(
    session: Session,
    statement: Any,
    course_id: UUID,
    term_id: UUID,
    person_id: UUID | None,
    as_of: dt.datetime | None = None,
) -> Any:
    """The row of a statement made of `FRAME`, or of `FRAME_THEN`. Raises `NotFound` for the course."""
    wanted = {"course_id": course_id, "term_id": term_id, "person_id": person_id, **at(as_of)}
    row = session.execute(statement, wanted).one_or_none()
    if row is None:
        raise missing("course", course_id)
    return row


def members_of(page: PageRow) -> list[MemberTime]:
    """The students who were in the course on any day of the term, with the days; a student may have several times."""
    return sorted(
        MemberTime(UUID(student), dt.date.fromisoformat(since), until and dt.date.fromisoformat(until))
        for student, since, until in page.students
    )


def marks_between(
    session: Session, course_id: UUID, starts_on: dt.date, ends_on: dt.date, as_of: dt.datetime | None = None
) -> Sequence[MarkOfPage]:
    """A course's marks of lessons in the period, in order; as they stood at a moment, if one is given."""
    wanted = {"course_id": course_id, "starts_on": starts_on, "ends_on": ends_on, **at(as_of)}
    statement = _MARKS_BETWEEN_THEN if as_of else _MARKS_BETWEEN
    return cast("Sequence[MarkOfPage]", session.execute(statement, wanted).all())


def lessons_of(
    session: Session,
    course_ids: Collection[UUID],
    starts_on: dt.date,
    ends_on: dt.date,
    as_of: dt.datetime | None = None,
) -> Sequence[LessonShown]:
    """The lessons of these courses in the period, in order; with topic and homework of a moment, if one is given."""
    wanted = {"course_ids": course_ids, "starts_on": starts_on, "ends_on": ends_on, **at(as_of)}
    statement = _LESSONS_OF_THEN if as_of else _LESSONS_OF
    return cast("Sequence[LessonShown]", session.execute(statement, wanted).all())
