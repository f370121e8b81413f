"""Calls from the gateway to services: checked against the policy, made with the caller's token and school."""

from __future__ import annotations

from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from flask import current_app

from gateway.door import policy
from gateway.door.auth import caller
from kernel import context
from kernel.bus.calls import Calling
from kernel.contract import Rpc

#: Seconds that a caller waits for a service.
TIMEOUT: Final = 5.0
#: Seconds to wait for an optional part of a page, so that it does not hold up the rest.
SHORT_TIMEOUT: Final = 2.0
#: Seconds for a service to look into a file of many megabytes.
LONG_TIMEOUT: Final = 60.0


def client() -> Calling:
    """The client of the bus that the application was created with."""
    found: Calling = current_app.extensions["lyceum"].client
    return found


def ask(method: Rpc, *, timeout: float = TIMEOUT, **command: Any) -> Any:
    """Call a method that changes nothing; returns its answer as JSON values.

    Raises `Unauthenticated` or `Forbidden` if the policy refuses the caller, what the service refuses with,
    `Unavailable` and `TimedOut`.
    """
    return _call(method, command, timeout, None)


def carry_out(method: Rpc, *, timeout: float = TIMEOUT, part: str = "", **command: Any) -> Any:
    """As `ask`, for a method that changes something. It passes on the request's Idempotency-Key.

    A request that makes several calls of one method names each `part`: each gets a key of its own, made of both.
    """
    call = context.current()
    key = call.idempotency_key if call else None
    return _call(method, command, timeout, str(uuid5(NAMESPACE_OID, f"{key} {part}")) if key and part else key)


def _call(method: Rpc, command: dict[str, Any], timeout: float, key: str | None) -> Any:
    who = caller()
    policy.check(repr(method), who.actor)
    return client().call(
        method,
        command,
        token=None if method.callers.public else who.token,
        tenant_id=who.actor.tenant_id if who.actor else None,
        timeout=timeout,
        idempotency_key=key,
    )
