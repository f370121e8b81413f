"""Selects the stored rows that an import compares a bundle with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from services.gradebook.bundles.rules.bundle import UNDONE
from services.gradebook.bundles.tables import BundlePart, BundleUndo
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher
from services.gradebook.lessons.queries import HELD
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.tables import Mark, MarkRevision, Work


def known(session: Session, columns: Sequence[Any], *where: Any) -> dict[Any, tuple[Any, ...]]:
    """Rows keyed by their first column."""
    return {row[0]: tuple(row) for row in session.execute(select(*columns).where(*where))}


def teachers_of_courses(session: Session, course_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], bool]:
    """The (course, teacher) pairs of these courses → whether a person has said that the teacher's time ends."""
    columns = (CourseTeacher.course_id, CourseTeacher.teacher_id, CourseTeacher.until)
    rows = session.execute(select(*columns).where(columns[0].in_(course_ids)))
    return {(row.course_id, row.teacher_id): row.until is not None for row in rows}


def courses_kept_here(session: Session, course_ids: Collection[UUID]) -> set[UUID]:
    """Those of the courses whose members people keep."""
    return set(session.scalars(select(Course.id).where(Course.id.in_(course_ids), Course.kept_here)))


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
        .where(Lesson.course_id.in_(course_ids), HELD)
        .order_by(Lesson.number.desc().nulls_first(), Lesson.id.desc())
    )
    return {(row.course_id, row.date): row.id for row in rows}


def imported_marks(session: Session, work_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], ImportedMark]:
    """(column, student) → the mark in these columns, locked: nobody changes it between this look and the writing."""
    said = aliased(MarkRevision)
    later = aliased(MarkRevision)
    by_import = and_(said.mark_id == Mark.id, _is_said(said))
    is_last = ~exists().where(later.mark_id == Mark.id, _is_said(later), later.version > said.version)
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


def _is_said(revision: Any) -> ColumnElement[bool]:
    """The condition that an import gave a mark this value, and was not undone since."""
    undoing = aliased(MarkRevision)
    undone = exists().where(
        undoing.mark_id == revision.mark_id,
        undoing.import_id == revision.import_id,
        undoing.reason == UNDONE,
        undoing.version > revision.version,
    )
    return and_(revision.changed_by.is_(None), revision.reason != UNDONE, ~undone)


