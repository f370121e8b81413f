"""What a bus is to a service: it hands over deliveries, and takes what the service publishes and answers.

Two buses do this: `kernel.bus.rabbit` over RabbitMQ and `kernel.bus.embedded` within one process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kernel.bus.publisher import Fate, Outgoing
from kernel.contract import Event


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler's queue and the event that goes into it."""

    queue: str
    event: type[Event]


@dataclass(slots=True, eq=False)
class Delivery:
    """A message as it arrived in `queue`. It is the service's until it is acknowledged."""

    queue: str
    body: bytes
    headers: dict[str, Any]
    message_id: str = ""
    reply_to: str = ""
    correlation_id: str = ""
    #: The bus's own: which connection brought it, under which tag.
    generation: int = 0
    tag: int = 0
    settled: bool = field(default=False)


Take = Callable[[Delivery], None]


class ServiceBus(Protocol):
    """The bus as one service sees it."""

    def start(self, subscriptions: Sequence[Subscription], take: Take, prefetch: int) -> None:
        """Hand every call, event and parked message of the service to `take`, at most `prefetch` of a queue ahead."""

    def stop_taking(self) -> None:
        """Hand over no more; what was handed over can still be answered and acknowledged."""

    def close(self) -> None:
        """Hang up; what is not acknowledged goes back to its queue."""

    def holds(self, delivery: Delivery) -> bool:
        """Whether the delivery can still be acknowledged; if not, the bus delivers it again by itself."""

    def ack(self, delivery: Delivery) -> None:
        """The delivery is done with."""

    def reply(self, delivery: Delivery, body: bytes) -> None:
        """Answer a call. Nothing is raised where the caller is gone."""

    def publish(self, messages: Sequence[Outgoing]) -> list[Fate]:
        """Publish durably; the fate of each message."""

    def probe(self) -> None:
        """See whether publishing works again, where it did not: a service may have nothing to publish by itself."""

    def problems(self) -> dict[str, str]:
        """What is wrong with the bus, by part; empty where nothing is."""
