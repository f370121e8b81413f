"""A database that many tests use is empty for each of them, whatever the one before did to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, func, select, table, text

from kernel.data.database import make_engine
from servers.postgres import PostgresServer
from tests.kit.databases import Emptied, Engines


def make_tables(url: str) -> None:
    """Two tables, one refers to the other, and a wall that hides every row from the tables' owner."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE lesson (id uuid PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE a_mark (lesson_id uuid REFERENCES lesson)"))
        connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
        connection.execute(text("ALTER TABLE a_mark ENABLE ROW LEVEL SECURITY"))
        connection.execute(text("ALTER TABLE a_mark FORCE ROW LEVEL SECURITY"))
        connection.execute(text("CREATE POLICY blind ON a_mark USING (false) WITH CHECK (true)"))
    engine.dispose()


@pytest.fixture(scope="module")
def emptied(postgres: PostgresServer) -> Iterator[Emptied]:
    made = Emptied(postgres, make_tables)
    yield made
    made.close()


def counts(emptied: Emptied, postgres: PostgresServer) -> dict[str, int]:
    """Rows of each table, as the superuser sees them."""
    engine = make_engine(postgres.url_of(emptied.url.rpartition("/")[2], "postgres"))
    with engine.begin() as connection:
        found = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("lesson", "a_mark", "alembic_version")
        }
    engine.dispose()
    return found


def write(emptied: Emptied) -> None:
    with emptied.engine.begin() as connection:
        lesson = {"id": uuid4()}
        connection.execute(text("INSERT INTO lesson VALUES (:id)"), lesson)
        connection.execute(text("INSERT INTO a_mark VALUES (:id)"), lesson)


EMPTY = {"lesson": 0, "a_mark": 0, "alembic_version": 1}


def test_all_rows_are_deleted_also_those_that_the_owner_does_not_see(emptied: Emptied, postgres: PostgresServer):
    with emptied.used():
        write(emptied)
        assert counts(emptied, postgres) == {"lesson": 1, "a_mark": 1, "alembic_version": 1}
    assert counts(emptied, postgres) == EMPTY


def fail_having_written(emptied: Emptied) -> None:
    with emptied.used():
        write(emptied)
        raise RuntimeError("the test failed")


def test_rows_are_deleted_after_a_test_that_failed(emptied: Emptied, postgres: PostgresServer):
    with pytest.raises(RuntimeError, match="the test failed"):
        fail_having_written(emptied)
    assert counts(emptied, postgres) == EMPTY


def leave_a_transaction_open(emptied: Emptied, left: list[Connection]) -> None:
    with emptied.used() as engine:
        write(emptied)
        left.append(engine.connect())
        left[0].execute(text("UPDATE lesson SET id = id"))


def test_a_test_that_leaves_a_transaction_open_fails_and_the_next_one_is_not_held_up(
    emptied: Emptied, postgres: PostgresServer
):
    left: list[Connection] = []
    with pytest.raises(AssertionError, match="left 1 connections"):
        leave_a_transaction_open(emptied, left)
    assert counts(emptied, postgres) == EMPTY
    with emptied.used():
        write(emptied)
    left[0].invalidate()
    left[0].close()


def test_a_database_whose_connections_died_is_emptied_over_new_ones(emptied: Emptied, postgres: PostgresServer):
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name"
    with emptied.used():
        write(emptied)
        engine = make_engine(postgres.url)
        with engine.begin() as connection:
            connection.execute(text(others), {"name": emptied.url.rpartition("/")[2]})
        engine.dispose()
    assert counts(emptied, postgres) == EMPTY
    with emptied.used():
        write(emptied)


def test_an_engine_knows_what_the_one_before_compiled_and_is_of_another_file(tmp_path: Path):
    engines, compiled, seen = Engines(), [], []
    counted = select(func.count()).select_from(table("lesson"))
    for place in ("first", "second"):
        file = tmp_path / f"{place}.sqlite"
        with engines.of({"gradebook": file}) as used, engines.of({"gradebook": tmp_path / "beside.sqlite"}) as beside:
            seen += [used["gradebook"], beside["gradebook"]]
            with used["gradebook"].begin() as connection:
                connection.execute(text("CREATE TABLE lesson (id text)"))
                (_, _, path) = connection.execute(text("PRAGMA database_list")).one()
                compiled.append(connection.execute(counted).context.compiled)  # type: ignore[attr-defined]  # SQLAlchemy types no context
            assert (path, used["gradebook"].url.database) == (str(file), str(file))
    assert compiled[0] is compiled[1]
    assert len({id(one) for one in seen}) == len(seen), "services keep by the engine what they have read"
