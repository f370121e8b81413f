"""Imports, their results in each school, the pages for the gradebook, and what undoing an import needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import SchoolRow
from kernel.data.traces import TraceRow
from services.identity.base import Base


class BundleImport(Base):
    """An import of a bundle in the store of files, which is kept until the import is finished.

    Its job has the same id. `status` says how it stands in the import's own words.
    """

    __tablename__ = "bundle_import"
    __table_args__ = (Index("bundle_import_school", "school_id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    #: The school of the methodologist who started it; null for an operator's import.
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("school.id"))
    account_id: Mapped[UUID | None] = mapped_column(Uuid)
    file_name: Mapped[str] = mapped_column(String(200))
    dry_run: Mapped[bool]
    #: Of the schools that the import makes; null if nobody said one.
    time_zone: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The bundle's name in the store of files (`kernel.files.store.Key.path`); null in imports of earlier versions.
    file: Mapped[str | None] = mapped_column(String(140))
    #: Whether it said only what had changed; null until it was checked.
    is_delta: Mapped[bool | None]
    #: Until when it can be undone; null for one that wrote nothing, and for those of earlier versions.
    undo_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What it would end or replace, a `contracts.identity.bundles.QuestionView`, and what somebody confirmed of that.
    question: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    confirmed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: Read no more: earlier versions kept the zip here. A later migration drops it.
    bundle: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Each a `contracts.identity.bundles.ImportFaultView`.
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    #: As `faults`: what is odd and was imported all the same. Null until the bundle was checked.
    remarks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))


class ImportedSchool(Base):
    """The result of an import in one school. After a dry run the school itself may not exist."""

    __tablename__ = "imported_school"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("bundle_import.id"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    source_id: Mapped[str | None] = mapped_column(String(255))
    time_zone: Mapped[str] = mapped_column(String(64))
    #: Kind → created, changed, unchanged, removed.
    counts: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    #: How far the gradebook is with its part, in marks.
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Whether the gradebook has finished its part.
    reported: Mapped[bool] = mapped_column(default=False)
    #: Rows that the gradebook left out, each a `contracts.identity.bundles.ImportFaultView`.
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    #: Why the gradebook wrote nothing: the sentence, and the text it was formatted from.
    failure: Mapped[str | None]
    failure_text: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ImportPage(SchoolRow, Base):
    """A page of an import's rows for the gradebook (identity's README.md describes the rows)."""

    __tablename__ = "import_page"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("bundle_import.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class ImportTrace(TraceRow, Base):
    """What an import did to rows of a school, until it can no longer be undone."""

    __tablename__ = "import_trace"


class ImportUndo(Base):
    """The last attempt to undo an import: it looks what stands in the way, asks, and undoes.

    `looking`, then `refused` or `asking`; confirmed it is `undoing`, then `done` or `refused`; or `failed`.
    """

    __tablename__ = "import_undo"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("bundle_import.id"), primary_key=True)
    job_id: Mapped[UUID] = mapped_column(Uuid)
    #: Who asked for it, or confirmed it.
    account_id: Mapped[UUID | None] = mapped_column(Uuid)
    status: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Kind → how many things go, and how many get back what they were.
    counts: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    #: What stands in the way, as `kernel.obstacles.Obstacles` writes it.
    obstacles: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    #: School → what its gradebook told of this attempt's present step: counts and obstacles.
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
