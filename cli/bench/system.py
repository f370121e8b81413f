"""A checkout's services and gateway, each in a process of its own, on servers that several checkouts may share."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import create_engine, text
from uuid_utils.compat import uuid7

from cli.bench.measuring import python_of, started
from cli.bench.town import OWNERS, Someone, Town
from kernel.auth import HUMAN_ISSUER, Membership, Signer, human_claims, make_keys
from kernel.bus import topology
from kernel.data.database import UnitOfWork
from kernel.waiting import eventually
from servers.postgres import PostgresServer
from servers.process import free_ports, kept_secret
from servers.rabbit import RabbitBroker

TOKEN_SECONDS: Final = 3 * 3600
#: Tokens are dated so many seconds ahead: a gateway asks identity once about each that is older than itself.
AHEAD: Final = 300


@dataclass
class System:
    """What runs, and who is in it."""

    name: str
    port: int
    town: Town
    signer: Signer
    bus_url: str
    databases: dict[str, str]
    #: What a request may touch.
    processes: dict[str, int]

    def token(self, someone: Someone, role: str) -> str:
        """An access token that outlasts the measurements."""
        places = (Membership(self.town.school_id, someone.person_id, frozenset({role})),)
        claims = human_claims(someone.account_id, uuid7(), places)
        return self.signer.sign(claims, TOKEN_SECONDS, now=time.time() + AHEAD)

    def asking(self, owner: str) -> Callable[[str], Any]:
        """A function that asks a service's database for one value, over all schools."""
        everywhere = UnitOfWork(create_engine(self.databases[owner], pool_size=1)).everywhere

        def ask(statement: str) -> Any:
            with everywhere() as session:
                return session.execute(text(statement)).scalar_one()

        return ask

    def wait_until_published(self) -> None:
        """Wait until every event of the gradebook has left its outbox."""
        pending = self.asking("gradebook")
        unpublished = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
        eventually(lambda: pending(unpublished) == 0, 120, "every event is published")


@contextmanager
def running(
    name: str,
    checkout: Path,
    services: Sequence[str],
    broker: RabbitBroker,
    postgres: PostgresServer,
    folder: Path,
    **settings: str,
) -> Iterator[System]:
    """The checkout's gateway and these services within the block, with the town in new databases.

    `settings` are those of all processes, beside what they need to find each other.
    """
    databases = {owner: postgres.new_database() for owner in OWNERS}
    bus_url = broker.url_of(broker.new_vhost(topology.policies(OWNERS)))
    make_keys(folder / "keys", OWNERS)
    (port,) = free_ports(1)
    environment = {
        "LYCEUM_DATA": str(folder),
        "LYCEUM_BUS_URL": bus_url,
        "PORT": str(port),
        "LYCEUM_SECRET_KEY": kept_secret(folder / "secret"),
        **settings,
    }
    with ExitStack() as stack:
        town = _built(checkout, databases, folder)
        processes = {"broker": broker.pid, "database": postgres.pid}

        def start(process: str, *command: str, **more: str) -> None:
            log, own = folder / f"{process}.log", environment | more
            starting = started("cli.main", *command, log=log, environment=own, checkout=checkout)
            processes[process] = stack.enter_context(starting).pid

        for owner in services:
            start(owner, "service", owner, LYCEUM_DATABASE_URL=databases[owner])
        start("gateway", "gateway")
        signer = Signer.load(HUMAN_ISSUER, folder / "keys" / HUMAN_ISSUER / "private.jwk")
        yield System(name, port, town, signer, bus_url, databases, processes)


def _built(checkout: Path, databases: dict[str, str], folder: Path) -> Town:
    """Have the checkout build the town."""
    file = folder / "town.json"
    subprocess.run(  # noqa: S603  # our own module
        [python_of(checkout), "-m", "cli.bench.town", str(file), json.dumps(databases)],
        env={**os.environ, "PYTHONPATH": str(checkout)},
        cwd=checkout,
        check=True,
    )
    return msgspec.json.decode(file.read_bytes(), type=Town)
