"""The one way from the door to a service: a call that the policy allows, in the caller's name and school."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol
from uuid import UUID

from flask import current_app

from gateway.door import policy
from gateway.door.auth import caller
from kernel import context
from kernel.contract import Event, Rpc

#: Seconds that a caller waits for a service.
TIMEOUT: Final = 5.0
#: Seconds for what a page can do without: it is not to hold up the rest.
SHORT_TIMEOUT: Final = 2.0
#: Seconds for a bundle of many megabytes to be handed over.
LONG_TIMEOUT: Final = 60.0


class Client(Protocol):
    """What the door needs of the bus (`kernel.bus.client.Client`)."""

    def call(
        self,
        method: Rpc,
        command: dict[str, Any],
        *,
        token: str | None,
        tenant_id: UUID | None,
        timeout: float,
        idempotency_key: str | None = None,
    ) -> Any:
        """The decoded answer. Raises the service's refusal, `Unavailable` or `TimedOut`."""

    def on_event(self, event: type[Event], callback: Callable[[Any], None]) -> None:
        """Call back with every event of this kind from now on."""


def client() -> Client:
    """The client that the application was created with."""
    found: Client = current_app.extensions["lyceum"].client
    return found


def ask(method: Rpc, *, timeout: float = TIMEOUT, **command: Any) -> Any:
    """The answer of a service's method that changes nothing, as JSON values.

    Raises `Forbidden` where the policy does not let the caller, what the service refuses with, `Unavailable` and
    `TimedOut`.
    """
    return _call(method, command, timeout, None)


def carry_out(method: Rpc, *, timeout: float = TIMEOUT, **command: Any) -> Any:
    """As `ask`, for a method that changes something: repeated with its Idempotency-Key it is done once."""
    call = context.current()
    return _call(method, command, timeout, call.idempotency_key if call else None)


def asking_later(method: Rpc, *, timeout: float = TIMEOUT) -> Callable[..., Any]:
    """`ask` for use while an answer is on its way out, when the request is over; the policy decides now."""
    who, known = caller(), client()
    call = context.current() or context.Call()
    policy.check(repr(method), who.actor)

    def ask_later(**command: Any) -> Any:
        with context.handling(call):
            return known.call(method, command, token=who.token, tenant_id=call.tenant_id, timeout=timeout)

    return ask_later


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
