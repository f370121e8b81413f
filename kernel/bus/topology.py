"""The broker's exchanges, queues, users, permissions and policies.

Each process declares the exchanges and queues that it uses. Users, permissions and policies are loaded as RabbitMQ's
definitions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import amqp
from kombu.entity import Exchange, Queue, binding

from kernel.bus import wire
from kernel.bus.interface import Subscription
from kernel.contract import Event

Entity = Exchange | Queue

#: Queues that survive the loss of a cluster's node. Arguments never change, because a broker refuses to redeclare a
#: queue with other arguments; settings that may change are in policies.
QUORUM: Final = {"x-queue-type": "quorum"}

CALLS: Final = Exchange(wire.CALLS, "direct")
REPLIES: Final = Exchange(wire.REPLIES, "direct")

GATEWAY: Final = "gateway"
#: Times that an event is delivered without being settled before the broker parks it. Each crash or restart uses one.
DELIVERY_LIMIT: Final = 10


def declare(channel: amqp.Channel, entities: Iterable[Entity]) -> None:
    """Declare entities on the broker. Raises py-amqp's error where one exists with other arguments."""
    for entity in entities:
        entity(channel).declare()


def events_of(service: str) -> Exchange:
    """The exchange on which a service publishes its events."""
    return Exchange(wire.events_exchange(service), "direct")


def own(service: str) -> list[Entity]:
    """The exchanges that a service publishes to, with their queues, so that each queue exists before publishing."""
    retry = _retry_of(service)
    return [
        events_of(service),
        Queue(wire.parked_queue(service), Exchange(wire.park_exchange(service), "fanout"), queue_arguments=QUORUM),
        retry,
        *(_wait(service, seconds) for seconds in wire.DELAYS),
    ]


def received(service: str, subscriptions: Iterable[Subscription]) -> list[Entity]:
    """The queues that a service consumes: one for its calls, and one for each event handler."""
    return [calls_of(service), *(_handler(service, subscription) for subscription in subscriptions)]


def calls_of(service: str) -> Queue:
    """The queue of calls to a service. It is deleted with its last consumer, so calls to a stopped service return."""
    return Queue(wire.calls_queue(service), CALLS, service, auto_delete=True)


def answers_to(client: str) -> Queue:
    """The queue of answers to a client's calls, deleted with its connection."""
    return Queue(client, REPLIES, client, durable=False, exclusive=True)


def heard(client: str, events: Iterable[type[Event]]) -> Queue:
    """The queue of events that one process listens to, deleted with its connection."""
    bindings = [binding(events_of(event.SERVICE), event.NAME) for event in events]
    return Queue(f"{client}.events", bindings=bindings, durable=False, exclusive=True)


def _handler(service: str, subscription: Subscription) -> Queue:
    bindings = [
        binding(events_of(subscription.event.SERVICE), subscription.event.NAME),
        binding(_retry_of(service), subscription.queue),
    ]
    return Queue(subscription.queue, bindings=bindings, queue_arguments=QUORUM)


def _retry_of(service: str) -> Exchange:
    return Exchange(wire.retry_exchange(service), "direct")


def _wait(service: str, seconds: int) -> Queue:
    """A queue in which events wait. Its name includes the delay, so its arguments never change and need no policy."""
    name = wire.wait_name(service, seconds)
    arguments = {
        **QUORUM,
        "x-message-ttl": seconds * 1000,
        "x-dead-letter-exchange": wire.retry_exchange(service),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    return Queue(name, Exchange(name, "fanout"), queue_arguments=arguments)


def policies(services: Iterable[str], delivery_limit: int = DELIVERY_LIMIT) -> list[dict[str, Any]]:
    """Policies of the services' event queues, without a vhost; unlike arguments they can be changed in place.

    Messages that exceed the delivery limit are dead-lettered at least once, never dropped.
    """
    safe = {"dead-letter-strategy": "at-least-once", "overflow": "reject-publish"}
    return [
        {
            "name": f"{service} events",
            "pattern": rf"^{re.escape(service)}\.on_",
            "apply-to": "queues",
            "priority": 1,
            "definition": {
                **safe,
                "delivery-limit": delivery_limit,
                "dead-letter-exchange": wire.park_exchange(service),
            },
        }
        for service in services
    ]


def permission(user: str, services: Iterable[str]) -> dict[str, str]:
    """A user's permissions to configure, write and read: its own queues, the shared calls, and all services' events.

    Only the service itself may write to its exchange of events, so events cannot be forged.
    """
    own = rf"^{re.escape(user)}\..*$"
    if user == GATEWAY:
        return {
            "configure": rf"{own}|^lyceum\.(calls|replies)$|^identity\.events$",
            "write": rf"{own}|^lyceum\.calls$",
            "read": rf"{own}|^lyceum\.replies$|^identity\.events$",
        }
    events = "|".join(re.escape(service) for service in services)
    return {
        "configure": rf"{own}|^lyceum\.(calls|replies)$|^({events})\.events$",
        "write": rf"{own}|^lyceum\.(calls|replies)$",
        "read": rf"{own}|^lyceum\.(calls|replies)$|^({events})\.events$",
    }


def definitions(passwords: Mapping[str, str], vhost: str = "/") -> dict[str, Any]:
    """RabbitMQ's definitions for the services and the gateway; `passwords` maps user names to passwords."""
    services = [user for user in passwords if user != GATEWAY]
    return {
        "users": [{"name": user, "password": secret, "tags": []} for user, secret in passwords.items()],
        "vhosts": [{"name": vhost}],
        "permissions": [{"user": user, "vhost": vhost, **permission(user, services)} for user in passwords],
        "policies": [{"vhost": vhost, **policy} for policy in policies(services)],
    }
