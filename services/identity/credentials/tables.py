"""The record of credentials issued."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, refers
from services.identity.base import Base


class CredentialIssue(IdentifiedRow, Base):
    """Who issued credentials to whom, and when. Append-only."""

    __tablename__ = "credential_issue"
    __table_args__ = (refers("person_id", "person"),)

    person_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    by_account_id: Mapped[UUID | None] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
