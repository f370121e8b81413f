"""An HTTP read and write through gateway and gradebook, compared with a bare Flask view that executes the same SQL."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import amqp
import msgspec
from sqlalchemy import Engine, text
from uuid_utils.compat import uuid7

from cli.bench.bare import bare_connection
from cli.bench.bare_door import Told
from cli.bench.measuring import Cost, measure, started
from cli.bench.school import COURSES, MARKS_OF_A_COURSE, School
from contracts.gradebook.marks import MarkPosted
from kernel.auth import HUMAN_ISSUER, Actor, Membership, Signer, human_claims, make_keys
from kernel.bus import topology
from kernel.bus.wire import events_exchange
from kernel.data import migrations
from kernel.data.database import UnitOfWork, make_engine
from kernel.waiting import eventually
from servers.postgres import PostgresServer
from servers.process import free_ports, kept_secret
from servers.rabbit import RabbitBroker

READS: Final = 300
WRITES: Final = 60
WARMING: Final = 20
PENDING: Final = text("SELECT count(*) FROM outbox WHERE published_at IS NULL")
LISTENER: Final = "bench.on_mark_posted"

Send = Callable[[int], None]


def read_and_write(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Compare reading a parent's marks and writing a teacher's column. It has no target and returns True."""
    ours, bare = _lyceum(broker, postgres, folder), _bare(postgres, folder)
    for title, mine, least in zip(("read", "write"), ours, bare):
        print(f"  {title:5} gateway and gradebook  {mine}")
        print(f"  {title:5} bare Flask view        {least}")
        print(f"  {title:5} CPU: {mine.cpu_sum / least.cpu_sum:.1f} times the bare one", flush=True)
    return True


