"""Kinds of work, columns of marks, marks and their history."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.gradebook.marks import LONGEST
from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base
from services.gradebook.exact import Exact

_OWED: Final = text("state = 'owed'")


class KindOfWork(IdentifiedRow, Base):
    """A kind of work and the weight of its marks; one kind is the answer in a lesson, the default."""

    __tablename__ = "kind_of_work"
    __table_args__ = (
        Index(
            "kind_of_work_answer",
            "school_id",
            unique=True,
            postgresql_where=text("is_answer"),
            sqlite_where=text("is_answer"),
        ),
    )

    name: Mapped[str] = mapped_column(Text)
    weight: Mapped[Decimal] = mapped_column(Exact(8, 3))
    #: Whether this is the default kind, for marks that name none. At most one in a school.
    is_answer: Mapped[bool] = mapped_column(default=False)


class Work(IdentifiedRow, Base):
    """A column of marks: a kind of work in a lesson. An imported one has a `source_id`."""

    __tablename__ = "work"
    __table_args__ = (
        refers("lesson_id", "lesson"),
        refers("kind_id", "kind_of_work"),
        Index("work_lesson", "school_id", "lesson_id"),
        Index(
            "work_entered_here",
            "school_id",
            "lesson_id",
            "kind_id",
            unique=True,
            postgresql_where=text("source_id IS NULL"),
            sqlite_where=text("source_id IS NULL"),
        ),
    )

    lesson_id: Mapped[UUID] = mapped_column(Uuid)
    kind_id: Mapped[UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[str | None] = mapped_column(Text)


class ColumnSetting(IdentifiedRow, Base):
    """What was said of all marks of one kind of work in a lesson; a column without a row is as any other."""

    __tablename__ = "column_setting"
    __table_args__ = (
        refers("lesson_id", "lesson"),
        refers("kind_id", "kind_of_work"),
        UniqueConstraint("school_id", "lesson_id", "kind_id", name="column_setting_place"),
        Index(
            "column_setting_unannounced",
            "school_id",
            postgresql_where=text("unannounced"),
            sqlite_where=text("unannounced"),
        ),
        CheckConstraint("version > 0", name="column_setting_version"),
    )

    lesson_id: Mapped[UUID] = mapped_column(Uuid)
    kind_id: Mapped[UUID] = mapped_column(Uuid)
    #: Whether its marks count only where they raise the mean.
    only_if_helps: Mapped[bool]
    #: Before this moment families see none of its marks; null: they see them at once.
    visible_from: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    #: Whether its marks are still to be announced, as nothing of them was while they were hidden.
    unannounced: Mapped[bool]
    version: Mapped[int]


class ColumnSettingRevision(SchoolRow, Base):
    """A version of what was said of a column; the present one is included. Rows are only added."""

    __tablename__ = "column_setting_revision"
    __table_args__ = (refers("setting_id", "column_setting"),)

    setting_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    only_if_helps: Mapped[bool]
    visible_from: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Mark(IdentifiedRow, Base):
    """The present state of a student's mark in a column; `value` is null if it was withdrawn.

    Lesson, kind, course, date and number are copied from its column and that one's lesson, so that a student's or a
    course's marks of a term are found by themselves. Who inserts a mark gives them; triggers of the database change
    them when a column or a lesson moves.
    """

    __tablename__ = "mark"
    __table_args__ = (
        refers("work_id", "work"),
        UniqueConstraint("school_id", "work_id", "student_id", name="mark_work_student"),
        Index("mark_student_date", "school_id", "student_id", "date"),
        Index("mark_course_date", "school_id", "course_id", "date"),
        CheckConstraint("version > 0", name="mark_version"),
    )

    work_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    value: Mapped[str | None] = mapped_column(String(LONGEST))
    comment: Mapped[str] = mapped_column(String(500))
    version: Mapped[int]
    lesson_id: Mapped[UUID] = mapped_column(Uuid)
    kind_id: Mapped[UUID] = mapped_column(Uuid)
    course_id: Mapped[UUID] = mapped_column(Uuid)
    date: Mapped[dt.date]
    number: Mapped[int | None]


class OwedWork(IdentifiedRow, Base):
    """The work of a column that a student owes, or owed: at most one for each student and column."""

    __tablename__ = "owed_work"
    __table_args__ = (
        refers("lesson_id", "lesson"),
        refers("kind_id", "kind_of_work"),
        UniqueConstraint("school_id", "lesson_id", "kind_id", "student_id", name="owed_work_place"),
        Index("owed_work_open", "school_id", "student_id", postgresql_where=_OWED, sqlite_where=_OWED),
        CheckConstraint("version > 0", name="owed_work_version"),
    )

    lesson_id: Mapped[UUID] = mapped_column(Uuid)
    kind_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    #: Until when; null where no date was said.
    due: Mapped[dt.date | None]
    #: One of `rules.owed.OWED`, `DONE`, `WITHDRAWN`.
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    #: The date of which the family was reminded last.
    reminded_of: Mapped[dt.date | None]


class OwedWorkRevision(SchoolRow, Base):
    """A state of a work that is owed, or was; the present one is included. Rows are only added."""

    __tablename__ = "owed_work_revision"
    __table_args__ = (refers("owed_id", "owed_work"),)

    owed_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due: Mapped[dt.date | None]
    state: Mapped[str] = mapped_column(String(10))
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class MarkRevision(SchoolRow, Base):
    """A version of a mark; the present one is included. Rows are only added."""

    __tablename__ = "mark_revision"
    __table_args__ = (
        refers("mark_id", "mark"),
        Index(
            "mark_revision_import",
            "school_id",
            "import_id",
            postgresql_where=text("import_id IS NOT NULL"),
            sqlite_where=text("import_id IS NOT NULL"),
        ),
    )

    mark_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[str | None] = mapped_column(String(LONGEST))
    comment: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(500))
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    #: Of a first state that came late: the last day on which it was in time; its reason says why.
    due_on: Mapped[dt.date | None]
    #: The import that wrote it, or that was undone by it; null for a person's, and for imports of earlier versions.
    import_id: Mapped[UUID | None] = mapped_column(Uuid)
