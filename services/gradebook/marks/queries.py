"""Selects kinds of work, columns, marks and their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    SQLColumnExpression,
    String,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from kernel.clock import now
from kernel.data.among import among
from kernel.data.columns import UtcDateTime
from kernel.errors import NotFound
from services.gradebook.as_it_stood import as_it_stood
from services.gradebook.courses.queries import GRADE_OF_COURSE, TIES, CourseClass, members_beside
from services.gradebook.courses.tables import Course, CourseMember, Subject
from services.gradebook.gathered import Values, gathered, moment_in
from services.gradebook.lessons.queries import HeldBy, LessonRow, lesson_with_ties, lessons_with_ties
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.rules.owed import OWED
from services.gradebook.marks.tables import (
    ColumnSetting,
    ColumnSettingRevision,
    KindOfWork,
    Mark,
    MarkRevision,
    OwedWork,
    OwedWorkRevision,
    Work,
)
from services.gradebook.people.queries import TiedToStudent, guards
from services.gradebook.people.tables import ClassCopy, StudentCopy
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.tables import Setting
from services.gradebook.rows import missing
from services.gradebook.windows.queries import CLOSING, ClosingRow

#: The marks as they stood at the moment `AS_OF`; those that were set later are none of them.
MarkThen: Final = as_it_stood(Mark, MarkRevision, "mark_id", ("value", "comment", "version"))

#: What was said of columns by the moment `AS_OF`.
ColumnSettingThen: Final = as_it_stood(
    ColumnSetting, ColumnSettingRevision, "setting_id", ("only_if_helps", "visible_from", "version")
)


def only_if_helps(mark: Any, *, then: bool = False) -> ColumnElement[bool]:
    """Whether a mark counts only where it raises the mean, as its column says; now, or at the moment `AS_OF`."""
    setting = ColumnSettingThen if then else ColumnSetting
    said = exists().where(
        setting.school_id == mark.school_id,
        setting.lesson_id == mark.lesson_id,
        setting.kind_id == mark.kind_id,
        setting.only_if_helps,
    )
    return said.correlate_except(setting).label("only_if_helps")


def previous_value(mark: Any) -> ColumnElement[str | None]:
    """The last value that a mark had before its present one and that differs from it; null where there was none.

    Where it was taken back meanwhile, or got another comment alone, that is no other value.
    """
    earlier = (
        select(MarkRevision.value)
        .where(
            MarkRevision.school_id == mark.school_id,
            MarkRevision.mark_id == mark.id,
            MarkRevision.version < mark.version,
            MarkRevision.value != mark.value,
        )
        .order_by(MarkRevision.version.desc())
        .limit(1)
    )
    return earlier.correlate(mark).scalar_subquery().label("previous")


#: The moment at which somebody reads marks; `FOR_STAFF` for those from whom no column is hidden.
SHOWN_AT: Final = bindparam("shown_at", type_=UtcDateTime())
FOR_STAFF: Final = dt.datetime.max.replace(tzinfo=dt.UTC)


def is_shown(of: Any) -> ColumnElement[bool]:
    """Whether families see what is of a column at the moment `SHOWN_AT`: a mark, or a work that is owed."""
    hiding = exists().where(
        ColumnSetting.school_id == of.school_id,
        ColumnSetting.lesson_id == of.lesson_id,
        ColumnSetting.kind_id == of.kind_id,
        ColumnSetting.visible_from > SHOWN_AT,
    )
    return ~hiding.correlate_except(ColumnSetting)


def mark_columns(mark: Any) -> tuple[Any, ...]:
    """The columns `MARK` of the table, or of an alias of it."""
    return (
        mark.id,
        mark.lesson_id,
        mark.student_id,
        mark.kind_id,
        mark.value,
        mark.comment,
        mark.date,
        mark.version,
    )


def marks_in_order(mark: Any) -> tuple[Any, ...]:
    """The order of marks, of the table or of an alias of it: that of their lessons."""
    return (mark.date, mark.number.nulls_last(), mark.lesson_id, mark.id)


#: The columns of a mark that answers show.
MARK = mark_columns(Mark)
#: Their names in answers.
MARK_NAMES = tuple(column.key for column in MARK)


class Kind(NamedTuple):
    """A kind of work and the weight of its marks; one is the default, the answer in a lesson."""

    id: UUID
    name: str
    weight: Decimal
    is_answer: bool = False


class ColumnRow(LessonRow, Protocol):
    """What marks of a lesson are decided on: the lesson, its members, the kind and its column."""

    #: For `courses.queries.members_of`.
    members: list[Values]
    #: These are None where there is no such kind of work.
    kind_id: UUID | None
    kind: str | None
    #: None where the lesson has no column of this kind yet.
    work_id: UUID | None
    is_answer: bool | None
    #: For `settings_of`.
    settings: list[Values]
    #: For `owed_of`; of the whole lesson.
    owed: list[Values]


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


class MarkRow(MarkShown, HeldBy, TiedToStudent, ClosingRow, Protocol):
    """A mark with the person's ties to its lesson and student, the student's grade and what its window depends on."""

    date: dt.date
    course_id: UUID
    title: str
    several_grades: bool | None
    class_name: str | None
    #: The name of its kind of work.
    kind: str
    #: Whether the student is in the course without a last day.
    stays: bool
    #: For `owed_of`: what the student owes in the mark's cell.
    owed: list[Values]
    #: Whether families see its column now.
    is_shown: bool


class MarkInCell(MarkShown, Protocol):
    """A mark, who left it as it is and when, and the grade of its student's class."""

    changed_by: UUID | None
    changed_at: dt.datetime | None
    grade: int | None
    several_grades: bool | None
    class_name: str | None


