"""The tables of access, asked of the system that `lyceum up` runs: over HTTP, and over RabbitMQ past the gateway."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.running import asked
from tests.e2e.stack import Stack, on_the_real_stack
from tests.gateway.access.matrix import Matrix
from tests.gateway.access.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow, on_the_real_stack]


@pytest.fixture(scope="module")
def world(stack: Stack) -> Iterator[World]:
    with asked(stack) as system:
        yield World(system)


class TestRunning(Matrix):
    """gunicorn, RabbitMQ, five services, PostgreSQL."""

    thorough = False
