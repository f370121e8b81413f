"""Term marks that teachers set, their history, and how far a class's marks are in a course."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from contracts.gradebook.term_marks import LONGEST, LONGEST_KIND, LONGEST_REASON
from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base


class TermMark(IdentifiedRow, Base):
    """The present state of a student's mark of a term or year in a course; `value` is null if it was taken back."""

    __tablename__ = "term_mark"
    __table_args__ = (
        refers("course_id", "course"),
        refers("term_id", "term"),
        UniqueConstraint("school_id", "course_id", "term_id", "kind", "student_id", name="term_mark_place"),
        Index("term_mark_student", "school_id", "student_id"),
        CheckConstraint("version > 0", name="term_mark_version"),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid)
    #: The term, or the last one of the year for what is of the year.
    term_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(LONGEST_KIND))
    student_id: Mapped[UUID] = mapped_column(Uuid)
    value: Mapped[str | None] = mapped_column(String(LONGEST))
    #: What the policy computed when it was set; null where it computed nothing.
    computed: Mapped[str | None] = mapped_column(String(LONGEST))
    #: Why it is another mark than the computed one, or why it was changed.
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    #: For the family.
    comment: Mapped[str] = mapped_column(String(LONGEST_REASON))
    version: Mapped[int]
    set_by: Mapped[UUID] = mapped_column(Uuid)
    set_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    #: The value that the family was shown first; null until the class's marks are handed in.
    first_shown: Mapped[str | None] = mapped_column(String(LONGEST))


class TermMarkRevision(SchoolRow, Base):
    """A version of a term mark; the present one is included. Rows are only added."""

    __tablename__ = "term_mark_revision"
    __table_args__ = (refers("term_mark_id", "term_mark"),)

    term_mark_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[str | None] = mapped_column(String(LONGEST))
    computed: Mapped[str | None] = mapped_column(String(LONGEST))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    comment: Mapped[str] = mapped_column(String(LONGEST_REASON))
    set_by: Mapped[UUID] = mapped_column(Uuid)
    set_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class TermSheet(IdentifiedRow, Base):
    """How far the term marks of a class are in a course; a class without a row is open."""

    __tablename__ = "term_sheet"
    __table_args__ = (
        refers("course_id", "course"),
        refers("term_id", "term"),
        UniqueConstraint("school_id", "course_id", "term_id", "kind", "class_id", name="term_sheet_place"),
        Index("term_sheet_class", "school_id", "class_id", "term_id"),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid)
    term_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(LONGEST_KIND))
    class_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(LONGEST))
    version: Mapped[int]
    changed_by: Mapped[UUID] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class TermSheetStep(SchoolRow, Base):
    """A state that the term marks of a class had in a course; the present one is included. Rows are only added."""

    __tablename__ = "term_sheet_step"
    __table_args__ = (refers("sheet_id", "term_sheet"),)

    sheet_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(LONGEST))
    changed_by: Mapped[UUID] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
