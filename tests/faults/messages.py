"""Faults of messages: poison, events without a queue, events that kill, events that come again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import amqp
from sqlalchemy import insert, text, update
from uuid_utils.compat import uuid7

from kernel.bus import wire
from kernel.clock import now
from kernel.data.outbox import OutboxRow
from kernel.data.relay import UNROUTABLE_PAUSE
from kernel.running.consumer import LARGEST_EVENT
from kernel.waiting import eventually
from tests.faults.model import Arrival, Effect, Struck, Unheard
from tests.faults.stage import QUEUE, SERVICE, Process, Stage

#: Deliveries of an event, each of which kills its process, before the broker parks it (F10).
DELIVERY_LIMIT: Final = 3
#: Queue that hears of what was unheard (F8).
EARS: Final = "faults.ears"
LEFT_OF_THREE: Final = "SELECT 3 * (SELECT count(*) FROM outbox) - (SELECT count(*) FROM arrival)"


@dataclass(frozen=True, slots=True)
class Poison:
    """A message that no handler can take."""

    what: str
    body: bytes
    queue: str = QUEUE
    header: str | None = wire.Envelope(name="struck").encode()
    with_id: bool = True

    def message(self) -> amqp.Message:
        properties: dict[str, Any] = {"delivery_mode": 2, "content_type": wire.CONTENT_TYPE}
        if self.header is not None:
            properties["application_headers"] = {wire.HEADER: self.header}
        if self.with_id:
            properties["message_id"] = str(uuid7())
        return amqp.Message(self.body, **properties)


GOOD: Final = Struck(aim_id=uuid7(), number=1).to_wire()
POISONS: Final = (
    Poison("bad JSON", b'{"aim_id": '),
    Poison("no text at all", b"\xff\xfe\x00\x80"),
    Poison("wrong types", b'{"aim_id": 5, "number": "many"}'),
    Poison("not an object", b"[]"),
    Poison("nested without end", b"[" * 100_000),
    Poison("oversized", GOOD + b" " * LARGEST_EVENT),
    Poison("no envelope", GOOD, header=None),
    Poison("bad envelope", GOOD, header="{"),
    Poison("bad tenant", GOOD, header=wire.Envelope(name="struck", tenant="nobody").encode()),
    Poison("no id", GOOD, with_id=False),
    Poison("a call without reply_to", b"{}", queue=wire.calls_queue(SERVICE)),
)


def poison(stage: Stage) -> None:
    """F7: messages that cannot be read, are too large, or want an answer nowhere."""
    process = stage.start()
    for number in range(1, stage.plan.injections + 1):
        stage.stream()
        with stage.connection() as connection:
            channel = connection.channel()
            for one in POISONS:
                channel.basic_publish(one.message(), exchange="", routing_key=one.queue)
        expected = number * len(POISONS)
        stage.record(2 * stage.plan.third)
        stage.recover()
        eventually(lambda e=expected: stage.ask("SELECT count(*) FROM parked_message") >= e,
                   stage.plan.patience, "the poison is parked")  # fmt: skip
    stage.promise(process.alive, "the process ended")
    parked = stage.ask("SELECT count(*) FROM parked_message")
    stage.promise(parked == stage.plan.injections * len(POISONS), f"{parked} messages were parked")


def unroutable(stage: Stage) -> None:
    """F8: events that no queue is bound for are recorded as such, and delivered when there is one."""
    stage.start()
    count = stage.plan.events * (1 if stage.plan.quick else stage.plan.injections)
    # an aim each: the others of an aim wait for the first
    for _ in range(count // stage.plan.third):
        for _ in range(stage.plan.third // 10):
            stage.record(10, event=Unheard)
        stage.record(stage.plan.third)
    noted = "SELECT count(*) FROM outbox WHERE event = 'unheard' AND retry_at IS NOT NULL AND published_at IS NULL"
    eventually(lambda: stage.ask(noted) > 0, stage.plan.patience, "events without a queue are noted")
    others = "SELECT count(*) FROM outbox WHERE event = 'struck' AND published_at IS NULL"
    eventually(lambda: stage.ask(others) == 0, stage.plan.patience, "other events go on")
    aims = "SELECT count(DISTINCT aggregate) FROM outbox WHERE event = 'unheard'"
    eventually(lambda: stage.ask(noted) == stage.ask(aims), stage.plan.patience, "every aim's first event is noted")
    with stage.connection() as connection:
        channel = connection.channel()
        channel.queue_declare(EARS, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(EARS, wire.events_exchange(SERVICE), Unheard.NAME)
        if stage.plan.quick:
            _bring_retries_forward(stage)
        eventually(
            lambda: _hear(stage, channel), stage.plan.patience + UNROUTABLE_PAUSE.total_seconds(), "all is heard"
        )
    stage.recover()


def delivery_limit(stage: Stage) -> None:
    """F10: an event that kills every process it is given to is parked by the broker, once."""
    running = [stage.start()]
    for _ in range(stage.plan.injections):
        stage.record(stage.plan.third)
        stage.recover()
        stage.outcome.recoveries.pop()
        # By hand: a relay that dies of its own event before it marks it publishes a second copy, which kills as well.
        (deadly,) = stage.record(1, "die", by_hand=True)
        eventually(lambda d=deadly: _parked_while_watched(stage, running, d), stage.plan.patience,
                   "the deadly event is parked")  # fmt: skip
        stage.record(2 * stage.plan.third)
        stage.recover()
    rows = stage.ask("SELECT count(*) FROM parked_message")
    limited = stage.ask("SELECT count(*) FROM parked_message WHERE reason = 'delivery_limit'")
    stage.promise(rows == limited == stage.plan.injections, f"{rows} copies were parked, {limited} for the limit")
    # An event beside the deadly one may come again, when its acknowledgement died with the process: it has its effect.
    deaths = stage.ask("SELECT count(*) FROM arrival WHERE message_id NOT IN (SELECT message_id FROM effect)")
    expected = stage.plan.injections * (DELIVERY_LIMIT + 1)
    stage.promise(deaths == expected, f"{deaths} deaths instead of {expected}")


def published_thrice(stage: Stage) -> None:
    """F11: every event reaches the queue three times."""
    stage.start()
    for _ in range(stage.plan.injections):
        ids = stage.record(stage.plan.events)
        stage.publish(ids, times=2)
        stage.recover()
        eventually(lambda: stage.ask(LEFT_OF_THREE) == 0, stage.plan.patience, "every event arrives three times")


def _bring_retries_forward(stage: Stage) -> None:
    """As if the pause before the next try had passed."""
    with stage.unit_of_work.everywhere() as session:
        session.execute(
            update(OutboxRow).where(OutboxRow.retry_at.is_not(None)).values(retry_at=now()),
            execution_options={"synchronize_session": False},
        )


def _hear(stage: Stage, channel: amqp.Channel) -> bool:
    """Give what is in the queue its effect; whether no unheard event is left without."""
    heard = [{"message_id": message.properties["message_id"]} for message in _taken(channel)]
    with stage.unit_of_work.everywhere() as session:
        if heard:
            session.execute(insert(Arrival), [{**row, "process": 0} for row in heard])
            session.execute(insert(Effect), heard)
        left = text("""SELECT count(*) FROM outbox o WHERE event = 'unheard' AND NOT EXISTS (
                           SELECT FROM effect e WHERE e.message_id = o.message_id::text)""")
        return session.scalar(left) == 0


def _taken(channel: amqp.Channel) -> Iterator[amqp.Message]:
    while (message := channel.basic_get(EARS, no_ack=True)) is not None:
        yield message


def _parked_while_watched(stage: Stage, running: list[Process], message_id: UUID) -> bool:
    """Whether the event is parked; starts the process again when it died, as a process manager does."""
    if not running[-1].alive:
        running.append(stage.start(wait=False))
    query = "SELECT count(*) FROM parked_message WHERE message_id = :id"
    return stage.ask(query, id=str(message_id)) > 0
