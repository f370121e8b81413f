"""Academic years and their terms."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import IdentifiedRow, refers
from services.gradebook.base import Base


class Year(IdentifiedRow, Base):
    """An academic year."""

    __tablename__ = "year"

    title: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]


class Term(IdentifiedRow, Base):
    """A quarter, half-year or trimester of a year."""

    __tablename__ = "term"
    __table_args__ = (refers("year_id", "year"),)

    year_id: Mapped[UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
