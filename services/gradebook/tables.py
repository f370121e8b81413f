"""What the gradebook keeps. Facts of the record have revisions; `…_copy` tables hold what identity owns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine
from uuid_utils.compat import uuid7

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import TenantRow


class Base(DeclarativeBase):
    """Tables of the gradebook."""


class SchoolRow(TenantRow):
    """A row of a school; `school_id` is the first part of every primary key."""

    __tenant_column__ = "school_id"

    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, sort_order=-2)


class IdentifiedRow(SchoolRow):
    """A row of a school with an id of its own."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7, sort_order=-1)


class Weight(TypeDecorator[Decimal]):
    """An exact weight: text in SQLite, which would make it a float."""

    impl = Numeric(8, 3)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """NUMERIC where the database has it."""
        return dialect.type_descriptor(String(12) if dialect.name == "sqlite" else Numeric(8, 3))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Text for SQLite."""
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The exact value, whatever the database made of it."""
        return None if value is None else Decimal(value)


def _refers(column: str, table: str) -> ForeignKeyConstraint:
    """A reference to a row of the same school."""
    return ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"])


class Setting(SchoolRow, Base):
    """The marks a school gives and its time zone. A school without a row has what `rules.marking` says."""

    __tablename__ = "setting"

    lowest: Mapped[int] = mapped_column(Integer)
    highest: Mapped[int] = mapped_column(Integer)
    #: Marks that are no number, such as `зач`.
    tokens: Mapped[list[str]] = mapped_column(JSON)
    time_zone: Mapped[str] = mapped_column(String(64))


class Year(IdentifiedRow, Base):
    """An academic year."""

    __tablename__ = "year"

    title: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]


class Term(IdentifiedRow, Base):
    """A quarter, half-year or trimester of a year."""

    __tablename__ = "term"
    __table_args__ = (_refers("year_id", "year"),)

    year_id: Mapped[UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]


class Subject(IdentifiedRow, Base):
    """A subject taught at the school."""

    __tablename__ = "subject"

    name: Mapped[str] = mapped_column(Text)


class KindOfWork(IdentifiedRow, Base):
    """A kind of work and the weight of its marks; one of them is the answer in a lesson."""

    __tablename__ = "kind_of_work"
    __table_args__ = (
        Index(
            "kind_of_work_answer", "school_id", unique=True,
            postgresql_where=text("is_answer"), sqlite_where=text("is_answer"),
        ),
    )  # fmt: skip

    name: Mapped[str] = mapped_column(Text)
    weight: Mapped[Decimal] = mapped_column(Weight)
    #: The kind of a mark for which none is named. At most one in a school.
    is_answer: Mapped[bool] = mapped_column(default=False)


class Course(IdentifiedRow, Base):
    """A subject taught to a class, or to a group (`class_id` null), in a year."""

    __tablename__ = "course"
    __table_args__ = (
        _refers("subject_id", "subject"),
        _refers("year_id", "year"),
        Index("course_class", "school_id", "class_id"),
    )

    title: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    #: A class of identity's.
    class_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: The grade it is taught in, where that is known of the course itself.
    grade: Mapped[int | None]
    year_id: Mapped[UUID] = mapped_column(Uuid)


class CourseTeacher(SchoolRow, Base):
    """Who teaches a course: may set its marks."""

    __tablename__ = "course_teacher"
    __table_args__ = (
        _refers("course_id", "course"),
        Index("course_teacher_teacher", "school_id", "teacher_id"),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    teacher_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class CourseMember(IdentifiedRow, Base):
    """A student's time in a course, both days included; `until` null while it lasts."""

    __tablename__ = "course_member"
    __table_args__ = (
        _refers("course_id", "course"),
        Index("course_member_course", "school_id", "course_id"),
        Index("course_member_student", "school_id", "student_id"),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    since: Mapped[dt.date]
    until: Mapped[dt.date | None]


class Lesson(IdentifiedRow, Base):
    """A lesson held or planned, as it stands; `number` says which lesson of the day it is."""

    __tablename__ = "lesson"
    __table_args__ = (
        _refers("course_id", "course"),
        UniqueConstraint("school_id", "course_id", "date", "number", name="lesson_numbered"),
        Index(
            "lesson_unnumbered", "school_id", "course_id", "date", unique=True,
            postgresql_where=text("number IS NULL"), sqlite_where=text("number IS NULL"),
        ),
    )  # fmt: skip

    course_id: Mapped[UUID] = mapped_column(Uuid)
    date: Mapped[dt.date]
    number: Mapped[int | None]
    topic: Mapped[str] = mapped_column(Text)
    homework: Mapped[str] = mapped_column(Text)
    homework_due: Mapped[dt.date | None]
    version: Mapped[int]


class LessonRevision(SchoolRow, Base):
    """What a lesson's topic and homework were; `changed_by` is null for an import."""

    __tablename__ = "lesson_revision"
    __table_args__ = (_refers("lesson_id", "lesson"),)

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic: Mapped[str] = mapped_column(Text)
    homework: Mapped[str] = mapped_column(Text)
    homework_due: Mapped[dt.date | None]
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Work(IdentifiedRow, Base):
    """A column of marks: a kind of work in a lesson. One that was imported has its `source_id`."""

    __tablename__ = "work"
    __table_args__ = (
        _refers("lesson_id", "lesson"),
        _refers("kind_id", "kind_of_work"),
        Index("work_lesson", "school_id", "lesson_id"),
        Index(
            "work_entered_here", "school_id", "lesson_id", "kind_id", unique=True,
            postgresql_where=text("source_id IS NULL"), sqlite_where=text("source_id IS NULL"),
        ),
    )  # fmt: skip

    lesson_id: Mapped[UUID] = mapped_column(Uuid)
    kind_id: Mapped[UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[str | None] = mapped_column(Text)


class Mark(IdentifiedRow, Base):
    """A student's mark in a column, as it stands; `value` is null where it was taken back."""

    __tablename__ = "mark"
    __table_args__ = (
        _refers("work_id", "work"),
        UniqueConstraint("school_id", "work_id", "student_id", name="mark_work_student"),
        Index("mark_student", "school_id", "student_id"),
        CheckConstraint("version > 0", name="mark_version"),
    )

    work_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    value: Mapped[str | None] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(String(500))
    version: Mapped[int]


class MarkRevision(SchoolRow, Base):
    """Every state a mark had, the present one included. Rows are only ever added."""

    __tablename__ = "mark_revision"
    __table_args__ = (_refers("mark_id", "mark"),)

    mark_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[str | None] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(500))
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class StudentCopy(SchoolRow, Base):
    """Which class a student is in, as identity told; a higher `revision` replaces a lower one."""

    __tablename__ = "student_copy"
    __table_args__ = (Index("student_copy_class", "school_id", "class_id"),)

    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision: Mapped[int]
    class_id: Mapped[UUID | None] = mapped_column(Uuid)


class GuardianCopy(SchoolRow, Base):
    """A guardian whose consent lets him see the student's diary."""

    __tablename__ = "guardian_copy"

    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    guardian_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class ClassCopy(SchoolRow, Base):
    """A class, as identity told; a higher `revision` replaces a lower one."""

    __tablename__ = "class_copy"
    __table_args__ = (Index("class_copy_homeroom", "school_id", "homeroom_teacher_id"),)

    class_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    grade: Mapped[int | None]
    homeroom_teacher_id: Mapped[UUID | None] = mapped_column(Uuid)
