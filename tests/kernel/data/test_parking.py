"""Parked messages wait in the service's database until a person decides; every decision is kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY

from kernel.bus import wire
from kernel.bus.interface import Delivery
from kernel.data import parking
from kernel.data.database import UnitOfWork
from kernel.data.parking import DISCARDED, REPLAYED, REPLAYING, WAITING, ParkedMessage
from kernel.errors import Conflict, NotFound
from tests.kernel.bell import Rang
from tests.kernel.stage import QUEUE, Stage

PARKED = "bell.parked"


def delivery(message_id: str = "", *, more: dict[str, Any] | None = None, **envelope: Any) -> Delivery:
    told = wire.Envelope(name="rang", **({"queue": QUEUE, "reason": "refused", "error": "no-bell"} | envelope))
    headers = {wire.HEADER: told.encode()} | (more or {})
    return Delivery(PARKED, b'{"bell": 1}', headers, message_id or str(uuid4()))


def only(unit_of_work: UnitOfWork, state: str | None = None) -> ParkedMessage:
    (row,) = parking.listed(unit_of_work, state)
    return row


def counted(reason: str) -> float:
    return REGISTRY.get_sample_value("lyceum_messages_parked_total", {"queue": QUEUE, "reason": reason}) or 0.0


@pytest.fixture
def parked(unit_of_work: UnitOfWork) -> ParkedMessage:
    parking.keep(unit_of_work, delivery())
    return only(unit_of_work)


def test_a_parked_message_is_kept_with_why_and_in_whose_name(unit_of_work: UnitOfWork):
    tenant = uuid4()
    parking.keep(
        unit_of_work, delivery("m-1", tenant=str(tenant), attempts=6, call_id="call-1", traceparent="00-a-b-01")
    )
    row = only(unit_of_work)
    assert (row.queue, row.message_id, row.event, row.tenant_id) == (QUEUE, "m-1", "rang", tenant)
    assert (row.reason, row.error, row.attempts, row.call_id) == ("refused", "no-bell", 6, "call-1")
    assert (row.body, row.state) == (b'{"bell": 1}', WAITING)


def test_a_second_copy_of_a_message_is_neither_kept_nor_counted(unit_of_work: UnitOfWork):
    before = counted("refused")
    for _ in range(2):
        parking.keep(unit_of_work, delivery("m-1"))
    assert only(unit_of_work).message_id == "m-1"
    assert counted("refused") - before == 1


def test_the_same_message_is_kept_once_for_each_handler(unit_of_work: UnitOfWork):
    for queue in ("bell.on_rang", "bell.on_rung"):
        parking.keep(unit_of_work, delivery("m-1", queue=queue))
    assert {row.queue for row in parking.listed(unit_of_work)} == {"bell.on_rang", "bell.on_rung"}


def test_what_the_broker_parked_by_itself_is_counted_and_says_from_where_and_why(unit_of_work: UnitOfWork):
    before = counted("delivery_limit")
    death = {"x-death": [{"queue": QUEUE, "reason": "delivery_limit", "count": 1}]}
    parking.keep(unit_of_work, delivery(more=death, queue="", reason="", error=""))
    row = only(unit_of_work)
    assert (row.queue, row.reason) == (QUEUE, "delivery_limit")
    assert counted("delivery_limit") - before == 1


@pytest.mark.parametrize("headers", [{}, {wire.HEADER: "{"}, {wire.HEADER: 7}, {"x-death": ["nonsense"]}])
def test_a_message_without_a_readable_envelope_is_kept_all_the_same(unit_of_work: UnitOfWork, headers: dict):
    parking.keep(unit_of_work, Delivery(PARKED, b"\x00", headers))
    row = only(unit_of_work)
    assert (row.reason, row.body) == ("unreadable", b"\x00")
    assert UUID(row.message_id), "one without an id gets one"


def test_messages_are_listed_oldest_first_and_by_state(unit_of_work: UnitOfWork):
    for number in range(3):
        parking.keep(unit_of_work, delivery(f"m-{number}"))
    oldest, *_ = parking.listed(unit_of_work)
    parking.discard(unit_of_work, oldest.id, "operator", "a test message")
    assert [row.message_id for row in parking.listed(unit_of_work)] == ["m-1", "m-2"]
    assert only(unit_of_work, DISCARDED).message_id == "m-0"


def test_a_decision_is_shown_with_who_took_it_and_why(unit_of_work: UnitOfWork, parked: ParkedMessage):
    assert parking.shown(unit_of_work, parked.id)[1] == []
    parking.discard(unit_of_work, parked.id, "operator", "the class no longer exists")
    row, (decision,) = parking.shown(unit_of_work, parked.id)
    assert row.state == DISCARDED
    assert (decision.action, decision.decided_by) == (DISCARDED, "operator")
    assert decision.reason == "the class no longer exists"
    assert decision.decided_at >= row.parked_at


@pytest.mark.parametrize("second", ["replay", "discard"])
def test_a_second_decision_is_refused_and_leaves_no_trace(unit_of_work: UnitOfWork, parked: ParkedMessage, second: str):
    parking.replay(unit_of_work, parked.id, "operator", "the year was set up")
    with pytest.raises(Conflict) as refused:
        getattr(parking, second)(unit_of_work, parked.id, "another", "me too")
    assert refused.value.rule == "decided"
    row, decisions = parking.shown(unit_of_work, parked.id)
    assert row.state == REPLAYING
    assert [decision.decided_by for decision in decisions] == ["operator"]


def test_a_message_that_is_not_there_is_not_found(unit_of_work: UnitOfWork):
    for decide in (
        lambda: parking.shown(unit_of_work, uuid4()),
        lambda: parking.replay(unit_of_work, uuid4(), "operator"),
        lambda: parking.discard(unit_of_work, uuid4(), "operator", ""),
    ):
        with pytest.raises(NotFound):
            decide()


@pytest.mark.parametrize("queue", ["bell.calls", ""], ids=["a call", "from nowhere"])
def test_a_message_that_no_handler_waits_for_cannot_be_replayed(unit_of_work: UnitOfWork, queue: str):
    parking.keep(unit_of_work, delivery(queue=queue))
    row = only(unit_of_work)
    with pytest.raises(Conflict) as refused:
        parking.replay(unit_of_work, row.id, "operator")
    assert refused.value.rule == "not-an-event"
    parking.discard(unit_of_work, row.id, "operator", "nobody waits for it")


@pytest.mark.slow  # a relay looks once a second for what is to be replayed
class TestOnABus:
    """The service itself, on each bus."""

    def park(self, stage: Stage, mood: str = "") -> ParkedMessage:
        """A ring in the parking queue, as a service puts it there."""
        message_id = str(uuid4())
        body = Rang(bell_id=uuid4(), ring_id=uuid4(), number=0, mood=mood).to_wire()
        tenant = str(stage.caller.tenant)
        envelope = wire.Envelope(name="rang", tenant=tenant, queue=QUEUE, reason="refused", attempts=6)
        stage.send(PARKED, body, {"message_id": message_id, "headers": {wire.HEADER: envelope.encode()}})
        return stage.parked_of(message_id)

    def test_a_replayed_message_is_handled_and_its_effect_is_there_once(self, stage: Stage):
        row = self.park(stage)
        with stage.home.unit_of_work() as unit_of_work:
            parking.replay(unit_of_work, row.id, "operator", "the bell was mended")
            assert stage.hears(1) == {"rings": 1, "effects": 1}
            shown = stage.eventually(
                lambda: [one for one in parking.listed(unit_of_work, REPLAYED) if one.id == row.id], "it is replayed"
            )
            assert shown[0].message_id == row.message_id
            assert row.id not in {one.id for one in parking.listed(unit_of_work)}

    def test_a_replayed_message_that_is_refused_again_is_parked_anew(self, stage: Stage):
        row = self.park(stage, mood="refuse")
        with stage.home.unit_of_work() as unit_of_work:
            parking.replay(unit_of_work, row.id, "operator")
            again = stage.parked(lambda one: one.message_id == row.message_id)
            assert again.id != row.id
            assert (again.reason, again.error, again.attempts) == ("refused", "refused-ring", 0)
            first, _ = parking.shown(unit_of_work, row.id)
            assert first.state == REPLAYED

    def test_a_discarded_message_is_never_handled(self, stage: Stage):
        row = self.park(stage)
        with stage.home.unit_of_work() as unit_of_work:
            parking.discard(unit_of_work, row.id, "operator", "a test message")
            replayed = self.park(stage)
            parking.replay(unit_of_work, replayed.id, "operator")
        assert stage.hears(1) == {"rings": 1, "effects": 1}
