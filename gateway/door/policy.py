"""Who may ask for which operation: a method of a service says so itself, the gateway's own operations here.

An operation is a method of a service, under its name on the bus, or one of the gateway's own. What neither is, is
refused. Roles are all that is decided here: whether this teacher teaches that course is the service's business.
"""

from __future__ import annotations

from typing import Final

from contracts import SERVICES, interfaces
from contracts.identity.bundles import Bundles
from kernel.auth import Actor
from kernel.contract import PUBLIC, SIGNED_IN, Callers, Rpc

DOCUMENTATION: Final = "door.documentation"
ASSETS: Final = "door.assets"
HEALTH: Final = "door.health"
METRICS: Final = "door.metrics"
SIGN_IN_PAGE: Final = "door.sign_in_page"
LEAVE: Final = "door.leave"
HOME: Final = "door.home"

_METHODS: Final[list[Rpc]] = [
    method for owner in SERVICES for interface in interfaces(owner) for method in interface.methods()
]

#: Operation → who may ask for it.
OPERATIONS: Final[dict[str, Callers]] = {
    **{repr(method): method.callers for method in _METHODS},
    DOCUMENTATION: PUBLIC,
    ASSETS: PUBLIC,
    HEALTH: PUBLIC,
    METRICS: PUBLIC,
    SIGN_IN_PAGE: PUBLIC,
    LEAVE: PUBLIC,
    HOME: SIGNED_IN,
}
_NOBODY: Final = Callers()

#: Operations that take files: their bodies may be larger.
UPLOADS: Final = frozenset({repr(Bundles.start_import)})


def is_public(operation: str) -> bool:
    """Whether anybody may ask for it."""
    return OPERATIONS.get(operation, _NOBODY).public


def between_services(operation: str) -> bool:
    """Whether no human ever asks for it: no address leads to it."""
    callers = OPERATIONS.get(operation, _NOBODY)
    return not (callers.roles or callers.signed_in or callers.public)


def roles_of(operation: str) -> list[str]:
    """The roles of which one is asked for, in order; `signed in` where any will do."""
    callers = OPERATIONS[operation]
    return ["signed in"] if callers.signed_in else sorted(callers.roles)


def allows(operation: str, roles: frozenset[str]) -> bool:
    """Whether someone who signed in with `roles` may ask for the operation."""
    return OPERATIONS.get(operation, _NOBODY).holds(roles)


def check(operation: str, actor: Actor | None) -> None:
    """Raise `Unauthenticated` where nobody signed in, `Forbidden` where none of the actor's roles will do."""
    OPERATIONS.get(operation, _NOBODY).admit(actor)
