"""A client of service objects of this process: JSON, schemas, envelopes and tokens as over the bus, no broker."""

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
from kernel.bus.calls import Calling
from kernel.bus.wire import Envelope
from kernel.config import Settings
from kernel.contract import Event, Rpc
from kernel.errors import LyceumError, Unavailable
from tests.kit.calls import call


@dataclass
class InProcessClient(Calling):
    """Calls services directly. A service that is not among them, or is put `away`, is unavailable."""

    verifier: Verifier
    services: dict[str, Any]
    hears_since: float | None = 0.0
    away: dict[str, LyceumError] = field(default_factory=dict)
    #: Every method called, with what came with the call.
    calls: list[tuple[str, context.Call]] = field(default_factory=list)
    listeners: dict[type[Event], Callable[[Any], None]] = field(default_factory=dict)

    def exchange(self, method: Rpc, envelope: Envelope, body: bytes, _wait: float) -> bytes:
        """The answer of the service's method."""
        tenant_id = UUID(envelope.tenant) if envelope.tenant else None
        actor = None if method.callers.public else self.verifier.claims(envelope.token or "").actor(tenant_id)
        nested = context.Call(
            call_id=envelope.call_id,
            token=envelope.token,
            tenant_id=tenant_id,
            idempotency_key=envelope.idempotency_key,
            account_id=actor.account_id if actor else None,
            fingerprint=hashlib.sha256(body).hexdigest(),
            operation=repr(method),
            traceparent=envelope.traceparent,
        )
        self.calls.append((repr(method), nested))
        if method.service in self.away:
            raise self.away[method.service]
        if method.service not in self.services:
            raise Unavailable("The service {service} is away.", rule="no-route", service=method.service)
        with context.handling(nested):
            answer = call(self.services[method.service], method, actor, **msgspec.json.decode(body))
        return msgspec.json.encode({"answer": answer})

    def on_event(self, event: type[Event], callback: Callable[[Any], None]) -> None:
        """Remember the listener, for `announce`."""
        self.listeners[event] = callback

    def announce(self, event: Event) -> None:
        """Give an event to its listener, as the bus would."""
        self.listeners[type(event)](event)

    @contextmanager
    def without(self, service: str, error: LyceumError) -> Iterator[None]:
        """Within the block every call to the service fails with `error`."""
        self.away[service] = error
        try:
            yield
        finally:
            del self.away[service]


def gateway_settings(folder: Path, *, public_url: str = "http://lyceum.example", trusted_proxies: int = 0) -> Settings:
    """The settings of a gateway whose data and keys lie in `folder`."""
    return Settings(
        data_dir=folder, public_url=public_url, secret_key="a key of the tests", trusted_proxies=trusted_proxies
    )
