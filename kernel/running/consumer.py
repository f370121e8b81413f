"""Consumes calls and events: answers calls, handles events, retries or parks failures.

A delivery is acknowledged when its work is committed, or when it is published to a wait or park exchange. So none is
lost.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from typing import Any, Final, Protocol
from uuid import UUID

import eventlet
import msgspec
import structlog
from nameko.extensions import SharedExtension
from uuid_utils.compat import uuid7

from kernel import metrics
from kernel.bus import wire
from kernel.bus.interface import Delivery, ServiceBus, Subscription
from kernel.bus.publisher import Fate, Outgoing
from kernel.context import Call
from kernel.contract import Event, Rpc
from kernel.data import parking
from kernel.data.failures import as_lyceum_error, where
from kernel.data.inbox import AlreadyHandled
from kernel.data.received import Received
from kernel.errors import Invalid, LyceumError, Refused, TimedOut

log = structlog.get_logger()

#: The largest event, in bytes: events carry ids only. A larger one is parked without being decoded.
LARGEST_EVENT: Final = 1024 * 1024
#: Seconds between two attempts to publish or store a message that could not be handled.
PAUSE: Final = 1.0


class CallEntrypoint(Protocol):
    """An entry point that answers calls of one method (`kernel.running.entrypoints.RpcEntrypoint`)."""

    method: Rpc[Any, Any]


class HandlerEntrypoint(Protocol):
    """An entry point that handles events of one kind (`kernel.running.entrypoints.EventEntrypoint`)."""

    event: type[Event]
    method_name: str


class Consumer(SharedExtension):
    """Takes deliveries from the bus and gives each to a worker. Calls go first: their callers wait."""

    def __init__(self) -> None:
        super().__init__()
        self._methods: dict[str, CallEntrypoint] = {}
        self._handlers: dict[str, HandlerEntrypoint] = {}
        self._calls: deque[Delivery] = deque()
        self._events: deque[Delivery] = deque()
        self._events_running = 0
        self._stopping = False

    def setup(self) -> None:
        """Take the bus and the verifier from the container."""
        self._bus: ServiceBus = self.container.config["bus"]
        self._verifier = self.container.config["verifier"]
        self._service: str = self.container.service_name
        workers = self.container.max_workers
        #: The most workers that handle events at one time; the others are reserved for calls.
        self._most_events = max(1, workers // 2)

    def answers(self, entrypoint: CallEntrypoint) -> None:
        """Register the entry point for calls of its method."""
        self._methods[entrypoint.method.name] = entrypoint

    def handles(self, entrypoint: HandlerEntrypoint) -> None:
        """Register the entry point for the events of its own queue."""
        self._handlers[wire.handler_queue(self.container.service_name, entrypoint.method_name)] = entrypoint

    def start(self) -> None:
        """Start consuming."""
        subscriptions = [Subscription(queue, entry.event) for queue, entry in self._handlers.items()]
        self._bus.start(subscriptions, self._take, self.container.max_workers)

    def stop_taking(self) -> None:
        """Stop consuming. Deliveries without a worker return to their queues when the bus is closed."""
        if not self._stopping:
            self._stopping = True
            self._bus.stop_taking()
            self._calls.clear()
            self._events.clear()

    def stop(self) -> None:
        """Close the bus, after workers and dependencies have ended."""
        self._bus.close()

    def kill(self) -> None:
        """Close the bus at once; unacknowledged deliveries are delivered again."""
        self._bus.close()

    # --- from the bus to a worker ------------------------------------------------------------------

    def _take(self, delivery: Delivery) -> None:
        """Queue a delivery for a worker. The bus calls this and must not be blocked."""
        if self._stopping:
            return
        if delivery.queue == wire.parked_queue(self._service):
            eventlet.spawn(self._keep_parked, delivery)
            return
        is_call = delivery.queue == wire.calls_queue(self._service)
        (self._calls if is_call else self._events).append(delivery)
        self._begin_next()

    def _begin_next(self) -> None:
        """Give waiting deliveries to free workers."""
        while not self._stopping and self.container.workers.free() > 0:
            if self._calls:
                self._begin_call(self._calls.popleft())
            elif self._events and self._events_running < self._most_events:
                self._begin_event(self._events.popleft())
            else:
                return

    def _spawn(self, entrypoint: Any, args: tuple[Any, ...], call: Call, handle_result: Any) -> None:
        self.container.spawn_worker(entrypoint, args, {}, context_data={"call": call}, handle_result=handle_result)

    def _worker_ended(self) -> None:
        """Begin the next delivery once the current worker has ended and is free."""
        if self._calls or self._events:
            eventlet.spawn_after(0, self._begin_next)

    # --- calls -------------------------------------------------------------------------------------

    def _begin_call(self, delivery: Delivery) -> None:
        started = time.perf_counter()
        if not delivery.reply_to:
            eventlet.spawn(self._park, delivery, wire.Envelope(), "no-reply-to", "")
            return
        try:
            envelope = wire.envelope_of(delivery.headers)
            entrypoint, actor, command, call = self._understood(delivery, envelope)
        except Exception as error:  # noqa: BLE001  # no message may stop the service
            self._answer(delivery, None, error, "unreadable", started)
            return

        def answered(result: Any, error: Exception | None) -> None:
            self._answer(delivery, result, error, call.operation, started)
            self._worker_ended()

        self._spawn(entrypoint, (actor, command), call, answered)

    def _understood(
        self, delivery: Delivery, envelope: wire.Envelope
    ) -> tuple[CallEntrypoint, Any, dict[str, Any], Call]:
        """Check and decode a call. Raises a refusal, in the order: method, deadline, token, role, command's form."""
        entrypoint = self._methods.get(envelope.name)
        if entrypoint is None:
            raise Invalid("The service has no such method.", rule="no-such-method")
        method = entrypoint.method
        if envelope.deadline is not None and envelope.deadline <= time.time():
            raise TimedOut("The call came after its deadline.", rule="deadline")
        tenant_id = _uuid(envelope.tenant)
        actor = None
        if not method.callers.public and envelope.token is not None:
            actor = self._verifier.claims(envelope.token).actor(tenant_id)
        method.callers.admit(actor)
        try:
            data = msgspec.json.decode(delivery.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Invalid("The command is not JSON.", rule="undecodable") from None
        command = method.load(data)
        call = Call(
            call_id=envelope.call_id,
            deadline=envelope.deadline,
            token=envelope.token,
            tenant_id=actor.tenant_id if actor else tenant_id,
            idempotency_key=envelope.idempotency_key,
            account_id=actor.account_id if actor else None,
            fingerprint=hashlib.sha256(delivery.body).hexdigest() if envelope.idempotency_key else "",
            operation=repr(method),
            traceparent=envelope.traceparent,
        )
        return entrypoint, actor, command, call

    def _answer(self, delivery: Delivery, result: Any, error: Exception | None, operation: str, started: float) -> None:
        outcome = "answered"
        if isinstance(error, AlreadyHandled):
            result, error, outcome = error.answer, None, "repeated"
        if error is not None:
            told = as_lyceum_error(error)
            outcome = told.kind
            if not isinstance(told, Refused):
                log.error("call_failed", operation=operation, kind=told.kind, where=where(error))
            body = msgspec.json.encode({"error": told.to_wire()})
        else:
            body = msgspec.json.encode({"answer": result})
        self._bus.reply(delivery, body)
        self._bus.ack(delivery)
        metrics.answered(operation, outcome, time.perf_counter() - started)

    # --- events ------------------------------------------------------------------------------------

    def _begin_event(self, delivery: Delivery) -> None:
        started = time.perf_counter()
        envelope = wire.Envelope()
        try:
            envelope = wire.envelope_of(delivery.headers)
            received = self._received(delivery, envelope)
        except Exception as error:  # noqa: BLE001  # no message may stop the service
            eventlet.spawn(self._park, delivery, envelope, "unreadable", getattr(error, "rule", type(error).__name__))
            return
        self._events_running += 1
        call = Call(
            call_id=envelope.call_id or delivery.message_id,
            tenant_id=received.tenant_id,
            operation=delivery.queue,
            traceparent=envelope.traceparent,
        )

        def handled(_result: Any, error: Exception | None) -> None:
            outcome = "stopped"
            try:
                outcome = self._settle(delivery, envelope, error)
            finally:
                self._events_running -= 1
                metrics.handled(delivery.queue, outcome, time.perf_counter() - started)
                self._worker_ended()

        self._spawn(self._handlers[delivery.queue], (received,), call, handled)

    def _received(self, delivery: Delivery, envelope: wire.Envelope) -> Received[Any]:
        if len(delivery.body) > LARGEST_EVENT:
            raise Invalid("The event is too large.", rule="too-large")
        if not delivery.message_id:
            raise Invalid("The event has no id.", rule="no-message-id")
        event = self._handlers[delivery.queue].event.from_wire(delivery.body)
        tenant_id = _uuid(envelope.tenant)
        return Received(event, delivery.message_id, delivery.queue, tenant_id, envelope.attempts)

    def _settle(self, delivery: Delivery, envelope: wire.Envelope, error: Exception | None) -> str:
        """Acknowledge, retry or park an event after its handler ended. Returns the outcome for the metrics."""
        if error is None or isinstance(error, AlreadyHandled):
            self._bus.ack(delivery)
            return "handled" if error is None else "duplicate"
        if isinstance(error, Refused):
            self._park(delivery, envelope, "refused", error.rule)
            return "parked"
        attempts = envelope.attempts + 1
        log.warning(
            "event_failed",
            queue=delivery.queue,
            attempts=attempts,
            where=where(error),
            message_id=delivery.message_id,
        )
        delay = wire.retry_delay(attempts)
        if delay is None:
            self._park(delivery, envelope, "attempts-exhausted", _kind(error))
            return "parked"
        again = msgspec.structs.replace(envelope, attempts=attempts)
        self._publish_on(delivery, wire.wait_name(self._service, delay), delivery.queue, again)
        return "retried"

    # --- what could not be handled -----------------------------------------------------------------

    def _park(self, delivery: Delivery, envelope: wire.Envelope, reason: str, error: str) -> None:
        """Move a delivery to the parking queue, without a call's body: it may hold a password."""
        log.error("message_parked", queue=delivery.queue, reason=reason, error=error, message_id=delivery.message_id)
        kept = msgspec.structs.replace(envelope, token=None, queue=delivery.queue, reason=reason, error=error)
        is_call = delivery.queue == wire.calls_queue(self._service)
        too_large = len(delivery.body) > LARGEST_EVENT
        body = b"" if is_call or too_large else delivery.body
        self._publish_on(delivery, wire.park_exchange(self._service), "", kept, body)

    def _publish_on(
        self, delivery: Delivery, exchange: str, key: str, envelope: wire.Envelope, body: bytes | None = None
    ) -> None:
        """Publish a delivery to the next exchange, then acknowledge it. Tries until the broker confirms it."""
        message = Outgoing(
            exchange,
            key,
            delivery.message_id or str(uuid7()),
            envelope,
            delivery.body if body is None else body,
        )
        while self._bus.holds(delivery):
            (fate,) = self._bus.publish([message])
            if fate is Fate.CONFIRMED:
                self._bus.ack(delivery)
                return
            if self._stopping:
                return  # it is unacknowledged, so the broker delivers it again after the restart
            log.warning("publish_failed", exchange=exchange, fate=fate.value, message_id=message.message_id)
            eventlet.sleep(PAUSE)

    def _keep_parked(self, delivery: Delivery) -> None:
        """Write a parked message to the database, where an operator can list, show, replay and discard it."""
        unit_of_work = self.container.config["unit_of_work"]
        while self._bus.holds(delivery) and not self._stopping:
            try:
                parking.keep(unit_of_work, delivery)
            except Exception as error:  # noqa: BLE001  # after any error the message stays in its queue
                log.error("parked_message_not_kept", where=where(error), message_id=delivery.message_id)
                eventlet.sleep(PAUSE)
            else:
                self._bus.ack(delivery)
                return


def _uuid(text: str | None) -> UUID | None:
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("The tenant is no id.", rule="bad-tenant") from None


def _kind(error: Exception) -> str:
    return error.rule if isinstance(error, LyceumError) else type(error).__name__
