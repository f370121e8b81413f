"""The record of credentials issued, and orders of credentials."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, Uuid
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


class CredentialOrder(Base):
    """An order of credentials; its job has the same id. An operator's is of no school."""

    __tablename__ = "credential_order"
    __table_args__ = (Index("credential_order_ordered_at", "ordered_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    school_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: Who ordered, with the roles of that moment. Nobody else sees the order.
    account_id: Mapped[UUID] = mapped_column(Uuid)
    roles: Mapped[list[str]] = mapped_column(JSON)
    person_ids: Mapped[list[str]] = mapped_column(JSON)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Whether passwords that work may be replaced.
    replace: Mapped[bool]
    #: The credentials, sealed (`sealing.py`), until they have been shown.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why nothing was issued: a `kernel.texts.Text`.
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
