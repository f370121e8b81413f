"""Parked messages: those that could not be handled stay in the service's database until a person decides.

The consumer moves them here from the parking queue. Each decision is recorded: who decided, when and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, Text, Uuid, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils.compat import uuid7

from kernel import metrics
from kernel.bus import wire
from kernel.bus.interface import Delivery
from kernel.data.base import Base
from kernel.data.columns import UtcDateTime
from kernel.data.copies import insert_into
from kernel.data.database import UnitOfWork
from kernel.errors import Conflict, Invalid, NotFound

WAITING: Final = "waiting"
#: A person decided to replay it; the relay has not published it yet.
REPLAYING: Final = "replaying"
REPLAYED: Final = "replayed"
DISCARDED: Final = "discarded"


class ParkedMessage(Base):
    """A parked message and its state."""

    __tablename__ = "parked_message"
    __table_args__ = (Index("parked_message_state", "state", "parked_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    #: The handler's queue; together with the message id it identifies duplicates.
    queue: Mapped[str] = mapped_column(String(200))
    message_id: Mapped[str] = mapped_column(String(200))
    event: Mapped[str] = mapped_column(String(80))
    tenant_id: Mapped[UUID | None] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(String(40))
    error: Mapped[str] = mapped_column(String(200))
    attempts: Mapped[int]
    call_id: Mapped[str] = mapped_column(String(64))
    traceparent: Mapped[str | None] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    parked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20), default=WAITING)


class ParkingDecision(Base):
    """A decision about a parked message. Rows are only added."""

    __tablename__ = "parking_decision"
    __table_args__ = (Index("parking_decision_message", "parked_id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    parked_id: Mapped[UUID] = mapped_column(Uuid)
    action: Mapped[str] = mapped_column(String(20))
    decided_by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


def keep(unit_of_work: UnitOfWork, delivery: Delivery) -> None:
    """Store and count a delivery of the parking queue; a duplicate of a waiting message is ignored.

    It is counted here, not where the service parks it, because the broker parks messages too (delivery limit).
    """
    try:
        envelope = wire.envelope_of(delivery.headers)
    except Invalid:
        envelope = wire.Envelope(reason="unreadable")
    death = _death(delivery.headers)
    queue = (envelope.queue or death.get("queue", ""))[:200]
    reason = (envelope.reason or death.get("reason", "unknown"))[:40]
    values = {
        "id": uuid7(),
        "queue": queue,
        "message_id": (delivery.message_id or str(uuid7()))[:200],
        "event": envelope.name[:80],
        "tenant_id": _tenant(envelope.tenant),
        "reason": reason,
        "error": envelope.error[:200],
        "attempts": envelope.attempts,
        "call_id": envelope.call_id[:64],
        "traceparent": envelope.traceparent,
        "body": delivery.body,
        "parked_at": datetime.now(UTC),
        "state": WAITING,
    }
    same = (
        ParkedMessage.queue == queue,
        ParkedMessage.message_id == values["message_id"],
        ParkedMessage.state == WAITING,
    )
    with unit_of_work.everywhere(keyed=False) as session:
        if session.scalar(select(ParkedMessage.id).where(*same)) is not None:
            return
        session.execute(insert_into(session, ParkedMessage).values(values))
    metrics.parked(queue, reason)


def listed(unit_of_work: UnitOfWork, state: str | None = None) -> Sequence[ParkedMessage]:
    """Parked messages in `state`, by default those that wait for a decision, oldest first."""
    with unit_of_work.everywhere(keyed=False) as session:
        chosen = select(ParkedMessage).where(ParkedMessage.state == (state or WAITING))
        return session.scalars(chosen.order_by(ParkedMessage.parked_at)).all()


def shown(unit_of_work: UnitOfWork, parked_id: UUID) -> tuple[ParkedMessage, Sequence[ParkingDecision]]:
    """A parked message and all decisions about it. Raises `NotFound`."""
    with unit_of_work.everywhere(keyed=False) as session:
        decisions = select(ParkingDecision).where(ParkingDecision.parked_id == parked_id)
        return _message(session, parked_id), session.scalars(decisions.order_by(ParkingDecision.decided_at)).all()


def replay(unit_of_work: UnitOfWork, parked_id: UUID, by: str, reason: str = "") -> None:
    """Decide to replay a message: the service's relay publishes it again. Raises `NotFound` and `Conflict`."""
    with unit_of_work.everywhere(keyed=False) as session:
        row = _message(session, parked_id)
        if row.queue.endswith(".calls") or not row.queue:
            raise Conflict("A call cannot be replayed: nobody waits for its answer.", rule="not-an-event")
        _decide(session, row, REPLAYING, by, reason)


def discard(unit_of_work: UnitOfWork, parked_id: UUID, by: str, reason: str) -> None:
    """Decide to discard a message. Its row stays. Raises `NotFound` and `Conflict`."""
    with unit_of_work.everywhere(keyed=False) as session:
        _decide(session, _message(session, parked_id), DISCARDED, by, reason)


def to_replay(session: Session) -> Sequence[ParkedMessage]:
    """Up to 100 messages that the relay has to publish again, locked."""
    chosen = select(ParkedMessage).where(ParkedMessage.state == REPLAYING).order_by(ParkedMessage.parked_at)
    return session.scalars(chosen.limit(100).with_for_update(skip_locked=True)).all()


def replayed(session: Session, parked_ids: list[UUID]) -> None:
    """Mark messages as published again."""
    session.execute(update(ParkedMessage).where(ParkedMessage.id.in_(parked_ids)).values(state=REPLAYED))


def waiting_count(session: Session) -> int:
    """The number of messages that wait for a decision."""
    return session.scalar(select(func.count()).where(ParkedMessage.state == WAITING)) or 0


def _decide(session: Session, row: ParkedMessage, state: str, by: str, reason: str) -> None:
    if row.state != WAITING:
        raise Conflict("This message was {state} already.", rule="decided", state=row.state)
    row.state = state
    session.add(
        ParkingDecision(parked_id=row.id, action=state, decided_by=by, reason=reason, decided_at=datetime.now(UTC))
    )


def _message(session: Session, parked_id: UUID) -> ParkedMessage:
    row = session.scalar(select(ParkedMessage).where(ParkedMessage.id == parked_id).with_for_update())
    if row is None:
        raise NotFound("There is no parked message {id} in this service.", rule="no-parked-message", id=str(parked_id))
    return row


def _death(headers: dict[str, Any]) -> dict[str, str]:
    """The queue and the reason in RabbitMQ's header of a message that the broker itself dead-lettered."""
    deaths = headers.get("x-death")
    if not isinstance(deaths, list) or not deaths or not isinstance(deaths[0], dict):
        return {}
    return {"queue": str(deaths[0].get("queue", "")), "reason": str(deaths[0].get("reason", ""))}


def _tenant(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def outgoing_envelope(row: ParkedMessage) -> wire.Envelope:
    """The envelope of a replayed message; its attempts start at 0 again."""
    return wire.Envelope(
        name=row.event,
        tenant=str(row.tenant_id) if row.tenant_id else None,
        call_id=row.call_id,
        traceparent=row.traceparent,
    )
