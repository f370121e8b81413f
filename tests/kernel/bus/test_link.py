"""A connection to the broker is made again whenever it breaks, and any thread may write to it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import amqp
import pytest

from kernel.bus.link import Link, publish
from kernel.errors import Unavailable
from kernel.waiting import eventually
from servers.process import free_ports
from servers.rabbit import RabbitBroker

THREADS, EACH = 8, 50


@pytest.fixture
def linked() -> Iterator[Callable[..., Link]]:
    """Links that are closed when the test ends."""
    made: list[Link] = []

    def link(url: str, prepare=lambda channel: None, **options) -> Link:
        made.append(Link(url, f"link {uuid4().hex}", prepare, **options))
        made[-1].start()
        return made[-1]

    yield link
    for one in made:
        one.close()


def is_up(link: Link, generation: int = 1) -> None:
    eventually(lambda: link.connected and link.generation >= generation, 15, "the link is up")


def drop(rabbit: RabbitBroker, vhost: str) -> None:
    """Have the broker close every connection of a virtual host."""
    rabbit.ctl("close_all_connections", "--vhost", vhost, "the test says so")


def test_writing_without_a_connection_fails_at_once(linked: Callable[..., Link]):
    link = linked(f"amqp://127.0.0.1:{free_ports(1)[0]}/")
    started = time.monotonic()
    with pytest.raises(Unavailable) as refused, link.writing():
        pass
    assert refused.value.rule == "broker-away"
    assert time.monotonic() - started < 0.5


def test_a_link_that_waits_for_its_broker_is_closed_soon(linked: Callable[..., Link]):
    link = linked(f"amqp://127.0.0.1:{free_ports(1)[0]}/")
    started = time.monotonic()
    link.close()
    assert time.monotonic() - started < 2
    assert link._thread is not None
    assert not link._thread.is_alive()


def test_a_broker_that_says_nothing_is_taken_for_away(linked: Callable[..., Link], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kernel.bus.broker.CONNECT_TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        link = linked(f"amqp://127.0.0.1:{silent.getsockname()[1]}/")
        silent.settimeout(10)
        for _ in range(2):  # the second is the next try: the first was given up
            silent.accept()[0].close()
        assert not link.connected


def test_what_is_declared_is_declared_again_after_the_connection_broke(
    rabbit: RabbitBroker, vhost: str, linked: Callable[..., Link]
):
    prepared, begun, lost = [], [], []
    link = linked(
        rabbit.url_of(vhost),
        prepared.append,
        on_lost=lambda: lost.append(link.connected),
        begin=begun.append,
    )
    is_up(link)
    assert (len(prepared), len(begun), lost) == (1, 1, [])
    drop(rabbit, vhost)
    is_up(link, 2)
    assert (len(prepared), len(begun), lost) == (2, 2, [False])


def test_a_link_whose_channel_the_broker_closed_comes_back(
    rabbit: RabbitBroker, vhost: str, linked: Callable[..., Link]
):
    link = linked(rabbit.url_of(vhost))
    is_up(link)
    with link.writing() as channel:
        publish(channel, amqp.Message(b"x"), "no.such.exchange", "")
    is_up(link, 2)
    with link.writing() as channel:
        assert channel.is_open


def test_a_link_that_cannot_be_written_to_is_given_up_and_made_again(
    rabbit: RabbitBroker, vhost: str, linked: Callable[..., Link]
):
    link = linked(rabbit.url_of(vhost))
    is_up(link)
    with pytest.raises(Unavailable), link.writing():
        raise BrokenPipeError
    is_up(link, 2)


def test_a_link_whose_preparation_fails_is_tried_again(rabbit: RabbitBroker, vhost: str, linked: Callable[..., Link]):
    tries: list[int] = []

    def prepare(channel: amqp.Channel) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("a defect that passes")

    link = linked(rabbit.url_of(vhost), prepare)
    is_up(link)
    assert len(tries) == 2
    assert link.generation == 1


def test_threads_that_write_at_once_do_not_mix_their_messages(
    rabbit: RabbitBroker, vhost: str, linked: Callable[..., Link]
):
    arrived: list[str] = []

    def prepare(channel: amqp.Channel) -> None:
        channel.queue_declare("q", exclusive=True)
        channel.basic_consume("q", no_ack=True, callback=lambda message: arrived.append(message.body))

    link = linked(rabbit.url_of(vhost), prepare)
    is_up(link)

    def write(number: int) -> None:
        for at in range(EACH):
            with link.writing() as channel:
                publish(channel, amqp.Message(f"{number} {at} {'x' * 5000}"), "", "q")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    eventually(lambda: len(arrived) == THREADS * EACH, 15, "every message arrives")
    assert {len(body) - len(body.rstrip("x")) for body in arrived} == {5000}
    for number in range(THREADS):
        mine = [int(body.split()[1]) for body in arrived if body.startswith(f"{number} ")]
        assert mine == list(range(EACH))
    assert link.generation == 1


def test_a_closed_link_stays_closed_and_the_broker_forgets_it(
    rabbit: RabbitBroker, vhost: str, linked: Callable[..., Link]
):
    link = linked(rabbit.url_of(vhost))
    is_up(link)
    link.close()
    assert not link.connected
    assert link.generation == 1
    with pytest.raises(Unavailable), link.writing():
        pass
    assert link._thread is not None
    assert not link._thread.is_alive()
    eventually(lambda: link.name not in rabbit.ctl("list_connections", "client_properties"), 10, "it is gone")
