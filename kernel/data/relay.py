"""The relay publishes pending outbox rows, in order for each aggregate, and marks those that the broker confirms."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import eventlet
import structlog
from eventlet.queue import Empty, Full, LightQueue
from sqlalchemy import Integer, Row, Select, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from kernel import metrics
from kernel.bus import wire
from kernel.bus.interface import ServiceBus
from kernel.bus.publisher import Fate, Outgoing
from kernel.clock import Pause
from kernel.data import parking
from kernel.data.among import among
from kernel.data.columns import UtcDateTime
from kernel.data.database import UnitOfWork
from kernel.data.failures import where
from kernel.data.inbox import InboxRow
from kernel.data.outbox import OutboxRow

log = structlog.get_logger()

BATCH: Final = 200
#: Seconds between two polls of the outbox while nothing wakes the relay.
POLL: Final = 1.0
#: How long an event without a queue waits for its next attempt.
UNROUTABLE_PAUSE: Final = timedelta(seconds=30)
#: The same for the first `STARTING` seconds on the in-process bus, while other services are still starting.
STARTING_PAUSE: Final = timedelta(seconds=1)
STARTING: Final = 30.0
#: How long the inbox keeps handled events, and the outbox published ones.
MEMORY: Final = timedelta(days=7)
#: How long the inbox keeps the keys of commands with their answers: work without network waits out the holidays.
MEMORY_OF_KEYS: Final = timedelta(days=30)
#: Seconds between two deletions of older rows.
CLEARING: Final = 3600.0
#: Seconds between two updates of the metrics.
FIGURES: Final = 5.0
Pending = Row[int, UUID, UUID | None, str, bytes, str, str | None]
#: The columns that the relay reads of a pending row.
_PUBLISHED: Final = (
    OutboxRow.position,
    OutboxRow.message_id,
    OutboxRow.tenant_id,
    OutboxRow.event,
    OutboxRow.body,
    OutboxRow.call_id,
    OutboxRow.traceparent,
)


class Relay:
    """The relay of one service. Each replica may run one: rows are locked while they are published."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        bus: ServiceBus,
        service: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` is monotonic, in seconds."""
        self.unit_of_work = unit_of_work
        self.lag = 0.0
        self._bus = bus
        self._service = service
        self._exchange = wire.events_exchange(service)
        self._bell: LightQueue = LightQueue(1)
        self._stopping = False
        self._starting = Pause(STARTING, clock)
        self._until_replay = Pause(POLL, clock)
        self._until_figures = Pause(FIGURES, clock)
        self._until_clearing = Pause(CLEARING, clock)

    def wake(self) -> None:
        """Make the relay look for pending rows now."""
        try:
            self._bell.put_nowait(None)
        except Full:
            return  # the relay is woken already

    def stop(self) -> None:
        """Stop after the current batch."""
        self._stopping = True
        self.wake()

    def run(self) -> None:
        """Publish pending rows until stopped."""
        while not self._stopping:
            try:
                published = self.publish_batch()
                self._look_after()
            except Exception as error:  # noqa: BLE001  # the relay tries again, for example when the database is back
                log.warning("relay_failed", service=self._service, where=where(error))
                eventlet.sleep(POLL)
                continue
            if not published:
                self._wait()

    def publish_batch(self) -> int:
        """Publish due rows, at most `BATCH`. Returns how many events the broker confirmed."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            rows = session.execute(_DUE, {"now": datetime.now(UTC), "most": BATCH}).all()
            if not rows:
                return 0
            fates = self._bus.publish([self._outgoing(row) for row in rows])
            for row, fate in zip(rows, fates):
                metrics.published(row.event, fate.value)
            confirmed = [row.message_id for row, fate in zip(rows, fates) if fate is Fate.CONFIRMED]
            unroutable = [row.message_id for row, fate in zip(rows, fates) if fate is Fate.UNROUTABLE]
            _note(session, confirmed, published_at=datetime.now(UTC))
            if unroutable:
                log.error("events_without_queue", service=self._service, events=sorted({r.event for r in rows}))
                pause = UNROUTABLE_PAUSE if self._starting.over() else STARTING_PAUSE
                _note(session, unroutable, retry_at=datetime.now(UTC) + pause)
        if len(confirmed) + len(unroutable) < len(rows):
            log.warning("events_not_confirmed", service=self._service, count=len(rows) - len(confirmed))
            eventlet.sleep(POLL)
        return len(confirmed)

    def publish_again(self) -> None:
        """Mark recently published events as pending, for a bus that loses its messages at exit."""
        self._starting.begin()
        with self.unit_of_work.everywhere(keyed=False) as session:
            late = OutboxRow.published_at > datetime.now(UTC) - MEMORY + timedelta(hours=1)
            session.execute(
                update(OutboxRow).where(late).values(published_at=None),
                execution_options={"synchronize_session": False},
            )

    def _outgoing(self, row: Pending) -> Outgoing:
        envelope = wire.Envelope(
            name=row.event,
            tenant=str(row.tenant_id) if row.tenant_id else None,
            call_id=row.call_id,
            traceparent=row.traceparent,
        )
        return Outgoing(self._exchange, row.event, str(row.message_id), envelope, row.body)

    def _replay(self) -> None:
        """Publish parked messages that a person decided to replay."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            rows = parking.to_replay(session)
            if not rows:
                return
            exchange = wire.retry_exchange(self._service)
            messages = [
                Outgoing(exchange, row.queue, row.message_id, parking.outgoing_envelope(row), row.body) for row in rows
            ]
            fates = self._bus.publish(messages)
            done = [row.id for row, fate in zip(rows, fates) if fate is Fate.CONFIRMED]
            parking.replayed(session, done)
            log.info("parked_messages_replayed", service=self._service, count=len(done))

    def _look_after(self) -> None:
        if self._until_replay.over():
            self._until_replay.begin()
            self._replay()
        if self._until_figures.over():
            self._until_figures.begin()
            self._bus.probe()
            self._measure()
        if self._until_clearing.over():
            self._until_clearing.begin()
            self._clear()

    def _measure(self) -> None:
        with self.unit_of_work.everywhere(keyed=False) as session:
            pending = OutboxRow.published_at.is_(None)
            count, oldest = session.execute(select(func.count(), func.min(OutboxRow.recorded_at)).where(pending)).one()
            parked = parking.waiting_count(session)
        self.lag = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
        metrics.waiting(self._service, pending=count, lag=self.lag, parked_now=parked)

    def _clear(self) -> None:
        """Delete published and handled rows older than `MEMORY`; commands when they are older than `MEMORY_OF_KEYS`."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            now = datetime.now(UTC)
            limit = now - MEMORY
            old = delete(OutboxRow).where(OutboxRow.published_at < limit)
            session.execute(old, execution_options={"synchronize_session": False})
            handled = and_(InboxRow.received_at < limit, InboxRow.answer.is_(None))
            forgotten = delete(InboxRow).where(or_(handled, InboxRow.received_at < now - MEMORY_OF_KEYS))
            session.execute(forgotten, execution_options={"synchronize_session": False})

    def _wait(self) -> None:
        try:
            self._bell.get(timeout=POLL)
        except Empty:
            return  # time to poll


def _due() -> Select[int, UUID, UUID | None, str, bytes, str, str | None]:
    """The oldest pending row of each aggregate if it is due at `:now`, at most `:most`, locked until the commit."""
    older = aliased(OutboxRow)
    waits = (
        select(older.position)
        .where(
            older.aggregate == OutboxRow.aggregate,
            older.published_at.is_(None),
            older.position < OutboxRow.position,
        )
        .exists()
    )
    return (
        select(*_PUBLISHED)
        .where(
            OutboxRow.published_at.is_(None),
            or_(OutboxRow.retry_at.is_(None), OutboxRow.retry_at <= bindparam("now", type_=UtcDateTime)),
            ~waits,
        )
        .order_by(OutboxRow.position)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, of=OutboxRow)
    )


#: Built once, because it runs after every commit that records events.
_DUE: Final = _due()

_OUTBOX: Any = OutboxRow.__table__
#: Built once and of the table, as it runs after every batch; its text is the same however many rows it notes.
_NOTE: Final = (
    update(_OUTBOX)
    .where(among(_OUTBOX.c.message_id, "message_ids"))
    .values(published_at=bindparam("published_at"), retry_at=bindparam("retry_at"))
)


def _note(
    session: Session,
    message_ids: list[UUID],
    *,
    published_at: datetime | None = None,
    retry_at: datetime | None = None,
) -> None:
    """Note when events were published, or when to publish them again."""
    if message_ids:
        session.execute(_NOTE, {"message_ids": message_ids, "published_at": published_at, "retry_at": retry_at})
