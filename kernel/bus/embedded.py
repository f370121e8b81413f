"""The in-process bus: for trying out and for fast tests. Nothing survives the process but what databases hold.

It refuses to be where children's real records are (`kernel.config`). Everything runs in eventlet's hub, so that a
message wakes its receiver at once. At the start a service publishes again what its outbox published lately
(`kernel.data.relay`): what was under way at the last exit is not lost, and the inbox makes that harmless.
"""

from __future__ import annotations

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
    """Routes between the services of this process. One for all of them."""

    #: Queue → who takes from it.
    takers: dict[str, Take] = field(default_factory=dict)
    #: (exchange, routing key) → queues.
    bindings: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    #: (owner, event) → callbacks of clients.
    listeners: defaultdict[tuple[str, str], list[Callable[[bytes], None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    #: Reply queue and correlation id → who waits for the answer.
    waiting: dict[str, GreenEvent] = field(default_factory=dict)

    def route(self, message: Outgoing) -> Fate:
        """Hand a message to every queue that is bound."""
        for callback in self.listeners[message.exchange, message.routing_key]:
            callback(message.body)
        queues = self.bindings[message.exchange, message.routing_key]
        for queue in queues:
            self._hand_over(queue, message)
        return Fate.CONFIRMED if queues else Fate.UNROUTABLE

    def _hand_over(self, queue: str, message: Outgoing) -> None:
        take = self.takers.get(queue)
        if take is not None:
            headers = {wire.HEADER: message.envelope.encode()}
            take(Delivery(queue, message.body, headers, message.message_id))


class EmbeddedBus:
    """The bus of one service of this process."""

    def __init__(self, broker: EmbeddedBroker, service: str) -> None:
        self.service = service
        self._broker = broker
        self._queues: list[str] = []

    def start(self, subscriptions: Sequence[Subscription], take: Take, prefetch: int) -> None:
        """Take part. There is no prefetching: what a service does not handle yet waits with it."""
        retry = wire.retry_exchange(self.service)
        calls, parked = wire.calls_queue(self.service), wire.parked_queue(self.service)
        self._queues = [calls, parked, *(one.queue for one in subscriptions)]
        self._bind(wire.park_exchange(self.service), "", parked)
        for one in subscriptions:
            self._bind(wire.events_exchange(one.event.SERVICE), one.event.NAME, one.queue)
            self._bind(retry, one.queue, one.queue)
        self._broker.takers.update(dict.fromkeys(self._queues, take))

    def stop_taking(self) -> None:
        """Take no more part."""
        for queue in self._queues:
            self._broker.takers.pop(queue, None)

    def close(self) -> None:
        """Nothing is held."""

    def holds(self, delivery: Delivery) -> bool:
        """A delivery is held until it is settled."""
        return not delivery.settled

    def ack(self, delivery: Delivery) -> None:
        """The delivery is done with."""
        delivery.settled = True

    def reply(self, delivery: Delivery, body: bytes) -> None:
        """Answer a call, if anybody still waits."""
        waiting = self._broker.waiting.pop(delivery.correlation_id, None)
        if waiting is not None:
            waiting.send(body)

    def publish(self, messages: Sequence[Outgoing]) -> list[Fate]:
        """Hand over at once, or after the time that the exchange stands for."""
        return [self._publish(message) for message in messages]

    def probe(self) -> None:
        """There is nobody to ask."""

    def problems(self) -> dict[str, str]:
        """Nothing can be wrong with it."""
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
    """Calls services of this process; the same as `kernel.bus.client.Client` to who uses it."""

    connected = True
    blocked = False

    def __init__(self, broker: EmbeddedBroker) -> None:
        self._broker = broker

    def start(self) -> None:
        """There is nothing to connect to."""

    def close(self) -> None:
        """Nothing is held."""

    def on_event(self, event: type[Event], callback: Callable[[Any], None]) -> None:
        """Call back with every event of this kind."""
        key = (wire.events_exchange(event.SERVICE), event.NAME)
        self._broker.listeners[key].append(lambda body: callback(event.from_wire(body)))

    def exchange(self, method: Rpc[Any, Any], envelope: wire.Envelope, body: bytes, wait: float) -> bytes | None:
        """Hand the call over, and wait for its answer."""
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