class MarkOfKind(MarkShown, Protocol):
    """A mark and the grade of its student's class."""

    grade: int | None
    several_grades: bool | None
    class_name: str | None


_KINDS: Final = select(KindOfWork.id, KindOfWork.name, KindOfWork.weight, KindOfWork.is_answer).order_by(
    KindOfWork.name, KindOfWork.id
)


def kinds_beside() -> ColumnElement[Any]:
    """The kinds of work, as one value of the enclosing query; `kinds_of` reads it."""
    weight = cast_to(KindOfWork.weight, String)
    return select(gathered(KindOfWork.id, KindOfWork.name, weight, KindOfWork.is_answer)).scalar_subquery()


def kinds_of(rows: Iterable[Values]) -> dict[UUID, Kind]:
    """The kinds of work by their ids, in order of their names."""
    found = [Kind(UUID(kind_id), name, Decimal(weight), bool(answer)) for kind_id, name, weight, answer in rows]
    return {kind.id: kind for kind in sorted(found, key=attrgetter("name", "id"))}


def kinds(session: Session) -> list[Kind]:
    """The kinds of work, by name."""
    return [Kind(row.id, row.name, row.weight, row.is_answer) for row in session.execute(_KINDS)]


class SettingOfColumn(NamedTuple):
    """What was said of a column."""

    id: UUID
    lesson_id: UUID
    kind_id: UUID
    only_if_helps: bool
    visible_from: dt.datetime | None
    version: int

    def is_hidden(self, at: dt.datetime) -> bool:
        """Whether families do not see its marks yet at a moment."""
        return self.visible_from is not None and self.visible_from > at


def _gathered_settings(setting: Any) -> Select[Any]:
    columns = (
        setting.id,
        setting.lesson_id,
        setting.kind_id,
        setting.only_if_helps,
        setting.visible_from,
        setting.version,
    )
    return select(gathered(*columns))


def settings_beside(of: ColumnElement[bool], *within: Any, then: bool = False) -> ColumnElement[Any]:
    """What was said of columns of the lessons for which `of` holds, as one value; `settings_of` reads it.

    `within` are the tables of the enclosing query that `of` names; `then`: as it was at the moment `AS_OF`.
    """
    setting = ColumnSettingThen if then else ColumnSetting
    found = _gathered_settings(setting).join(Lesson, Lesson.id == setting.lesson_id).where(of)
    return found.correlate(*within).scalar_subquery()


