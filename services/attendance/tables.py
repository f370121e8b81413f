"""Attendance's tables: checks, absences with their history, and copies of what other services own."""

from __future__ import annotations

import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKeyConstraint, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import TenantRow


class Base(DeclarativeBase):
    """Attendance's own tables."""


class SchoolRow(TenantRow):
    """A row that belongs to a school."""

    __tenant_column__ = "school_id"

    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, sort_order=-1)


class StudentCopy(SchoolRow, Base):
    """Which class a student is in today: identity owns it. A higher revision replaces a lower one."""

    __tablename__ = "student_copy"

    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    class_id: Mapped[UUID | None] = mapped_column(Uuid)


class GuardianCopy(SchoolRow, Base):
    """A student's guardian, and whether the portal was consented to: identity owns it."""

    __tablename__ = "guardian_copy"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "student_id"], ["student_copy.school_id", "student_copy.student_id"]),
    )

    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    guardian_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    portal: Mapped[bool]


class ClassCopy(SchoolRow, Base):
    """Who the homeroom teacher of a class is: identity owns it. A higher revision replaces a lower one."""

    __tablename__ = "class_copy"
    __table_args__ = (Index("class_copy_homeroom_teacher", "school_id", "homeroom_teacher_id"),)

    class_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    homeroom_teacher_id: Mapped[UUID | None] = mapped_column(Uuid)


class LessonCopy(SchoolRow, Base):
    """A lesson as it stood when it was last checked: the gradebook owns it."""

    __tablename__ = "lesson_copy"

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    date: Mapped[datetime.date] = mapped_column(Date)
    number: Mapped[int | None] = mapped_column(Integer)


class LessonTeacherCopy(SchoolRow, Base):
    """Who taught a lesson, as it stood when it was last checked: the gradebook owns it."""

    __tablename__ = "lesson_teacher_copy"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "lesson_id"], ["lesson_copy.school_id", "lesson_copy.lesson_id"]),
    )

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    teacher_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class LessonCheck(SchoolRow, Base):
    """The last check of one class in a lesson. Without a row nobody looked; with one, the rest were there."""

    __tablename__ = "lesson_check"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "lesson_id"], ["lesson_copy.school_id", "lesson_copy.lesson_id"]),
    )

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    class_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    checked_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    checked_by: Mapped[UUID | None] = mapped_column(Uuid)


class LessonCheckRevision(SchoolRow, Base):
    """Every check of one class in a lesson, first to last."""

    __tablename__ = "lesson_check_revision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "lesson_id", "class_id"],
            ["lesson_check.school_id", "lesson_check.lesson_id", "lesson_check.class_id"],
        ),
    )

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    class_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    checked_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    checked_by: Mapped[UUID | None] = mapped_column(Uuid)


class Absence(SchoolRow, Base):
    """A student's absence from a lesson, or lateness, as it stands. `code` is null where it was withdrawn."""

    __tablename__ = "absence"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "lesson_id"], ["lesson_copy.school_id", "lesson_copy.lesson_id"]),
        Index("absence_lesson_student", "school_id", "lesson_id", "student_id", unique=True),
        Index("absence_student", "school_id", "student_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    lesson_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    #: The student's class when it was entered: a later move changes nothing of the record.
    class_id: Mapped[UUID] = mapped_column(Uuid)
    code: Mapped[str | None] = mapped_column(String(4))
    minutes: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)


class AbsenceRevision(SchoolRow, Base):
    """One state of an absence: who entered it and when."""

    __tablename__ = "absence_revision"
    __table_args__ = (ForeignKeyConstraint(["school_id", "absence_id"], ["absence.school_id", "absence.id"]),)

    absence_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str | None] = mapped_column(String(4))
    minutes: Mapped[int | None] = mapped_column(Integer)
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
