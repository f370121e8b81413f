"""What a broker needs to know of an installation: users, their rights, policies. Data for RabbitMQ's definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from kernel.bus.wire import park_exchange

GATEWAY: Final = "gateway"
#: Deliveries of one event, each cut short by a crash, before it is parked. A restart costs one of them.
DELIVERY_LIMIT: Final = 10


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
                "dead-letter-exchange": park_exchange(service),
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
