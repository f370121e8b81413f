"""Selects the rows of whole pages and of notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import RowMapping, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.data.among import among
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.queries import CourseRow, course_with_ties, teachers_beside
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.gathered import Values, gathered
from services.gradebook.lessons.queries import IN_ORDER, LESSON, LessonShown
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.queries import MARK, MARKS_IN_ORDER, MarkShown, kinds_beside
from services.gradebook.marks.tables import KindOfWork, Mark, MarkRevision
from services.gradebook.people.queries import TiedToStudent, student_with_ties
from services.gradebook.people.tables import StudentCopy
from services.gradebook.policy.queries import SETTING, SettingRow
from services.gradebook.policy.tables import Setting
from services.gradebook.rows import missing

# --- the journal -----------------------------------------------------------------------------------


class PageRow(CourseRow, SettingRow, Protocol):
    """A course with the person's ties, the school's setting, and the frame of its journal page for a term."""

    #: These are None where the course's year has no such term.
    term_id: UUID | None
    term_title: str
    term_starts_on: dt.date
    term_ends_on: dt.date
    teachers: list[Values]
    #: The students who were in the course on any day of the term.
    students: list[Values]
    #: For `marks.queries.kinds_of`.
    kinds: list[Values]


_STUDENTS_OF_TERM: Final = (
    select(gathered(CourseMember.student_id))
    .where(
        CourseMember.course_id == Course.id,
        CourseMember.since <= Term.ends_on,
        or_(CourseMember.until.is_(None), CourseMember.until >= Term.starts_on),
    )
    .correlate(Course, Term)
    .scalar_subquery()
)
_PAGE: Final = (
    course_with_ties()
    .outerjoin(Term, and_(Term.id == bindparam("term_id"), Term.year_id == Course.year_id))
    .outerjoin(Setting, Setting.school_id == Course.school_id)
    .add_columns(
        Term.id.label("term_id"),
        Term.title.label("term_title"),
        Term.starts_on.label("term_starts_on"),
        Term.ends_on.label("term_ends_on"),
        *SETTING,
        teachers_beside().label("teachers"),
        _STUDENTS_OF_TERM.label("students"),
        kinds_beside().label("kinds"),
    )
)
_MARKS_BETWEEN: Final = (
    select(*MARK)
    .where(Mark.course_id == bindparam("course_id"), Mark.date.between(bindparam("starts_on"), bindparam("ends_on")))
    .order_by(*MARKS_IN_ORDER)
)


def page(session: Session, course_id: UUID, term_id: UUID, person_id: UUID | None) -> PageRow:
    """The frame of a course's page for a term, with the person's ties. Raises `NotFound` for the course."""
    wanted = {"course_id": course_id, "term_id": term_id, "person_id": person_id}
    row = session.execute(_PAGE, wanted).one_or_none()
    if row is None:
        raise missing("course", course_id)
    return cast(PageRow, row)


def marks_between(session: Session, course_id: UUID, starts_on: dt.date, ends_on: dt.date) -> Sequence[MarkShown]:
    """A course's marks of lessons in the period, in order."""
    wanted = {"course_id": course_id, "starts_on": starts_on, "ends_on": ends_on}
    return cast("Sequence[MarkShown]", session.execute(_MARKS_BETWEEN, wanted).all())


# --- the diary -------------------------------------------------------------------------------------


class FamilyMark(Protocol):
    """A mark as the student's family sees it."""

    id: UUID
    lesson_id: UUID
    course_id: UUID
    kind_id: UUID
    date: dt.date
    value: str
    comment: str
    version: int


class CourseTime(NamedTuple):
    """A course and a student's membership of it, from a value of `StudentRow.courses`."""

    id: UUID
    title: str
    since: dt.date
    until: dt.date | None


class StudentRow(TiedToStudent, SettingRow, Protocol):
    """A student with what the pages of the family need beside marks and lessons."""

    #: For `courses_of`.
    courses: list[Values]
    #: For `marks.queries.kinds_of`.
    kinds: list[Values]


_COURSES_OF_STUDENT: Final = (
    select(gathered(Course.id, Course.title, CourseMember.since, CourseMember.until))
    .join(CourseMember, CourseMember.course_id == Course.id)
    .join(Year, Year.id == Course.year_id)
    .where(
        Year.starts_on <= bindparam("ends_on"),
        Year.ends_on >= bindparam("starts_on"),
        CourseMember.student_id == StudentCopy.student_id,
        CourseMember.since <= bindparam("ends_on"),
        or_(CourseMember.until.is_(None), CourseMember.until >= bindparam("starts_on")),
    )
    .correlate(StudentCopy)
    .scalar_subquery()
)
_STUDENT: Final = (
    student_with_ties()
    .outerjoin(Setting, Setting.school_id == StudentCopy.school_id)
    .add_columns(*SETTING, _COURSES_OF_STUDENT.label("courses"), kinds_beside().label("kinds"))
)
_MARKS_OF_STUDENT: Final = (
    select(Mark.id, Mark.lesson_id, Mark.course_id, Mark.kind_id, Mark.date, Mark.value, Mark.comment, Mark.version)
    .where(
        Mark.student_id == bindparam("student"),
        Mark.value.is_not(None),
        Mark.date.between(bindparam("starts_on"), bindparam("ends_on")),
    )
    .order_by(*MARKS_IN_ORDER)
)
_TITLES: Final = select(Course.id, Course.title).where(among(Course.id, "course_ids"))
_LESSONS_OF: Final = (
    select(*LESSON)
    .join(Course, Course.id == Lesson.course_id)
    .where(
        among(Lesson.course_id, "course_ids"),
        Lesson.date.between(bindparam("starts_on"), bindparam("ends_on")),
    )
    .order_by(*IN_ORDER)
)


def student(
    session: Session, student_id: UUID, person_id: UUID | None, starts_on: dt.date, ends_on: dt.date
) -> StudentRow | None:
    """A student with the person's ties and the courses of the period; None if the school has no such student."""
    wanted = {"student_id": student_id, "person_id": person_id, "starts_on": starts_on, "ends_on": ends_on}
    return cast("StudentRow | None", session.execute(_STUDENT, wanted).one_or_none())


def courses_of(row: StudentRow) -> list[CourseTime]:
    """The courses the student was in on any day of the period, with the dates of the membership."""
    return [
        CourseTime(UUID(course_id), title, dt.date.fromisoformat(since), until and dt.date.fromisoformat(until))
        for course_id, title, since, until in row.courses
    ]


def marks_of(session: Session, student_id: UUID, starts_on: dt.date, ends_on: dt.date) -> Sequence[FamilyMark]:
    """A student's marks of lessons in the period, in order; withdrawn marks are left out."""
    wanted = {"student": student_id, "starts_on": starts_on, "ends_on": ends_on}
    return cast("Sequence[FamilyMark]", session.execute(_MARKS_OF_STUDENT, wanted).all())


def titles(session: Session, course_ids: Collection[UUID]) -> dict[UUID, str]:
    """Course → its title."""
    if not course_ids:
        return {}
    return {row.id: row.title for row in session.execute(_TITLES, {"course_ids": course_ids})}


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
