"""A unit of work commits as a whole or not at all, and nothing of people's data is in its errors."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, event, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.clock import now
from kernel.context import Call, handling
from kernel.data import outbox
from kernel.data.database import UnitOfWork, make_engine
from kernel.data.failures import as_lyceum_error
from kernel.data.inbox import InboxRow
from kernel.data.outbox import OutboxRow
from kernel.errors import Forbidden, Unavailable
from servers.postgres import PostgresServer
from tests.kernel.bell import FellSilent, Sound, Tick, make_tables


def tick(session: Session, note: str = "") -> None:
    session.execute(insert(Tick), [{"at": now(), "process": 1, "note": note}])


def tick_fall_silent_and_fail(unit_of_work: UnitOfWork) -> None:
    with unit_of_work.everywhere() as session:
        tick(session)
        outbox.record(session, FellSilent(bell_id=uuid4()))
        raise ZeroDivisionError


def ticks(unit_of_work: UnitOfWork) -> int:
    with unit_of_work.everywhere() as session:
        return session.scalars(select(func.count()).select_from(Tick)).one()


def test_what_a_block_did_is_kept_when_it_ends(unit_of_work: UnitOfWork):
    with unit_of_work.everywhere() as session:
        tick(session)
    assert ticks(unit_of_work) == 1


def test_nothing_a_block_did_is_kept_when_it_raises(unit_of_work: UnitOfWork):
    with pytest.raises(ZeroDivisionError):
        tick_fall_silent_and_fail(unit_of_work)
    assert ticks(unit_of_work) == 0
    with unit_of_work.everywhere() as session:
        assert session.scalars(select(OutboxRow)).all() == []


def test_the_relay_is_woken_after_a_commit_that_recorded_events_and_only_then(unit_of_work: UnitOfWork):
    seen: list[int] = []
    unit_of_work.on_events = lambda: seen.append(ticks(unit_of_work))
    with unit_of_work.everywhere() as session:
        tick(session)
    with pytest.raises(ZeroDivisionError):
        tick_fall_silent_and_fail(unit_of_work)
    assert seen == []
    with unit_of_work.everywhere() as session:
        tick(session)
        outbox.record(session, FellSilent(bell_id=uuid4()))
    assert seen == [2]


def test_an_actor_without_a_tenant_gets_no_transaction(unit_of_work: UnitOfWork):
    with pytest.raises(Forbidden) as refused, unit_of_work(Actor(None)):
        pass
    assert refused.value.rule == "school-required"


def test_values_of_a_statement_are_not_in_its_error(unit_of_work: UnitOfWork):
    secret = "Ivanova is ill"
    twice = [{"id": 1, "at": now(), "process": 1, "note": secret}] * 2
    with pytest.raises(IntegrityError) as failed, unit_of_work.everywhere() as session:
        session.execute(insert(Tick), twice)
    assert secret not in str(failed.value)


def test_a_command_s_key_is_passed_over_where_its_answer_is_a_secret(unit_of_work: UnitOfWork):
    call = Call(idempotency_key="k", account_id=uuid4(), operation="bell.secret", fingerprint="f")
    with handling(call):
        for _ in range(2):
            with unit_of_work.everywhere(keyed=False) as session:
                tick(session)
    assert ticks(unit_of_work) == 2
    with unit_of_work.everywhere() as session:
        assert session.scalars(select(InboxRow)).all() == []


def test_many_threads_write_one_after_the_other_and_none_fails(unit_of_work: UnitOfWork):
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(20):
                with unit_of_work.of(uuid4()) as session:
                    before = session.scalars(select(func.count()).select_from(Sound)).one()
                    tick(session)
                    assert before == 0
        except BaseException as error:  # noqa: BLE001  # reported below, in the thread of the test
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert ticks(unit_of_work) == 160


def test_two_processes_may_write_to_one_sqlite_file(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'shared.sqlite'}"
    make_tables(url)
    first, second = (UnitOfWork(make_engine(url)) for _ in range(2))  # two engines, as two processes have
    held, waits = threading.Event(), threading.Thread(target=lambda: write_after(held, second))
    waits.start()
    with first.everywhere() as session:
        tick(session)
        held.set()
        tick(session)
    waits.join(20)
    assert ticks(first) == 3
    for one in (first, second):
        one.engine.dispose()


def write_after(held: threading.Event, unit_of_work: UnitOfWork) -> None:
    held.wait(10)
    with unit_of_work.everywhere() as session:
        tick(session)


def test_sqlite_minds_foreign_keys(tmp_path: Path):
    engine = make_engine(f"sqlite:///{tmp_path / 'keys.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE a (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE b (a INTEGER REFERENCES a)"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO b VALUES (7)"))
    engine.dispose()


def test_postgres_ends_a_statement_that_takes_too_long(postgres_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kernel.data.database.STATEMENT_TIMEOUT", 1)
    engine = make_engine(postgres_url)
    with pytest.raises(DBAPIError, match="statement timeout"), engine.begin() as connection:
        connection.execute(text("SELECT pg_sleep(20)"))
    engine.dispose()


def end_backend_of_idle_connection(engine: Engine, postgres_url: str) -> None:
    with engine.begin() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = make_engine(postgres_url)
    with other.begin() as connection:
        assert connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend}).scalar_one()
    other.dispose()


def test_a_connection_that_died_while_idle_is_replaced(postgres_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kernel.data.database.IDLE", 0)
    engine = make_engine(postgres_url)
    end_backend_of_idle_connection(engine, postgres_url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()


def test_connections_that_were_needed_at_once_are_kept_and_the_one_used_last_comes_first(postgres_url: str) -> None:
    engine, opened = make_engine(postgres_url), []
    event.listen(engine, "connect", lambda connection, _record: opened.append(connection))

    def backend(connection: Connection) -> int:
        return int(connection.scalar(text("SELECT pg_backend_pid()")))

    for _ in range(2):
        with ExitStack() as stack:
            at_once = [backend(stack.enter_context(engine.connect())) for _ in range(15)]
        assert len(opened) == len(set(at_once)) == 15
    for _ in range(2):
        with engine.connect() as connection:
            assert backend(connection) == at_once[0]  # it was given back last
    engine.dispose()


def test_a_connection_that_was_just_used_is_not_asked(postgres_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kernel.data.database.IDLE", 3600)
    engine = make_engine(postgres_url)
    end_backend_of_idle_connection(engine, postgres_url)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text("SELECT 1"))
    with engine.begin() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1, "the first failure empties the pool"
    engine.dispose()


class TestPreparedStatements:
    """PostgreSQL keeps plans for each connection."""

    @pytest.fixture
    def engine(self, postgres_url: str) -> Iterator[Engine]:
        made = make_engine(postgres_url)
        with made.begin() as connection:
            connection.execute(text("CREATE TABLE shelf (place integer)"))
            connection.execute(text("INSERT INTO shelf VALUES (1)"))
        yield made
        made.dispose()

    @staticmethod
    def places(engine: Engine) -> list[int]:
        with engine.begin() as connection:  # a rollback would make psycopg forget what it prepared
            return list(connection.scalars(text("SELECT place FROM shelf")))

    def test_a_statement_that_comes_again_is_prepared(self, engine: Engine):
        for _ in range(4):
            self.places(engine)
        with engine.connect() as connection:
            prepared = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
        assert "SELECT place FROM shelf" in prepared

    def test_a_migration_beside_it_costs_one_call_that_can_be_repeated(self, engine: Engine, postgres_url: str):
        for _ in range(4):
            self.places(engine)
        beside = make_engine(postgres_url)
        with beside.begin() as connection:
            connection.execute(text("ALTER TABLE shelf ALTER place TYPE bigint"))
        beside.dispose()
        with pytest.raises(DBAPIError) as outdated:
            self.places(engine)
        told = as_lyceum_error(outdated.value)
        assert (type(told), told.rule) == (Unavailable, "database-away")
        assert self.places(engine) == [1]

    @pytest.mark.slow
    @pytest.mark.postgres
    def test_another_server_that_takes_over_is_asked_after_one_call_that_can_be_repeated(self, tmp_path: Path):
        first = PostgresServer(tmp_path / "first", durable=False)
        with ExitStack() as stack:
            stack.enter_context(first)
            engine = make_engine(first.create_database("library"))
            stack.callback(engine.dispose)
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE shelf (place integer)"))
                connection.execute(text("INSERT INTO shelf VALUES (1)"))
            for _ in range(4):
                self.places(engine)
            first.stop()
            # the other one has all that was committed, and nothing that was prepared
            subprocess.run(["cp", "-a", str(first.folder), str(tmp_path / "second")], check=True)
            stack.enter_context(PostgresServer(tmp_path / "second", port=first.port, durable=False))
            with pytest.raises(DBAPIError) as lost:
                self.places(engine)
            assert as_lyceum_error(lost.value).rule == "database-away"
            for _ in range(4):
                assert self.places(engine) == [1]
