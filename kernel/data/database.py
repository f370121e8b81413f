"""One engine for each service, one session for each unit of work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from kernel import context
from kernel.auth import Actor
from kernel.data import inbox, tenancy
from kernel.data.columns import UtcDateTime
from kernel.data.received import Received

#: Seconds a statement may take before PostgreSQL ends it: a page never needs as much.
STATEMENT_TIMEOUT = 15
POOL_SIZE = 10
#: Seconds after which a connection that lay unused is asked whether it lives.
IDLE = 1.0


class BoundSession(Session):
    """A session that keeps each tenant's rows to that tenant (`kernel.data.tenancy`)."""


tenancy.install(BoundSession)


def make_engine(url: str) -> Engine:
    """The engine for `url`: PostgreSQL by psycopg2, or SQLite with foreign keys, WAL and immediate transactions.

    Parameters of statements never appear in error messages: they hold personal data.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": STATEMENT_TIMEOUT})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=STATEMENT_TIMEOUT,
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT}s -c timezone=UTC",
        },
    )
    _ping_after_idling(engine)
    return engine


def _ping_after_idling(engine: Engine) -> None:
    """Have a connection that died while nobody used it replaced, and with it all others of the pool.

    SQLAlchemy's `pool_pre_ping` asks the database before every transaction: a round trip each, one of four. One that
    was in use a moment ago is not asked: what breaks then would break under way as well.
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
    connection.isolation_level = None  # the driver's own BEGIN would come too late to be immediate
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class UnitOfWork:
    """Begins transactions: commit when the block ends, roll back when it raises. Nothing else commits.

    A command that carries an idempotency key ends with `inbox.answer`; a block that ends without it is rolled back
    and raises RuntimeError, as a repetition of the command would have no answer.
    """

    def __init__(self, engine: Engine, on_events: Callable[[], None] = lambda: None, consumer: str = "") -> None:
        """`on_events` is called after a commit that recorded events; `consumer` names the service in the inbox."""
        self.engine = engine
        self.sessions = sessionmaker(engine, class_=BoundSession, expire_on_commit=False)
        self.on_events = on_events
        self.consumer = consumer
        # SQLite lets one transaction write. Who waits for it within SQLite holds up every green thread, the one that
        # is to end the transaction among them: so they wait here.
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def __call__(self, actor: Actor) -> Iterator[Session]:
        """A transaction in the actor's tenant. Repeats nothing: a command with a known key ends here."""
        call = context.current()
        with self._begin(lambda session: tenancy.bind(session, actor.tenant)) as session:
            if call is not None and call.idempotency_key:
                inbox.claim_command(session, call)
            yield session

    @contextmanager
    def once(self, received: Received[Any]) -> Iterator[Session]:
        """A transaction for the effects of an event in the event's tenant; a duplicate leaves it at once."""

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
        """A transaction over all tenants: sign-in, timers, relays. Never with a caller's choice of ids alone.

        With `keyed` false the call's idempotency key is passed over: for commands and answers that hold secrets,
        of which the inbox would keep a copy or a digest.
        """
        call = context.current()
        with self._begin(tenancy.bind_everywhere) as session:
            if keyed and call is not None and call.idempotency_key:
                inbox.claim_command(session, call)
            yield session

    @contextmanager
    def of(self, tenant_id: Any) -> Iterator[Session]:
        """A transaction in one tenant, for a service's own work there."""
        with self._begin(lambda session: tenancy.bind(session, tenant_id)) as session:
            yield session

    @contextmanager
    def _begin(self, bind: Callable[[Session], None]) -> Iterator[Session]:
        with self._turn, self.sessions() as session:
            bind(session)
            with session.begin():
                yield session
                inbox.check_answered(session)
            recorded = session.info.pop("outbox", False)
        if recorded:
            self.on_events()


__all__ = ["BoundSession", "UnitOfWork", "UtcDateTime", "make_engine"]
