"""Somebody apart from the target to whom the relay publishes as well: he sees in which order.

What is published in order may be handled in another: handlers run side by side, and are tried again. So the order is
looked at where it is promised, at the broker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Final
from uuid import UUID

import amqp

from kernel.bus import wire
from tests.faults.model import Struck

QUEUE: Final = "witness"
#: Seconds in which the next message comes, or there is none.
PATIENCE: Final = 10


def call(channel: amqp.Channel) -> None:
    """Keep a copy of every event from now on."""
    exchange = wire.events_exchange(Struck.SERVICE)
    channel.exchange_declare(exchange, "direct", durable=True, auto_delete=False)
    channel.queue_declare(QUEUE, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(QUEUE, exchange, Struck.NAME)


def overtaken(channel: amqp.Channel, others: Collection[str]) -> int:
    """How many events came before an older one of their aim; `others` are the ids of messages not of the relay.

    The first copy of each counts: one more may come later from a connection that was given up, and has no effect.
    """
    last: defaultdict[UUID, int] = defaultdict(lambda: -1)
    seen: set[str] = set()
    early = 0
    for message in _kept(channel):
        message_id = message.properties["message_id"]
        if message_id in seen or message_id in others:
            continue
        seen.add(message_id)
        event = Struck.from_wire(message.body)
        early += event.number < last[event.aim_id]
        last[event.aim_id] = max(last[event.aim_id], event.number)
    return early


def _kept(channel: amqp.Channel) -> list[amqp.Message]:
    count = channel.queue_declare(QUEUE, passive=True).message_count
    found: list[amqp.Message] = []
    channel.basic_consume(QUEUE, no_ack=True, callback=found.append)
    while len(found) < count:
        channel.connection.drain_events(timeout=PATIENCE)
    return found
