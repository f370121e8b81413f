"""What homework has beside its text, which stands in the lesson; students' ticks; private notes on lessons."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base


class HomeworkDetail(SchoolRow, Base):
    """Minutes and links of a lesson's homework. `version` counts changes of these, of the tasks and of the files."""

    __tablename__ = "homework_detail"
    __table_args__ = (refers("lesson_id", "lesson"),)

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    minutes: Mapped[int | None]
    #: Each with `url` and `title`.
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    version: Mapped[int]


class HomeworkRevision(SchoolRow, Base):
    """One change: `changed`, or what happened to the `file` of this name; and what the rest was after it."""

    __tablename__ = "homework_revision"
    __table_args__ = (refers("lesson_id", "lesson"),)

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(20))
    file: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int | None]
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    #: Each with `student_id`, `text` and `due`.
    tasks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    #: The deadline that the homework missed with this first entry of it, and why; None where it came in time.
    due_on: Mapped[dt.date | None]
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")


class HomeworkFile(IdentifiedRow, Base):
    """A file of a lesson, whose content is in the store. One that was removed stays, and can be brought back."""

    __tablename__ = "homework_file"
    __table_args__ = (refers("lesson_id", "lesson"), Index("homework_file_lesson", "school_id", "lesson_id"))

    lesson_id: Mapped[UUID] = mapped_column(Uuid)
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    added_by: Mapped[UUID | None] = mapped_column(Uuid)
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    removed_by: Mapped[UUID | None] = mapped_column(Uuid)
    removed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class PersonalTask(SchoolRow, Base):
    """What one student of a lesson has to do until a day."""

    __tablename__ = "personal_task"
    __table_args__ = (
        refers("lesson_id", "lesson"),
        Index("personal_task_student", "school_id", "student_id", "due"),
    )

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    due: Mapped[dt.date]


class HomeworkDone(SchoolRow, Base):
    """A student's own tick: the homework of a lesson is done. What is no longer done has no row."""

    __tablename__ = "homework_done"
    __table_args__ = (refers("lesson_id", "lesson"),)

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    done_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    #: Of what was to be done then (`rules/done.py`).
    fingerprint: Mapped[str] = mapped_column(String(32))


class LessonNote(SchoolRow, Base):
    """A note on a lesson that its author alone reads."""

    __tablename__ = "lesson_note"
    __table_args__ = (refers("lesson_id", "lesson"),)

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
