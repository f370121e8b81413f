"""The bus within one process keeps what the broker keeps: deadlines, bounds, a stop that loses nothing, timers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import eventlet
import pytest
from nameko.runners import ServiceRunner
from sqlalchemy import select

from kernel.bus import calls, wire
from kernel.bus.embedded import EmbeddedBroker, EmbeddedClient
from kernel.errors import Unavailable
from kernel.running.starting import runner_of
from tests.kernel.bell import Bell, BellService, Rang, Sound, Tick
from tests.kernel.processes import Caller, Home
from tests.kernel.stage import in_the_hub

Row = TypeVar("Row", Sound, Tick)
Start = Callable[..., tuple[ServiceRunner, Caller]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def start(home: Home) -> Iterator[Start]:
    """Starts a bell on a bus of its own, as a process does; all of them live in one home."""
    started: list[ServiceRunner] = []
    tenant = uuid4()

    def one(stop_seconds: float = 10) -> tuple[ServiceRunner, Caller]:
        broker = EmbeddedBroker()
        client = EmbeddedClient(broker)
        running = runner_of([BellService], replace(home.settings, stop_seconds=stop_seconds), broker=broker)
        running.start()
        started.append(running)
        return running, Caller(client, home.token_of(tenant), tenant)

    yield one
    for running in started:
        running.stop()


@pytest.fixture
def rung() -> list[Rang]:
    """The rings that have been published."""
    return []


def rows(home: Home, table: type[Row]) -> list[Row]:
    with home.unit_of_work() as unit_of_work, unit_of_work.everywhere(keyed=False) as session:
        return list(session.scalars(select(table).order_by(table.id)))


def test_a_call_after_its_deadline_is_not_carried_out(start: Start, home: Home):
    _, caller = start()
    late = wire.Envelope(name="ring", tenant=str(caller.tenant), token=caller.token, deadline=time.time() - 0.1)
    answer = caller.client.exchange(Bell.ring, late, b'{"times": 1}', 5)
    error = json.loads(answer)["error"]
    assert (error["kind"], error["rule"]) == ("timed_out", "deadline")
    caller(Bell.ring, times=1)
    in_the_hub(lambda: rows(home, Sound), "the ring after it is heard")
    assert caller(Bell.heard)["rings"] == 1


@pytest.mark.slow
def test_more_calls_than_a_process_may_await_are_refused_at_once(start: Start, monkeypatch: pytest.MonkeyPatch):
    _, caller = start()
    slow = eventlet.spawn(caller, Bell.echo, words="slow", seconds=0.3)
    in_the_hub(lambda: caller.client._broker.waiting, "the slow call is under way")
    monkeypatch.setattr(calls, "MOST_PENDING", 1)
    with pytest.raises(Unavailable) as refused:
        caller(Bell.echo, words="one too many")
    assert refused.value.rule == "too-many-calls"
    assert slow.wait()["words"] == "slow"
    assert caller(Bell.echo, words="next")["words"] == "next"


@pytest.mark.slow
def test_at_the_stop_what_was_begun_is_finished_and_the_rest_is_done_after_the_next_start(
    start: Start, home: Home, rung: list[Rang]
):
    running, caller = start()
    slow = eventlet.spawn(caller, Bell.echo, words="slow", seconds=0.5)
    in_the_hub(lambda: caller.client._broker.waiting, "the slow call is under way")
    caller.client.on_event(Rang, rung.append)
    caller(Bell.ring, times=20, mood="0.3")
    in_the_hub(lambda: len(rung) == 20, "all rings are published")
    caller(Bell.echo, words="the first handlers are at work")
    running.stop()
    assert slow.wait()["words"] == "slow", "the call that was begun is answered"
    finished = len(rows(home, Sound))
    assert 0 < finished < 20
    _, after = start()
    in_the_hub(lambda: after(Bell.heard)["rings"] == 20, "the rest is heard")
    assert after(Bell.heard) == {"rings": 20, "effects": 20}


@pytest.mark.slow
def test_what_takes_longer_than_the_limit_is_left_and_done_after_the_next_start(start: Start, rung: list[Rang]):
    running, caller = start(stop_seconds=0.2)
    caller.client.on_event(Rang, rung.append)
    caller(Bell.ring, times=2, mood="2")
    in_the_hub(lambda: len(rung) == 2, "both rings are published")
    caller(Bell.echo, words="the handlers are at work")
    began = time.monotonic()
    running.stop()
    assert time.monotonic() - began < 1, "it did not wait for its handlers"
    _, after = start()
    in_the_hub(lambda: after(Bell.heard)["rings"] == 2, "both are heard")
    assert after(Bell.heard) == {"rings": 2, "effects": 2}


@pytest.mark.slow
def test_of_two_replicas_one_runs_each_slot_of_a_timer_and_the_other_goes_on_alone(start: Start, home: Home):
    (first, _), _ = start(), start()
    in_the_hub(lambda: len(rows(home, Tick)) >= 4, "the timer runs")
    ticks = rows(home, Tick)
    slots = int(ticks[-1].at.timestamp()) - int(ticks[0].at.timestamp()) + 1
    assert len(ticks) <= slots + 1, "one run may have begun late in its slot"
    first.stop()
    before = len(rows(home, Tick))
    in_the_hub(lambda: len(rows(home, Tick)) > before, "the other one runs it")
