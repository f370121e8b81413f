"""The in-process bus, for demonstrations and fast tests. Its messages are lost when the process ends.

`kernel.config` refuses it in production. Everything runs in eventlet's hub, so that a message wakes its receiver at
once. When a service starts, its relay publishes recently published events again (`kernel.data.relay`), so that those
unhandled at the last exit are not lost; the inbox discards duplicates.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import eventlet
from eventlet.event import Event as GreenEvent
from uuid_utils.compat import uuid7

from kernel.bus import wire
from kernel.bus.calls import Calling
from kernel.bus.interface import Delivery, Subscription, Take
from kernel.bus.publisher import Fate, Outgoing
from kernel.contract import Event, Rpc
from kernel.errors import Unavailable


@dataclass
class EmbeddedBroker:
    """Routes messages between the services of this process, which share one broker."""

    #: Queue → its consumer.
    takers: dict[str, Take] = field(default_factory=dict)
    #: (exchange, routing key) → queues.
    bindings: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    #: (owner, event) → callbacks of clients.
    listeners: defaultdict[tuple[str, str], list[Callable[[bytes], None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    #: Correlation id → the caller that waits for the answer.
    waiting: dict[str, GreenEvent] = field(default_factory=dict)

    def route(self, message: Outgoing) -> Fate:
        """Deliver a message to all bound queues and to all who listen. It is unroutable where there are neither."""
        callbacks = self.listeners[message.exchange, message.routing_key]
        for callback in callbacks:
            callback(message.body)
        queues = self.bindings[message.exchange, message.routing_key]
        for queue in queues:
            self._hand_over(queue, message)
        return Fate.CONFIRMED if queues or callbacks else Fate.UNROUTABLE

    def _hand_over(self, queue: str, message: Outgoing) -> None:
        take = self.takers.get(queue)
        if take is not None:
            headers = {wire.HEADER: message.envelope.encode()}
            take(Delivery(queue, message.body, headers, message.message_id))


class EmbeddedBus:
    """The bus of one service in this process."""

    def __init__(self, broker: EmbeddedBroker, service: str) -> None:
        self.service = service
        self._broker = broker
        self._queues: list[str] = []

    def start(self, subscriptions: Sequence[Subscription], take: Take, prefetch: int) -> None:
        """Bind the service's queues. `prefetch` is ignored: all messages go to the service at once and wait there."""
        retry = wire.retry_exchange(self.service)
        calls, parked = wire.calls_queue(self.service), wire.parked_queue(self.service)
        self._queues = [calls, parked, *(one.queue for one in subscriptions)]
        self._bind(wire.park_exchange(self.service), "", parked)
        for one in subscriptions:
            self._bind(wire.events_exchange(one.event.SERVICE), one.event.NAME, one.queue)
            self._bind(retry, one.queue, one.queue)
        self._broker.takers.update(dict.fromkeys(self._queues, take))

    def stop_taking(self) -> None:
        """Stop consuming the queues."""
        for queue in self._queues:
            self._broker.takers.pop(queue, None)

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def holds(self, delivery: Delivery) -> bool:
        """Whether the delivery is not yet acknowledged."""
        return not delivery.settled

    def ack(self, delivery: Delivery) -> None:
        """Mark the delivery as acknowledged."""
        delivery.settled = True

    def reply(self, delivery: Delivery, body: bytes) -> None:
        """Answer a call if the caller still waits."""
        waiting = self._broker.waiting.pop(delivery.correlation_id, None)
        if waiting is not None:
            waiting.send(body)

    def publish(self, messages: Sequence[Outgoing]) -> list[Fate]:
        """Deliver at once, or after the delay of a wait exchange."""
        return [self._publish(message) for message in messages]

    def probe(self) -> None:
        """Do nothing: there is no broker to ask."""

    def problems(self) -> dict[str, str]:
        """Return no problems: there is no connection to lose."""
        return {}

    def _publish(self, message: Outgoing) -> Fate:
        for seconds in wire.DELAYS:
            if message.exchange == wire.wait_name(self.service, seconds):
                later = replace(message, exchange=wire.retry_exchange(self.service))
                eventlet.spawn_after(seconds, self._broker.route, later)
                return Fate.CONFIRMED
        return self._broker.route(message)

    def _bind(self, exchange: str, key: str, queue: str) -> None:
        bound = self._broker.bindings[exchange, key]
        if queue not in bound:
            bound.append(queue)


class EmbeddedClient(Calling):
    """Calls services in this process, with the interface of `kernel.bus.client.Client`."""

    connected = True
    blocked = False

    def __init__(self, broker: EmbeddedBroker) -> None:
        self._broker = broker
        self.hears_since = time.time()

    def start(self) -> None:
        """Do nothing: there is no connection."""

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def on_event(self, event: type[Event], callback: Callable[[Any], None]) -> None:
        """Call `callback` with each event of this type."""
        key = (wire.events_exchange(event.SERVICE), event.NAME)
        self._broker.listeners[key].append(lambda body: callback(event.from_wire(body)))

    def exchange(self, method: Rpc[Any, Any], envelope: wire.Envelope, body: bytes, wait: float) -> bytes | None:
        """Deliver the call and wait for its answer."""
        self.check_room(len(self._broker.waiting))
        queue = wire.calls_queue(method.service)
        take = self._broker.takers.get(queue)
        if take is None:
            raise Unavailable("The service {service} is away.", rule="no-route", service=method.service)
        correlation_id = uuid7().hex
        answered = self._broker.waiting[correlation_id] = GreenEvent()
        headers = {wire.HEADER: envelope.encode()}
        try:
            take(Delivery(queue, body, headers, reply_to="embedded", correlation_id=correlation_id))
            answer: bytes | None = answered.wait(timeout=wait)
        finally:
            self._broker.waiting.pop(correlation_id, None)
        return answer
