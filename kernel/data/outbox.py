"""The outbox stores events in the transaction that causes them; `kernel.data.relay` publishes them afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Uuid, text
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils.compat import uuid7

from kernel import context
from kernel.contract import Event
from kernel.data import tenancy
from kernel.data.base import Base
from kernel.data.columns import UtcDateTime
from kernel.data.rows import NewRows, insert_all


class OutboxRow(Base):
    """An event that is pending, or was published recently."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "outbox_pending",
            "aggregate",
            "position",
            postgresql_where=text("published_at IS NULL"),
            sqlite_where=text("published_at IS NULL"),
        ),
        Index(
            "outbox_pending_position",
            "position",
            postgresql_where=text("published_at IS NULL"),
            sqlite_where=text("published_at IS NULL"),
        ),
        Index("outbox_published_at", "published_at"),
    )

    #: The order of recording, and within one aggregate of publishing.
    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    #: The message id, by which consumers detect duplicates.
    message_id: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid7)
    tenant_id: Mapped[UUID | None] = mapped_column(Uuid)
    event: Mapped[str] = mapped_column(String(80))
    aggregate: Mapped[str] = mapped_column(String(120))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    call_id: Mapped[str] = mapped_column(String(64), default="")
    traceparent: Mapped[str | None] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=lambda: datetime.now(UTC))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When to publish again an event for which the broker had no queue.
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def record(session: Session, *events: Event) -> None:
    """Insert `events` into the outbox in the session's transaction, with one statement."""
    insert_all(session, recorded(session, *events))


def recorded(session: Session, *events: Event) -> NewRows:
    """The outbox's rows of `events`, which the caller inserts beside rows of its own."""
    call = context.current()
    tenant = tenancy.bound(session)
    recorded_at = datetime.now(UTC)
    rows = [
        {
            "message_id": uuid7(),
            "tenant_id": tenant if isinstance(tenant, UUID) else None,
            "event": item.NAME,
            "aggregate": item.aggregate,
            "body": item.to_wire(),
            "call_id": call.call_id if call else "",
            "traceparent": call.traceparent if call else None,
            "recorded_at": recorded_at,
        }
        for item in events
    ]
    session.info["outbox"] = bool(rows) or session.info.get("outbox", False)
    return NewRows(OutboxRow, rows)
