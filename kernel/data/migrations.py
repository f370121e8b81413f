"""Migrations of the services' databases by Alembic, and PostgreSQL's row-level security for tenants.

A service's scripts are in `services/<name>/migrations`: an `env.py` that calls `run(Base.metadata)`, and
numbered `versions`. There is no `alembic.ini`: this module configures Alembic.
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

# Imported for their tables: every module of the kernel that declares tables must be imported here.
from kernel.data import inbox, leases, outbox, parking, policies, tenancy
from kernel.data.base import Base
from kernel.data.database import make_engine
from kernel.data.jobs import JobBase

#: Key of the advisory lock with which one replica migrates while the others wait; an arbitrary constant.
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

#: Alembic keeps its context in module variables, so a process runs one migration at a time.
_turn = threading.Lock()


class MigrationFailed(RuntimeError):
    """A service has no migrations, or a migration left rows that refer to missing rows."""


def upgrade(service: str, url: str, revision: str = "head") -> None:
    """Migrate the database at `url` to the newest schema of `service`, or to a `revision`, in one transaction.

    Several replicas may call it at once: one migrates, the others wait and then find nothing to do.
    """
    with _migrating(url) as connection:
        command.upgrade(_config(service, connection), revision)


def differences(service: str, url: str) -> list[Any]:
    """The differences between the database at `url` and the tables that the code declares; empty where they agree.

    They are Alembic's operations, and on PostgreSQL `("unprotected", table)` for a tenant's table without `protect`.
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


def run(target_metadata: MetaData, *, jobs: bool = False) -> None:
    """Run Alembic's current command with these tables; a service's `env.py` calls it. `jobs`: the service has jobs."""
    connection = context.config.attributes["connection"]
    partitions = _partitions(connection)
    context.configure(
        connection=connection,
        target_metadata=[target_metadata, KERNEL_METADATA, *([JobBase.metadata] if jobs else [])],
        include_name=lambda name, kind, _parents: kind != "table" or name not in partitions,
        compare_type=True,
        render_as_batch=True,
    )
    context.run_migrations()


def create_kernel_tables(op: Any) -> None:
    """Create the kernel's own tables (outbox, inbox, timers, parked messages) in a service's first migration.

    When such a table changes later, this function keeps creating its first form; a new function, called by the next
    migration of every service, changes it.
    """
    KERNEL_METADATA.create_all(op.get_bind(), checkfirst=False)


def create_job_table(op: Any) -> None:
    """Create the table of jobs (`kernel.data.jobs`) of a service that has them, in its first form as above."""
    JobBase.metadata.create_all(op.get_bind(), checkfirst=False)


def protect(op: Any, table: str, column: str) -> None:
    """Make PostgreSQL isolate the rows of `table` by the tenant in `column`; does nothing on SQLite.

    It binds the table's owner too. A transaction sees no rows unless it sets a tenant (`kernel.data.tenancy` does).
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    for statement in policies.protecting(table, column):
        op.execute(statement)


def renew_policies(op: Any, column: str) -> None:
    """Give every protected table, whose tenant is in `column`, the policy that `protect` gives a new one."""
    if op.get_bind().dialect.name != "postgresql":
        return
    protected = text("SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'tenant'")
    allowed = policies.allowed(column)
    for table in sorted(op.get_bind().scalars(protected)):
        op.execute(f"ALTER POLICY tenant ON {table} USING ({allowed}) WITH CHECK ({allowed})")


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
    """A transaction over all tenants, which only one replica at a time can enter."""
    engine = make_engine(url)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:  # Alembic rebuilds a table by dropping the old one: with foreign keys on, that deletes rows
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


def _partitions(connection: Connection) -> dict[str, str]:
    """Partition → its table. The code declares the table only."""
    if connection.dialect.name != "postgresql":
        return {}
    found = text(
        "SELECT part.relname, whole.relname FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid"
        " JOIN pg_class whole ON whole.oid = inhparent WHERE part.relkind = 'r'"
    )
    return {part: whole for part, whole in connection.execute(found)}  # noqa: C416  # rows, no pairs for mypy


def _unprotected(migration: MigrationContext, expected: list[MetaData]) -> list[str]:
    connection = migration.connection
    assert connection is not None
    if connection.dialect.name != "postgresql":
        return []
    protected = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    tables = {table.name for table in _tenants_tables(tenancy.TenantRow, expected)}
    tables |= {part for part, whole in _partitions(connection).items() if whole in tables}
    return sorted(tables - set(connection.scalars(protected)))


def _tenants_tables(cls: type[tenancy.TenantRow], expected: list[MetaData]) -> Iterator[Table]:
    for mapped in cls.__subclasses__():
        table: Table | None = getattr(mapped, "__table__", None)
        if table is not None and table.metadata in expected:
            yield table
        yield from _tenants_tables(mapped, expected)
