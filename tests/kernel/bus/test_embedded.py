"""The bus within one process carries calls and events as the broker does, and without polling."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import eventlet
import pytest
from nameko.runners import ServiceRunner

from contracts.identity.sessions import SessionRevoked
from kernel.bus.embedded import EmbeddedBroker, EmbeddedClient
from kernel.bus.publisher import Fate, Outgoing
from kernel.bus.wire import Envelope, events_exchange
from kernel.errors import Conflict, Fault, TimedOut, Unauthenticated, Unavailable
from kernel.running.starting import runner_of
from tests.kernel.bell import Bell, BellService, Rang
from tests.kernel.processes import Caller, Home


def listening(caller: Caller, rings: int) -> dict[str, int]:
    """What is heard, once that are so many rings; the hub runs meanwhile."""
    with eventlet.Timeout(10):
        while (heard := caller(Bell.heard))["rings"] < rings:
            eventlet.sleep(0.01)
    return heard


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def broker() -> EmbeddedBroker:
    return EmbeddedBroker()


@pytest.fixture
def running(home: Home, broker: EmbeddedBroker) -> Iterator[ServiceRunner]:
    started = runner_of([BellService], home.settings, broker=broker)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def caller(running: ServiceRunner, home: Home, broker: EmbeddedBroker) -> Caller:
    tenant = uuid4()
    return Caller(EmbeddedClient(broker), home.token_of(tenant), tenant)


def test_a_call_is_answered_and_says_who_asked(home: Home, running: ServiceRunner, broker: EmbeddedBroker):
    tenant, account = uuid4(), uuid4()
    caller = Caller(EmbeddedClient(broker), home.token_of(tenant, account), tenant)
    answer = caller(Bell.whoami, words="hi", timeout=5)
    assert answer["words"] == "hi"
    assert UUID(answer["account_id"]) == account
    assert 0 < answer["deadline_left"] <= 5


def test_a_service_asks_another_in_the_name_of_its_caller(home: Home, running: ServiceRunner, broker: EmbeddedBroker):
    tenant, account = uuid4(), uuid4()
    caller = Caller(EmbeddedClient(broker), home.token_of(tenant, account), tenant)
    assert UUID(caller(Bell.relayed, words="hi")["account_id"]) == account


def test_a_refusal_arrives_as_itself_and_a_defect_without_its_words(caller: Caller):
    with pytest.raises(Conflict) as refused:
        caller(Bell.refuse, words="conflict")
    assert (refused.value.rule, refused.value.field) == ("as-told", "words")
    with pytest.raises(Fault) as failed:
        caller(Bell.refuse, words="crash")
    assert "secret" not in str(failed.value.to_wire())


def test_a_call_without_a_token_is_refused(caller: Caller):
    with pytest.raises(Unauthenticated):
        caller.client.call(Bell.whoami, {"words": "hi"}, token=None, tenant_id=caller.tenant, timeout=5)


@pytest.mark.slow
def test_an_answer_that_takes_too_long_is_given_up(caller: Caller):
    began = time.monotonic()
    with pytest.raises(TimedOut):
        caller(Bell.echo, words="late", seconds=1.5, timeout=0.2)
    assert time.monotonic() - began < 1.4
    assert caller(Bell.echo, words="next")["words"] == "next"
    assert caller.client._broker.waiting == {}, "nobody waits for it any more"


def test_a_service_that_is_away_is_unavailable_at_once():
    client = EmbeddedClient(EmbeddedBroker())
    with pytest.raises(Unavailable):
        client.call(Bell.echo, {"words": "hi"}, token=None, tenant_id=None, timeout=5)


def test_a_service_that_has_stopped_is_unavailable(home: Home, broker: EmbeddedBroker):
    running = runner_of([BellService], home.settings, broker=broker)
    running.start()
    running.stop()
    with pytest.raises(Unavailable):
        EmbeddedClient(broker).call(Bell.echo, {"words": "hi"}, token=None, tenant_id=None, timeout=5)


def test_events_are_handled_once_each_and_clients_hear_them_in_order(caller: Caller):
    heard: list[Rang] = []
    caller.client.on_event(Rang, heard.append)
    ring_ids = caller(Bell.ring, times=20)["ring_ids"]
    assert listening(caller, 20) == {"rings": 20, "effects": 20}
    assert [str(event.ring_id) for event in heard] == ring_ids


def test_what_was_under_way_at_the_exit_is_published_again_and_has_one_effect(
    home: Home, running: ServiceRunner, caller: Caller, broker: EmbeddedBroker
):
    caller(Bell.ring, times=5)
    listening(caller, 5)
    running.stop()
    again: list[Rang] = []
    anew = EmbeddedBroker()
    client = EmbeddedClient(anew)
    client.on_event(Rang, again.append)
    restarted = runner_of([BellService], home.settings, broker=anew)
    restarted.start()
    try:
        after = Caller(client, caller.token, caller.tenant)
        after(Bell.ring, times=1)
        assert listening(after, 6) == {"rings": 6, "effects": 6}
        assert len(again) == 6
    finally:
        restarted.stop()


def test_a_call_takes_less_than_two_milliseconds(caller: Caller):
    def timed() -> float:
        began = time.perf_counter()
        caller(Bell.echo, words="hi")
        return time.perf_counter() - began

    medians = [statistics.median(timed() for _ in range(50)) for _ in range(5)]
    assert min(medians) < 0.002, "the quietest of five rounds: others may be busy on this machine"


def test_an_event_that_only_a_client_listens_to_is_delivered_and_one_for_nobody_is_not(broker: EmbeddedBroker):
    heard: list[SessionRevoked] = []
    revoked = SessionRevoked(session_id=uuid4())
    envelope = Envelope(name=revoked.NAME, tenant=None, call_id="")
    message = Outgoing(events_exchange(revoked.SERVICE), revoked.NAME, "m-1", envelope, revoked.to_wire())
    assert broker.route(message) is Fate.UNROUTABLE
    EmbeddedClient(broker).on_event(SessionRevoked, heard.append)
    assert broker.route(message) is Fate.CONFIRMED
    assert heard == [revoked]
