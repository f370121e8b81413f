"""Publishes what the outbox holds: in order for each aggregate, marked as published only when confirmed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import eventlet
import structlog
from eventlet.queue import Empty, Full, LightQueue
from sqlalchemy import Integer, Row, Select, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from kernel import metrics
from kernel.bus import wire
from kernel.bus.interface import ServiceBus
from kernel.bus.publisher import Fate, Outgoing
from kernel.clock import Pause
from kernel.data import parking
from kernel.data.columns import UtcDateTime
from kernel.data.database import UnitOfWork
from kernel.data.failures import where
from kernel.data.inbox import InboxRow
from kernel.data.outbox import OutboxRow

log = structlog.get_logger()

BATCH: Final = 200
#: Seconds between two looks at the outbox when nobody says that there is something.
POLL: Final = 1.0
#: Seconds after which an event that had no queue is tried again.
UNROUTABLE_PAUSE: Final = timedelta(seconds=30)
#: The same, and how long it holds, after a start on a bus that lies in the process: other services are still starting.
STARTING_PAUSE: Final = timedelta(seconds=1)
STARTING: Final = 30.0
#: How long a consumer remembers what it has handled, and an outbox what it has published.
MEMORY: Final = timedelta(days=7)
#: Seconds between two clearings of what is older, and two readings of the figures.
CLEARING: Final = 3600.0
FIGURES: Final = 5.0
Pending = Row[int, UUID, UUID | None, str, bytes, str, str | None]
#: What of a row goes out.
_PUBLISHED: Final = (
    OutboxRow.position, OutboxRow.message_id, OutboxRow.tenant_id, OutboxRow.event, OutboxRow.body,
    OutboxRow.call_id, OutboxRow.traceparent,
)  # fmt: skip


class Relay:
    """The relay of one service. Several replicas may run one each: a row is published by one at a time."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        bus: ServiceBus,
        service: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` tells seconds that only ever grow."""
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
        """There is something to publish."""
        try:
            self._bell.put_nowait(None)
        except Full:
            return  # it has been told already

    def stop(self) -> None:
        """Publish no more after the batch that is under way."""
        self._stopping = True
        self.wake()

    def run(self) -> None:
        """Publish whatever there is, until stopped."""
        while not self._stopping:
            try:
                published = self.publish_batch()
                self._look_after()
            except Exception as error:  # noqa: BLE001  # a database that is away comes back
                log.warning("relay_failed", service=self._service, where=where(error))
                eventlet.sleep(POLL)
                continue
            if not published:
                self._wait()

    def publish_batch(self) -> int:
        """Publish what is due, at most a batch. Returns how many events were confirmed."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            rows = session.execute(_DUE, {"now": datetime.now(UTC), "most": BATCH}).all()
            if not rows:
                return 0
            fates = self._bus.publish([self._outgoing(row) for row in rows])
            for row, fate in zip(rows, fates):
                metrics.published(row.event, fate.value)
            confirmed = [row.position for row, fate in zip(rows, fates) if fate is Fate.CONFIRMED]
            unroutable = [row.position for row, fate in zip(rows, fates) if fate is Fate.UNROUTABLE]
            self._note(session, confirmed, published_at=datetime.now(UTC), retry_at=None)
            if unroutable:
                log.error("events_without_queue", service=self._service, events=sorted({r.event for r in rows}))
                pause = UNROUTABLE_PAUSE if self._starting.over() else STARTING_PAUSE
                self._note(session, unroutable, retry_at=datetime.now(UTC) + pause)
        if len(confirmed) + len(unroutable) < len(rows):
            log.warning("events_not_confirmed", service=self._service, count=len(rows) - len(confirmed))
            eventlet.sleep(POLL)
        return len(confirmed)

    def publish_again(self) -> None:
        """Take what was published lately as not published: for a bus that forgets at exit."""
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

    def _note(self, session: Session, positions: list[int], **values: object) -> None:
        if positions:
            session.execute(
                update(OutboxRow).where(OutboxRow.position.in_(positions)).values(**values),
                execution_options={"synchronize_session": False},
            )

    def _replay(self) -> None:
        """Publish parked messages that a person wants handled again."""
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
        """Forget what is older than anybody remembers."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            limit = datetime.now(UTC) - MEMORY
            old = delete(OutboxRow).where(OutboxRow.published_at < limit)
            session.execute(old, execution_options={"synchronize_session": False})
            forgotten = delete(InboxRow).where(InboxRow.received_at < limit)
            session.execute(forgotten, execution_options={"synchronize_session": False})

    def _wait(self) -> None:
        try:
            self._bell.get(timeout=POLL)
        except Empty:
            return  # time for a look of one's own accord


def _due() -> Select[int, UUID, UUID | None, str, bytes, str, str | None]:
    """Unpublished rows that may go `:now`, `:most` of them: the oldest of each aggregate, locked until the commit."""
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


#: Made once: it is asked after every commit that records events.
_DUE: Final = _due()
