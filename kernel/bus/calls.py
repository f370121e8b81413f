"""The caller's side of a call, the same for every bus."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from kernel import context, metrics, tracing
from kernel.bus import wire
from kernel.contract import Event, Rpc
from kernel.errors import TimedOut, Unavailable, from_wire

#: The most calls of one process that may await answers at the same time.
MOST_PENDING: Final = 2000


class Calling(ABC):
    """A client of a bus: calls methods of services and hears events. A bus carries a call out in `exchange`."""

    #: Since when (seconds since the epoch) it has heard every event; None while it hears none.
    hears_since: float | None = None

    @abstractmethod
    def exchange(self, method: Rpc[Any, Any], envelope: wire.Envelope, body: bytes, wait: float) -> bytes | None:
        """Send a call and return the answer's body, or None after `wait` seconds. May raise `Unavailable`."""

    @abstractmethod
    def on_event(self, event: type[Event], callback: Callable[[Any], None]) -> None:
        """Call `callback` with every event of this kind from now on."""

    def check_room(self, awaited: int) -> None:
        """Raise `Unavailable` where `awaited`, the number of calls awaiting answers, has reached the limit."""
        if awaited >= MOST_PENDING:
            raise Unavailable("Too many calls await their answers.", rule="too-many-calls")

    def call(
        self,
        method: Rpc[Any, Any],
        command: dict[str, Any],
        *,
        token: str | None,
        tenant_id: UUID | None,
        timeout: float,
        idempotency_key: str | None = None,
    ) -> Any:
        """Call the method and return the answer as JSON values.

        Raises the service's refusal, `Unavailable` where the service or the broker cannot be reached, and `TimedOut`
        after `timeout` seconds, or earlier at the deadline of the call being handled.
        """
        outer = context.current()
        wait = min(timeout, outer.left(timeout)) if outer else timeout
        if wait <= 0:
            raise TimedOut("There was no time left to ask {service}.", rule="deadline", service=method.service)
        envelope = wire.Envelope(
            name=method.name,
            tenant=str(tenant_id) if tenant_id else None,
            call_id=outer.call_id if outer else str(uuid7()),
            deadline=time.time() + wait,
            token=token,
            idempotency_key=idempotency_key,
        )
        started = time.perf_counter()
        outcome = "answered"
        with tracing.span(f"call {method!r}", outer.traceparent if outer else None) as traceparent:
            envelope.traceparent = traceparent
            try:
                return self._answer(method, envelope, msgspec.json.encode(command), wait)
            except Exception as error:
                outcome = getattr(error, "kind", "error")
                raise
            finally:
                metrics.called(repr(method), outcome, time.perf_counter() - started)

    def _answer(self, method: Rpc[Any, Any], envelope: wire.Envelope, body: bytes, wait: float) -> Any:
        answer = self.exchange(method, envelope, body, wait)
        if answer is None:
            raise TimedOut("{service} did not answer in time.", rule="timed-out", service=method.service)
        reply = msgspec.json.decode(answer)
        if "error" in reply:
            raise from_wire(reply["error"])
        return reply["answer"]
