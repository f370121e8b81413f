"""Everything that stands on a broker: exchanges and queues, users with their rights, policies.

Who uses an exchange or a queue declares it. Users, rights and policies are data for RabbitMQ's definitions.
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

#: Queues that a cluster keeps through the loss of a node. Arguments never change, because a broker refuses a queue that
#: is there with others; what may change is in policies.
QUORUM: Final = {"x-queue-type": "quorum"}

CALLS: Final = Exchange(wire.CALLS, "direct")
REPLIES: Final = Exchange(wire.REPLIES, "direct")

GATEWAY: Final = "gateway"
#: Deliveries of one event, each cut short by a crash, before it is parked. A restart costs one of them.
DELIVERY_LIMIT: Final = 10


def declare(channel: amqp.Channel, entities: Iterable[Entity]) -> None:
    """Have the broker make what is not there yet. Raises what py-amqp raises where it is there in another form."""
    for entity in entities:
        entity(channel).declare()


def exchanges_of(entity: Entity) -> list[Exchange]:
    """The exchanges that an entity is or is bound to, which it declares as well."""
    if isinstance(entity, Exchange):
        return [entity]
    return [entity.exchange] if entity.exchange else [one.exchange for one in entity.bindings]


def events_of(service: str) -> Exchange:
    """Where a service announces what happened."""
    return Exchange(wire.events_exchange(service), "direct")


def own(service: str) -> list[Entity]:
    """What a service publishes to, with the queues behind it: nothing is published before its queue is there."""
    retry = _retry_of(service)
    return [
        events_of(service),
        Queue(wire.parked_queue(service), Exchange(wire.park_exchange(service), "fanout"), queue_arguments=QUORUM),
        retry,
        *(_wait(service, seconds) for seconds in wire.DELAYS),
    ]


def received(service: str, subscriptions: Iterable[Subscription]) -> list[Entity]:
    """What a service works on: calls, and events of others, each handler's in a queue of its own."""
    return [calls_of(service), *(_handler(service, subscription) for subscription in subscriptions)]


def calls_of(service: str) -> Queue:
    """Calls of a service. Gone with its last consumer: a call to a service that is away comes back at once."""
    return Queue(wire.calls_queue(service), CALLS, service, auto_delete=True)


def answers_to(client: str) -> Queue:
    """Answers to a client's calls, in a queue that goes with its connection."""
    return Queue(client, REPLIES, client, durable=False, exclusive=True)


def heard(client: str, events: Iterable[type[Event]]) -> Queue:
    """Events that a process hears from its start on, in a queue that goes with its connection."""
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
    """The name says the time, so it never changes and needs no policy."""
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
    """Policies of the services' queues, without a vhost. Kept here, because arguments cannot be changed in place.

    Everything that leaves a queue by itself is dead-lettered at least once and never dropped.
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
    """What a user may configure, write and read: its own things, everybody's calls and events, nothing else.

    A service can announce only in its own name: nobody else writes to its exchange of events.
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
    """RabbitMQ's definitions for the users of `passwords` (the services and the gateway), by user name."""
    services = [user for user in passwords if user != GATEWAY]
    return {
        "users": [{"name": user, "password": secret, "tags": []} for user, secret in passwords.items()],
        "vhosts": [{"name": vhost}],
        "permissions": [{"user": user, "vhost": vhost, **permission(user, services)} for user in passwords],
        "policies": [{"vhost": vhost, **policy} for policy in policies(services)],
    }
