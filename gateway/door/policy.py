"""The policy of roles: who may carry out which operation.

An operation is a method of a service, under its name on the bus, or one of the gateway's own, listed below. A method
names its callers in its contract. An unknown operation is refused to everybody. Only roles are decided here; whether
this teacher teaches that course is decided by the service.
"""

from __future__ import annotations

from typing import Final

from contracts import SERVICES, interfaces
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.homework import Homework
from contracts.gradebook.plans import Plans
from contracts.gradebook.timetable_import import TimetableImport
from contracts.identity.bundles import Bundles
from contracts.identity.credentials import Credentials
from contracts.identity.sessions import Sessions
from kernel.auth import Actor
from kernel.contract import PUBLIC, SIGNED_IN, Callers, Rpc

DOCUMENTATION: Final = "gateway.documentation"
ASSETS: Final = "gateway.assets"
HEALTH: Final = "gateway.health"
METRICS: Final = "gateway.metrics"
SIGN_IN_PAGE: Final = "gateway.sign_in_page"
LANGUAGE: Final = "gateway.language"
HOME: Final = "gateway.home"

_METHODS: Final[list[Rpc]] = [
    method for owner in SERVICES for interface in interfaces(owner) for method in interface.methods()
]

#: Operation → who may carry it out.
OPERATIONS: Final[dict[str, Callers]] = {
    **{repr(method): method.callers for method in _METHODS},
    DOCUMENTATION: PUBLIC,
    ASSETS: PUBLIC,
    HEALTH: PUBLIC,
    METRICS: PUBLIC,
    SIGN_IN_PAGE: PUBLIC,
    LANGUAGE: PUBLIC,
    HOME: SIGNED_IN,
}
_NOBODY: Final = Callers()

#: What can be done with a password that the school issued: replace it, or leave.
WITH_ISSUED_PASSWORD: Final = frozenset(
    {repr(Credentials.change_password), repr(Sessions.close_session), repr(Sessions.me)}
)

#: Operations that take files, whose bodies may be larger.
UPLOADS: Final = frozenset(
    map(
        repr,
        (
            Bundles.start_import,
            Calendar.read_days_file,
            Plans.read_plan_file,
            Homework.add_file,
            TimetableImport.read_timetable_file,
        ),
    )
)


def is_public(operation: str) -> bool:
    """Whether anybody may carry it out, without signing in."""
    return OPERATIONS.get(operation, _NOBODY).public


def between_services(operation: str) -> bool:
    """Whether only services may call it, so that no address leads to it."""
    callers = OPERATIONS.get(operation, _NOBODY)
    return not (callers.roles or callers.signed_in or callers.public)


def roles_of(operation: str) -> list[str]:
    """The roles that may carry it out, sorted; `signed in` if every role may."""
    callers = OPERATIONS[operation]
    return ["signed in"] if callers.signed_in else sorted(callers.roles)


def allows(operation: str, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles may carry out the operation."""
    return OPERATIONS.get(operation, _NOBODY).holds(roles)


def check(operation: str, actor: Actor | None) -> None:
    """Raise `Unauthenticated` if nobody signed in, `Forbidden` if none of the actor's roles may."""
    OPERATIONS.get(operation, _NOBODY).admit(actor)
