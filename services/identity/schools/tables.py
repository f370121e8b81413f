"""Schools. They are the tenants, so their table has no tenant; the history of their time zones has."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow
from services.identity.base import Base


class School(Base):
    """A school. `source_id` and `identifier` come from a bundle."""

    __tablename__ = "school"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(String(300))
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    identifier: Mapped[str] = mapped_column(String(255), default="")
    #: An IANA zone such as `Europe/Samara`; a school day is the date there.
    time_zone: Mapped[str] = mapped_column(String(64))


class ZoneChange(IdentifiedRow, Base):
    """Who changed a school's time zone, and when. Append-only."""

    __tablename__ = "zone_change"

    before: Mapped[str] = mapped_column(String(64))
    time_zone: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Null on the command line.
    person_id: Mapped[UUID | None] = mapped_column(Uuid)
    account_id: Mapped[UUID | None] = mapped_column(Uuid)
