"""The record of roles granted and revoked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, refers
from services.identity.base import Base


class Appointment(IdentifiedRow, Base):
    """Who granted or revoked a role, and when. Append-only."""

    __tablename__ = "appointment"
    __table_args__ = (refers("person_id", "person"),)

    person_id: Mapped[UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(20))
    held: Mapped[bool]
    by_account_id: Mapped[UUID | None] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
