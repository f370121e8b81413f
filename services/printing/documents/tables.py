"""Print jobs and their documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Integer, LargeBinary, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import SchoolRow
from services.printing.base import Base


class PrintJob(SchoolRow, Base):
    """An order for a journal page. Ids grow with time, so sorting by id sorts by age."""

    __tablename__ = "print_job"

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


class Document(SchoolRow, Base):
    """The document of a finished job. Written once, never changed."""

    __tablename__ = "document"
    __table_args__ = (ForeignKeyConstraint(["school_id", "job_id"], ["print_job.school_id", "print_job.id"]),)

    job_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
