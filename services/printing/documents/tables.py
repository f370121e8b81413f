"""Print jobs and their documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import SchoolRow
from services.printing.base import Base

#: The orders that nobody has begun to print. One without fingerprint is of a replica of the version before.
WAITING: Final = text("state = 'waiting' AND fingerprint IS NOT NULL")


class PrintJob(SchoolRow, Base):
    """An order for a journal page. Ids grow with time, so sorting by id sorts by age."""

    __tablename__ = "print_job"
    __table_args__ = (
        Index("print_job_page", "school_id", "course_id", "term_id", "id"),
        Index(
            "print_job_waiting", "school_id", "course_id", "term_id", unique=True,
            postgresql_where=WAITING, sqlite_where=WAITING,
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    course_id: Mapped[UUID] = mapped_column(Uuid)
    term_id: Mapped[UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    progress: Mapped[int] = mapped_column(Integer)
    failure: Mapped[str | None] = mapped_column(Text)
    failure_text: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    ordered_by: Mapped[UUID] = mapped_column(Uuid)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pages: Mapped[int | None] = mapped_column(Integer)
    size: Mapped[int | None] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(String(64))
    #: What it prints (`render.fingerprint`): at first as it was when ordered, then as the document has it.
    fingerprint: Mapped[str | None] = mapped_column(String(64))


class Document(SchoolRow, Base):
    """A document of an earlier version, which kept them here: it moves into the store of files when it is asked for."""

    __tablename__ = "document"
    __table_args__ = (ForeignKeyConstraint(["school_id", "job_id"], ["print_job.school_id", "print_job.id"]),)

    job_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
