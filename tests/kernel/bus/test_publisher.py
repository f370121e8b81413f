"""Publishing with confirms: whatever the broker does, the fate of each message is known in time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import uuid4

import amqp
import pytest

from kernel.bus import wire
from kernel.bus.broker import open_connection
from kernel.bus.publisher import Fate, Outgoing, Publisher
from kernel.bus.rabbit import RabbitBus
from kernel.waiting import eventually
from servers.rabbit import RabbitBroker
from tests.kernel.processes import starved


def declare(channel: amqp.Channel) -> None:
    """A queue for everything, and one that takes a single message."""
    channel.exchange_declare("news", "direct", durable=True, auto_delete=False)
    channel.queue_declare("kept", durable=True, auto_delete=False)
    channel.queue_bind("kept", "news", "kept")
    arguments = {"x-max-length": 1, "x-overflow": "reject-publish"}
    channel.queue_declare("full", durable=True, auto_delete=False, arguments=arguments)
    channel.queue_bind("full", "news", "full")


@pytest.fixture
def publisher(rabbit: RabbitBroker, vhost: str) -> Iterator[Publisher]:
    made = Publisher(rabbit.url_of(vhost), "tests publishing", declare)
    made.start()
    eventually(lambda: made.link.connected, 30, "the publisher is connected")
    yield made
    made.close()


def message(key: str, body: bytes = b"{}", exchange: str = "news") -> Outgoing:
    return Outgoing(exchange, key, str(uuid4()), wire.Envelope(name="rang", call_id="call-1"), body)


def test_a_message_is_confirmed_and_arrives_as_it_was_sent(rabbit: RabbitBroker, vhost: str, publisher: Publisher):
    sent = message("kept", '{"words": "слово"}'.encode())
    assert publisher.publish([sent]) == [Fate.CONFIRMED]
    with open_connection(rabbit.url_of(vhost), "tests") as connection:
        arrived = connection.channel().basic_get("kept", no_ack=True)
    assert arrived.properties["message_id"] == sent.message_id
    assert arrived.properties["delivery_mode"] == 2
    assert wire.envelope_of(arrived.headers) == sent.envelope
    body = arrived.body
    assert (body if isinstance(body, bytes) else body.encode()) == sent.body


def test_no_messages_have_no_fates(publisher: Publisher):
    assert publisher.publish([]) == []


def test_each_message_of_a_batch_has_its_own_fate(publisher: Publisher):
    keys = ["kept", "nobody", "kept", "full", "full", "nobody", "kept"]
    fates = publisher.publish([message(key) for key in keys])
    confirmed, unroutable, refused = Fate.CONFIRMED, Fate.UNROUTABLE, Fate.REFUSED
    assert fates == [confirmed, unroutable, confirmed, confirmed, refused, unroutable, confirmed]


def test_a_batch_of_thousands_is_confirmed_whole(publisher: Publisher):
    assert set(publisher.publish([message("kept") for _ in range(3000)])) == {Fate.CONFIRMED}


def test_s13_what_has_no_queue_does_not_make_the_publisher_fail_and_what_is_refused_does(publisher: Publisher):
    publisher.publish([message("nobody")])
    assert not publisher.failing
    publisher.publish([message("full"), message("full")])
    assert publisher.failing
    publisher.publish([message("kept")])
    assert not publisher.failing


def test_an_exchange_that_is_not_there_makes_the_fate_unknown_and_the_next_message_is_confirmed(publisher: Publisher):
    assert publisher.publish([message("kept", exchange="nowhere")], 1.0) == [Fate.UNKNOWN]

    def confirmed() -> bool:
        return publisher.publish([message("kept")], 1.0) == [Fate.CONFIRMED]

    eventually(confirmed, what="a message is confirmed over a new connection")


def test_a_broker_that_is_away_makes_the_fate_unknown_at_once():
    publisher = Publisher("amqp://nobody:nothing@127.0.0.1:1/", "tests publishing")
    publisher.start()
    try:
        began = time.monotonic()
        assert publisher.publish([message("kept"), message("kept")]) == [Fate.UNKNOWN, Fate.UNKNOWN]
        assert time.monotonic() - began < 1.0
        assert publisher.failing
    finally:
        publisher.close()


def test_a_publisher_that_was_closed_makes_the_fate_unknown(publisher: Publisher):
    publisher.close()
    assert publisher.publish([message("kept")]) == [Fate.UNKNOWN]


@pytest.mark.slow
def test_under_a_memory_alarm_the_fate_is_unknown_within_the_timeout_and_afterwards_confirmed(
    rabbit: RabbitBroker, publisher: Publisher
):
    with starved(rabbit):

        def told() -> bool:
            publisher.publish([message("kept")], 0.2)  # the broker tells those who publish after the alarm
            return publisher.link.blocked

        eventually(told, what="the broker tells that it is blocked")
        began = time.monotonic()
        assert publisher.publish([message("kept"), message("kept")], 0.5) == [Fate.UNKNOWN, Fate.UNKNOWN]
        assert 0.4 < time.monotonic() - began < 1.5
        assert publisher.failing
    eventually(lambda: not publisher.link.blocked, what="the broker takes messages again")
    assert publisher.publish([message("nobody"), message("kept")]) == [Fate.UNROUTABLE, Fate.CONFIRMED]
    assert not publisher.failing


def test_what_was_published_before_there_was_a_connection_is_no_failure_of_the_one_there_is(
    rabbit: RabbitBroker, vhost: str
):
    publisher = Publisher(rabbit.url_of(vhost), "tests publishing", declare)
    assert publisher.publish([message("kept")]) == [Fate.UNKNOWN]
    assert publisher.failing
    publisher.start()
    try:
        eventually(lambda: publisher.link.connected, 30, "the publisher is connected")
        assert not publisher.failing
    finally:
        publisher.close()


def test_a_service_with_nothing_to_publish_finds_out_that_the_broker_confirms_again(rabbit: RabbitBroker, vhost: str):
    bus = RabbitBus(rabbit.url_of(vhost), "bell")
    bus.start([], lambda delivery: None, 1)
    try:
        eventually(lambda: bus.problems() == {}, what="the bus is ready")
        nobody = Outgoing("nowhere", "", str(uuid4()), wire.Envelope(), b"{}")
        assert bus.publish([nobody]) == [Fate.UNKNOWN]
        bus.publish([nobody])  # whether or not the broken connection is back
        eventually(lambda: (bus.probe(), bus.problems() == {})[1], what="a probe was answered")
    finally:
        bus.close()