def settings_of_lesson() -> ColumnElement[Any]:
    """The same of the `Lesson` of the enclosing query."""
    found = _gathered_settings(ColumnSetting).where(ColumnSetting.lesson_id == Lesson.id)
    return found.correlate(Lesson).scalar_subquery()


def settings_of(rows: Iterable[Values]) -> dict[tuple[UUID, UUID], SettingOfColumn]:
    """Lesson and kind of work → what was said of the column."""
    found = [
        SettingOfColumn(UUID(one), UUID(lesson), UUID(kind), bool(helps), shown and moment_in(shown), version)
        for one, lesson, kind, helps, shown, version in rows
    ]
    return {(one.lesson_id, one.kind_id): one for one in found}


class OwedOfCell(NamedTuple):
    """A work that a student owes, or owed."""

    id: UUID
    lesson_id: UUID
    kind_id: UUID
    student_id: UUID
    due: dt.date | None
    state: str
    version: int


def owed_columns(owed: Any) -> tuple[Any, ...]:
    """The columns of `OwedOfCell`, which `owed_of` reads, of the table or of an alias of it."""
    return (owed.id, owed.lesson_id, owed.kind_id, owed.student_id, owed.due, owed.state, owed.version)


#: What was owed at the moment `AS_OF`.
OwedWorkThen: Final = as_it_stood(OwedWork, OwedWorkRevision, "owed_id", ("due", "state", "version"))
_OWED_IN_LESSON: Final = (
    select(gathered(*owed_columns(OwedWork))).where(OwedWork.lesson_id == Lesson.id).correlate(Lesson).scalar_subquery()
)


def owed_of(rows: Iterable[Values]) -> dict[tuple[UUID, UUID, UUID], OwedOfCell]:
    """Lesson, kind of work and student → the work, from gathered values of `owed_columns`."""
    found = [
        OwedOfCell(
            UUID(one), UUID(lesson), UUID(kind), UUID(student), due and dt.date.fromisoformat(due), state, version
        )
        for one, lesson, kind, student, due, state, version in rows
    ]
    return {(one.lesson_id, one.kind_id, one.student_id): one for one in found}


def _column(lessons: Select[*tuple[Any, ...]], kind: SQLColumnExpression[bool]) -> Select[*tuple[Any, ...]]:
    """Made for one lesson and for many, for kinds of work named by ids, and for the default kind."""
    of_lesson = and_(Work.kind_id == KindOfWork.id, Work.lesson_id == Lesson.id, Work.source_id.is_(None))
    return (
        lessons.add_columns(KindOfWork.id.label("kind_id"), KindOfWork.name.label("kind"), Work.id.label("work_id"))
        .add_columns(KindOfWork.is_answer)
        .add_columns(members_beside(Lesson.course_id, Lesson.date).label("members"))
        .add_columns(settings_of_lesson().label("settings"), _OWED_IN_LESSON.label("owed"))
        .outerjoin(KindOfWork, and_(KindOfWork.school_id == Lesson.school_id, kind))
        .outerjoin(Work, of_lesson)
    )


_COLUMN_OF_ANSWERS: Final = _column(lesson_with_ties(), KindOfWork.is_answer)
_COLUMN_OF_KIND: Final = _column(lesson_with_ties(), KindOfWork.id == bindparam("kind_id"))
_COLUMNS_OF_COURSE: Final = _column(
    lessons_with_ties(), or_(KindOfWork.is_answer, among(KindOfWork.id, "kind_ids"))
).where(Lesson.course_id == bindparam("course_id"), among(Lesson.id, "lesson_ids"))


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


def columns_of(
    session: Session,
    course_id: UUID,
    lesson_ids: Collection[UUID],
    kind_ids: Collection[UUID],
    person_id: UUID | None,
) -> Sequence[ColumnRow]:
    """What marks of these lessons of a course are decided on, for these kinds of work and the default one."""
    wanted = {"course_id": course_id, "lesson_ids": lesson_ids, "kind_ids": kind_ids, "person_id": person_id}
    return cast("Sequence[ColumnRow]", session.execute(_COLUMNS_OF_COURSE, wanted).all())


