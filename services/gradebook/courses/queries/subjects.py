"""Selects subjects and the curriculum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, cast
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from services.gradebook.calendar.tables import Year
from services.gradebook.courses.queries import CourseClass
from services.gradebook.courses.rules.hours import Cell
from services.gradebook.courses.tables import (
    Course,
    Curriculum,
    CurriculumRevision,
    Subject,
)
from services.gradebook.rows import missing


class SubjectRow(Protocol):
    """A subject with the number of its courses in all years."""

    id: UUID
    name: str
    version: int
    courses: int


class TitledRow(Protocol):
    """A course of a subject, and the name of its class."""

    id: UUID
    title: str
    group_name: str
    class_name: str | None


_COURSES_OF_SUBJECT: Final = (
    select(func.count(Course.id)).where(Course.subject_id == Subject.id).correlate(Subject).scalar_subquery()
)
_SUBJECTS: Final = select(Subject.id, Subject.name, Subject.version, _COURSES_OF_SUBJECT.label("courses")).order_by(
    Subject.name, Subject.id
)
_LOCK_SUBJECTS: Final = select(Subject.id).with_for_update(key_share=True)
_TITLES_OF_SUBJECT: Final = (
    select(Course.id, Course.title, Course.group_name, CourseClass.name.label("class_name"))
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(Course.subject_id == bindparam("subject_id"))
    .order_by(Course.title, Course.id)
)
_CELLS: Final = (
    select(Curriculum.subject_id, Curriculum.grade, Curriculum.hours)
    .where(Curriculum.year_id == bindparam("year_id"))
    .order_by(Curriculum.grade, Curriculum.subject_id)
)
_VERSION_OF_CURRICULUM: Final = select(
    select(func.coalesce(func.max(CurriculumRevision.version), 0))
    .where(CurriculumRevision.year_id == Year.id)
    .correlate(Year)
    .scalar_subquery()
    .label("version")
).where(Year.id == bindparam("year_id"))
_YEARS_WITH_HOURS: Final = (
    select(Year.title)
    .join(Curriculum, Curriculum.year_id == Year.id)
    .where(Curriculum.subject_id == bindparam("subject_id"))
    .group_by(Year.title)
    .order_by(Year.title)
)


def subjects(session: Session, *, lock: bool = False) -> Sequence[SubjectRow]:
    """The school's subjects, by name. `lock` makes others who change subjects wait until the transaction ends."""
    if lock:
        session.execute(_LOCK_SUBJECTS).all()
    return cast("Sequence[SubjectRow]", session.execute(_SUBJECTS).all())


def subject_of(rows: Sequence[SubjectRow], subject_id: UUID) -> SubjectRow:
    """One of the subjects. Raises `NotFound`."""
    found = next((row for row in rows if row.id == subject_id), None)
    if found is None:
        raise missing("subject", subject_id)
    return found


def courses_of_subject(session: Session, subject_id: UUID) -> Sequence[TitledRow]:
    """The courses of a subject in all years."""
    return cast("Sequence[TitledRow]", session.execute(_TITLES_OF_SUBJECT, {"subject_id": subject_id}).all())


def years_with_hours(session: Session, subject_id: UUID) -> Sequence[str]:
    """The titles of the years in whose curriculum a subject has hours."""
    return session.scalars(_YEARS_WITH_HOURS, {"subject_id": subject_id}).all()


def curriculum(session: Session, year_id: UUID) -> tuple[int, list[Cell]]:
    """The version of a year's curriculum, 0 before the first change, and its hours. Raises `NotFound`."""
    version = session.execute(_VERSION_OF_CURRICULUM, {"year_id": year_id}).scalar_one_or_none()
    if version is None:
        raise missing("year", year_id)
    return version, [Cell(*row) for row in session.execute(_CELLS, {"year_id": year_id})]
