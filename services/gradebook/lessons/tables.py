"""Lessons and their history."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base


def _where_known(name: str, column: str) -> Index:
    """An index over the lessons in which a column is not null, by date."""
    known = text(f"{column} IS NOT NULL")
    return Index(name, "school_id", column, "date", postgresql_where=known, sqlite_where=known)


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
        Index(
            "lesson_homework_due",
            "school_id",
            "course_id",
            "homework_due",
            postgresql_where=text("homework_due IS NOT NULL"),
            sqlite_where=text("homework_due IS NOT NULL"),
        ),
        _where_known("lesson_teacher", "teacher_id"),
        _where_known("lesson_classroom", "classroom_id"),
        Index(
            "lesson_moved",
            "school_id",
            "course_id",
            "moved_to",
            postgresql_where=text("moved_to IS NOT NULL"),
            sqlite_where=text("moved_to IS NOT NULL"),
        ),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid)
    date: Mapped[dt.date]
    number: Mapped[int | None]
    topic: Mapped[str] = mapped_column(Text)
    homework: Mapped[str] = mapped_column(Text)
    homework_due: Mapped[dt.date | None]
    version: Mapped[int]
    #: The entry of the timetable that made it; null for one that people or an import entered.
    entry_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: One of `services.gradebook.lessons.rules.states.State`.
    state: Mapped[str] = mapped_column(String(10), server_default="")
    classroom_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: Who holds it in place of the course's teachers.
    teacher_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: Where a cancelled lesson is held instead.
    moved_to: Mapped[dt.date | None]
    moved_number: Mapped[int | None]
    #: Why it is not as the timetable says.
    reason: Mapped[str] = mapped_column(Text, server_default="")


class CheckedLesson(SchoolRow, Base):
    """A lesson of which attendance keeps a check or an absence."""

    __tablename__ = "checked_lesson"
    __table_args__ = (refers("lesson_id", "lesson"),)

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class LessonRevision(SchoolRow, Base):
    """One version of a lesson's topic and homework; `changed_by` is null for an import.

    `due_on` and `reason` are those of a first topic or first homework that came late.
    """

    __tablename__ = "lesson_revision"
    __table_args__ = (refers("lesson_id", "lesson"),)

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic: Mapped[str] = mapped_column(Text)
    homework: Mapped[str] = mapped_column(Text)
    homework_due: Mapped[dt.date | None]
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    #: The last day on which it was in time; null where it came in time, or was no first entry.
    due_on: Mapped[dt.date | None]
    #: Why it came late, where somebody said it.
    reason: Mapped[str] = mapped_column(String(500), server_default="")
