"""The relay publishes what was recorded: in order, once marked only when confirmed, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from kernel.bus import wire
from kernel.bus.broker import open_connection
from kernel.bus.embedded import EmbeddedBroker, EmbeddedBus
from kernel.bus.interface import Delivery, Subscription
from kernel.bus.rabbit import RabbitBus
from kernel.context import Call, handling
from kernel.contract import Event
from kernel.data import inbox, outbox, relay
from kernel.data.database import UnitOfWork
from kernel.data.inbox import InboxRow
from kernel.data.outbox import OutboxRow
from kernel.data.relay import MEMORY, Relay
from kernel.waiting import eventually
from servers.process import free_ports
from servers.rabbit import RabbitBroker
from tests.kernel.bell import FellSilent, Rang

TENANT = uuid4()


class Listener:
    """A service that keeps what it is given, in order."""

    def __init__(self, broker: EmbeddedBroker, *events: type[Event]) -> None:
        self.deliveries: list[Delivery] = []
        self.on_first: Callable[[], None] | None = None
        bus = EmbeddedBus(broker, "listener")
        bus.start([Subscription(f"listener.on_{event.NAME}", event) for event in events], self._take, 1)

    def _take(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        if self.on_first is not None:
            act, self.on_first = self.on_first, None
            act()

    @property
    def message_ids(self) -> list[UUID]:
        return [UUID(delivery.message_id) for delivery in self.deliveries]

    def numbers_of(self, bell_id: UUID) -> list[int]:
        rings = [Rang.from_wire(delivery.body) for delivery in self.deliveries]
        return [ring.number for ring in rings if ring.bell_id == bell_id]


@pytest.fixture
def broker() -> EmbeddedBroker:
    return EmbeddedBroker()


@pytest.fixture
def relaying(unit_of_work: UnitOfWork, broker: EmbeddedBroker) -> Relay:
    return Relay(unit_of_work, EmbeddedBus(broker, "bell"), "bell")


def rang(bell_id: UUID, number: int = 0) -> Rang:
    return Rang(bell_id=bell_id, ring_id=uuid4(), number=number)


def record(unit_of_work: UnitOfWork, *events: Event) -> None:
    with unit_of_work.of(TENANT) as session:
        outbox.record(session, *events)


def rows(unit_of_work: UnitOfWork) -> list[OutboxRow]:
    with unit_of_work.everywhere() as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.position)))


def pending(unit_of_work: UnitOfWork) -> int:
    return sum(row.published_at is None for row in rows(unit_of_work))


def drain(relaying: Relay) -> int:
    published = 0
    while count := relaying.publish_batch():
        published += count
    return published


def test_an_event_vanishes_with_the_change_it_reports(unit_of_work: UnitOfWork):
    with suppress(ZeroDivisionError), unit_of_work.of(TENANT) as session:
        outbox.record(session, rang(uuid4()))
        raise ZeroDivisionError
    assert rows(unit_of_work) == []


def test_a_commit_with_events_wakes_the_relay_and_one_without_does_not(unit_of_work: UnitOfWork):
    told: list[bool] = []
    unit_of_work.on_events = lambda: told.append(True)
    with unit_of_work.of(TENANT) as session:
        outbox.record(session)
    assert told == []
    record(unit_of_work, rang(uuid4()))
    assert told == [True]


def test_an_event_carries_its_tenant_its_call_and_its_trace(
    unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker
):
    listener = Listener(broker, Rang)
    with handling(Call(call_id="call-1", traceparent="00-aa-bb-01")):
        record(unit_of_work, rang(uuid4()))
    assert drain(relaying) == 1
    (delivery,) = listener.deliveries
    envelope = wire.envelope_of(delivery.headers)
    assert (envelope.name, envelope.tenant) == ("rang", str(TENANT))
    assert (envelope.call_id, envelope.traceparent) == ("call-1", "00-aa-bb-01")
    assert listener.message_ids == [row.message_id for row in rows(unit_of_work)]


def test_events_of_an_aggregate_are_published_in_the_order_of_recording(
    unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker
):
    listener = Listener(broker, Rang)
    one, other = uuid4(), uuid4()
    for number in range(10):
        record(unit_of_work, rang(one, number), rang(other, number))
    assert drain(relaying) == 20
    assert listener.numbers_of(one) == listener.numbers_of(other) == list(range(10))
    assert pending(unit_of_work) == 0
    assert drain(relaying) == 0, "what was published is not published again"


def test_what_the_broker_has_not_confirmed_stays_to_be_published(
    unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker, monkeypatch
):
    monkeypatch.setattr(relay, "POLL", 0)
    record(unit_of_work, rang(uuid4()))
    away = RabbitBus(f"amqp://guest:guest@127.0.0.1:{free_ports(1)[0]}/%2F", "bell")
    away.start([], lambda delivery: None, 1)
    try:
        assert Relay(unit_of_work, away, "bell").publish_batch() == 0
    finally:
        away.close()
    (row,) = rows(unit_of_work)
    assert row.published_at is None
    assert row.retry_at is None, "it is tried again at once"
    listener = Listener(broker, Rang)
    assert drain(relaying) == 1
    assert listener.message_ids == [row.message_id]


def test_an_event_without_a_queue_is_kept_and_published_once_there_is_one(
    unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker, monkeypatch
):
    record(unit_of_work, FellSilent(bell_id=uuid4()))
    assert relaying.publish_batch() == 0
    (row,) = rows(unit_of_work)
    assert row.published_at is None
    assert row.retry_at is not None
    assert row.retry_at > datetime.now(UTC)
    listener = Listener(broker, FellSilent)
    assert relaying.publish_batch() == 0, "it is not tried before its time"
    with unit_of_work.everywhere() as session:
        session.execute(update(OutboxRow).values(retry_at=datetime.now(UTC)))
    assert relaying.publish_batch() == 1
    assert listener.message_ids == [row.message_id]
    (row,) = rows(unit_of_work)
    assert row.published_at is not None
    assert row.retry_at is None


def test_an_event_without_a_queue_does_not_hold_up_other_aggregates(
    unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker
):
    listener = Listener(broker, Rang)
    bell_id = uuid4()
    record(unit_of_work, FellSilent(bell_id=uuid4()), rang(bell_id))
    assert relaying.publish_batch() == 1
    assert listener.numbers_of(bell_id) == [0]
    assert pending(unit_of_work) == 1


def test_an_event_waits_for_an_older_one_of_its_aggregate_that_has_no_queue(
    unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker
):
    listener = Listener(broker, Rang)
    bell_id = uuid4()
    record(unit_of_work, FellSilent(bell_id=bell_id), rang(bell_id))
    assert drain(relaying) == 0
    assert listener.deliveries == []
    assert pending(unit_of_work) == 2


def test_after_a_restart_of_a_bus_that_forgets_what_was_published_lately_is_published_again(
    unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker
):
    listener = Listener(broker, Rang)
    record(unit_of_work, rang(uuid4()), rang(uuid4()))
    assert drain(relaying) == 2
    long_ago, lately = rows(unit_of_work)
    with unit_of_work.everywhere() as session:
        old = update(OutboxRow).where(OutboxRow.position == long_ago.position)
        session.execute(old.values(published_at=datetime.now(UTC) - MEMORY))
    relaying.publish_again()
    assert drain(relaying) == 1, "what inboxes may have forgotten would have its effects twice"
    assert listener.message_ids == [long_ago.message_id, lately.message_id, lately.message_id]


@pytest.mark.parametrize("uptime", [0.0, 1e9])
def test_what_is_older_than_seven_days_is_cleared_and_keys_of_commands_after_thirty(
    unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker, uptime: float
):
    Listener(broker, Rang)
    now = datetime.now(UTC)
    record(unit_of_work, rang(uuid4()), rang(uuid4()))
    assert drain(relaying) == 2
    record(unit_of_work, FellSilent(bell_id=uuid4()))
    old, young, waiting = rows(unit_of_work)
    with unit_of_work.everywhere() as session:
        for consumer, age in (("old", timedelta(days=7, minutes=1)), ("young", timedelta(days=6, hours=23))):
            inbox.claim(session, consumer, "message")
            session.execute(update(InboxRow).where(InboxRow.consumer == consumer).values(received_at=now - age))
        for consumer, age in (("forgotten", timedelta(days=30, minutes=1)), ("kept", timedelta(days=29, hours=23))):
            inbox.claim(session, consumer, "key")
            command = update(InboxRow).where(InboxRow.consumer == consumer)
            session.execute(command.values(received_at=now - age, answer=b"{}"))
        for row, age in ((old, timedelta(days=7, minutes=1)), (young, timedelta(days=6, hours=23))):
            aged = update(OutboxRow).where(OutboxRow.position == row.position)
            session.execute(aged.values(published_at=now - age, recorded_at=now - age))
        unpublished = update(OutboxRow).where(OutboxRow.position == waiting.position)
        session.execute(unpublished.values(recorded_at=now - timedelta(days=30)))
    Relay(unit_of_work, EmbeddedBus(broker, "bell"), "bell", clock=lambda: uptime)._look_after()
    assert [row.position for row in rows(unit_of_work)] == [young.position, waiting.position]
    with unit_of_work.everywhere() as session:
        assert sorted(session.scalars(select(InboxRow.consumer))) == ["kept", "young"]


def test_the_lag_is_the_age_of_the_oldest_event_that_waits(unit_of_work: UnitOfWork, broker: EmbeddedBroker):
    present = [0.0]
    relaying = Relay(unit_of_work, EmbeddedBus(broker, "bell"), "bell", clock=lambda: present[0])
    relaying._look_after()
    assert relaying.lag == 0
    record(unit_of_work, rang(uuid4()))
    with unit_of_work.everywhere() as session:
        session.execute(update(OutboxRow).values(recorded_at=datetime.now(UTC) - timedelta(minutes=5)))
    relaying._look_after()
    assert relaying.lag == 0, "it was measured a moment ago"
    present[0] += relay.FIGURES
    relaying._look_after()
    assert 300 <= relaying.lag < 310


class TestTwoRelays:
    """On PostgreSQL: the second one works while the first is in the middle of a batch."""

    @pytest.fixture
    def dialect(self) -> str:
        return "postgres"

    def test_each_row_is_published_by_one_of_them(
        self, unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker, monkeypatch
    ):
        monkeypatch.setattr(relay, "BATCH", 5)
        listener = Listener(broker, Rang)
        record(unit_of_work, *(rang(uuid4()) for _ in range(10)))
        by_second: list[int] = []
        second = Relay(unit_of_work, EmbeddedBus(broker, "bell"), "bell")
        listener.on_first = lambda: by_second.append(drain(second))
        assert relaying.publish_batch() == 5
        assert by_second == [5]
        assert len(listener.message_ids) == len(set(listener.message_ids)) == 10
        assert pending(unit_of_work) == 0

    def test_the_second_does_not_overtake_the_first_within_an_aggregate(
        self, unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker
    ):
        listener = Listener(broker, Rang)
        bell_id = uuid4()
        record(unit_of_work, rang(bell_id, 0), rang(bell_id, 1))
        by_second: list[int] = []
        second = Relay(unit_of_work, EmbeddedBus(broker, "bell"), "bell")
        listener.on_first = lambda: by_second.append(drain(second))
        assert drain(relaying) == 2
        assert by_second == [0]
        assert listener.numbers_of(bell_id) == [0, 1]

    def test_what_the_first_published_before_it_died_is_published_again(
        self, unit_of_work: UnitOfWork, relaying: Relay, broker: EmbeddedBroker
    ):
        listener = Listener(broker, Rang)
        record(unit_of_work, rang(uuid4()))

        def die() -> None:
            raise SystemExit

        listener.on_first = die
        with pytest.raises(SystemExit):
            relaying.publish_batch()
        assert pending(unit_of_work) == 1
        assert drain(relaying) == 1
        assert len(listener.message_ids) == 2
        assert len(set(listener.message_ids)) == 1, "its inbox tells the reader that it is the same"
        with unit_of_work.everywhere() as session:
            assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1


class TestOnRabbitMQ:
    @pytest.fixture
    def dialect(self) -> str:
        return "sqlite"

    @pytest.fixture
    def bus(self, rabbit: RabbitBroker, vhost: str) -> Iterator[RabbitBus]:
        made = RabbitBus(rabbit.url_of(vhost), "bell")
        made.start([], lambda delivery: None, 1)
        eventually(lambda: made.problems() == {}, 15, "the bus connects")
        yield made
        made.close()

    def test_an_event_without_a_queue_is_kept_and_published_durably_once_there_is_one(
        self, unit_of_work: UnitOfWork, bus: RabbitBus, rabbit: RabbitBroker, vhost: str
    ):
        relaying = Relay(unit_of_work, bus, "bell")
        record(unit_of_work, FellSilent(bell_id=uuid4()))
        assert relaying.publish_batch() == 0
        (row,) = rows(unit_of_work)
        assert row.published_at is None
        assert row.retry_at is not None
        with open_connection(rabbit.url_of(vhost), "tests") as connection:
            channel = connection.channel()
            channel.queue_declare("heard", durable=True, auto_delete=False)
            channel.queue_bind("heard", wire.events_exchange("bell"), "fell_silent")
            with unit_of_work.everywhere() as session:
                session.execute(update(OutboxRow).values(retry_at=datetime.now(UTC)))
            assert relaying.publish_batch() == 1
            message = channel.basic_get("heard", no_ack=True)
        assert message.properties["message_id"] == str(row.message_id)
        assert message.properties["delivery_mode"] == 2
        assert message.body == row.body
        assert pending(unit_of_work) == 0
