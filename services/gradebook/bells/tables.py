"""Schedules of bells, and the classes that are not of the first shift."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import JSON, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base


class BellSchedule(IdentifiedRow, Base):
    """The bells of a kind of day, from a date on. Its versions are those of the year's calendar."""

    __tablename__ = "bell_schedule"
    __table_args__ = (refers("year_id", "year"), Index("bell_schedule_year", "school_id", "year_id"))

    year_id: Mapped[UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(Text)
    shift: Mapped[int]
    #: ISO weekdays, sorted; empty for all.
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    short: Mapped[bool]
    valid_from: Mapped[dt.date]


class Bell(SchoolRow, Base):
    """Begin and end of a lesson of the day, in local time."""

    __tablename__ = "bell"
    __table_args__ = (refers("schedule_id", "bell_schedule"),)

    schedule_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts: Mapped[dt.time]
    ends: Mapped[dt.time]


class ClassShift(SchoolRow, Base):
    """The shift of a class in a year; a class that is not here is of the first."""

    __tablename__ = "class_shift"
    __table_args__ = (refers("year_id", "year"),)

    year_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    #: The id of a class in identity.
    class_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    shift: Mapped[int]
