"""The door's client to service objects of this process: JSON, schemas and tokens as over the bus, no broker."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from kernel import context
from kernel.auth import Verifier
from kernel.contract import Event, Rpc
from kernel.errors import LyceumError, Unavailable
from tests.kit.calls import call


@dataclass
class InProcessClient:
    """Calls services directly. A service that is not among them, or is put `away`, is unavailable."""

    verifier: Verifier
    services: dict[str, Any]
    away: dict[str, LyceumError] = field(default_factory=dict)
    #: Every method called, with what came with the call.
    calls: list[tuple[str, context.Call]] = field(default_factory=list)
    listeners: dict[type[Event], Callable[[Any], None]] = field(default_factory=dict)

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
        """The JSON answer of the service's method."""
        outer = context.current() or context.Call()
        actor = None if method.callers.public else self.verifier.claims(token or "").actor(tenant_id)
        body = msgspec.json.encode(command)
        nested = context.Call(
            call_id=outer.call_id,
            token=token,
            tenant_id=tenant_id,
            idempotency_key=idempotency_key,
            account_id=actor.account_id if actor else None,
            fingerprint=hashlib.sha256(body).hexdigest(),
            operation=repr(method),
            traceparent=outer.traceparent,
        )
        self.calls.append((repr(method), nested))
        if method.service in self.away:
            raise self.away[method.service]
        if method.service not in self.services:
            raise Unavailable("The service {service} is away.", rule="no-route", service=method.service)
        with context.handling(nested):
            return call(self.services[method.service], method, actor, **command)

    def on_event(self, event: type[Event], callback: Callable[[Any], None]) -> None:
        """Keep who listens, for `announce`."""
        self.listeners[event] = callback

    def announce(self, event: Event) -> None:
        """Hand an event to who listens, as the bus would."""
        self.listeners[type(event)](event)

    @contextmanager
    def without(self, service: str, error: LyceumError) -> Iterator[None]:
        """Within the block the service answers nothing but this."""
        self.away[service] = error
        try:
            yield
        finally:
            del self.away[service]


@dataclass(frozen=True)
class DoorSettings:
    """What the door asks of the settings."""

    keys_path: Path
    public_url: str = "https://lyceum.example"
    cookie_secure: bool = False
    secret_key: str = "a key of the tests"
    trusted_proxies: int = 0
