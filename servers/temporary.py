"""Temporary servers for tests and benchmarks: each runs within a `with` block and leaves nothing behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker


@contextmanager
def rabbit_broker() -> Iterator[RabbitBroker]:
    """A temporary broker. Raises `MissingBinary`."""
    with tempfile.TemporaryDirectory(prefix="lyceum-rabbit-") as folder, RabbitBroker(Path(folder)) as broker:
        yield broker


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A temporary, fast database server (`durable=False`). Raises `MissingBinary`."""
    with tempfile.TemporaryDirectory(prefix="lyceum-postgres-") as folder:
        path = Path(folder)
        path.chmod(0o711)  # where we are root, PostgreSQL's user has to pass through
        with PostgresServer(path, durable=False) as server:
            yield server
