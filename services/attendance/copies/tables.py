"""Copies of students, guardians and classes (identity owns them) and of lessons (the gradebook owns them)."""

from __future__ import annotations

import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKeyConstraint, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import SchoolRow
from services.attendance.base import Base


class StudentCopy(SchoolRow, Base):
    """A student's present class; identity owns it. A higher revision replaces a lower one."""

    __tablename__ = "student_copy"

    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    class_id: Mapped[UUID | None] = mapped_column(Uuid)


class GuardianCopy(SchoolRow, Base):
    """A student's guardian, and whether the guardian consented to the portal; identity owns it."""

    __tablename__ = "guardian_copy"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "student_id"], ["student_copy.school_id", "student_copy.student_id"]),
    )

    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    guardian_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    portal: Mapped[bool]


class ClassCopy(SchoolRow, Base):
    """A class's homeroom teacher; identity owns it. A higher revision replaces a lower one."""

    __tablename__ = "class_copy"
    __table_args__ = (Index("class_copy_homeroom_teacher", "school_id", "homeroom_teacher_id"),)

    class_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    homeroom_teacher_id: Mapped[UUID | None] = mapped_column(Uuid)


class LessonCopy(SchoolRow, Base):
    """A lesson as of its last check; the gradebook owns it."""

    __tablename__ = "lesson_copy"

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    date: Mapped[datetime.date] = mapped_column(Date)
    number: Mapped[int | None] = mapped_column(Integer)


class LessonTeacherCopy(SchoolRow, Base):
    """A teacher of a lesson as of its last check; the gradebook owns it."""

    __tablename__ = "lesson_teacher_copy"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "lesson_id"], ["lesson_copy.school_id", "lesson_copy.lesson_id"]),
    )

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    teacher_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
