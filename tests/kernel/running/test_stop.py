"""Stopping: what was begun is finished once, what was not waits for the next process, nothing is lost or doubled."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from kernel.bus import topology
from kernel.bus.client import Client
from kernel.waiting import eventually
from servers.rabbit import RabbitBroker
from tests.kernel.bell import Bell, Rang, Sound
from tests.kernel.processes import Caller, Home, answering, end

pytestmark = pytest.mark.slow

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def own_url(rabbit: RabbitBroker) -> Iterator[str]:
    vhost = rabbit.new_vhost(topology.policies(["bell"]))
    yield rabbit.url_of(vhost)
    rabbit.discard_vhost(vhost)


@pytest.fixture
def rung() -> list[Rang]:
    """The rings that have been published."""
    return []


@pytest.fixture
def ringer(own_url: str, home: Home, rung: list[Rang]) -> Iterator[Caller]:
    client = Client(own_url, "gateway")
    client.on_event(Rang, rung.append)
    client.start()
    tenant = uuid4()
    yield Caller(client, home.token_of(tenant), tenant)
    client.close()


@pytest.fixture
def start(own_url: str, home: Home, ringer: Caller) -> Iterator[Start]:
    with ExitStack() as started:

        def one(**settings: str) -> subprocess.Popen[bytes]:
            process = home.start(own_url, **settings)
            started.callback(end, process)
            answering(ringer.client)
            return process

        yield one


def sounds(home: Home) -> list[Sound]:
    with home.unit_of_work() as unit_of_work, unit_of_work.everywhere(keyed=False) as session:
        return list(session.scalars(select(Sound)))


def test_what_was_begun_is_finished_once_and_the_rest_waits_for_the_next_process(
    start: Start, home: Home, ringer: Caller, rung: list[Rang]
):
    first = start()
    with ThreadPoolExecutor(1) as aside:
        call = aside.submit(ringer, Bell.echo, words="slow", seconds=3.0)
        ringer(Bell.ring, times=8, mood="3")
        eventually(lambda: len(rung) == 8, what="all rings are published")
        eventually(lambda: "sounding" in home.log, what="the first handlers are at work")
        first.send_signal(signal.SIGTERM)
        assert call.result()["words"] == "slow", "the call that was begun is answered"
    assert first.wait(20) == 0, home.log
    finished = sounds(home)
    assert finished, "handlers that were at work finished their rings"
    assert {sound.process for sound in finished} == {first.pid}
    start()
    assert ringer.hears(8, timeout=20) == {"rings": 8, "effects": 8}
    assert "stopped_with_work_left" not in home.log


def test_what_takes_longer_than_the_limit_is_left_to_the_broker_and_done_by_the_next_process(
    start: Start, home: Home, ringer: Caller, rung: list[Rang]
):
    first = start(LYCEUM_STOP_SECONDS="1")
    ringer(Bell.ring, times=2, mood="8")
    eventually(lambda: len(rung) == 2, what="the rings are published")
    eventually(lambda: home.log.count("sounding") == 2, what="the handlers are at work")
    began = time.monotonic()
    assert end(first) == 0
    assert time.monotonic() - began < 6, "it did not wait for its handlers"
    assert "stopped_with_work_left" in home.log
    assert sounds(home) == []
    second = start()
    assert ringer.hears(2, timeout=40) == {"rings": 2, "effects": 2}
    assert {sound.process for sound in sounds(home)} == {second.pid}


def test_a_second_signal_changes_nothing(start: Start, home: Home, ringer: Caller, rung: list[Rang]):
    process = start()
    ringer(Bell.ring, times=1, mood="1.5")
    eventually(lambda: rung, what="the ring is published")
    eventually(lambda: "sounding" in home.log, what="the handler is at work")
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    assert end(process) == 0
    assert len(sounds(home)) == 1
