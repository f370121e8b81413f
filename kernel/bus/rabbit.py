"""A service's bus over RabbitMQ: three connections, for receiving, answering and publishing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import amqp
import structlog
from uuid_utils.compat import uuid7

from kernel.bus import topology, wire
from kernel.bus.interface import Delivery, Subscription, Take
from kernel.bus.link import Link, publish
from kernel.bus.publisher import Fate, Outgoing, Publisher
from kernel.errors import Unavailable

log = structlog.get_logger()


class RabbitBus:
    """The bus of `service`. Receiving, publishing and answering do not block each other."""

    def __init__(self, url: str, service: str) -> None:
        self.service = service
        self._subscriptions: Sequence[Subscription] = ()
        self._take: Take = _refuse
        self._prefetch = 1
        self._taking = True
        self._tags: list[str] = []
        self._receiving = Link(url, f"{service} receiving", self._prepare_receiving, begin=self._begin_receiving)
        self._answering = Link(url, f"{service} answering", _prepare_answering)
        self._publisher = Publisher(url, f"{service} publishing", self._declare_own)

    def start(self, subscriptions: Sequence[Subscription], take: Take, prefetch: int) -> None:
        """Connect in the background, and reconnect when needed."""
        self._subscriptions, self._take, self._prefetch = subscriptions, take, prefetch
        self._publisher.start()
        self._answering.start()
        self._receiving.start()

    def stop_taking(self) -> None:
        """Cancel the consumers."""
        if not self._taking:
            return
        self._taking = False
        with suppress(Unavailable), self._receiving.writing() as channel:
            for tag in self._tags:
                channel.basic_cancel(tag, nowait=True)

    def close(self) -> None:
        """Close the connections."""
        self._receiving.close()
        self._answering.close()
        self._publisher.close()

    def holds(self, delivery: Delivery) -> bool:
        """Whether the connection that delivered it is still open."""
        return self._receiving.connected and delivery.generation == self._receiving.generation

    def ack(self, delivery: Delivery) -> None:
        """Acknowledge, unless that connection broke: then the broker delivers the message again."""
        delivery.settled = True
        with suppress(Unavailable), self._receiving.writing() as channel:
            if delivery.generation == self._receiving.generation:
                channel.basic_ack(delivery.tag)

    def reply(self, delivery: Delivery, body: bytes) -> None:
        """Answer a call. Where the broker cannot be reached, the caller's deadline ends its wait."""
        message = amqp.Message(
            body, delivery_mode=1, content_type=wire.CONTENT_TYPE, correlation_id=delivery.correlation_id
        )
        try:
            with self._answering.writing() as channel:
                publish(channel, message, wire.REPLIES, delivery.reply_to, mandatory=False)
        except Unavailable:
            log.warning("answer_lost", service=self.service, queue=delivery.queue)

    def publish(self, messages: Sequence[Outgoing]) -> list[Fate]:
        """Publish with confirms."""
        return self._publisher.publish(messages)

    def probe(self) -> None:
        """After an unconfirmed message, publish one that no queue receives: a working broker returns it."""
        if self._publisher.failing:
            name = "probe"
            self.publish(
                [Outgoing(wire.events_exchange(self.service), name, str(uuid7()), wire.Envelope(name=name), b"")]
            )

    def problems(self) -> dict[str, str]:
        """Missing connections, unconfirmed messages and the broker's alarms."""
        links = {
            "receiving": self._receiving,
            "answering": self._answering,
            "publishing": self._publisher.link,
        }
        wrong = {part: "no connection to the broker" for part, link in links.items() if not link.connected}
        if self._publisher.failing:
            wrong.setdefault("publishing", "the broker did not confirm the last message")
        if self._publisher.link.blocked:
            wrong["publishing"] = "the broker takes no messages (memory or disk alarm)"
        return wrong

    def _declare_own(self, channel: amqp.Channel) -> None:
        topology.declare(channel, topology.own(self.service))

    def _prepare_receiving(self, channel: amqp.Channel) -> None:
        self._declare_own(channel)
        topology.declare(channel, topology.received(self.service, self._subscriptions))

    def _begin_receiving(self, channel: amqp.Channel) -> None:
        if not self._taking:
            return
        channel.basic_qos(0, self._prefetch, False)
        calls = wire.calls_queue(self.service)
        queues = [calls, wire.parked_queue(self.service), *(one.queue for one in self._subscriptions)]
        generation = self._receiving.generation
        self._tags = [self._consume(channel, queue, generation) for queue in queues]

    def _consume(self, channel: amqp.Channel, queue: str, generation: int) -> str:
        def received(message: amqp.Message) -> None:
            self._take(_delivery(queue, message, generation))

        tag: str = channel.basic_consume(queue, callback=received)
        return tag


def _prepare_answering(channel: amqp.Channel) -> None:
    topology.declare(channel, [topology.REPLIES])


def _delivery(queue: str, message: amqp.Message, generation: int) -> Delivery:
    properties: dict[str, Any] = message.properties
    body = message.body
    return Delivery(
        queue=queue,
        body=body if isinstance(body, bytes) else str(body).encode(errors="surrogatepass"),
        headers=properties.get("application_headers") or {},
        message_id=str(properties.get("message_id") or ""),
        reply_to=str(properties.get("reply_to") or ""),
        correlation_id=str(properties.get("correlation_id") or ""),
        generation=generation,
        tag=message.delivery_tag,
    )


def _refuse(delivery: Delivery) -> None:
    raise AssertionError(f"a delivery of {delivery.queue} before the start")
