"""Selects the stored rows that an import compares a bundle with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import and_, exists, select, true
from sqlalchemy.orm import Session, aliased

from services.gradebook.bundles.tables import BundlePart
from services.gradebook.courses.tables import CourseTeacher
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.tables import Mark, MarkRevision, Work


def known(session: Session, columns: Sequence[Any], *where: Any) -> dict[Any, tuple[Any, ...]]:
    """Rows keyed by their first column."""
    return {row[0]: tuple(row) for row in session.execute(select(*columns).where(*where))}


def teachers_of_courses(session: Session, course_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """The (course, teacher) pairs of these courses."""
    columns = (CourseTeacher.course_id, CourseTeacher.teacher_id)
    return {(row[0], row[1]) for row in session.execute(select(*columns).where(columns[0].in_(course_ids)))}


class ImportedWork(Protocol):
    """An imported column with the course, date and number of its lesson."""

    id: UUID
    lesson_id: UUID
    kind_id: UUID
    title: str
    source_id: str
    course_id: UUID
    date: dt.date
    number: int | None


class ImportedMark(Protocol):
    """A mark of an imported column, with the value and comment that the last import gave it."""

    id: UUID
    work_id: UUID
    student_id: UUID
    value: str | None
    comment: str
    version: int
    said: str | None
    said_comment: str | None


def imported_works(
    session: Session, course_ids: Collection[UUID], work_ids: Collection[UUID] | None = None
) -> dict[UUID, ImportedWork]:
    """Imported columns of these courses, by id; only those of `work_ids`, where that is given."""
    of_work = (Work.id, Work.lesson_id, Work.kind_id, Work.title, Work.source_id)
    rows = session.execute(
        select(*of_work, Lesson.course_id, Lesson.date, Lesson.number)
        .join(Lesson, Lesson.id == Work.lesson_id)
        .where(Lesson.course_id.in_(course_ids), Work.source_id.is_not(None))
        .where(true() if work_ids is None else Work.id.in_(work_ids))
    )
    return {row.id: cast(ImportedWork, row) for row in rows}


def first_lessons(session: Session, course_ids: Collection[UUID]) -> dict[tuple[UUID, dt.date], UUID]:
    """(course, date) → the first lesson of that course on that day."""
    rows = session.execute(
        select(Lesson.course_id, Lesson.date, Lesson.id)
        .where(Lesson.course_id.in_(course_ids))
        .order_by(Lesson.number.desc().nulls_first(), Lesson.id.desc())
    )
    return {(row.course_id, row.date): row.id for row in rows}


def imported_marks(session: Session, work_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], ImportedMark]:
    """(column, student) → the mark in these columns, locked: nobody changes it between this look and the writing."""
    said = aliased(MarkRevision)
    later = aliased(MarkRevision)
    by_import = and_(said.mark_id == Mark.id, said.changed_by.is_(None))
    is_last = ~exists().where(later.mark_id == Mark.id, later.changed_by.is_(None), later.version > said.version)
    rows = session.execute(
        select(
            Mark.id,
            Mark.work_id,
            Mark.student_id,
            Mark.value,
            Mark.comment,
            Mark.version,
            said.value.label("said"),
            said.comment.label("said_comment"),
        )
        .outerjoin(said, and_(by_import, is_last))
        .where(Mark.work_id.in_(work_ids))
        .order_by(Mark.id)
        .with_for_update(of=Mark)
    )
    return {(row.work_id, row.student_id): cast(ImportedMark, row) for row in rows}


def known_marks(session: Session, mark_ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that marks have."""
    return set(session.scalars(select(Mark.id).where(Mark.id.in_(mark_ids))))


def part(session: Session, import_id: UUID) -> BundlePart | None:
    """The school's part of an import that is being taken over."""
    return session.scalar(select(BundlePart).where(BundlePart.import_id == import_id))


def part_of_job(session: Session, job_id: UUID) -> BundlePart:
    """The part that a job takes over."""
    return session.scalars(select(BundlePart).where(BundlePart.job_id == job_id)).one()
