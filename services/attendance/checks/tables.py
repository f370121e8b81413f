"""Checks of lessons and their history."""

from __future__ import annotations

import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Integer, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import SchoolRow
from services.attendance.base import Base


class LessonCheck(SchoolRow, Base):
    """The last check of one class in a lesson. Students without an absence were there. No row: not checked."""

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
    """Every check of one class in a lesson, by version."""

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
