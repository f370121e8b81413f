"""Schools. They are the tenants, so their table has no tenant."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

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