_TO_REMIND: Final = and_(
    OwedWork.state == OWED,
    OwedWork.due.is_not(None),
    or_(OwedWork.reminded_of.is_(None), OwedWork.reminded_of != OwedWork.due),
    is_shown(OwedWork),
)
_SCHOOLS_WITH_DATES: Final = (
    select(OwedWork.school_id, Setting.time_zone)
    .outerjoin(Setting, Setting.school_id == OwedWork.school_id)
    .where(_TO_REMIND)
    .distinct()
    .order_by(OwedWork.school_id)
)


def schools_with_dates(session: Session) -> list[tuple[UUID, str]]:
    """The schools in which works are owed until dates of which no family was reminded yet, each with its time zone."""
    usual = default_policy().time_zone
    rows = session.execute(_SCHOOLS_WITH_DATES, {"shown_at": now()})
    return [(school_id, zone or usual) for school_id, zone in rows]


_DUE_SOON: Final = (
    select(*owed_columns(OwedWork))
    .where(_TO_REMIND, OwedWork.due.between(bindparam("first"), bindparam("last")))
    .order_by(OwedWork.id)
    .with_for_update(key_share=True)
)


def to_remind_of(session: Session, first: dt.date, last: dt.date) -> list[OwedOfCell]:
    """The works that are due on these days and of which no family was reminded yet; nobody else changes them now."""
    wanted = {"first": first, "last": last, "shown_at": now()}
    return [OwedOfCell(*row) for row in session.execute(_DUE_SOON, wanted)]


_TO_ANNOUNCE: Final = and_(
    ColumnSetting.unannounced, or_(ColumnSetting.visible_from.is_(None), ColumnSetting.visible_from <= SHOWN_AT)
)
_SCHOOLS_TO_TELL: Final = (
    select(ColumnSetting.school_id).where(_TO_ANNOUNCE).distinct().order_by(ColumnSetting.school_id)
)
_COLUMNS_TO_TELL: Final = (
    select(ColumnSetting.id).where(_TO_ANNOUNCE).order_by(ColumnSetting.id).with_for_update(key_share=True)
)
_MARKS_TO_TELL: Final = (
    select(Mark.id, Mark.lesson_id, Mark.kind_id, Mark.student_id)
    .join(Work, Work.id == Mark.work_id)
    .join(ColumnSetting, and_(ColumnSetting.lesson_id == Mark.lesson_id, ColumnSetting.kind_id == Mark.kind_id))
    .where(among(ColumnSetting.id, "setting_ids"), Mark.value.is_not(None), Work.source_id.is_(None))
    .order_by(Mark.id)
)


def schools_to_tell(session: Session) -> list[UUID]:
    """The schools in which columns are seen by families now, and of whose marks nothing was announced yet."""
    return list(session.scalars(_SCHOOLS_TO_TELL, {"shown_at": now()}))


def columns_to_tell(session: Session) -> tuple[list[UUID], dict[tuple[UUID, UUID], dict[UUID, UUID]]]:
    """Such columns, which nobody else changes now, by the ids of what was said of them; and their marks.

    The marks are those that were entered here: lesson and kind of work → student → mark.
    """
    settings = list(session.scalars(_COLUMNS_TO_TELL, {"shown_at": now()}))
    found: dict[tuple[UUID, UUID], dict[UUID, UUID]] = {}
    for row in session.execute(_MARKS_TO_TELL, {"setting_ids": settings}) if settings else ():
        found.setdefault((row.lesson_id, row.kind_id), {})[row.student_id] = row.id
    return settings, found


class LessonWithKinds(LessonRow, Protocol):
    """A lesson, the school's kinds of work, and what was said of the lesson's columns."""

    #: For `kinds_of`.
    kinds: list[Values]
    #: For `settings_of`.
    settings: list[Values]
    #: For `owed_of`.
    owed: list[Values]


