"""The bundles that are being taken over, and what undoing them needs."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import SchoolRow
from kernel.data.traces import TraceRow
from services.gradebook.base import Base


class BundlePart(SchoolRow, Base):
    """A school's part of a bundle until it is taken over, and how far that is."""

    __tablename__ = "bundle_part"
    __table_args__ = (Index("bundle_part_job", "job_id", unique=True),)

    import_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    job_id: Mapped[UUID] = mapped_column(Uuid)
    dry_run: Mapped[bool]
    #: Whether all but the marks is written.
    begun: Mapped[bool] = mapped_column(default=False)
    #: The marks of columns up to this one are written, in the order of their ids.
    after: Mapped[UUID | None] = mapped_column(Uuid)
    #: How far that is, in marks.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    #: Kind → created, changed, unchanged, removed so far.
    counts: Mapped[dict[str, list[int]]] = mapped_column(JSON)


class BundleTrace(TraceRow, Base):
    """What an import did to rows of a school, until it can no longer be undone. Marks have their own history."""

    __tablename__ = "bundle_trace"


class BundleUndo(SchoolRow, Base):
    """The last step of undoing an import that identity asked for."""

    __tablename__ = "bundle_undo"
    __table_args__ = (Index("bundle_undo_job", "job_id", unique=True),)

    import_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    job_id: Mapped[UUID] = mapped_column(Uuid)
    #: Identity's name of the attempt, which the answer repeats.
    undo_id: Mapped[UUID] = mapped_column(Uuid)
    #: `look`, `undo`, `put-back` or `forget`.
    step: Mapped[str] = mapped_column(String(10))
    #: Whether the part is undone at present.
    undone: Mapped[bool] = mapped_column(default=False)
