"""Files of the past that were taken, and the marks that they brought."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from contracts.gradebook.past_import import LONGEST_DOCUMENT
from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base


class PastImport(IdentifiedRow, Base):
    """A file of a class's past that was taken, all of it in one moment."""

    __tablename__ = "past_import"
    __table_args__ = (refers("year_id", "year"),)

    year_id: Mapped[UUID] = mapped_column(Uuid)
    #: The id of a class in identity, and its name in that year.
    class_id: Mapped[UUID] = mapped_column(Uuid)
    class_name: Mapped[str] = mapped_column(String(100))
    #: The SHA-256 of its content.
    file: Mapped[str] = mapped_column(String(64))
    #: What families read beside its marks.
    document: Mapped[str] = mapped_column(String(LONGEST_DOCUMENT))
    taken_by: Mapped[UUID] = mapped_column(Uuid)
    taken_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[UUID | None] = mapped_column(Uuid)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class PastTermMark(SchoolRow, Base):
    """A term mark that a file brought, and the version that it has while nobody has changed it since."""

    __tablename__ = "past_term_mark"
    __table_args__ = (
        refers("import_id", "past_import"),
        refers("term_mark_id", "term_mark"),
        Index("past_term_mark_mark", "school_id", "term_mark_id"),
    )

    import_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    term_mark_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int]


class PastDayMark(SchoolRow, Base):
    """The same of a mark of a day."""

    __tablename__ = "past_day_mark"
    __table_args__ = (
        refers("import_id", "past_import"),
        refers("mark_id", "mark"),
        Index("past_day_mark_mark", "school_id", "mark_id"),
    )

    import_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    mark_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int]
