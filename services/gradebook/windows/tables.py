"""The methodologist's openings of closed lessons."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow
from services.gradebook.base import Base


class EditOpening(IdentifiedRow, Base):
    """Closed lessons that may be written in until a moment: of a course, a teacher or a class, or one lesson.

    Rows are only added; who ends one early is noted in it.
    """

    __tablename__ = "edit_opening"
    __table_args__ = (Index("edit_opening_until", "school_id", "until"),)

    #: The course, also that of a single lesson; exactly one of these three is there.
    course_id: Mapped[UUID | None] = mapped_column(Uuid)
    teacher_id: Mapped[UUID | None] = mapped_column(Uuid)
    class_id: Mapped[UUID | None] = mapped_column(Uuid)
    lesson_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: The first and the last day of the lessons; null for a single lesson.
    first: Mapped[dt.date | None]
    last: Mapped[dt.date | None]
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500))
    opened_by: Mapped[UUID] = mapped_column(Uuid)
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    #: Null unless somebody ended it before its time.
    ended_by: Mapped[UUID | None] = mapped_column(Uuid)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