_LESSON_WITH_KINDS: Final = lesson_with_ties().add_columns(
    kinds_beside().label("kinds"), settings_of_lesson().label("settings"), _OWED_IN_LESSON.label("owed")
)


def lesson_with_kinds(session: Session, lesson_id: UUID, person_id: UUID | None) -> LessonWithKinds:
    """A lesson as `lessons.queries.lesson` selects it, kinds of work and settings of columns. Raises `NotFound`."""
    row = session.execute(_LESSON_WITH_KINDS, {"lesson_id": lesson_id, "person_id": person_id}).one_or_none()
    if row is None:
        raise missing("lesson", lesson_id)
    return cast(LessonWithKinds, row)


def kind_of_column(row: ColumnRow, kind_id: UUID | None) -> UUID:
    """The kind of the column that was asked for. Raises `NotFound` where the school has no such kind."""
    if row.kind_id is not None:
        return row.kind_id
    raise no_kind(kind_id)


def no_kind(kind_id: UUID | None) -> NotFound:
    """The refusal for a kind of work that the school does not have; for None, of the default one."""
    if kind_id is not None:
        return missing("kind of work", kind_id)
    return NotFound("The school has no kind of work for answers: name a kind.", rule="kind-required", field="kind_id")


_MARKS_IN_COLUMN: Final = select(Mark.student_id, Mark.id).where(
    Mark.work_id == bindparam("work_id"), among(Mark.student_id, "student_ids")
)


