"""Selects what courses and groups are made of: years, classes, courses beside them, students and memberships."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.calendar.tables import Year
from services.gradebook.courses.queries import COURSE, TIES, CourseClass, CourseShown, Tied, teachers_beside
from services.gradebook.courses.rules.making import Sibling
from services.gradebook.courses.rules.membership import Membership, WholeClass
from services.gradebook.courses.tables import (
    Course,
    CourseMember,
    Subject,
)
from services.gradebook.gathered import Values, gathered
from services.gradebook.people.tables import ClassCopy, StudentCopy
from services.gradebook.rows import missing


class FrameRow(Protocol):
    """What a course is made of: a year, a subject and a class, and the class's other courses of the year."""

    id: UUID
    starts_on: date
    ends_on: date
    #: None where there is no such subject.
    subject: str | None
    #: These are None where no class was named, or there is none such.
    class_id: UUID | None
    class_name: str | None
    class_grade: int | None
    #: For `siblings_of`.
    siblings: list[Values]


_OF_CLASS: Final = bindparam("class_id", type_=Course.class_id.type)
_FRAME: Final = (
    select(
        Year.id,
        Year.starts_on,
        Year.ends_on,
        Subject.name.label("subject"),
        ClassCopy.class_id,
        ClassCopy.name.label("class_name"),
        ClassCopy.grade.label("class_grade"),
        select(gathered(Course.id, Course.subject_id, Course.group_name, Course.title, Course.division, Course.grade))
        .where(Course.year_id == Year.id, Course.class_id.is_not_distinct_from(_OF_CLASS))
        .correlate(Year)
        .scalar_subquery()
        .label("siblings"),
    )
    .outerjoin(Subject, and_(Subject.school_id == Year.school_id, Subject.id == bindparam("subject_id")))
    .outerjoin(ClassCopy, and_(ClassCopy.school_id == Year.school_id, ClassCopy.class_id == _OF_CLASS))
    .where(Year.id == bindparam("year_id"))
)
_LOCK_YEAR: Final = select(Year.id).where(Year.id == bindparam("year_id")).with_for_update(key_share=True)
_LOCK_COURSES: Final = (
    select(Course.id).where(Course.year_id == bindparam("year_id")).order_by(Course.id).with_for_update(key_share=True)
)
_LOCK_CLASSES: Final = (
    select(ClassCopy.class_id)
    .where(among(ClassCopy.class_id, "class_ids"))
    .order_by(ClassCopy.class_id)
    .with_for_update(key_share=True)
)


def lock_year(session: Session, year_id: UUID) -> None:
    """Make others who make courses or a curriculum of the year wait until the transaction ends. Raises `NotFound`."""
    if session.execute(_LOCK_YEAR, {"year_id": year_id}).one_or_none() is None:
        raise missing("year", year_id)


def lock_courses(session: Session, year_id: UUID) -> None:
    """Make others who change courses of the year wait until the transaction ends."""
    session.execute(_LOCK_COURSES, {"year_id": year_id}).all()


def lock_classes(session: Session, class_ids: Collection[UUID]) -> None:
    """Let nobody join or leave these classes, and no course of them be made, until the transaction ends."""
    session.execute(_LOCK_CLASSES, {"class_ids": class_ids}).all()


def frame(session: Session, year_id: UUID, subject_id: UUID, class_id: UUID | None) -> FrameRow:
    """What a course is made of. Raises `NotFound` for the year, the subject and the class."""
    wanted = {"year_id": year_id, "subject_id": subject_id, "class_id": class_id}
    row = session.execute(_FRAME, wanted).one_or_none()
    if row is None:
        raise missing("year", year_id)
    if row.subject is None:
        raise missing("subject", subject_id)
    if class_id is not None and row.class_id is None:
        raise missing("class", class_id)
    return cast(FrameRow, row)


def siblings_of(row: FrameRow) -> list[Sibling]:
    """The courses of the class in the year, or those across classes."""
    return [Sibling(UUID(course_id), UUID(subject_id), *more) for course_id, subject_id, *more in sorted(row.siblings)]


_MEMBERSHIP: Final = (
    CourseMember.id,
    CourseMember.course_id,
    CourseMember.student_id,
    CourseMember.since,
    CourseMember.until,
    Course.class_id,
)


class GroupRow(CourseShown, Tied, Protocol):
    """A course of a class and subject, with the person's ties."""

    class_name: str | None
    kept_here: bool
    #: For `teachers_of`.
    teachers: list[Values]