def _lyceum(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> tuple[Cost, Cost]:
    vhost = broker.new_vhost(topology.policies(["gradebook"]))
    url, database_url = broker.url_of(vhost), _migrated(postgres)
    school = School(lessons=WRITES + WARMING)
    engine = make_engine(database_url)
    _save(school, engine)
    make_keys(folder / "keys", (HUMAN_ISSUER, "gradebook"))
    signer = Signer.load(HUMAN_ISSUER, folder / "keys" / HUMAN_ISSUER / "private.jwk")
    _listen(url)
    port, health_port = free_ports(2)
    environment = {
        "LYCEUM_DATA": str(folder),
        "LYCEUM_BUS_URL": url,
        "LYCEUM_DATABASE_URL": database_url,
        "PORT": str(port),
        "LYCEUM_SECRET_KEY": kept_secret(folder / "secret"),
    }
    with (
        started(
            "cli.main",
            "service",
            "gradebook",
            log=folder / "gradebook.log",
            LYCEUM_HEALTH_PORT=str(health_port),
            **environment,
        ) as gradebook,
        started("cli.main", "gateway", log=folder / "gateway.log", **environment) as gateway,
        _connected(port) as connection,
    ):
        read, write = _requests(connection, school, signer)
        eventually(lambda: _succeeds(read), 60, "the door and the gradebook answer", ignoring=(OSError,))
        processes = {
            "gateway": gateway.pid,
            "gradebook": gradebook.pid,
            "broker": broker.pid,
            "database": postgres.pid,
        }
        costs = _measured(processes, read, write, engine)
    engine.dispose()
    return costs


def _bare(postgres: PostgresServer, folder: Path) -> tuple[Cost, Cost]:
    database_url = _migrated(postgres)
    school = School(lessons=WRITES + WARMING + 1)
    engine = make_engine(database_url)
    _save(school, engine)
    sacrificed, *lessons = school.free_lessons
    told = Told(
        school.id,
        school.students[0],
        _person(school.parent),
        _person(school.teacher),
        sacrificed,
        school.kind_id,
        school.students,
        school.starts_on,
        school.ends_on,
    )
    (port,) = free_ports(1)
    arguments = (database_url, str(port), str(folder), msgspec.json.encode(told).decode())
    with (
        started("cli.bench.bare_door", *arguments, log=folder / "bare-door.log") as bare,
        _connected(port) as connection,
    ):

        def read(_number: int) -> None:
            _answer(connection, "GET", "/read", 200)

        def write(number: int) -> None:
            _answer(connection, "POST", f"/write/{lessons[number]}", 201)

        eventually(lambda: _succeeds(read), 60, "the bare view answers", ignoring=(OSError,))
        costs = _measured({"view": bare.pid, "database": postgres.pid}, read, write, None)
    engine.dispose()
    return costs


def _measured(processes: dict[str, int], read: Send, write: Send, outbox: Engine | None) -> tuple[Cost, Cost]:
    def writes(numbers: range) -> None:
        for number in numbers:
            write(number)
        if outbox is not None:
            eventually(lambda: _pending(outbox) == 0, 60, "every event is published")

    def reads(times: int) -> None:
        for number in range(times):
            read(number)

    reads(WARMING)
    writes(range(WARMING))
    of_reads = measure(processes, READS, lambda: reads(READS))
    return of_reads, measure(processes, WRITES, lambda: writes(range(WARMING, WARMING + WRITES)))


def _requests(connection: http.client.HTTPConnection, school: School, signer: Signer) -> tuple[Send, Send]:
    parent, teacher = _bearer(signer, school.parent), _bearer(signer, school.teacher)
    span = f"starts_on={school.starts_on}&ends_on={school.ends_on}"
    marks_path = f"/api/v1/students/{school.students[0]}/marks?{span}"
    column = json.dumps({"marks": [{"student_id": str(one), "value": "5"} for one in school.students]})

    def read(_number: int) -> None:
        answer = _answer(connection, "GET", marks_path, 200, headers=parent)
        counts = [len(subject["marks"]) for subject in answer["subjects"]]
        assert len(counts) == COURSES, counts
        assert min(counts) >= MARKS_OF_A_COURSE, counts

    def write(number: int) -> None:
        headers = {**teacher, "Content-Type": "application/json", "Idempotency-Key": str(uuid7())}
        path = f"/api/v1/lessons/{school.free_lessons[number]}/marks"
        _answer(connection, "POST", path, 201, column, headers)

    return read, write


def _answer(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    status: int,
    body: str | None = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """Send a request and return the JSON answer. Raises OSError for another status, so that callers can retry."""
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        content = response.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        raise ConnectionError(repr(error)) from error
    if response.status != status:
        raise ConnectionError(f"{method} {path} answered {response.status}: {content[:300]!r}")
    return json.loads(content)


def _succeeds(send: Send) -> bool:
    send(0)
    return True


@contextmanager
def _connected(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


def _person(actor: Actor) -> UUID:
    assert actor.person_id is not None
    return actor.person_id


def _bearer(signer: Signer, actor: Actor) -> dict[str, str]:
    assert actor.account_id is not None
    assert actor.session_id is not None
    places = (Membership(actor.tenant, _person(actor), actor.roles),)
    token = signer.sign(human_claims(actor.account_id, actor.session_id, places), 3600)
    return {"Authorization": f"Bearer {token}"}


def _migrated(postgres: PostgresServer) -> str:
    url = postgres.new_database()
    migrations.upgrade("gradebook", url)
    return url


def _save(school: School, engine: Engine) -> None:
    """Save the school and update PostgreSQL's statistics: a test server's autovacuum, which does that, is off."""
    school.save(UnitOfWork(engine))
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _listen(url: str) -> None:
    """Bind a queue for the write's event, as notifications does."""
    exchange = events_exchange(MarkPosted.SERVICE)
    with bare_connection(url) as connection:
        channel: amqp.Channel = connection.channel()
        channel.exchange_declare(exchange, "direct", durable=True, auto_delete=False)
        channel.queue_declare(LISTENER, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(LISTENER, exchange, MarkPosted.NAME)


def _pending(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(PENDING).scalar_one())
