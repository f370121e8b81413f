"""Databases of services: PostgreSQL's made once for each process of tests and emptied, SQLite's copied.

Making a PostgreSQL database costs the server some 200 ms, deleting the rows that a test wrote about one. Tests of
migrations and of changes to tables make databases of their own (`postgres_url` in tests/conftest.py).
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from kernel.data import migrations
from kernel.data.database import make_engine
from servers.postgres import ADMIN, PostgresServer

Prepare = Callable[[str], None]
#: What Alembic keeps in a database, which is no row of a test.
KEPT = "alembic_version"
END_OTHERS = text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
#: For tests of what depends on the kind of database; all others run on PostgreSQL.
on_both = pytest.mark.parametrize("dialect", ["postgres", "sqlite"], indirect=True)


class Emptied:
    """A PostgreSQL database that tests use one after the other, each of them with no rows in it."""

    def __init__(self, server: PostgresServer, prepare: Prepare) -> None:
        """`prepare` makes the tables in the new database at the URL it is given."""
        self.url = server.new_database()
        prepare(self.url)
        self.engine = make_engine(self.url)
        # Row-level security binds the owner of the tables, and foreign keys would ask for an order: not the superuser.
        self._admin = make_engine(server.url_of(self.url.rpartition("/")[2], ADMIN))
        with self._admin.begin() as connection:
            query = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> :kept")
            tables = sorted(connection.scalars(query, {"kept": KEPT}))
        deletions = "; ".join(f'DELETE FROM "{table}"' for table in tables)
        self._deletions = text(f"SET LOCAL session_replication_role = replica; {deletions}")

    @contextmanager
    def used(self) -> Iterator[Engine]:
        """An engine for one test. Raises AssertionError where the test leaves a transaction open."""
        _replace_dead_connections(self.engine)
        try:
            yield self.engine
        finally:
            left = self.engine.pool.checkedout()  # type: ignore[attr-defined]  # SQLAlchemy's queue of connections
            if left:
                self.engine.dispose()
            _replace_dead_connections(self._admin)
            with self._admin.begin() as connection:
                if left:
                    connection.execute(END_OTHERS)  # they would keep their locks, and the next test from its rows
                connection.execute(self._deletions)
        assert not left, f"the test left {left} connections with a transaction open"

    def close(self) -> None:
        """Let go of the database; it ends with its server."""
        self.engine.dispose()
        self._admin.dispose()


def _replace_dead_connections(engine: Engine) -> None:
    """After a test that restarted the server: SQLAlchemy empties the pool when it meets the first of them."""
    with suppress(OperationalError), engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")


class Movable:
    """Gives engines of one SQLite file after another, and keeps what they have compiled of a service's statements."""

    def __init__(self, path: Path) -> None:
        """It is of this file at first."""
        self._engine = make_engine(f"sqlite:///{path}")
        event.listen(self._engine, "do_connect", self._connect_there)

    def move(self, path: Path) -> Engine:
        """Let go of its file; the engine of this one. Services keep things by the engine: it is a new one."""
        self._engine.dispose()
        self._engine.url = self._engine.url.set(database=str(path))
        return self._engine.execution_options()

    def _connect_there(self, _dialect: Any, _record: Any, arguments: list[Any], _options: dict[str, Any]) -> None:
        arguments[0] = self._engine.url.database


class Engines:
    """Engines of SQLite files, each used by one test after another: a third of such a test is compiling statements."""

    def __init__(self) -> None:
        self._idle: dict[str, list[Movable]] = defaultdict(list)

    @contextmanager
    def of(self, files: Mapping[str, Path]) -> Iterator[dict[str, Engine]]:
        """Service → an engine of its file, which nobody else uses within the block."""
        taken = {name: self._idle[name].pop() if self._idle[name] else Movable(path) for name, path in files.items()}
        engines = {name: one.move(files[name]) for name, one in taken.items()}
        yield engines
        for name, one in taken.items():
            engines[name].dispose()
            self._idle[name].append(one)


class Databases:
    """The databases of one process of tests, each made when the first test asks for it."""

    def __init__(self, folder: Path) -> None:
        """`folder` keeps the templates of SQLite's."""
        self._folder = folder
        self._emptied: dict[str, Emptied] = {}

    @contextmanager
    def of(
        self, name: str, server: PostgresServer | None, folder: Path, prepare: Prepare | None = None
    ) -> Iterator[Engine]:
        """An engine of the database of this name, without rows, for one test.

        It is on this PostgreSQL server; without one, a SQLite file in `folder`. `prepare` makes the tables at the
        URL it is given, once; without it, `name` is a service and has its newest schema.
        """
        prepare = prepare or partial(migrations.upgrade, name)
        if server is not None:
            if name not in self._emptied:
                self._emptied[name] = Emptied(server, prepare)
            with self._emptied[name].used() as engine:
                yield engine
            return
        path = folder / f"{name}.sqlite"
        shutil.copy(self.template(name, prepare), path)
        engine = make_engine(f"sqlite:///{path}")
        try:
            yield engine
        finally:
            engine.dispose()

    def template(self, name: str, prepare: Prepare | None = None) -> Path:
        """A SQLite file with the tables of that database, to be copied."""
        path = self._folder / f"{name}.sqlite"
        if not path.exists():
            (prepare or partial(migrations.upgrade, name))(f"sqlite:///{path}")
        return path

    def close(self) -> None:
        """Let go of all of them."""
        for one in self._emptied.values():
            one.close()