def known_marks(session: Session, mark_ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that marks have."""
    return set(session.scalars(select(Mark.id).where(Mark.id.in_(mark_ids))))


def part(session: Session, import_id: UUID) -> BundlePart | None:
    """The school's part of an import that is being taken over."""
    return session.scalar(select(BundlePart).where(BundlePart.import_id == import_id))


def part_of_job(session: Session, job_id: UUID) -> BundlePart:
    """The part that a job takes over."""
    return session.scalars(select(BundlePart).where(BundlePart.job_id == job_id)).one()


def undo_of(session: Session, import_id: UUID) -> BundleUndo | None:
    """The last step of undoing an import in the session's school, locked: steps follow one another."""
    return session.scalar(select(BundleUndo).where(BundleUndo.import_id == import_id).with_for_update())


def undo_of_job(session: Session, job_id: UUID) -> BundleUndo | None:
    """The step that a job takes, locked; None where a later one has taken its place."""
    return session.scalar(select(BundleUndo).where(BundleUndo.job_id == job_id).with_for_update())


class TouchedMark(Protocol):
    """A mark that an import wrote, with what it is at present."""

    mark_id: UUID
    work_id: UUID
    first: int
    last: int
    version: int
    title: str
    date: dt.date
    #: Whether it is as the import left it: nobody changed it, or undoing a later import has brought it back.
    as_left: bool
    #: The import that wrote the present version; null where a person did.
    present_import_id: UUID | None


def touched_marks(session: Session, import_id: UUID) -> Sequence[TouchedMark]:
    """The marks that an import wrote, locked, with the first and the last version that it wrote."""
    wrote = (
        select(
            MarkRevision.school_id,
            MarkRevision.mark_id,
            func.min(MarkRevision.version).label("first"),
            func.max(MarkRevision.version).label("last"),
        )
        .where(MarkRevision.import_id == import_id)
        .group_by(MarkRevision.school_id, MarkRevision.mark_id)
        .subquery()
    )
    present, left = aliased(MarkRevision), aliased(MarkRevision)
    same = and_(present.value.is_not_distinct_from(left.value), present.comment == left.comment)
    rows = session.execute(
        select(
            Mark.id.label("mark_id"),
            Mark.work_id,
            wrote.c.first,
            wrote.c.last,
            Mark.version,
            Course.title,
            Mark.date,
            or_(Mark.version == wrote.c.last, and_(present.reason == UNDONE, same)).label("as_left"),
            present.import_id.label("present_import_id"),
        )
        .join(wrote, and_(wrote.c.school_id == Mark.school_id, wrote.c.mark_id == Mark.id))
        .join(Course, Course.id == Mark.course_id)
        .join(present, and_(present.mark_id == Mark.id, present.version == Mark.version))
        .join(left, and_(left.mark_id == Mark.id, left.version == wrote.c.last))
        .order_by(Mark.id)
        .with_for_update(of=Mark)
    )
    return cast("Sequence[TouchedMark]", rows.all())


class NamedMark(Protocol):
    """A mark by its course and date, and the import that wrote its present version; null where a person did."""

    id: UUID
    title: str
    date: dt.date
    import_id: UUID | None
    #: Whether it has no value, because the import that set it was undone.
    taken_back: bool


_NAMED_MARK: Final = (
    select(
        Mark.id,
        Course.title,
        Mark.date,
        MarkRevision.import_id,
        and_(MarkRevision.reason == UNDONE, Mark.value.is_(None)).label("taken_back"),
    )
    .join(Course, Course.id == Mark.course_id)
    .join(MarkRevision, and_(MarkRevision.mark_id == Mark.id, MarkRevision.version == Mark.version))
)


def marks_of_members(session: Session, member_ids: Sequence[UUID]) -> Sequence[NamedMark]:
    """The marks of students in courses of which these memberships make them members."""
    chosen = _NAMED_MARK.join(
        CourseMember, and_(CourseMember.course_id == Mark.course_id, CourseMember.student_id == Mark.student_id)
    )
    return cast("Sequence[NamedMark]", _in_chunks(session, chosen, CourseMember.id, member_ids))


def marks_in_works(session: Session, work_ids: Sequence[UUID]) -> Sequence[NamedMark]:
    """The marks of these columns."""
    return cast("Sequence[NamedMark]", _in_chunks(session, _NAMED_MARK, Mark.work_id, work_ids))


def lesson_names(session: Session, lesson_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Lesson → course and date."""
    chosen = select(Lesson.id, Course.title, Lesson.date).join(Course, Course.id == Lesson.course_id)
    rows = _in_chunks(session, chosen, Lesson.id, lesson_ids)
    return {row.id: f"{row.title}, {row.date.isoformat()}" for row in rows}


def lessons_of_works(session: Session, work_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Column → its lesson."""
    rows = _in_chunks(session, select(Work.id, Work.lesson_id), Work.id, work_ids)
    return {row.id: row.lesson_id for row in rows}


def revisions(session: Session, wanted: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], tuple[str | None, str]]:
    """(mark, version) → value and comment."""
    chosen = select(MarkRevision.mark_id, MarkRevision.version, MarkRevision.value, MarkRevision.comment)
    rows = _in_chunks(session, chosen, tuple_(MarkRevision.mark_id, MarkRevision.version), wanted)
    return {(row.mark_id, row.version): (row.value, row.comment) for row in rows}


def undone_marks(session: Session, import_id: UUID) -> Sequence[tuple[UUID, int]]:
    """(mark, version) of the marks that stand as undoing the import has left them."""
    rows = session.execute(
        select(Mark.id, Mark.version)
        .join(MarkRevision, and_(MarkRevision.mark_id == Mark.id, MarkRevision.version == Mark.version))
        .where(MarkRevision.import_id == import_id, MarkRevision.reason == UNDONE)
        .order_by(Mark.id)
        .with_for_update(of=Mark)
    )
    return [(mark_id, version) for mark_id, version in rows]


#: Ids of one SELECT.
_SOME = 500


def _in_chunks(session: Session, chosen: Any, column: Any, wanted: Sequence[Any]) -> list[Any]:
    return [
        row
        for start in range(0, len(wanted), _SOME)
        for row in session.execute(chosen.where(column.in_(wanted[start : start + _SOME])))
    ]
