"""Each figure moves by what it counts, as whoever scrapes it reads it: on the in-process bus and on RabbitMQ."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from kernel import metrics
from kernel.bus.client import Client
from kernel.data import outbox
from kernel.errors import Fault, Invalid, LyceumError, TimedOut
from kernel.waiting import eventually
from servers.process import free_ports
from tests.kernel.bell import Bell, FellSilent
from tests.kernel.processes import Caller, Home, answering, end
from tests.kernel.stage import QUEUE, Stage, publish_to

#: Figures of the door alone: tests/gateway/door/test_health.py.
OF_THE_DOOR = {"lyceum_requests_seconds"}


@dataclass
class Figures:
    """The figures that a process serves."""

    text: Callable[[], str]

    def __call__(self, name: str, **labels: str) -> float:
        """The value of the samples of this name with these labels, added; 0 where there is none."""
        samples = [one for family in text_string_to_metric_families(self.text()) for one in family.samples]
        return sum(one.value for one in samples if one.name == name and labels.items() <= one.labels.items())


def _of_this_process() -> str:
    return metrics.figures()[0].decode()


OURS = Figures(_of_this_process)


@dataclass
class Watched:
    """A bell at work, and its figures."""

    stage: Stage
    figures: Figures

    def moves(self, name: str, before: float, **labels: str) -> float:
        """By how much a figure went up, once it did."""
        self.stage.eventually(lambda: self.figures(name, **labels) > before, f"{name} {labels} moves")
        return self.figures(name, **labels) - before


@pytest.fixture
def embedded_watched(embedded: Stage) -> Watched:
    return Watched(embedded, OURS)


@pytest.fixture(scope="module")
def watched_process(
    tmp_path_factory: pytest.TempPathFactory, bus_url: str, client: Client
) -> Iterator[tuple[Home, str]]:
    """A bell that nobody else rings, and the address of its figures."""
    home, (port,) = Home(tmp_path_factory.mktemp("watched")), free_ports(1)
    process = home.start(bus_url, LYCEUM_HEALTH_PORT=str(port))
    try:
        answering(client)
        address = f"http://127.0.0.1:{port}/metrics"
        # an answer is counted after it was sent: that of the ping must not be taken for a test's
        figures, echoes = Figures(lambda: _served(address)), {"method": repr(Bell.echo), "outcome": "answered"}
        eventually(lambda: figures("lyceum_answers_seconds_count", **echoes), 15, "the ping is counted")
        yield home, address
    finally:
        end(process)


def _served(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        text: str = answer.read().decode()
        return text


@pytest.fixture
def rabbit_watched(watched_process: tuple[Home, str], bus_url: str, client: Client) -> Watched:
    home, address = watched_process
    tenant = uuid4()

    def wait(condition: Callable[[], Any], what: str) -> Any:
        return eventually(condition, 15, what, ignoring=(LyceumError,))

    caller = Caller(client, home.token_of(tenant), tenant)
    return Watched(
        Stage(home, caller, lambda *message: publish_to(bus_url, *message), wait), Figures(lambda: _served(address))
    )


@pytest.fixture(params=["embedded_watched", pytest.param("rabbit_watched", marks=pytest.mark.broker)])
def watched(request: pytest.FixtureRequest) -> Watched:
    made: Watched = request.getfixturevalue(request.param)
    return made


@pytest.mark.parametrize(
    ("method", "words", "error", "outcome"),
    [
        (Bell.echo, "hi", None, "answered"),
        (Bell.refuse, "invalid", Invalid, "invalid"),
        (Bell.refuse, "crash", Fault, "fault"),
    ],
)
def test_calls_are_counted_and_timed_by_method_and_outcome_at_both_ends(
    watched: Watched, method: Any, words: str, error: type[Exception] | None, outcome: str
) -> None:
    labels = {"method": repr(method), "outcome": outcome}
    answers, calls = (
        watched.figures("lyceum_answers_seconds_count", **labels),
        OURS("lyceum_calls_seconds_count", **labels),
    )
    if error is None:
        watched.stage.caller(method, words=words)
    else:
        with pytest.raises(error):
            watched.stage.caller(method, words=words)
    assert watched.moves("lyceum_answers_seconds_count", answers, **labels) == 1
    assert OURS("lyceum_calls_seconds_count", **labels) - calls == 1


def test_what_a_call_takes_is_measured(watched: Watched) -> None:
    labels = {"method": repr(Bell.echo), "outcome": "answered"}
    before = watched.figures("lyceum_answers_seconds_sum", **labels)
    watched.stage.caller(Bell.echo, words="hi", seconds=0.2)
    assert 0.2 <= watched.moves("lyceum_answers_seconds_sum", before, **labels) < 2


def test_a_call_without_an_answer_is_counted_by_the_caller(watched: Watched) -> None:
    labels = {"method": repr(Bell.echo), "outcome": "timed_out"}
    before = OURS("lyceum_calls_seconds_count", **labels)
    with pytest.raises(TimedOut):
        watched.stage.caller(Bell.echo, timeout=0.1, words="hi", seconds=0.5)
    assert OURS("lyceum_calls_seconds_count", **labels) - before == 1


def test_published_events_are_counted_and_handled_ones_timed(watched: Watched) -> None:
    out, done = {"event": "rang", "fate": "confirmed"}, {"queue": QUEUE, "outcome": "handled"}
    published, handled = (
        watched.figures("lyceum_events_published_total", **out),
        watched.figures("lyceum_events_seconds_count", **done),
    )
    watched.stage.caller(Bell.ring, times=3)
    watched.stage.hears(3)
    assert watched.moves("lyceum_events_published_total", published + 2, **out) == 1
    assert watched.moves("lyceum_events_seconds_count", handled + 2, **done) == 1


@pytest.mark.parametrize(("mood", "outcome"), [("fail-once", "retried"), ("refuse", "parked")])
def test_events_that_could_not_be_handled_are_counted_by_what_became_of_them(
    watched: Watched, mood: str, outcome: str
) -> None:
    labels = {"queue": QUEUE, "outcome": outcome}
    before = watched.figures("lyceum_events_seconds_count", **labels)
    watched.stage.caller(Bell.ring, times=1, mood=mood)
    assert watched.moves("lyceum_events_seconds_count", before, **labels) == 1


def test_an_event_that_came_twice_is_counted_as_a_duplicate(watched: Watched) -> None:
    labels = {"queue": QUEUE, "outcome": "duplicate"}
    before = watched.figures("lyceum_events_seconds_count", **labels)
    message_id = watched.stage.ring()
    watched.stage.hears(1)
    watched.stage.ring(message_id=message_id)
    assert watched.moves("lyceum_events_seconds_count", before, **labels) == 1


@pytest.mark.slow
def test_parked_messages_are_counted_as_they_come_and_as_they_lie_there(watched: Watched) -> None:
    labels = {"queue": QUEUE, "reason": "refused"}
    came, lie = (
        watched.figures("lyceum_messages_parked_total", **labels),
        watched.figures("lyceum_parked", service="bell"),
    )
    watched.stage.ring("refuse")
    assert watched.moves("lyceum_messages_parked_total", came, **labels) == 1
    assert watched.moves("lyceum_parked", lie, service="bell") >= 1


@pytest.mark.slow
def test_events_that_wait_and_the_age_of_the_oldest_are_told(watched: Watched) -> None:
    before = watched.figures("lyceum_events_published_total", event="fell_silent", fate="unroutable")
    with watched.stage.home.unit_of_work() as outside, outside.of(watched.stage.caller.tenant) as session:
        outbox.record(session, FellSilent(bell_id=uuid4()))
    assert watched.moves("lyceum_events_published_total", before, event="fell_silent", fate="unroutable") >= 1
    assert watched.moves("lyceum_outbox_pending", 0, service="bell") == 1
    assert 0 < watched.moves("lyceum_outbox_lag_seconds", 0, service="bell") < 60


@pytest.mark.slow
def test_runs_of_timers_are_counted_and_timed(watched: Watched) -> None:
    labels = {"job": "bell.tick", "outcome": "done"}
    before = watched.figures("lyceum_timers_seconds_count", **labels)
    assert watched.moves("lyceum_timers_seconds_count", before, **labels) >= 1


def test_no_figure_is_without_a_test() -> None:
    declared = {family.name for family in REGISTRY.collect() if family.name.startswith("lyceum_")}
    text = Path(__file__).read_text()
    assert {name for name in declared - OF_THE_DOOR if f'"{name}' not in text} == set()
    assert declared >= OF_THE_DOOR
