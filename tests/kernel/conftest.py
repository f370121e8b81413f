"""A bell for the tests of the kernel: one process for each module of tests, a tenant for each test."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest

from kernel import topology
from kernel.rabbit_server import RabbitBroker
from kernel.rpc import Client
from tests.kernel.processes import Caller, Home, answering, client_of, end


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
