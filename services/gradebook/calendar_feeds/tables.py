"""The calendar feeds that people made."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import SchoolRow
from services.gradebook.base import Base


class CalendarFeed(SchoolRow, Base):
    """A person's calendar feed, of the lessons of a student or of those that the person holds as a teacher.

    Of the secret in its address there is a hash alone.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (Index("calendar_feed_secret", "school_id", "secret_hash", unique=True),)

    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    #: "teacher_id" or "student_id", as `weeks.queries.lessons_of` takes it.
    of: Mapped[str] = mapped_column(String(10), primary_key=True)
    of_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
