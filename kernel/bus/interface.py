"""The interface between a service and its bus: deliveries in, answers and published messages out.

`kernel.bus.rabbit` implements it over RabbitMQ, `kernel.bus.embedded` within one process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kernel.bus.publisher import Fate, Outgoing
from kernel.contract import Event


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler's queue and the event type routed to it."""

    queue: str
    event: type[Event]


@dataclass(slots=True, eq=False)
class Delivery:
    """A message delivered from `queue`. The service holds it until it acknowledges it."""

    queue: str
    body: bytes
    headers: dict[str, Any]
    message_id: str = ""
    reply_to: str = ""
    correlation_id: str = ""
    #: For the bus: the connection that delivered it, and its delivery tag there.
    generation: int = 0
    tag: int = 0
    settled: bool = field(default=False)


Take = Callable[[Delivery], None]


class ServiceBus(Protocol):
    """The bus of one service."""

    def start(self, subscriptions: Sequence[Subscription], take: Take, prefetch: int) -> None:
        """Pass the service's calls, events and parked messages to `take`, up to `prefetch` unacknowledged a queue."""

    def stop_taking(self) -> None:
        """Deliver no more; earlier deliveries can still be answered and acknowledged."""

    def close(self) -> None:
        """Close the connections; unacknowledged deliveries return to their queues."""

    def holds(self, delivery: Delivery) -> bool:
        """Whether the delivery can still be acknowledged; if not, the bus delivers it again."""

    def ack(self, delivery: Delivery) -> None:
        """Acknowledge the delivery: its work is done."""

    def reply(self, delivery: Delivery, body: bytes) -> None:
        """Answer a call. Raises nothing where the caller is gone."""

    def publish(self, messages: Sequence[Outgoing]) -> list[Fate]:
        """Publish durable messages and return the fate of each."""

    def probe(self) -> None:
        """Where publishing failed last, try again: the service may have nothing to publish by itself."""

    def problems(self) -> dict[str, str]:
        """The bus's problems, by part; empty where there are none."""
