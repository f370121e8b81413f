"""Servers for tests and measurements: each lives as long as its block and leaves nothing behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker


@contextmanager
def rabbit_broker() -> Iterator[RabbitBroker]:
    """A broker that runs within the block and leaves nothing behind. Raises `MissingBinary`."""
    with tempfile.TemporaryDirectory(prefix="lyceum-rabbit-") as folder, RabbitBroker(Path(folder)) as broker:
        yield broker


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A fast database server that runs within the block and leaves nothing behind. Raises `MissingBinary`."""
    with tempfile.TemporaryDirectory(prefix="lyceum-postgres-") as folder:
        path = Path(folder)
        path.chmod(0o711)  # the user who runs PostgreSQL where we are root passes through
        with PostgresServer(path, durable=False) as server:
            yield server
