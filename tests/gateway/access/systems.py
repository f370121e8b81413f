"""The system that is asked: what the tests of access need of it, and one that runs within the tests' process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contracts.identity.sessions import SessionRevoked
from gateway.rest.openapi import PREFIX
from kernel.auth import Actor
from kernel.contract import Rpc
from tests.gateway.site import SigningIn, Site
from tests.kit.calls import call


@dataclass(frozen=True)
class Request:
    """A request to the API."""

    verb: str
    #: Without the prefix of the API.
    path: str
    query: dict[str, Any] | None = None
    json: Any = None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """What is read of the answer to a request."""

    status: int
    text: str
    request_id: str


class System(ABC):
    """Services with a gateway before them."""

    signing_in: SigningIn
    #: Objects of the services on the system's own databases, by name: for building schools.
    services: dict[str, Any]

    @abstractmethod
    def send(self, request: Request) -> Response:
        """The gateway's answer."""

    @abstractmethod
    def ask(self, method: Rpc, actor: Actor, command: dict[str, Any]) -> Any:
        """A service's answer to a call past the gateway. Raises its refusal."""

    @abstractmethod
    def carry(self) -> None:
        """Have every event brought to its handlers, and handled."""

    @abstractmethod
    def end_sessions(self, *session_ids: UUID) -> None:
        """Have the gateway know that sessions have ended."""

    @property
    @abstractmethod
    def calls_made(self) -> int:
        """How often the gateway has asked a service so far."""


class InProcess(System):
    """A site."""

    def __init__(self, site: Site) -> None:
        self.site = self.signing_in = site
        self.services = site.bus.services

    def send(self, request: Request) -> Response:
        """The answer of the application."""
        got = self.site.app.test_client(use_cookies=False).open(
            PREFIX + request.path, method=request.verb, query_string=request.query, json=request.json,
            data=request.body, headers=request.headers,
        )  # fmt: skip
        return Response(got.status_code, got.text, got.headers["X-Request-Id"])

    def ask(self, method: Rpc, actor: Actor, command: dict[str, Any]) -> Any:
        """As a service's consumer lets a call in."""
        return call(self.services[method.service], method, actor, **command)

    def carry(self) -> None:
        """Until none waits."""
        self.site.carry()

    def end_sessions(self, *session_ids: UUID) -> None:
        """Announce it."""
        for session_id in session_ids:
            self.site.bus.announce(SessionRevoked(session_id=session_id))

    @property
    def calls_made(self) -> int:
        """All calls that the site's bus has carried."""
        return len(self.site.bus.calls)
