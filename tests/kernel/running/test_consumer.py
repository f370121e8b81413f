"""What a service does with what arrives: the same on the bus within a process and on RabbitMQ."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import eventlet
import pytest

from kernel.bus import topology, wire
from kernel.bus.interface import Delivery
from kernel.data import parking
from kernel.data.parking import ParkedMessage
from kernel.errors import LyceumError
from kernel.running.consumer import LARGEST_EVENT
from kernel.waiting import eventually
from servers.rabbit import RabbitBroker
from tests.kernel.bell import Bell, Rang
from tests.kernel.processes import Caller, Home, client_of, end
from tests.kernel.stage import QUEUE, Stage, publish_to


def test_an_event_has_its_effect_once_however_often_it_arrives(stage: Stage):
    message_id = stage.ring()
    assert stage.hears(1) == {"rings": 1, "effects": 1}
    stage.ring(message_id=message_id)
    stage.ring()
    assert stage.hears(2) == {"rings": 2, "effects": 2}


def test_events_of_a_bell_have_their_effects_once_each(stage: Stage):
    stage.caller(Bell.ring, times=30)
    assert stage.hears(30) == {"rings": 30, "effects": 30}


def test_a_refused_event_is_parked_at_once_with_the_reason(stage: Stage):
    row = stage.parked_of(stage.ring("refuse"))
    assert (row.queue, row.event, row.tenant_id) == (QUEUE, "rang", stage.caller.tenant)
    assert (row.reason, row.error, row.attempts) == ("refused", "refused-ring", 0)
    assert row.call_id == "call-7"
    assert Rang.from_wire(row.body).mood == "refuse"


def test_a_fault_that_passes_is_tried_again_after_a_second(stage: Stage):
    message_id = stage.ring("fail-once")
    assert stage.caller(Bell.heard) == {"rings": 0, "effects": 0}
    assert stage.hears(1) == {"rings": 1, "effects": 1}
    with stage.home.unit_of_work() as unit_of_work:
        assert message_id not in {row.message_id for row in parking.listed(unit_of_work)}


def test_an_event_whose_handling_failed_too_often_is_parked(stage: Stage):
    row = stage.parked_of(stage.ring("fail", attempts=len(wire.DELAYS)))
    assert (row.reason, row.error) == ("attempts-exhausted", "RuntimeError")
    assert row.attempts == len(wire.DELAYS)


@pytest.mark.parametrize("body", [b"{", b"[1, 2]", b'{"bell_id": "no id"}', b"\xff\xfe"])
def test_an_event_that_cannot_be_read_is_parked_and_the_next_is_handled(stage: Stage, body: bytes):
    message_id = str(uuid4())
    envelope = wire.Envelope(name="rang", tenant=str(stage.caller.tenant))
    stage.send(QUEUE, body, {"message_id": message_id, "headers": {wire.HEADER: envelope.encode()}})
    stage.ring()
    row = stage.parked_of(message_id)
    assert (row.reason, row.error, row.body) == ("unreadable", "undecodable", body)
    assert stage.hears(1) == {"rings": 1, "effects": 1}


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        ({}, "no-envelope"),
        ({wire.HEADER: "{"}, "bad-envelope"),
        ({wire.HEADER: wire.Envelope(tenant="no id").encode()}, "bad-tenant"),
    ],
)
def test_an_event_without_a_good_envelope_is_parked_and_the_next_is_handled(stage: Stage, headers: dict, rule: str):
    message_id = str(uuid4())
    body = Rang(bell_id=uuid4(), ring_id=uuid4(), number=0).to_wire()
    stage.send(QUEUE, body, {"message_id": message_id, "headers": headers})
    stage.ring()
    row = stage.parked_of(message_id)
    assert (row.queue, row.reason, row.error) == (QUEUE, "unreadable", rule)
    assert stage.hears(1) == {"rings": 1, "effects": 1}


def test_an_event_without_an_id_is_parked_under_a_new_one(stage: Stage):
    envelope = wire.Envelope(name="rang", tenant=str(stage.caller.tenant))
    body = Rang(bell_id=uuid4(), ring_id=uuid4(), number=0).to_wire()
    stage.send(QUEUE, body, {"headers": {wire.HEADER: envelope.encode()}})
    row = stage.parked(lambda row: row.body == body)
    assert (row.reason, row.error) == ("unreadable", "no-message-id")
    assert UUID(row.message_id)


def test_an_event_that_is_too_large_is_parked_without_its_body(stage: Stage):
    message_id = str(uuid4())
    envelope = wire.Envelope(name="rang", tenant=str(stage.caller.tenant))
    huge = b" " * (LARGEST_EVENT + 1)
    stage.send(QUEUE, huge, {"message_id": message_id, "headers": {wire.HEADER: envelope.encode()}})
    stage.ring()
    row = stage.parked_of(message_id)
    assert (row.reason, row.error, row.body) == ("unreadable", "too-large", b"")
    assert stage.hears(1) == {"rings": 1, "effects": 1}


def test_a_call_that_nobody_awaits_is_parked_without_what_it_said_and_the_next_is_answered(stage: Stage):
    message_id = str(uuid4())
    envelope = wire.Envelope(name="echo", token="a secret")
    properties = {"message_id": message_id, "headers": {wire.HEADER: envelope.encode()}}
    stage.send("bell.calls", b'{"words": "a password"}', properties)
    row = stage.parked_of(message_id)
    assert (row.queue, row.reason, row.body) == ("bell.calls", "no-reply-to", b"")
    assert stage.caller(Bell.echo, words="next")["words"] == "next"


def test_a_token_does_not_travel_on_with_what_is_parked(embedded: Stage):
    broker = embedded.caller.client._broker
    seen: list[Delivery] = []
    broker.bindings[wire.park_exchange("bell"), ""].append("watched")
    broker.takers["watched"] = seen.append
    message_id = embedded.ring("refuse", token="secret")
    embedded.eventually(lambda: seen, "it is parked")
    assert seen[0].message_id == message_id
    assert "secret" not in str(seen[0].headers)


@pytest.mark.slow
def test_events_leave_workers_for_calls(embedded: Stage):
    workers = embedded.home.settings.max_workers
    for _ in range(workers):
        embedded.ring("1.5")
    for _ in range(workers):
        assert embedded.caller(Bell.echo, words="now", timeout=1.0)["words"] == "now"
        eventlet.sleep(0.01)
    assert embedded.caller(Bell.heard)["rings"] == 0, "the events were being handled all the while"
    assert embedded.hears(workers)["effects"] == workers


@pytest.mark.slow
def test_an_event_that_kills_its_process_again_and_again_is_parked_in_exactly_one_copy(
    rabbit: RabbitBroker, tmp_path: Path
):
    home, tenant = Home(tmp_path), uuid4()
    vhost = rabbit.new_vhost(topology.policies(["bell"], delivery_limit=3))
    url = rabbit.url_of(vhost)
    process = home.start(url)
    deaths = 0

    def parked() -> list[ParkedMessage]:
        nonlocal process, deaths
        if process.poll() is not None:
            assert process.returncode == 9, home.log
            deaths += 1
            process = home.start(url)
        with home.unit_of_work() as unit_of_work:
            return list(parking.listed(unit_of_work))

    try:
        with client_of(url) as client:
            stage = Stage(
                home,
                Caller(client, home.token_of(tenant), tenant),
                lambda *message: publish_to(url, *message),
                lambda condition, what: eventually(condition, 20, what, ignoring=(LyceumError,)),
            )
            stage.hears(0)
            message_id = stage.ring("die")
            eventually(parked, 60, "the deadly event is parked")
            stage.ring()
            assert stage.hears(1) == {"rings": 1, "effects": 1}
        (row,) = parked()
        assert (row.queue, row.message_id) == (QUEUE, message_id)
        assert row.reason == "delivery_limit"
        assert deaths == 4, "a first delivery and three more"
    finally:
        end(process)
        rabbit.discard_vhost(vhost)
