"""Calls services over RabbitMQ. Safe for several threads; does not import eventlet, so that the gateway can use it.

A client has one connection for publishing and one for receiving answers and the events that it listens to.
It has threads: create it after forking.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import amqp
import structlog
from uuid_utils.compat import uuid7

from kernel.bus import topology, wire
from kernel.bus.calls import Calling
from kernel.bus.link import Link, publish
from kernel.contract import Event, Rpc
from kernel.errors import Invalid, Unavailable

log = structlog.get_logger()


@dataclass(slots=True, eq=False)
class _Pending:
    """A call that awaits its answer."""

    done: threading.Event = field(default_factory=threading.Event)
    answer: bytes | None = None
    error: Exception | None = None

    def settle(self, answer: bytes | None, error: Exception | None = None) -> None:
        self.answer, self.error = answer, error
        self.done.set()


class Client(Calling):
    """Calls services and listens to events, as the user in `url`."""

    def __init__(self, url: str, name: str) -> None:
        """`name` is the user's name; the names of the client's queues begin with it."""
        self.name = name
        self._replies = f"{name}.replies.{uuid7().hex}"
        self._pending: dict[str, _Pending] = {}
        self._listeners: dict[str, tuple[type[Event], list[Callable[[Any], None]]]] = {}
        self._publishing = Link(url, f"{name} calls", self._prepare_publishing, self._lost)
        self._receiving = Link(url, f"{name} answers", self._prepare_receiving, self._deafened)

    def start(self) -> None:
        """Connect in the background, and reconnect when needed. Calls raise `Unavailable` while disconnected."""
        self._receiving.start()
        self._publishing.start()

    def close(self) -> None:
        """Close the connections; pending calls fail."""
        self._publishing.close()
        self._receiving.close()

    @property
    def connected(self) -> bool:
        """Whether both connections are open, so that calls can be made."""
        return self._publishing.connected and self._receiving.connected

    @property
    def blocked(self) -> bool:
        """Whether the broker accepts no messages because of a memory or disk alarm."""
        return self._publishing.blocked

    def on_event(self, event: type[Event], callback: Callable[[Any], None]) -> None:
        """Call `callback` in the receiving thread with each event of this type. Register before `start`."""
        self._listeners.setdefault(event.NAME, (event, []))[1].append(callback)

    def exchange(self, method: Rpc[Any, Any], envelope: wire.Envelope, body: bytes, wait: float) -> bytes | None:
        """Send the call and wait for its answer."""
        self.check_room(len(self._pending))
        if self._publishing.blocked:
            raise Unavailable("The message broker takes no messages now.", rule="broker-blocked")
        correlation_id = uuid7().hex
        message = amqp.Message(
            body,
            delivery_mode=1,
            content_type=wire.CONTENT_TYPE,
            reply_to=self._replies,
            correlation_id=correlation_id,
            expiration=str(max(1, int(wait * 1000))),
            application_headers={wire.HEADER: envelope.encode()},
        )
        pending = self._pending[correlation_id] = _Pending()
        try:
            if not self._receiving.connected:
                raise Unavailable("The message broker cannot be reached.", rule="broker-away")
            with self._publishing.writing() as channel:
                publish(channel, message, wire.CALLS, method.service)
            pending.done.wait(wait)
        finally:
            self._pending.pop(correlation_id, None)
        if pending.error is not None:
            raise pending.error
        return pending.answer

    def _prepare_publishing(self, channel: amqp.Channel) -> None:
        topology.declare(channel, [topology.CALLS])
        channel.events["basic_return"].add(self._returned)

    def _prepare_receiving(self, channel: amqp.Channel) -> None:
        topology.declare(channel, [topology.answers_to(self._replies)])
        channel.basic_consume(self._replies, no_ack=True, callback=self._answered)
        if self._listeners:
            self._listen(channel)

    def _listen(self, channel: amqp.Channel) -> None:
        """Consume a queue of this process's own, so that every process receives every event."""
        queue = topology.heard(self._replies, [event for event, _ in self._listeners.values()])
        topology.declare(channel, [queue])
        channel.basic_consume(queue.name, no_ack=True, callback=self._heard)
        self.hears_since = time.time()

    def _answered(self, message: amqp.Message) -> None:
        pending = self._pending.get(message.properties.get("correlation_id", ""))
        if pending is not None:  # otherwise the caller has stopped waiting
            pending.settle(message.body)

    def _heard(self, message: amqp.Message) -> None:
        try:
            name = wire.envelope_of(message.headers).name
            event, callbacks = self._listeners[name]
            heard = event.from_wire(message.body)
        except (Invalid, KeyError) as error:
            log.warning("event_unreadable", client=self.name, error=type(error).__name__)
            return
        for callback in callbacks:
            callback(heard)

    def _returned(self, _error: Exception, _exchange: str, service: str, message: amqp.Message) -> None:
        pending = self._pending.get(message.properties.get("correlation_id", ""))
        if pending is not None:
            error = Unavailable("The service {service} is away.", rule="no-route", service=service)
            pending.settle(None, error)

    def _deafened(self) -> None:
        """Events are missed from now on, until there is another connection."""
        self.hears_since = None
        self._lost()

    def _lost(self) -> None:
        """Fail the pending calls: their answers will not arrive, and whether they were executed is unknown."""
        for pending in list(self._pending.values()):
            pending.settle(None, Unavailable("The connection to the message broker broke.", rule="broker-lost"))
