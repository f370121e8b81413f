"""Academic years, their terms and days, and what was changed of them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base


class Year(IdentifiedRow, Base):
    """An academic year. `version` is that of all that is kept of it: terms, grades, days."""

    __tablename__ = "year"

    title: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    version: Mapped[int] = mapped_column(server_default="1")


class Term(IdentifiedRow, Base):
    """A quarter, half-year or trimester of a year.

    `division` names the division of the year that the term is of (`contracts.gradebook.calendar.DIVISION`). Terms of
    one division do not overlap; those of several do.
    """

    __tablename__ = "term"
    __table_args__ = (refers("year_id", "year"),)

    year_id: Mapped[UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    division: Mapped[str] = mapped_column(Text, server_default="")
    #: Whether a person entered it; else an import brought it.
    by_hand: Mapped[bool] = mapped_column(server_default="0")


class YearGrade(SchoolRow, Base):
    """By which terms a grade goes, the usual ones where `division` is empty, and on how many days it is taught."""

    __tablename__ = "year_grade"
    __table_args__ = (refers("year_id", "year"),)

    year_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    grade: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    division: Mapped[str] = mapped_column(Text)
    days_a_week: Mapped[int]


class DayOff(IdentifiedRow, Base):
    """Days without lessons, both included; of which `kind`, the contract says."""

    __tablename__ = "day_off"
    __table_args__ = (refers("year_id", "year"), Index("day_off_year", "school_id", "year_id"))

    year_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Text)
    first: Mapped[dt.date]
    last: Mapped[dt.date]
    #: Sorted; empty for all.
    grades: Mapped[list[int]] = mapped_column(JSON)


class MovedDay(IdentifiedRow, Base):
    """A day taught by the timetable of an ISO weekday."""

    __tablename__ = "moved_day"
    __table_args__ = (refers("year_id", "year"), Index("moved_day_year", "school_id", "year_id"))

    year_id: Mapped[UUID] = mapped_column(Uuid)
    date: Mapped[dt.date]
    weekday: Mapped[int]
    grades: Mapped[list[int]] = mapped_column(JSON)


class ShortDay(IdentifiedRow, Base):
    """A day of shortened lessons."""

    __tablename__ = "short_day"
    __table_args__ = (refers("year_id", "year"), Index("short_day_year", "school_id", "year_id"))

    year_id: Mapped[UUID] = mapped_column(Uuid)
    date: Mapped[dt.date]
    grades: Mapped[list[int]] = mapped_column(JSON)


class CalendarRevision(SchoolRow, Base):
    """One change of a year's calendar by a person: of the rows that differ, what they were and what they became."""

    __tablename__ = "calendar_revision"
    __table_args__ = (refers("year_id", "year"),)

    year_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