def marks_in_column(session: Session, work_id: UUID, student_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Student → mark, for the students who have a mark in the column."""
    rows = session.execute(_MARKS_IN_COLUMN, {"work_id": work_id, "student_ids": student_ids})
    return {row.student_id: row.id for row in rows}


#: Of a student's marks of one kind in a lesson, the one that was entered here comes before those that imports brought.
_ENTERED_FIRST: Final = (Work.source_id.is_not(None), Mark.id)
_MARKS_OF_LESSON: Final = (
    select(*MARK)
    .join(Work, Work.id == Mark.work_id)
    .where(Work.lesson_id == bindparam("lesson_id"))
    .order_by(*_ENTERED_FIRST)
)
_MARKS_OF_KIND: Final = (
    select(*MARK, ClassCopy.grade, ClassCopy.several_grades, ClassCopy.name.label("class_name"))
    .join(Work, Work.id == Mark.work_id)
    .outerjoin(StudentCopy, StudentCopy.student_id == Mark.student_id)
    .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .where(
        Work.lesson_id == bindparam("lesson_id"),
        Work.kind_id == bindparam("kind_id"),
        among(Mark.student_id, "student_ids"),
    )
    .order_by(*_ENTERED_FIRST)
    .with_for_update(of=Mark, key_share=True)
)


_MARKS_IN_CELLS: Final = (
    select(
        *MARK,
        MarkRevision.changed_by,
        MarkRevision.changed_at,
        ClassCopy.grade,
        ClassCopy.several_grades,
        ClassCopy.name.label("class_name"),
    )
    .join(Work, Work.id == Mark.work_id)
    .outerjoin(MarkRevision, and_(MarkRevision.mark_id == Mark.id, MarkRevision.version == Mark.version))
    .outerjoin(StudentCopy, StudentCopy.student_id == Mark.student_id)
    .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .where(
        # the course and the days find the rows by their index
        Mark.course_id == bindparam("course_id"),
        Mark.date.between(bindparam("first"), bindparam("last")),
        among(Mark.lesson_id, "lesson_ids"),
        among(Mark.student_id, "student_ids"),
    )
    .order_by(*_ENTERED_FIRST)
    .with_for_update(of=Mark, key_share=True)
)
#: A lesson, a kind of work and a student.
CellId = tuple[UUID, UUID, UUID]


def marks_in_cells(
    session: Session,
    course_id: UUID,
    days: Collection[dt.date],
    lesson_ids: Collection[UUID],
    student_ids: Collection[UUID],
) -> dict[CellId, MarkInCell]:
    """The marks of these students in these lessons of a course, which are held on these days, by cell.

    Of several in one cell, it is the first one of `marks_of_lesson`. Others who change one of the marks wait until the
    transaction ends.
    """
    wanted = {
        "course_id": course_id,
        "first": min(days),
        "last": max(days),
        "lesson_ids": lesson_ids,
        "student_ids": student_ids,
    }
    found: dict[CellId, MarkInCell] = {}
    for row in cast("Sequence[MarkInCell]", session.execute(_MARKS_IN_CELLS, wanted).all()):
        found.setdefault((row.lesson_id, row.kind_id, row.student_id), row)
    return found


def marks_of_lesson(session: Session, lesson_id: UUID) -> Sequence[MarkShown]:
    """The marks of a lesson, of every kind; of a student's marks of one kind, the one to be changed comes first."""
    return cast("Sequence[MarkShown]", session.execute(_MARKS_OF_LESSON, {"lesson_id": lesson_id}).all())


def marks_of_kind(
    session: Session, lesson_id: UUID, kind_id: UUID, student_ids: Collection[UUID]
) -> dict[UUID, MarkOfKind]:
    """Student → the student's mark of a kind in a lesson, the first one of `marks_of_lesson`.

    Others who change one of the marks wait until the transaction ends.
    """
    wanted = {"lesson_id": lesson_id, "kind_id": kind_id, "student_ids": student_ids}
    found: dict[UUID, MarkOfKind] = {}
    for row in cast("Sequence[MarkOfKind]", session.execute(_MARKS_OF_KIND, wanted).all()):
        found.setdefault(row.student_id, row)
    return found


_STAYS: Final = (
    exists()
    .where(
        CourseMember.course_id == Mark.course_id,
        CourseMember.student_id == Mark.student_id,
        CourseMember.until.is_(None),
    )
    .correlate(Mark)
)
_OWED_IN_CELL: Final = (
    select(gathered(*owed_columns(OwedWork)))
    .where(
        OwedWork.lesson_id == Mark.lesson_id,
        OwedWork.kind_id == Mark.kind_id,
        OwedWork.student_id == Mark.student_id,
    )
    .correlate(Mark)
    .scalar_subquery()
)
_MARK: Final = (
    select(
        *MARK,
        Mark.course_id,
        Course.title,
        Subject.name.label("subject"),
        KindOfWork.name.label("kind"),
        func.coalesce(GRADE_OF_COURSE, ClassCopy.grade).label("grade"),
        or_(CourseClass.several_grades, ClassCopy.several_grades).label("several_grades"),
        func.coalesce(CourseClass.name, ClassCopy.name).label("class_name"),
        *TIES,
        Lesson.teacher_id,
        Lesson.homework_due,
        ClassCopy.homeroom_teacher_id,
        guards(Mark.student_id).label("guards"),
        _STAYS.label("stays"),
        _OWED_IN_CELL.label("owed"),
        is_shown(Mark).label("is_shown"),
        *CLOSING,
    )
    .join(Course, Course.id == Mark.course_id)
    .join(Lesson, Lesson.id == Mark.lesson_id)
    .join(Subject, Subject.id == Course.subject_id)
    .join(KindOfWork, KindOfWork.id == Mark.kind_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .outerjoin(StudentCopy, StudentCopy.student_id == Mark.student_id)
    .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .outerjoin(Setting, Setting.school_id == Mark.school_id)
    .where(Mark.id == bindparam("mark_id"))
)
_MARK_LOCKED: Final = _MARK.with_for_update(of=Mark, key_share=True)


def mark(session: Session, mark_id: UUID, person_id: UUID | None, *, lock: bool = False) -> MarkRow:
    """A mark with the person's ties, the student's grade and what its window depends on. Raises `NotFound`.

    `lock` makes others who change the mark wait until the transaction ends.
    """
    wanted = {"mark_id": mark_id, "person_id": person_id, "shown_at": now()}
    row = session.execute(_MARK_LOCKED if lock else _MARK, wanted).one_or_none()
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
                MarkRevision.due_on,
            )
            .where(MarkRevision.mark_id == mark_id)
            .order_by(MarkRevision.version)
        )
        .mappings()
        .all()
    )
