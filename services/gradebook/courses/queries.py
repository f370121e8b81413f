"""Selects courses with the actor's ties to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from services.gradebook.calendar.tables import Year
from services.gradebook.courses.permissions import CourseTies
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher, Subject
from services.gradebook.gathered import Values, gathered
from services.gradebook.people.tables import ClassCopy, StudentCopy
from services.gradebook.rows import missing

#: The class of a course, as opposed to the class of a student.
CourseClass = aliased(ClassCopy, name="course_class")
#: The course's own grade wins: its class may have moved on to the next grade since.
GRADE_OF_COURSE = func.coalesce(Course.grade, CourseClass.grade)


class Tied(Protocol):
    """A row with the person's ties to its course."""

    teaches: bool
    leads: bool


class CourseShown(Protocol):
    """The columns of a course that answers show."""

    id: UUID
    title: str
    subject: str
    class_id: UUID | None
    year_id: UUID


class CourseRow(CourseShown, Tied, Protocol):
    """A course with its year's dates and the person's ties."""

    starts_on: date
    ends_on: date


class TeacherOfCourse(Protocol):
    """A (course, teacher) pair."""

    course_id: UUID
    teacher_id: UUID


def _about_course(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """EXISTS, correlated only with the `Course` of the enclosing query, whatever else that query joins."""
    return exists().where(*where).correlate(Course)


_PERSON: Final[ColumnElement[Any]] = bindparam("person_id")
#: Whether the person of the parameter `person_id` teaches the `Course` of the enclosing query.
TEACHES: Final = _about_course(CourseTeacher.course_id == Course.id, CourseTeacher.teacher_id == _PERSON)
#: Whether that person is the homeroom teacher of the course's class, or of any of its students' classes.
LEADS_CLASS_OF_COURSE: Final = or_(
    _about_course(ClassCopy.class_id == Course.class_id, ClassCopy.homeroom_teacher_id == _PERSON),
    _about_course(
        CourseMember.course_id == Course.id,
        StudentCopy.student_id == CourseMember.student_id,
        ClassCopy.class_id == StudentCopy.class_id,
        ClassCopy.homeroom_teacher_id == _PERSON,
    ),
)
#: The columns of `Tied`.
TIES: Final = (TEACHES.label("teaches"), LEADS_CLASS_OF_COURSE.label("leads"))


def course_ties(row: Tied) -> CourseTies:
    """The ties in the columns `teaches` and `leads` of a row."""
    return CourseTies(teaches=bool(row.teaches), homeroom=bool(row.leads))


def _course_visible(everything: bool, mine: bool, class_id: UUID | None) -> list[Any]:
    wanted: list[Any] = []
    if mine:
        wanted.append(TEACHES)
    elif not everything:
        wanted.append(or_(TEACHES, LEADS_CLASS_OF_COURSE))
    if class_id is not None:
        in_class = _about_course(
            CourseMember.course_id == Course.id,
            StudentCopy.student_id == CourseMember.student_id,
            StudentCopy.class_id == class_id,
        )
        wanted.append(or_(Course.class_id == class_id, in_class))
    return wanted


def courses(
    session: Session, person_id: UUID | None, *, everything: bool, mine: bool, class_id: UUID | None
) -> tuple[Sequence[CourseShown], Sequence[TeacherOfCourse]]:
    """Courses by title, and their (course, teacher) pairs: those of the person, or of the school (`everything`)."""
    wanted = _course_visible(everything, mine, class_id)
    found = (
        select(Course.id, Course.title, Subject.name.label("subject"), Course.class_id, Course.year_id)
        .join(Subject, Subject.id == Course.subject_id)
        .where(*wanted)
        .order_by(Course.title, Course.id)
    )
    teachers = (
        select(CourseTeacher.course_id, CourseTeacher.teacher_id)
        .join(Course, Course.id == CourseTeacher.course_id)
        .where(*wanted)
        .order_by(CourseTeacher.teacher_id)
    )
    person = {"person_id": person_id}
    return (
        cast("Sequence[CourseShown]", session.execute(found, person).all()),
        cast("Sequence[TeacherOfCourse]", session.execute(teachers, person).all()),
    )


def course_with_ties() -> Select[*tuple[Any, ...]]:
    """Selects the course of the parameter `course_id` as `course` does; for queries that need more beside it."""
    return (
        select(
            Course.id,
            Course.title,
            Subject.name.label("subject"),
            Course.class_id,
            Course.year_id,
            Year.starts_on,
            Year.ends_on,
            *TIES,
        )
        .select_from(Course)
        .join(Subject, Subject.id == Course.subject_id)
        .join(Year, Year.id == Course.year_id)
        .where(Course.id == bindparam("course_id"))
    )


_COURSE: Final = course_with_ties()
_COURSE_LOCKED: Final = _COURSE.with_for_update(of=Course, key_share=True)
_TEACHERS: Final = (
    select(CourseTeacher.teacher_id)
    .where(CourseTeacher.course_id == bindparam("course_id"))
    .order_by(CourseTeacher.teacher_id)
)


def course(session: Session, course_id: UUID, person_id: UUID | None, *, lock: bool = False) -> CourseRow:
    """A course with its year's dates and the person's ties. Raises `NotFound`.

    `lock` makes others who add lessons to the course wait until the transaction ends.
    """
    wanted = {"course_id": course_id, "person_id": person_id}
    row = session.execute(_COURSE_LOCKED if lock else _COURSE, wanted).one_or_none()
    if row is None:
        raise missing("course", course_id)
    return cast(CourseRow, row)


def teachers_beside() -> ColumnElement[Any]:
    """The ids of teachers of the `Course` of the enclosing query, as one value of it."""
    return (
        select(gathered(CourseTeacher.teacher_id))
        .where(CourseTeacher.course_id == Course.id)
        .correlate(Course)
        .scalar_subquery()
    )


def teachers_of(session: Session, course_id: UUID) -> Sequence[UUID]:
    """The ids of a course's teachers."""
    return session.scalars(_TEACHERS, {"course_id": course_id}).all()


def _member_on(day: Any) -> ColumnElement[bool]:
    return and_(CourseMember.since <= day, or_(CourseMember.until.is_(None), CourseMember.until >= day))


_MEMBERS: Final = (
    select(CourseMember.student_id, ClassCopy.grade)
    .outerjoin(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
    .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .where(CourseMember.course_id == bindparam("course_id"), _member_on(bindparam("day")))
    .order_by(CourseMember.student_id)
)


def members_beside(course_id: SQLColumnExpression[UUID], day: SQLColumnExpression[date]) -> ColumnElement[Any]:
    """What `members_on` returns, as one value of the enclosing query; `members_of` reads it."""
    return (
        select(gathered(CourseMember.student_id, ClassCopy.grade))
        .outerjoin(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
        .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
        .where(CourseMember.course_id == course_id, _member_on(day))
        .scalar_subquery()
    )


def members_of(rows: Iterable[Values]) -> dict[UUID, int | None]:
    """Members of a course, from the value of `members_beside`: student → grade of the student's class."""
    return {UUID(student_id): grade for student_id, grade in rows}


def members_on(session: Session, course_id: UUID, day: date) -> dict[UUID, int | None]:
    """Members of the course on a day: student → grade of the student's class."""
    rows = session.execute(_MEMBERS, {"course_id": course_id, "day": day})
    return {row.student_id: row.grade for row in rows}
