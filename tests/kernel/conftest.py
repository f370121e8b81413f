"""A bell for the tests of the kernel: one process for each module of tests, a tenant for each test."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from kernel.bus import topology
from kernel.bus.client import Client
from kernel.bus.embedded import EmbeddedBroker, EmbeddedClient
from kernel.bus.interface import Delivery
from kernel.data.database import UnitOfWork
from kernel.errors import LyceumError
from kernel.running.starting import runner_of
from kernel.waiting import eventually
from servers.rabbit import RabbitBroker
from tests.kernel.bell import BellService, make_tables
from tests.kernel.processes import Caller, Home, answering, client_of, end
from tests.kernel.stage import Stage, in_the_hub, publish_to


@pytest.fixture(scope="module")
def bell_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Keys, tables and settings."""
    return Home(tmp_path_factory.mktemp("bell"))


@pytest.fixture(scope="module")
def bus_url(rabbit: RabbitBroker) -> Iterator[str]:
    """A virtual host with the policies of an installation."""
    name = rabbit.new_vhost(topology.policies(["bell"]))
    yield rabbit.url_of(name)
    rabbit.discard_vhost(name)


@pytest.fixture(scope="module")
def client(bus_url: str) -> Iterator[Client]:
    with client_of(bus_url) as made:
        yield made


@pytest.fixture(scope="module")
def bell(bell_home: Home, bus_url: str, client: Client) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the bell that answers."""
    process = bell_home.start(bus_url)
    try:
        answering(client)
        yield process
    finally:
        end(process)


@pytest.fixture
def token_of(bell_home: Home) -> Callable[[UUID], str]:
    return bell_home.token_of


@pytest.fixture
def caller(bell: subprocess.Popen[bytes], bell_home: Home, client: Client) -> Caller:
    """A teacher of a new tenant, who calls the bell."""
    tenant = uuid4()
    return Caller(client, bell_home.token_of(tenant), tenant)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Stage]:
    home, broker, tenant = Home(tmp_path), EmbeddedBroker(), uuid4()
    running = runner_of([BellService], home.settings, broker=broker)
    running.start()

    def send(queue: str, body: bytes, properties: dict[str, Any]) -> None:
        broker.takers[queue](Delivery(queue, body, **({"headers": {}} | properties)))

    yield Stage(home, Caller(EmbeddedClient(broker), home.token_of(tenant), tenant), send, in_the_hub)
    running.stop()


@pytest.fixture
def on_rabbit(caller: Caller, bell_home: Home, bus_url: str) -> Stage:
    def wait(condition: Callable[[], Any], what: str) -> Any:
        return eventually(condition, 15, what, ignoring=(LyceumError,))

    return Stage(bell_home, caller, lambda *message: publish_to(bus_url, *message), wait)


@pytest.fixture(params=["embedded", pytest.param("on_rabbit", marks=pytest.mark.broker)])
def stage(request: pytest.FixtureRequest) -> Stage:
    made: Stage = request.getfixturevalue(request.param)
    return made


@pytest.fixture(params=["sqlite", "postgres"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Both kinds of database: the machinery has to work on either."""
    return str(request.param)


@pytest.fixture
def unit_of_work(database: Callable[..., Engine]) -> UnitOfWork:
    """The bell's tables in an empty database: once on SQLite, once on PostgreSQL."""
    return UnitOfWork(database("bell", make_tables), consumer="bell")
