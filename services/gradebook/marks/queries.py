"""Selects kinds of work, columns, marks and their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, SQLColumnExpression, String, and_, bindparam, func, select
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from kernel.data.among import among
from kernel.errors import NotFound
from services.gradebook.courses.queries import GRADE_OF_COURSE, TIES, CourseClass, Tied, members_beside
from services.gradebook.courses.tables import Course
from services.gradebook.gathered import Values, gathered
from services.gradebook.lessons.queries import LessonRow, lesson_with_ties
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.tables import KindOfWork, Mark, MarkRevision, Work
from services.gradebook.people.queries import TiedToStudent, guards
from services.gradebook.people.tables import ClassCopy, StudentCopy
from services.gradebook.policy.queries import SETTING, SettingRow
from services.gradebook.policy.tables import Setting
from services.gradebook.rows import missing

#: The columns of a mark that answers show.
MARK = (
    Mark.id,
    Mark.lesson_id,
    Mark.student_id,
    Mark.kind_id,
    Mark.value,
    Mark.comment,
    Mark.date,
    Mark.version,
)
#: Their names in answers.
MARK_NAMES = tuple(column.key for column in MARK)
#: The order of marks: of their lessons.
MARKS_IN_ORDER = (Mark.date, Mark.number.nulls_last(), Mark.lesson_id, Mark.id)


class Kind(NamedTuple):
    """A kind of work and the weight of its marks."""

    id: UUID
    name: str
    weight: Decimal


class ColumnRow(LessonRow, SettingRow, Protocol):
    """What marks of a lesson are decided on: the lesson, its members, the school's setting, the kind and its column."""

    #: For `courses.queries.members_of`.
    members: list[Values]
    #: None where there is no such kind of work.
    kind_id: UUID | None
    #: None where the lesson has no column of this kind yet.
    work_id: UUID | None


class MarkShown(Protocol):
    """The columns `MARK`."""

    id: UUID
    lesson_id: UUID
    student_id: UUID
    kind_id: UUID
    value: str | None
    comment: str
    date: dt.date
    version: int


class MarkRow(MarkShown, Tied, TiedToStudent, Protocol):
    """A mark with the person's ties to its course and student, and the student's grade."""

    course_id: UUID
    grade: int | None


_KINDS: Final = select(KindOfWork.id, KindOfWork.name, KindOfWork.weight).order_by(KindOfWork.name, KindOfWork.id)


def kinds_beside() -> ColumnElement[Any]:
    """The kinds of work, as one value of the enclosing query; `kinds_of` reads it."""
    return select(gathered(KindOfWork.id, KindOfWork.name, cast_to(KindOfWork.weight, String))).scalar_subquery()


def kinds_of(rows: Iterable[Values]) -> dict[UUID, Kind]:
    """The kinds of work by their ids, in order of their names."""
    found = [Kind(UUID(kind_id), name, Decimal(weight)) for kind_id, name, weight in rows]
    return {kind.id: kind for kind in sorted(found, key=attrgetter("name", "id"))}


def kinds(session: Session) -> list[Kind]:
    """The kinds of work, by name."""
    return [Kind(row.id, row.name, row.weight) for row in session.execute(_KINDS)]


def _column(kind: SQLColumnExpression[bool]) -> Select[*tuple[Any, ...]]:
    """Made for kinds of work named by an id, and for the default kind."""
    of_lesson = and_(Work.kind_id == KindOfWork.id, Work.lesson_id == Lesson.id, Work.source_id.is_(None))
    return (
        lesson_with_ties()
        .add_columns(*SETTING, KindOfWork.id.label("kind_id"), Work.id.label("work_id"))
        .add_columns(members_beside(Lesson.course_id, Lesson.date).label("members"))
        .outerjoin(Setting, Setting.school_id == Lesson.school_id)
        .outerjoin(KindOfWork, and_(KindOfWork.school_id == Lesson.school_id, kind))
        .outerjoin(Work, of_lesson)
    )


_COLUMN_OF_ANSWERS: Final = _column(KindOfWork.is_answer)
_COLUMN_OF_KIND: Final = _column(KindOfWork.id == bindparam("kind_id"))


def column(session: Session, lesson_id: UUID, person_id: UUID | None, kind_id: UUID | None) -> ColumnRow:
    """What marks of a lesson are decided on, with the person's ties to its course. Raises `NotFound` for the lesson.

    Without `kind_id`, the kind is the default one, the answer in a lesson.
    """
    wanted = {"lesson_id": lesson_id, "person_id": person_id}
    if kind_id is None:
        row = session.execute(_COLUMN_OF_ANSWERS, wanted).one_or_none()
    else:
        row = session.execute(_COLUMN_OF_KIND, {**wanted, "kind_id": kind_id}).one_or_none()
    if row is None:
        raise missing("lesson", lesson_id)
    return cast(ColumnRow, row)


def kind_of_column(row: ColumnRow, kind_id: UUID | None) -> UUID:
    """The kind of the column that was asked for. Raises `NotFound` where the school has no such kind."""
    if row.kind_id is not None:
        return row.kind_id
    if kind_id is not None:
        raise missing("kind of work", kind_id)
    raise NotFound("The school has no kind of work for answers: name a kind.", rule="kind-required", field="kind_id")


_MARKS_IN_COLUMN: Final = select(Mark.student_id, Mark.id).where(
    Mark.work_id == bindparam("work_id"), among(Mark.student_id, "student_ids")
)


def marks_in_column(session: Session, work_id: UUID, student_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Student → mark, for the students who have a mark in the column."""
    rows = session.execute(_MARKS_IN_COLUMN, {"work_id": work_id, "student_ids": student_ids})
    return {row.student_id: row.id for row in rows}


_MARK: Final = (
    select(
        *MARK,
        Mark.course_id,
        func.coalesce(GRADE_OF_COURSE, ClassCopy.grade).label("grade"),
        *TIES,
        ClassCopy.homeroom_teacher_id,
        guards(Mark.student_id).label("guards"),
    )
    .join(Course, Course.id == Mark.course_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .outerjoin(StudentCopy, StudentCopy.student_id == Mark.student_id)
    .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .where(Mark.id == bindparam("mark_id"))
)
_MARK_LOCKED: Final = _MARK.with_for_update(of=Mark, key_share=True)


def mark(session: Session, mark_id: UUID, person_id: UUID | None, *, lock: bool = False) -> MarkRow:
    """A mark with the person's ties to its course and student, and the student's grade. Raises `NotFound`.

    `lock` makes others who change the mark wait until the transaction ends.
    """
    row = session.execute(_MARK_LOCKED if lock else _MARK, {"mark_id": mark_id, "person_id": person_id}).one_or_none()
    if row is None:
        raise missing("mark", mark_id)
    return cast(MarkRow, row)


def revisions_of(session: Session, mark_id: UUID) -> Sequence[RowMapping]:
    """Every version of a mark, oldest first."""
    return (
        session.execute(
            select(
                MarkRevision.version,
                MarkRevision.value,
                MarkRevision.comment,
                MarkRevision.reason,
                MarkRevision.changed_by,
                MarkRevision.changed_at,
            )
            .where(MarkRevision.mark_id == mark_id)
            .order_by(MarkRevision.version)
        )
        .mappings()
        .all()
    )
