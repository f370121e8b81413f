"""Who may do what on the broker, tried on a real one: a service announces in its own name, and hears its own calls."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from uuid import uuid4

import amqp
import pytest
from amqp.exceptions import AccessRefused, PreconditionFailed
from kombu import Queue

from contracts.gradebook.marks import MarkPosted
from contracts.identity.sessions import SessionRevoked
from kernel.bus import topology, wire
from kernel.bus.broker import open_connection
from kernel.bus.client import Client
from kernel.bus.interface import Subscription
from kernel.bus.publisher import Fate, Outgoing, Publisher
from kernel.waiting import eventually
from servers.rabbit import RabbitBroker
from tests.kernel.bell import Bell
from tests.kernel.processes import Caller, Home, answering, client_of, end

SERVICES = ("bell", "identity", "gradebook")
Attempt = Callable[[amqp.Channel], object]


@pytest.fixture(scope="module")
def urls(rabbit: RabbitBroker) -> Iterator[dict[str, str]]:
    """User → URL, on a virtual host with the users and policies of an installation."""
    vhost = rabbit.new_vhost()
    passwords = {user: secrets.token_hex(8) for user in (*SERVICES, topology.GATEWAY)}
    rabbit.import_definitions(topology.definitions(passwords, vhost))
    urls = {user: rabbit.url_of(vhost, user, password) for user, password in passwords.items()}
    for service in SERVICES:
        _declare(urls[service], service)
    yield urls
    rabbit.discard_vhost(vhost)


def _declare(url: str, service: str) -> None:
    """What a service has on the broker, as its own user."""
    with open_connection(url, "tests") as connection:
        channel = connection.channel()
        topology.declare(channel, [topology.CALLS, topology.REPLIES, topology.events_of(service)])
        channel.queue_declare(f"{service}.probe", durable=True, auto_delete=False)


def attempted(url: str, attempt: Attempt) -> None:
    with open_connection(url, "tests", confirm_publish=True) as connection:
        attempt(connection.channel())


def publish(exchange: str, key: str = "key") -> Attempt:
    return lambda channel: channel.basic_publish(amqp.Message(b"{}"), exchange, key)


def bind(queue: str, exchange: str) -> Attempt:
    return lambda channel: channel.queue_bind(queue, exchange, "key")


def take(queue: str) -> Attempt:
    return lambda channel: channel.basic_get(queue)


def purge(queue: str) -> Attempt:
    return lambda channel: channel.queue_purge(queue)


def delete(queue: str) -> Attempt:
    return lambda channel: channel.queue_delete(queue)


def declare(queue: str) -> Attempt:
    return lambda channel: channel.queue_declare(queue, durable=True, auto_delete=False)


@pytest.mark.parametrize(
    ("user", "attempt"),
    [
        ("gradebook", publish("gradebook.events")),
        ("gradebook", publish("lyceum.calls")),
        ("gradebook", publish("lyceum.replies")),
        ("gradebook", take("gradebook.probe")),
        ("gradebook", bind("gradebook.probe", "bell.events")),
        ("gradebook", bind("gradebook.probe", "lyceum.calls")),
        ("gateway", publish("lyceum.calls")),
        ("gateway", declare("gateway.own")),
    ],
)
def test_what_a_user_needs_it_may(urls: dict[str, str], user: str, attempt: Attempt):
    attempted(urls[user], attempt)


@pytest.mark.parametrize(
    ("user", "attempt"),
    [
        pytest.param("gradebook", publish("identity.events"), id="announce in another's name"),
        pytest.param("gradebook", publish("", "bell.probe"), id="put an event into another's queue"),
        pytest.param("gradebook", publish("bell.retry"), id="have another handle an event again"),
        pytest.param("gradebook", publish("bell.park"), id="park with another"),
        pytest.param("gradebook", take("bell.probe"), id="take from another's queue"),
        pytest.param("gradebook", purge("bell.probe"), id="empty another's queue"),
        pytest.param("gradebook", delete("bell.probe"), id="delete another's queue"),
        pytest.param("gradebook", bind("bell.probe", "gradebook.events"), id="bind another's queue"),
        pytest.param("gradebook", declare("bell.second"), id="declare a queue in another's name"),
        pytest.param("gateway", take("bell.probe"), id="the gateway takes from a service's queue"),
        pytest.param("gateway", publish("identity.events"), id="the gateway announces"),
        pytest.param("gateway", publish("bell.events"), id="the gateway announces for a service"),
        pytest.param("gateway", publish("", "bell.probe"), id="the gateway puts an event into a queue"),
        pytest.param("gateway", publish("lyceum.replies"), id="the gateway answers a call"),
        pytest.param("gateway", bind("gateway.own", "bell.events"), id="the gateway hears a service's events"),
        pytest.param("gateway", bind("gateway.own", "lyceum.calls"), id="the gateway hears calls"),
    ],
)
def test_what_a_user_does_not_need_is_refused(urls: dict[str, str], user: str, attempt: Attempt):
    attempted(urls["gateway"], declare("gateway.own"))
    with pytest.raises(AccessRefused):
        attempted(urls[user], attempt)


@pytest.mark.slow
def test_a_service_and_the_gateway_work_with_no_more_rights_than_their_own(urls: dict[str, str], tmp_path: Path):
    home, tenant = Home(tmp_path), uuid4()
    process = home.start(urls["bell"])
    try:
        with client_of(urls["gateway"]) as client:
            answering(client)
            caller = Caller(client, home.token_of(tenant), tenant)
            assert caller(Bell.relayed, words="hi")["words"] == "hi"
            caller(Bell.ring, times=1, mood="fail-once")
            assert caller.hears(1) == {"rings": 1, "effects": 1}
    finally:
        end(process)


def test_the_gateway_hears_what_identity_announces(urls: dict[str, str]):
    heard: list[SessionRevoked] = []
    event = SessionRevoked(session_id=uuid4())
    client = Client(urls["gateway"], topology.GATEWAY)
    client.on_event(SessionRevoked, heard.append)
    client.start()
    publisher = Publisher(urls["identity"], "identity publishing")
    publisher.start()
    try:
        eventually(lambda: client.connected and publisher.link.connected, what="both are connected")
        envelope = wire.Envelope(name=event.NAME)
        message = Outgoing("identity.events", event.NAME, str(uuid4()), envelope, event.to_wire())
        assert publisher.publish([message]) == [Fate.CONFIRMED]
        assert eventually(lambda: heard, what="the event is heard") == [event]
    finally:
        publisher.close()
        client.close()


@pytest.mark.parametrize("stranger", ["bells.events", "xbell.events", "bellxevents", "lyceum.callsx", "xlyceum.calls"])
def test_names_that_look_alike_are_not_one_s_own(stranger: str):
    rights = topology.permission("bell", SERVICES)
    assert not any(re.search(pattern, stranger) for pattern in rights.values())


def test_queues_of_events_drop_nothing_and_park_what_kills_its_handler():
    (policy,) = topology.policies(["bell"])
    assert re.search(policy["pattern"], wire.handler_queue("bell", "on_rang"))
    assert not re.search(policy["pattern"], wire.calls_queue("bell"))
    assert not re.search(policy["pattern"], wire.handler_queue("bells", "on_rang"))
    assert policy["definition"] == {
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
        "delivery-limit": topology.DELIVERY_LIMIT,
        "dead-letter-exchange": wire.park_exchange("bell"),
    }


#: What stands on the brokers of installations: a broker refuses a queue or exchange that is declared otherwise.
STANDING = {
    "bell.events": {"type": "direct"},
    "bell.park": {"type": "fanout"},
    "bell.retry": {"type": "direct"},
    "gradebook.events": {"type": "direct"},
    "lyceum.calls": {"type": "direct"},
    "bell.calls": {"auto_delete": True},
    "bell.parked": {"arguments": {"x-queue-type": "quorum"}},
    "bell.on_mark_posted": {"arguments": {"x-queue-type": "quorum"}},
    **{f"bell.wait.{seconds} exchange": {"type": "fanout"} for seconds in (1, 5, 30, 120, 600)},
    **{
        f"bell.wait.{seconds}": {
            "arguments": {
                "x-queue-type": "quorum",
                "x-message-ttl": seconds * 1000,
                "x-dead-letter-exchange": "bell.retry",
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            }
        }
        for seconds in (1, 5, 30, 120, 600)
    },
}
BELL = (*topology.own("bell"), *topology.received("bell", [Subscription("bell.on_mark_posted", MarkPosted)]))


def test_what_a_service_declares_is_there_as_it_always_was(rabbit: RabbitBroker, vhost: str):
    with open_connection(rabbit.url_of(vhost), "tests") as connection:
        channel = connection.channel()
        for name, form in STANDING.items():
            declare_one = channel.exchange_declare if "type" in form else channel.queue_declare
            declare_one(name.removesuffix(" exchange"), durable=True, **{"auto_delete": False, **form})
        topology.declare(channel, BELL)
        with pytest.raises(PreconditionFailed):
            Queue("bell.calls")(channel).declare()
    bound = rabbit.ctl("list_bindings", "--vhost", vhost, "source_name", "destination_name", "routing_key")
    assert sorted(line.split() for line in bound.splitlines()[1:] if not line.startswith("\t")) == sorted(
        [
            ["lyceum.calls", "bell.calls", "bell"],
            ["gradebook.events", "bell.on_mark_posted", "mark_posted"],
            ["bell.retry", "bell.on_mark_posted", "bell.on_mark_posted"],
            ["bell.park", "bell.parked"],
            *([f"bell.wait.{seconds}", f"bell.wait.{seconds}"] for seconds in (1, 5, 30, 120, 600)),
        ]
    )
    made = {line.split()[0] for line in rabbit.ctl("list_queues", "--vhost", vhost, "name").splitlines()[1:]}
    assert made == {name for name, form in STANDING.items() if "type" not in form}


def names(entities: Iterable[topology.Entity]) -> set[str]:
    """Names of the entities, and of the exchanges that they are bound to."""
    queues = [entity for entity in entities if isinstance(entity, Queue)]
    bound = [one.exchange for queue in queues for one in ([queue] if queue.exchange else queue.bindings)]
    return {exchange.name for exchange in bound} | {entity.name for entity in entities}


def test_a_user_may_declare_all_that_it_declares_and_no_more_of_others_than_their_events():
    hears = topology.heard("gateway.replies.1", [SessionRevoked])
    for user, entities in {
        "bell": (*BELL, topology.REPLIES, topology.answers_to("bell.replies.1")),
        topology.GATEWAY: (topology.CALLS, topology.answers_to("gateway.replies.1"), hears),
    }.items():
        rights = topology.permission(user, SERVICES)
        assert [name for name in names(entities) if not re.search(rights["configure"], name)] == []
        foreign = [name for name in names(BELL) if re.search(rights["configure"], name) and user != "bell"]
        assert set(foreign) <= {"lyceum.calls"}
