"""The running system for the tests of access: built on in its databases, asked by HTTP and over RabbitMQ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import select
from uuid_utils.compat import uuid7

from cli.upkeep import unit_of_work
from contracts.identity.sessions import SessionRevoked
from contracts.roles import OPERATOR
from gateway.rest.openapi import PREFIX
from kernel import config
from kernel.auth import Actor, Signer, human_claims
from kernel.bus import topology
from kernel.bus.client import Client
from kernel.contract import Rpc
from kernel.data import outbox
from kernel.data.inbox import InboxRow
from kernel.data.jobs import JobRow
from kernel.data.outbox import OutboxRow
from kernel.files.opening import store_of
from kernel.waiting import eventually
from tests.e2e.stack import Stack
from tests.gateway.access.systems import Request, Response, System
from tests.gateway.site import SERVICES, SigningIn, town_of
from tests.kit.calls import ask_directly
from tests.kit.jobs import kinds_of

#: A count of the calls that the gateway has made, of one method and outcome.
CALLS: Final = re.compile(r"^lyceum_calls_seconds_count\{.*\} (\S+)$", re.MULTILINE)
#: Many people sign in here within a minute, and the door counts sign-ins by address: they have one of their own.
OWN_ADDRESS: Final = "127.0.0.3"
PATIENCE: Final = 30


class FromAddress(HTTPAdapter):
    """Connects from an address of this machine."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        """The connections' pool."""
        super().init_poolmanager(*arguments, **more, source_address=(self._address, 0))


class Running(System):
    """What `lyceum up` runs."""

    def __init__(self, stack: Stack, client: Client) -> None:
        settings = config.load(stack.environment)
        signer = Signer.load("identity", settings.keys_dir / "identity" / "private.jwk")
        self.services = {name: service() for name, service in SERVICES.items()}
        for name, service in self.services.items():
            service.unit_of_work = unit_of_work(settings, name)
            service.ask = ask_directly(*self.services.values(), asker=name)
        self.services["identity"].signer = signer
        self.services["identity"].files = self.services["gradebook"].files = store_of(settings)
        self.signing_in = SigningIn(town_of(self.services), signer)
        self._client, self._address = client, stack.address
        self._requests = requests.Session()
        self._requests.mount("http://", FromAddress(OWN_ADDRESS))

    def send(self, request: Request) -> Response:
        """The answer of gunicorn."""
        got = self._requests.request(
            request.verb, self._address + PREFIX + request.path, params=request.query, json=request.json,
            data=request.body, headers=request.headers, timeout=30,
        )  # fmt: skip
        return Response(got.status_code, got.text, got.headers["X-Request-Id"])

    def ask(self, method: Rpc, actor: Actor, command: dict[str, Any]) -> Any:
        """As the gateway calls, with its user of the broker."""
        token = self.signing_in.token(actor)
        return self._client.call(method, command, token=token, tenant_id=actor.tenant_id, timeout=20)

    def carry(self) -> None:
        """Wait until the services have handled what was announced, and done their jobs."""
        eventually(lambda: not self._unhandled(), PATIENCE, "the services have handled every event")
        eventually(lambda: not self._jobs(), PATIENCE, "the services have done their jobs")

    def _jobs(self) -> set[UUID]:
        """The jobs that have not ended."""
        found: set[UUID] = set()
        for service in self.services.values():
            if any(kinds_of(service)):
                with service.unit_of_work.everywhere() as session:
                    found |= set(session.scalars(select(JobRow.id).where(JobRow.finished_at.is_(None))))
        return found

    def _unhandled(self) -> set[tuple[str, str]]:
        """The consumers of announced events, with the events' ids, that have not handled them."""
        expected, handled = set(), set()
        for owner in self.services.values():
            with owner.unit_of_work.everywhere() as session:
                announced = session.execute(select(OutboxRow.event, OutboxRow.message_id)).all()
                handled |= {(row.consumer, row.message_id) for row in session.scalars(select(InboxRow))}
            for event, message_id in announced:
                hearing = (name for name, service in self.services.items() if hasattr(service, f"on_{event}"))
                expected |= {(f"{name}.on_{event}", str(message_id)) for name in hearing}
        return expected - handled

    def end_sessions(self, *session_ids: UUID) -> None:
        """Through identity's outbox, until the gateway has heard of the last."""
        with self.services["identity"].unit_of_work.everywhere() as session:
            outbox.record(session, *(SessionRevoked(session_id=session_id) for session_id in session_ids))
        eventually(lambda: all(map(self._has_ended, session_ids)), PATIENCE, "the gateway hears of the ended sessions")

    @property
    def calls_made(self) -> int:
        """What the gateway's metrics tell."""
        figures = self._requests.get(f"{self._address}/metrics", timeout=30).text
        return sum(int(float(count)) for count in CALLS.findall(figures))

    def close(self) -> None:
        """Leave the gateway and the databases."""
        self._requests.close()
        for service in self.services.values():
            service.unit_of_work.engine.dispose()

    def _has_ended(self, session_id: UUID) -> bool:
        """Whether the gateway refuses the session of an account that nobody has."""
        token = self.signing_in.signer.sign(human_claims(uuid7(), session_id, (), frozenset({OPERATOR})), PATIENCE)
        return self.send(Request("GET", "/me", headers={"Authorization": f"Bearer {token}"})).status == 401


@contextmanager
def asked(stack: Stack) -> Iterator[Running]:
    """The stack's system, asked within the block."""
    servers = stack.data / "servers"
    password = quote((servers / f"{topology.GATEWAY}.password").read_text(), safe="")
    port = (servers / "rabbitmq.port").read_text()
    client = Client(f"amqp://{topology.GATEWAY}:{password}@127.0.0.1:{port}/%2F", topology.GATEWAY)
    client.start()
    eventually(lambda: client.connected, PATIENCE, "the broker is reached")
    system = Running(stack, client)
    try:
        yield system
    finally:
        system.close()
        client.close()
