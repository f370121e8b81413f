"""Schemas are brought up to date as a whole, by one process at a time, and compared with what the code declares."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from sqlalchemy import inspect, text

from kernel.data import migrations
from kernel.data.database import make_engine
from kernel.data.migrations import MigrationFailed, differences, upgrade
from kernel.data.policies import protecting
from tests.kernel.processes import ROOT

ENVIRONMENT = "from kernel.data.migrations import run\nfrom tests.kernel.bell import Base\n\nrun(Base.metadata)\n"
FIRST = """
    from alembic import op
    from tests.kernel.bell import Base
    from kernel.data.migrations import create_kernel_tables, protect

    revision, down_revision = "0001", None

    def upgrade():
        create_kernel_tables(op)
        Base.metadata.create_all(op.get_bind())
        protect(op, "sound", "school_id")
"""


@pytest.fixture
def belfry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of migrations of a service `belfry`, found from the current directory."""
    folder = tmp_path / "services" / "belfry" / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENVIRONMENT)
    add(folder, "0001", FIRST)
    monkeypatch.chdir(tmp_path)
    return folder


def add(folder: Path, revision: str, script: str) -> None:
    (folder / "versions" / f"{revision}.py").write_text(dedent(script))


def follow(folder: Path, *statements: str) -> None:
    """A second migration, of these statements."""
    body = "".join(f"\n    op.execute({statement!r})" for statement in statements)
    add(folder, "0002", f"from alembic import op\nrevision, down_revision = '0002', '0001'\ndef upgrade():{body}\n")


def tables(url: str) -> set[str]:
    engine = make_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_an_empty_database_becomes_what_the_code_declares(belfry: Path, database_url: str):
    upgrade("belfry", database_url)
    assert tables(database_url) >= {"sound", "tick", "outbox", "inbox", "timer", "parked_message"}
    assert differences("belfry", database_url) == []


def test_a_database_that_is_up_to_date_is_left_as_it_is(belfry: Path, database_url: str):
    upgrade("belfry", database_url)
    upgrade("belfry", database_url)
    assert differences("belfry", database_url) == []


def test_a_column_that_no_migration_makes_is_a_difference(belfry: Path, database_url: str):
    follow(belfry, "ALTER TABLE tick DROP COLUMN note")
    upgrade("belfry", database_url)
    assert [(found[0], found[3].name) for found in differences("belfry", database_url)] == [("add_column", "note")]


def test_a_tenant_s_table_without_its_wall_is_a_difference(belfry: Path, postgres_url: str):
    add(belfry, "0001", FIRST.replace('protect(op, "sound", "school_id")', ""))
    upgrade("belfry", postgres_url)
    assert differences("belfry", postgres_url) == [("unprotected", "sound")]


@pytest.mark.parametrize("protected", [True, False])
def test_a_partition_is_no_difference_but_needs_the_wall_as_well(belfry: Path, postgres_url: str, protected: bool):
    whole, part = "CREATE TABLE sound_whole (LIKE sound INCLUDING INDEXES) PARTITION BY RANGE (id)", "sound_rest"
    follow(
        belfry,
        whole,
        "DROP TABLE sound",
        "ALTER TABLE sound_whole RENAME TO sound",
        *protecting("sound", "school_id"),
        f"CREATE TABLE {part} PARTITION OF sound DEFAULT",
        *(protecting(part, "school_id") if protected else ()),
    )
    upgrade("belfry", postgres_url)
    assert differences("belfry", postgres_url) == ([] if protected else [("unprotected", part)])


def test_a_migration_that_fails_leaves_nothing_behind(belfry: Path, database_url: str):
    follow(belfry, "CREATE TABLE half (id INTEGER)", "SELECT * FROM no_such_table")
    with pytest.raises(Exception, match="no_such_table"):
        upgrade("belfry", database_url)
    assert tables(database_url) == set()


def test_sqlite_rows_that_refer_to_nothing_undo_a_migration(belfry: Path, tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'belfry.sqlite'}"
    follow(
        belfry,
        "CREATE TABLE a (id INTEGER PRIMARY KEY)",
        "CREATE TABLE b (a INTEGER REFERENCES a)",
        "INSERT INTO b VALUES (7)",
    )
    with pytest.raises(MigrationFailed, match="A row of b refers to a missing row of a"):
        upgrade("belfry", url)
    assert tables(url) == set()


def test_a_service_without_migrations_is_named(tmp_path: Path):
    with pytest.raises(MigrationFailed, match="spire"):
        upgrade("spire", f"sqlite:///{tmp_path / 'spire.sqlite'}")


@pytest.mark.slow
def test_replicas_that_start_at_once_migrate_one_after_the_other(belfry: Path, postgres_url: str):
    follow(belfry, "CREATE TABLE once (id INTEGER)", "SELECT pg_sleep(0.5)")
    program = f"from kernel.data.migrations import upgrade; upgrade('belfry', {postgres_url!r})"
    replicas = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {program}"],
            cwd=belfry.parents[2],
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    told = [(replica.communicate(timeout=60)[1], replica.returncode) for replica in replicas]
    assert [status for _, status in told] == [0, 0], told
    assert "once" in tables(postgres_url)


def test_one_who_migrates_waits_for_who_came_first(belfry: Path, postgres_url: str):
    """Shown by the lock's being held: the statement that would take it meanwhile is ended by its timeout."""
    engine = make_engine(postgres_url)
    taking = text("SELECT pg_try_advisory_xact_lock(:key)")
    with migrations._migrating(postgres_url), engine.begin() as other:
        assert other.scalar(taking, {"key": migrations.LOCK}) is False
    with engine.begin() as other:
        assert other.scalar(taking, {"key": migrations.LOCK}) is True
    engine.dispose()
