"""The timetable and its edits."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base
from services.gradebook.timetable.rules.entries import Week


class TimetableEntry(IdentifiedRow, Base):
    """A course's lesson in the week, from `valid_from` to `valid_until`, both included; null is to the year's end.

    `week` is empty for every week, "1" for odd and "2" for even ones. `teacher_id` is null where the course's teachers
    hold it.
    """

    __tablename__ = "timetable_entry"
    __table_args__ = (
        refers("year_id", "year"),
        refers("course_id", "course"),
        refers("classroom_id", "classroom"),
        Index("timetable_entry_course", "school_id", "course_id"),
        Index("timetable_entry_year", "school_id", "year_id", "weekday", "number"),
    )

    year_id: Mapped[UUID] = mapped_column(Uuid)
    course_id: Mapped[UUID] = mapped_column(Uuid)
    weekday: Mapped[int]
    number: Mapped[int]
    week: Mapped[Week] = mapped_column(String(1))
    valid_from: Mapped[dt.date]
    valid_until: Mapped[dt.date | None]
    classroom_id: Mapped[UUID | None] = mapped_column(Uuid)
    teacher_id: Mapped[UUID | None] = mapped_column(Uuid)


class TimetableEdit(SchoolRow, Base):
    """One edit of a year's timetable: the entries that it changed, as they were and as they became.

    The last edit's version is the timetable's. `undoes` is the version that an undoing took back.
    """

    __tablename__ = "timetable_edit"
    __table_args__ = (refers("year_id", "year"),)

    year_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(20))
    undoes: Mapped[int | None]
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    after: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    #: What a file made with it, by the names of `rules.made.Made`; null where nothing was made.
    made: Mapped[dict[str, list[str]] | None] = mapped_column(JSON(none_as_null=True))
    edited_by: Mapped[UUID | None] = mapped_column(Uuid)
    edited_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ChangeOfLesson(SchoolRow):
    """What is different in one lesson from what the timetable says; all of it empty: it is held as planned again.

    The lesson is named by the place that it has without the change.
    """

    course_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cancelled: Mapped[bool]
    moved_to: Mapped[dt.date | None]
    moved_number: Mapped[int | None]
    classroom_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: Who stands in.
    teacher_id: Mapped[UUID | None] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class DayChange(ChangeOfLesson, Base):
    """The present change of a lesson."""

    __tablename__ = "day_change"
    __table_args__ = (refers("course_id", "course"),)

    version: Mapped[int]


class DayChangeRevision(ChangeOfLesson, Base):
    """Every version of a change."""

    __tablename__ = "day_change_revision"
    __table_args__ = (refers("course_id", "course"),)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
