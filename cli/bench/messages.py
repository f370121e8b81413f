"""This process's CPU to publish and to receive a message: with the kernel's link, and with unmodified kombu."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any, Final

import amqp
from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.messaging import Consumer, Producer

from cli.bench.measuring import OURSELVES, measure
from kernel.bus import topology
from kernel.bus.link import Link, publish
from kernel.waiting import eventually
from servers.rabbit import RabbitBroker

COUNT: Final = 10_000
ROUNDS: Final = 3
QUEUE: Final = Queue("messages", Exchange("messages", "fanout"))
#: An exchange without a queue: messages to it cost the broker almost nothing.
NOWHERE: Final = Exchange("nowhere", "fanout")
BODY: Final = b'{"words": "hi"}'
TYPE: Final = {"content_type": "application/json", "content_encoding": "utf-8"}


def sent_and_received(broker: RabbitBroker) -> bool:
    """Measure both. The minimum of several rounds counts, because the machine may have other work. Returns True."""
    url = broker.url_of(broker.new_vhost())
    ways: dict[str, tuple[Callable[[str], float], Callable[[str], float]]] = {
        "kernel": (_published_by_link, _received_by_link),
        "kombu": (_published_by_kombu, _received_by_kombu),
    }
    for name, (published, received) in ways.items():
        least = [min(way(url) for _ in range(ROUNDS)) for way in (published, received)]
        print(f"  {name:14} publish {least[0] * 1000:5.1f} µs   receive {least[1] * 1000:5.1f} µs   of CPU", flush=True)
    return True


def _cost(work: Callable[[], object]) -> float:
    """Milliseconds of this process's CPU for one message."""
    return measure({}, COUNT, work).cpu[OURSELVES]


def _published_by_link(url: str) -> float:
    with closing(Link(url, "bench", lambda channel: topology.declare(channel, [NOWHERE]))) as link:
        link.start()
        eventually(lambda: link.connected, what="the link is up")

        def send() -> None:
            for _ in range(COUNT):
                message = amqp.Message(BODY, delivery_mode=1, **TYPE)
                with link.writing() as channel:
                    publish(channel, message, NOWHERE.name, "", mandatory=False)

        return _cost(send)


def _published_by_kombu(url: str) -> float:
    with Connection(url) as connection:
        producer = Producer(connection.channel())
        NOWHERE(producer.channel).declare()

        def send() -> None:
            for _ in range(COUNT):
                producer.publish(BODY, exchange=NOWHERE.name, routing_key="", delivery_mode=1, **TYPE)

        return _cost(send)


def _filled(url: str) -> None:
    """Fill the queue with the messages that are then received."""
    with Connection(url) as connection:
        channel = connection.channel()
        QUEUE(channel).declare()
        channel.queue_purge(QUEUE.name)
        producer = Producer(channel)
        for _ in range(COUNT):
            producer.publish(BODY, exchange=QUEUE.exchange.name, routing_key="", **TYPE)
        eventually(lambda: channel.queue_declare(QUEUE.name, passive=True).message_count == COUNT, what="it is full")


def _received_by_link(url: str) -> float:
    _filled(url)
    left, all_came = [COUNT], threading.Event()

    def came(_message: amqp.Message) -> None:
        left[0] -= 1
        if left[0] == 0:
            all_came.set()

    def begin(channel: amqp.Channel) -> None:
        channel.basic_consume(QUEUE.name, no_ack=True, callback=came)

    def receive() -> None:
        with closing(Link(url, "bench", lambda channel: None, begin=begin)) as link:
            link.start()
            all_came.wait()

    return _cost(receive)


def _received_by_kombu(url: str) -> float:
    _filled(url)
    left = [COUNT]

    def came(_message: Any) -> None:
        left[0] -= 1

    def receive() -> None:
        with Connection(url) as connection, Consumer(connection.channel(), [QUEUE], on_message=came, no_ack=True):
            while left[0]:
                connection.drain_events(timeout=10)

    return _cost(receive)
