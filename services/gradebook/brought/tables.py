"""Marks of other schools."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from contracts.gradebook.marks import LONGEST
from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, refers
from services.gradebook.base import Base


class OtherSchoolMark(IdentifiedRow, Base):
    """A mark that a student brought along from another school: of a day and a kind of work, or of a term.

    It is entered from a document and never changed: a wrong one is withdrawn, and stays.
    """

    __tablename__ = "other_school_mark"
    __table_args__ = (
        refers("course_id", "course"),
        refers("kind_id", "kind_of_work"),
        refers("term_id", "term"),
        Index("other_school_mark_course", "school_id", "course_id"),
        Index("other_school_mark_student", "school_id", "student_id"),
        CheckConstraint("(date IS NULL) = (kind_id IS NULL)", name="other_school_mark_dated"),
        CheckConstraint("(date IS NULL) <> (term_id IS NULL)", name="other_school_mark_of_term"),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    date: Mapped[dt.date | None]
    kind_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: Of a term mark; else null.
    term_id: Mapped[UUID | None] = mapped_column(Uuid)
    value: Mapped[str] = mapped_column(String(LONGEST))
    school: Mapped[str] = mapped_column(String(200))
    #: What it was entered from.
    document: Mapped[str] = mapped_column(String(300))
    entered_by: Mapped[UUID] = mapped_column(Uuid)
    entered_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[UUID | None] = mapped_column(Uuid)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    #: Why it was withdrawn.
    reason: Mapped[str] = mapped_column(String(500))
