"""Schemas of the services' databases: kept up to date by Alembic, walled by PostgreSQL's row-level security.

A service's scripts lie in `services/<name>/migrations`: an `env.py` that calls `run(Base.metadata)`, and
numbered `versions`. There is no `alembic.ini`: everything comes from here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, event, text

# Imported for their tables, which belong to `kernel.data.base`: a module of the kernel with tables stands here.
from kernel.data import inbox, leases, outbox, parking, tenancy
from kernel.data.base import Base
from kernel.data.database import make_engine

#: Key of the advisory lock under which one replica migrates while the others wait. Any constant would do.
LOCK = 7_106_312_019
KERNEL_METADATA = Base.metadata
KERNEL_TABLES = (
    outbox.OutboxRow,
    inbox.InboxRow,
    leases.TimerRow,
    parking.ParkedMessage,
    parking.ParkingDecision,
)
assert {table.__table__ for table in KERNEL_TABLES} == set(KERNEL_METADATA.tables.values())

#: Alembic keeps its context in variables of its modules: one migration at a time within a process.
_turn = threading.Lock()


class MigrationFailed(RuntimeError):
    """A service has no migrations where they are looked for, or one of them left the data inconsistent."""


def upgrade(service: str, url: str) -> None:
    """Bring the database at `url` to the newest schema of `service`, in one transaction.

    Several replicas may do so at once: one works, the others wait and find nothing left to do.
    """
    with _migrating(url) as connection:
        command.upgrade(_config(service, connection), "head")


def differences(service: str, url: str) -> list[Any]:
    """In what the database at `url` differs from the tables that the code declares; empty where in nothing.

    Alembic's operations, and on PostgreSQL `("unprotected", table)` for a tenant's table without `protect`.
    """
    found: list[Any] = []

    def compare(_revision: Any, migration: MigrationContext) -> list[Any]:
        expected = migration.opts["target_metadata"]
        found.extend(compare_metadata(migration, expected))
        found.extend(("unprotected", name) for name in _unprotected(migration, expected))
        return []

    with _migrating(url) as connection:
        config = _config(service, connection)
        scripts = ScriptDirectory.from_config(config)
        with EnvironmentContext(config, scripts, fn=compare, dont_mutate=True):
            scripts.run_env()
    return found


def run(target_metadata: MetaData) -> None:
    """What a service's `env.py` does: the present command of Alembic, with these tables."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=[target_metadata, KERNEL_METADATA],
        compare_type=True,
        render_as_batch=True,
    )
    context.run_migrations()


def create_kernel_tables(op: Any) -> None:
    """Make the kernel's own tables (outbox, inbox, timers, parked messages): a service's first migration does.

    When such a table changes later, this keeps making its first form, and a function beside it, called by the
    next migration of every service, makes the change.
    """
    KERNEL_METADATA.create_all(op.get_bind(), checkfirst=False)


def protect(op: Any, table: str, column: str) -> None:
    """Let PostgreSQL itself keep the rows of `table` to the tenant named in `column`; nothing on SQLite.

    Its owner is bound too. A transaction that names no tenant sees no row (`kernel.data.tenancy` names it).
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    setting = f"current_setting('{tenancy.SETTING}', true)"
    everywhere = f"{setting} = '{tenancy.EVERYWHERE}'"
    # the setting is cast, not the column, so that an index on the column still serves; '' is "no tenant"
    own = f"{column} = nullif(nullif({setting}, ''), '{tenancy.EVERYWHERE}')::uuid"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({everywhere} OR {own}) WITH CHECK ({everywhere} OR {own})")


def _config(service: str, connection: Connection) -> Config:
    found = find_spec(f"services.{service}")
    folders = list(found.submodule_search_locations or ()) if found else []
    folder = Path(folders[0], "migrations") if folders else Path("services", service, "migrations")
    if not (folder / "env.py").is_file():
        raise MigrationFailed(f"{folder} holds no migrations of the service {service}: there is no env.py.")
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


@contextmanager
def _migrating(url: str) -> Iterator[Connection]:
    """A transaction over all tenants that no other replica can be in at the same time."""
    engine = make_engine(url)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:  # rebuilding a table drops the old one, which foreign keys would turn into deleted rows
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
    try:
        with _turn, engine.begin() as connection:
            if not sqlite:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
                connection.execute(
                    text("SELECT set_config(:setting, :everywhere, true)"),
                    {"setting": tenancy.SETTING, "everywhere": tenancy.EVERYWHERE},
                )
            yield connection
            if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).first()):
                raise MigrationFailed(f"A row of {broken[0]} refers to a missing row of {broken[2]}.")
    finally:
        engine.dispose()


def _unprotected(migration: MigrationContext, expected: list[MetaData]) -> list[str]:
    connection = migration.connection
    assert connection is not None
    if connection.dialect.name != "postgresql":
        return []
    protected = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    tables = {table.name for table in _tenants_tables(tenancy.TenantRow, expected)}
    return sorted(tables - set(connection.scalars(protected)))


def _tenants_tables(cls: type[tenancy.TenantRow], expected: list[MetaData]) -> Iterator[Table]:
    for mapped in cls.__subclasses__():
        table: Table | None = getattr(mapped, "__table__", None)
        if table is not None and table.metadata in expected:
            yield table
        yield from _tenants_tables(mapped, expected)
