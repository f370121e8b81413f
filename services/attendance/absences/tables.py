"""Absences and their history."""

from __future__ import annotations

import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import SchoolRow
from services.attendance.base import Base


class Absence(SchoolRow, Base):
    """The current state of a student's absence from a lesson, or lateness. `code` is null if it was withdrawn."""

    __tablename__ = "absence"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "lesson_id"], ["lesson_copy.school_id", "lesson_copy.lesson_id"]),
        Index("absence_lesson_student", "school_id", "lesson_id", "student_id", unique=True),
        Index("absence_student", "school_id", "student_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    lesson_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    #: The student's class when the absence was entered; a later move does not change it.
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
