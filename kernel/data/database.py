"""Database engines and units of work: one engine a service, one session a unit of work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from kernel import context
from kernel.auth import Actor
from kernel.data import inbox, tenancy
from kernel.data.received import Received

#: Seconds after which PostgreSQL cancels a statement; no page needs as many.
STATEMENT_TIMEOUT = 15
#: Connections of a process at most. All that were needed at once are kept: a new one costs 10 ms, and prepares anew.
CONNECTIONS = 20
#: Executions after which psycopg prepares a statement on a connection: planning is half the work of most.
PREPARE_AFTER = 2
#: What PostgreSQL says of a prepared statement whose columns have changed their types. It has no code of its own.
OUTDATED_PLAN = "cached plan must not change result type"
#: PostgreSQL's code of errors like that one.
FEATURE_NOT_SUPPORTED = "0A000"
#: Seconds without use after which a pooled connection is pinged before its next use.
IDLE = 1.0


class BoundSession(Session):
    """A session that isolates tenants (`kernel.data.tenancy`)."""


tenancy.install(BoundSession)


def make_engine(url: str) -> Engine:
    """The engine for `url`: PostgreSQL by psycopg, or SQLite with foreign keys, WAL and immediate transactions.

    Error messages never contain statements' parameters, which hold personal data.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": STATEMENT_TIMEOUT})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        # the one used last comes first: a few connections have most statements prepared, and are not pinged
        pool_use_lifo=True,
        pool_timeout=STATEMENT_TIMEOUT,
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "prepare_threshold": PREPARE_AFTER,
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT}s -c timezone=UTC",
        },
    )
    _ping_after_idling(engine)
    event.listen(engine, "handle_error", _end_outdated_plans)
    return engine


def _end_outdated_plans(failure: ExceptionContext) -> None:
    """Replace the pool's connections where a prepared statement no longer fits its tables: one of them was migrated.

    The call is answered as when the database is away, and can be repeated.
    """
    error = failure.original_exception
    if getattr(error, "sqlstate", None) == FEATURE_NOT_SUPPORTED and OUTDATED_PLAN in str(error):
        failure.is_disconnect = True


def _ping_after_idling(engine: Engine) -> None:
    """Ping a pooled connection that was idle longer than `IDLE`; if it is dead, replace the whole pool.

    SQLAlchemy's `pool_pre_ping` pings before every transaction: one round trip in four. A connection used a moment ago
    needs no ping: it could as well break during the transaction.
    """

    def note_the_time(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()

    def ping(connection: Any, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or time.monotonic() - used_at <= IDLE:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", note_the_time)
    event.listen(engine, "checkout", ping)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # turns the driver's own BEGIN off, so that ours can be immediate
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class UnitOfWork:
    """Runs transactions: commits when the block ends, rolls back when it raises. Nothing else commits.

    A command with an idempotency key must call `inbox.answer`. Without it the block raises RuntimeError and is rolled
    back, because a repetition of the command would have no answer.
    """

    def __init__(self, engine: Engine, on_events: Callable[[], None] = lambda: None, consumer: str = "") -> None:
        """`on_events` is called after a commit that recorded events; `consumer` names the service in the inbox."""
        self.engine = engine
        self.sessions = sessionmaker(engine, class_=BoundSession, expire_on_commit=False)
        self.on_events = on_events
        #: Called after a commit that made a job due.
        self.on_jobs: list[Callable[[], None]] = []
        self.consumer = consumer
        # SQLite lets one transaction write at a time. Waiting inside SQLite would block all green threads, including
        # the one that has to end that transaction: so they wait for this lock.
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def __call__(self, actor: Actor) -> Iterator[Session]:
        """A transaction in the actor's tenant. A repeated command ends here: `AlreadyHandled` carries its answer."""
        call = context.current()
        with self._begin(lambda session: tenancy.bind(session, actor.tenant)) as session:
            if call is not None and call.idempotency_key:
                inbox.claim_command(session, call)
            yield session

    @contextmanager
    def once(self, received: Received[Any]) -> Iterator[Session]:
        """A transaction for an event's effects in the event's tenant. A duplicate raises `AlreadyHandled`."""

        def bind(session: Session) -> None:
            if received.tenant_id is None:
                tenancy.bind_everywhere(session)
            else:
                tenancy.bind(session, received.tenant_id)

        with self._begin(bind) as session:
            inbox.claim(session, received.consumer, received.message_id, received.tenant_id)
            yield session

    @contextmanager
    def everywhere(self, *, keyed: bool = True) -> Iterator[Session]:
        """A transaction over all tenants: for sign-in, timers and relays. Never select by a caller's ids alone.

        `keyed=False` ignores the call's idempotency key: for commands and answers with secrets, of which the inbox
        would keep a copy or a digest.
        """
        call = context.current()
        with self._begin(tenancy.bind_everywhere) as session:
            if keyed and call is not None and call.idempotency_key:
                inbox.claim_command(session, call)
            yield session

    @contextmanager
    def of(self, tenant_id: Any) -> Iterator[Session]:
        """A transaction in one tenant, for work that no caller asked for."""
        with self._begin(lambda session: tenancy.bind(session, tenant_id)) as session:
            yield session

    @contextmanager
    def _begin(self, bind: Callable[[Session], None]) -> Iterator[Session]:
        with self._turn, self.sessions() as session:
            bind(session)
            with session.begin():
                yield session
                inbox.check_answered(session)
            recorded, due = session.info.pop("outbox", False), session.info.pop("jobs", False)
        if recorded:
            self.on_events()
        for wake in self.on_jobs if due else ():
            wake()
