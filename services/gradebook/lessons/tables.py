"""Lessons and their history."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base


class Lesson(IdentifiedRow, Base):
    """The present state of a lesson, held or planned; `number` is its place in the day."""

    __tablename__ = "lesson"
    __table_args__ = (
        refers("course_id", "course"),
        UniqueConstraint("school_id", "course_id", "date", "number", name="lesson_numbered"),
        Index(
            "lesson_unnumbered",
            "school_id",
            "course_id",
            "date",
            unique=True,
            postgresql_where=text("number IS NULL"),
            sqlite_where=text("number IS NULL"),
        ),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid)
    date: Mapped[dt.date]
    number: Mapped[int | None]
    topic: Mapped[str] = mapped_column(Text)
    homework: Mapped[str] = mapped_column(Text)
    homework_due: Mapped[dt.date | None]
    version: Mapped[int]


class LessonRevision(SchoolRow, Base):
    """One version of a lesson's topic and homework; `changed_by` is null for an import."""

    __tablename__ = "lesson_revision"
    __table_args__ = (refers("lesson_id", "lesson"),)

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic: Mapped[str] = mapped_column(Text)
    homework: Mapped[str] = mapped_column(Text)
    homework_due: Mapped[dt.date | None]
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