_SIBLINGS: Final = (
    select(
        *COURSE,
        CourseClass.name.label("class_name"),
        Course.kept_here,
        *TIES,
        teachers_beside().label("teachers"),
    )
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(
        Course.year_id == bindparam("year_id"),
        Course.subject_id == bindparam("subject_id"),
        Course.class_id.is_not_distinct_from(_OF_CLASS),
    )
    .order_by(Course.title, Course.id)
)
_SIBLINGS_ACROSS: Final = _SIBLINGS.where(
    Course.grade.is_not_distinct_from(bindparam("grade", type_=Course.grade.type))
)
_MEMBERSHIPS_OF: Final = (
    select(*_MEMBERSHIP)
    .join(Course, Course.id == CourseMember.course_id)
    .where(among(CourseMember.course_id, "course_ids"))
    .order_by(CourseMember.id)
)
_CANDIDATES: Final = (
    select(StudentCopy.student_id, StudentCopy.class_id)
    .join(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .order_by(StudentCopy.student_id)
)
_CANDIDATES_OF_CLASS: Final = _CANDIDATES.where(StudentCopy.class_id == bindparam("class_id"))
_CANDIDATES_OF_GRADE: Final = _CANDIDATES.where(ClassCopy.grade == bindparam("grade"))


def siblings(session: Session, course: CourseShown, person_id: UUID | None) -> Sequence[GroupRow]:
    """The courses of the course's year, subject and class, itself among them; without a class, those of its grade."""
    wanted = {
        "year_id": course.year_id, "subject_id": course.subject_id, "class_id": course.class_id, "person_id": person_id,
    }  # fmt: skip
    if course.class_id is None:
        found = session.execute(_SIBLINGS_ACROSS, {**wanted, "grade": course.grade}).all()
    else:
        found = session.execute(_SIBLINGS, wanted).all()
    return cast("Sequence[GroupRow]", found)


def memberships_of(session: Session, course_ids: Collection[UUID]) -> list[Membership]:
    """The memberships of courses, of all times."""
    return [Membership(*row) for row in session.execute(_MEMBERSHIPS_OF, {"course_ids": course_ids})]


def candidates(session: Session, course: CourseShown) -> dict[UUID, UUID | None]:
    """Student who may be in the course → class: those of its class; without one, those of its grade."""
    if course.class_id is not None:
        rows = session.execute(_CANDIDATES_OF_CLASS, {"class_id": course.class_id})
    else:
        rows = session.execute(_CANDIDATES_OF_GRADE, {"grade": course.grade})
    return {row.student_id: row.class_id for row in rows}


_STUDENTS_OF_CLASS: Final = (
    select(StudentCopy.student_id, StudentCopy.class_since)
    .where(StudentCopy.class_id == bindparam("class_id"))
    .order_by(StudentCopy.student_id)
)
_STUDENTS_OF_CLASSES: Final = (
    select(StudentCopy.class_id, StudentCopy.student_id, StudentCopy.class_since)
    .where(among(StudentCopy.class_id, "class_ids"))
    .order_by(StudentCopy.student_id)
)
_MEMBERSHIPS_OF_COURSE: Final = (
    select(*_MEMBERSHIP)
    .join(Course, Course.id == CourseMember.course_id)
    .where(CourseMember.course_id == bindparam("course_id"))
    .order_by(CourseMember.student_id, CourseMember.since)
)
_MADE_HERE_WITH: Final = (
    select(*_MEMBERSHIP)
    .join(Course, Course.id == CourseMember.course_id)
    .where(Course.kept_here, among(CourseMember.student_id, "student_ids"))
    .order_by(CourseMember.id)
)
_OF_WHOLE_CLASSES: Final = (
    select(Course.id, Course.class_id, Year.starts_on, Year.ends_on)
    .join(Year, Year.id == Course.year_id)
    .where(Course.kept_here, Course.group_name == "", among(Course.class_id, "class_ids"))
    .order_by(Course.id)
)


def students_of_class(session: Session, class_id: UUID) -> dict[UUID, date | None]:
    """Student of a class → since when, if that is known."""
    return {row.student_id: row.class_since for row in session.execute(_STUDENTS_OF_CLASS, {"class_id": class_id})}


def students_of_classes(session: Session, class_ids: Collection[UUID]) -> dict[UUID, dict[UUID, date | None]]:
    """Class → its students, each with since when, if that is known."""
    found: dict[UUID, dict[UUID, date | None]] = {class_id: {} for class_id in class_ids}
    for row in session.execute(_STUDENTS_OF_CLASSES, {"class_ids": class_ids}):
        found[row.class_id][row.student_id] = row.class_since
    return found


def memberships(session: Session, course_id: UUID) -> list[Membership]:
    """The memberships of a course, of all times."""
    return [Membership(*row) for row in session.execute(_MEMBERSHIPS_OF_COURSE, {"course_id": course_id})]


def memberships_kept_here(session: Session, student_ids: Collection[UUID]) -> list[Membership]:
    """The memberships of these students in courses that no import keeps."""
    return [Membership(*row) for row in session.execute(_MADE_HERE_WITH, {"student_ids": student_ids})]


def of_whole_classes(session: Session, class_ids: Collection[UUID]) -> list[WholeClass]:
    """The courses made here that take all students of these classes."""
    rows: Iterable[Any] = session.execute(_OF_WHOLE_CLASSES, {"class_ids": class_ids})
    return [WholeClass(*row) for row in rows]
