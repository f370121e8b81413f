"""Where a fault is shown: servers, one or several processes of the target, what was recorded and what came of it."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import amqp
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text, update
from uuid_utils.compat import uuid7

from kernel.auth import make_keys
from kernel.bus import topology, wire
from kernel.bus.broker import open_connection
from kernel.bus.publisher import Outgoing, Publisher
from kernel.clock import now
from kernel.data import outbox
from kernel.data.database import UnitOfWork, make_engine
from kernel.data.outbox import OutboxRow
from kernel.waiting import NeverHappened, eventually
from servers.postgres import PostgresServer
from servers.process import dying_with_us, free_ports
from servers.rabbit import RabbitBroker
from tests.faults import witness
from tests.faults.model import GATE, WITHOUT, Struck, Unheard, make_tables

SERVICE: Final = "target"
QUEUE: Final = "target.on_struck"
START_TIMEOUT: Final = 40
#: Events of one aim are published in the order they were recorded.
EVENTS_OF_AN_AIM: Final = 4

COUNTS: Final = text(
    """
    SELECT (SELECT count(*) FROM outbox) AS confirmed,
           (SELECT count(*) FROM outbox o WHERE NOT EXISTS (
               SELECT FROM effect e WHERE e.message_id = o.message_id::text) AND NOT EXISTS (
               SELECT FROM parked_message p WHERE p.message_id = o.message_id::text)) AS missing,
           (SELECT count(*) - count(DISTINCT message_id) FROM arrival) AS duplicates,
           (SELECT count(*) - count(DISTINCT message_id) FROM effect) AS double_effects,
           (SELECT count(*) FROM parked_message) AS parked
    """
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is tried."""

    quick: bool
    without: str
    injections: int
    #: Events recorded around each injection.
    events: int
    #: Seconds in which whatever was recorded has to have had its effect.
    patience: float

    @property
    def third(self) -> int:
        return self.events // 3


def plan_of(environ: dict[str, str]) -> Plan:
    """The short table with QUICK=1; without one of its parts the machinery is expected to fail, and soon."""
    quick, without = bool(environ.get("QUICK")), environ.get(WITHOUT, "")
    if without not in ("", "inbox", "outbox", "order"):
        raise SystemExit(f"{WITHOUT}: give inbox, outbox or order.")
    injections, events = (2, 150) if quick else (20, 510)
    return Plan(quick, without, injections, events, patience=15 if without else 90)


class Process:
    """One process of the target."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.health_port = free_ports(1)[0]
        settings = {**os.environ, **environment, "LYCEUM_HEALTH_PORT": str(self.health_port)}
        command = dying_with_us([sys.executable, "-m", "tests.faults.target"], signal.SIGKILL)
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                command, env=settings, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        self.pid = self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def answers(self, path: str) -> bool:
        """Whether the address of health answers 200."""
        try:
            return bool(self._get(path))
        except OSError:
            return False

    def wait_ready(self) -> None:
        eventually(lambda: self.answers("/health/ready") or not self.alive, START_TIMEOUT, "the target is ready")
        if not self.alive:
            raise NeverHappened("a process of the target ended while it started")

    def published(self, fate: str) -> float:
        """How many events met this fate at the broker."""
        families = text_string_to_metric_families(self._get("/metrics").decode())
        samples = [sample for family in families for sample in family.samples]
        return sum(
            sample.value
            for sample in samples
            if sample.name == "lyceum_events_published_total" and sample.labels["fate"] == fate
        )

    def kill(self) -> None:
        self._popen.kill()
        self._popen.wait()

    def terminate(self) -> None:
        self._popen.terminate()

    def wait(self, timeout: float = 70) -> int:
        return self._popen.wait(timeout)

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.health_port}{path}", timeout=3) as answer:
            return bytes(answer.read())


@dataclass(slots=True)
class Outcome:
    """A line of the table."""

    confirmed: int = 0
    missing: int = 0
    duplicates: int = 0
    double_effects: int = 0
    #: Events that the relay published before an older one of the same aim.
    overtaken: int = 0
    parked: int = 0
    recoveries: list[float] = field(default_factory=list)
    #: What did not hold, in words.
    broken: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not (self.broken or self.missing or self.double_effects or self.overtaken) and self.confirmed > 0

    @property
    def recovery(self) -> tuple[float, float]:
        """Median and worst."""
        times = self.recoveries or [0.0]
        return statistics.median(times), max(times)


class Stage:
    """One fault's own virtual host and database, on servers that all share."""

    def __init__(self, broker: RabbitBroker, postgres: PostgresServer, folder: Path, plan: Plan, limit: int) -> None:
        self.broker, self.postgres, self.plan, self.folder = broker, postgres, plan, folder
        self.vhost = broker.new_vhost(topology.policies([SERVICE], limit))
        self.outcome = Outcome()
        self.gate = folder / "gate"
        self.processes: list[Process] = []
        #: What a fault sets up for its processes, closed after them.
        self.cleanups = ExitStack()
        self._url = postgres.new_database()
        self._publisher: Publisher | None = None
        self._published_by_hand: set[str] = set()
        with self.connection() as connection:
            witness.call(connection.channel())
        make_tables(self._url)
        make_keys(folder / "keys", (SERVICE,))
        self.engine = make_engine(self._url)
        self.unit_of_work = UnitOfWork(self.engine)

    def start(self, port: int | None = None, *, wait: bool = True) -> Process:
        """One more process; `port` is the broker's unless another leads to it."""
        url = self.broker.url_of(self.vhost)
        environment = {
            "LYCEUM_DATA": str(self.folder),
            "LYCEUM_BUS_URL": url.replace(f":{self.broker.port}/", f":{port or self.broker.port}/"),
            "LYCEUM_DATABASE_URL": self._url,
            "PYTHONWARNINGS": "ignore",
            WITHOUT: self.plan.without,
            GATE: str(self.gate),
        }
        process = Process(environment, self.folder / "target.log")
        self.processes.append(process)
        if wait:
            process.wait_ready()
        return process

    # --- what happens ------------------------------------------------------------------------------

    def record(
        self, count: int, mood: str = "", event: type[Struck | Unheard] = Struck, *, by_hand: bool = False
    ) -> list[UUID]:
        """Commit events as a command of the service would: their rows are in its outbox. Their messages' ids.

        `by_hand` publishes them from here, once each, and leaves the relay nothing to do.
        """
        by_hand = by_hand or self.plan.without == "outbox"
        aims = [uuid7() for _ in range(-(-count // EVENTS_OF_AN_AIM))]
        events = [event(aim_id=aims[n // EVENTS_OF_AN_AIM], number=n, mood=mood) for n in range(count)]
        with self.unit_of_work.of(uuid7()) as session:
            before = session.scalar(text("SELECT coalesce(max(position), 0) FROM outbox"))
            outbox.record(session, *events)
            query = text("SELECT message_id FROM outbox WHERE position > :before")
            ids = [UUID(str(found)) for found in session.scalars(query, {"before": before})]
            if by_hand:
                mine = update(OutboxRow).where(OutboxRow.message_id.in_(ids)).values(published_at=now())
                session.execute(mine, execution_options={"synchronize_session": False})
        if by_hand:
            self.publish(ids)
        return ids

    def publish(self, ids: list[UUID], times: int = 1) -> None:
        """Publish recorded events by hand, and let what became of them be."""
        publisher = self._by_hand()
        self._published_by_hand.update(map(str, ids))
        with self.unit_of_work.everywhere() as session:
            rows = session.query(OutboxRow).filter(OutboxRow.message_id.in_(ids)).all()
            publisher.publish([_outgoing(row) for row in rows for _ in range(times)])

    def ask(self, statement: str, **values: Any) -> int:
        """A number out of the target's database."""
        with self.engine.connect() as connection:
            return int(connection.execute(text(statement), values).scalar_one() or 0)

    def effects(self) -> int:
        return self.ask("SELECT count(*) FROM effect")

    def missing(self) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(COUNTS).one().missing)

    def stream(self) -> None:
        """Record some events, and be back as soon as the first of them had its effect."""
        before = self.effects()
        self.record(self.plan.third)
        eventually(lambda: self.effects() > before, self.plan.patience, "events flow")

    def recover(self) -> None:
        """Wait until all that was recorded had its effect, and note how long that took."""
        since = time.monotonic()
        eventually(lambda: self.missing() == 0, self.plan.patience, "everything recorded has its effect")
        self.outcome.recoveries.append(time.monotonic() - since)

    def promise(self, kept: bool, otherwise: str) -> None:
        """Something more that has to hold; `otherwise` is what the table says if it does not."""
        if not kept and otherwise not in self.outcome.broken:
            self.outcome.broken.append(otherwise)

    def connection(self) -> amqp.Connection:
        """The administrator's, in this virtual host."""
        return open_connection(self.broker.url_of(self.vhost), "faults", confirm_publish=True)

    # --- the end -----------------------------------------------------------------------------------

    def finish(self) -> Outcome:
        """Stop in order, so that no duplicate is under way, and count."""
        try:
            unpublished = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
            eventually(lambda: self.ask(unpublished) == 0, self.plan.patience, "everything is published")
            eventually(lambda: not self._queued(), self.plan.patience, "the queues are empty")
            eventually(lambda: not self._unacknowledged(), self.plan.patience, "all that was delivered is acknowledged")
            self.stop()
            left = self._queued()
            self.promise(not left, f"work was left in a queue: {left}")
            with self.connection() as connection:
                self.outcome.overtaken = witness.overtaken(connection.channel(), self._published_by_hand)
        finally:
            self.count()
        return self.outcome

    def count(self) -> None:
        with self.engine.connect() as connection:
            found = connection.execute(COUNTS).one()
        for name, value in found._mapping.items():
            setattr(self.outcome, name, value)

    def stop(self) -> None:
        self.gate.unlink(missing_ok=True)
        running = [process for process in self.processes if process.alive]
        for process in running:
            process.terminate()
        for process in running:
            self.promise(process.wait() == 0, "a process did not stop in order")

    def close(self) -> None:
        for process in self.processes:
            process.kill()
        self.cleanups.close()
        if self._publisher is not None:
            self._publisher.close()
        self.engine.dispose()
        self.postgres.drop_database(self._url.rpartition("/")[2])
        self.broker.discard_vhost(self.vhost)

    def _queued(self) -> dict[str, int]:
        """How many messages wait in those of the target's queues that are not empty."""
        queues = [QUEUE, wire.parked_queue(SERVICE), *(wire.wait_name(SERVICE, delay) for delay in wire.DELAYS)]
        with self.connection() as connection:
            channel = connection.channel()
            counts = {queue: channel.queue_declare(queue, passive=True).message_count for queue in queues}
        return {queue: count for queue, count in counts.items() if count}

    def _unacknowledged(self) -> bool:
        """Whether a process still has a message of a queue: the counts of `_queued` leave it out."""
        columns = ("name", "messages_unacknowledged")
        listed = self.broker.ctl("list_queues", "--vhost", self.vhost, "--no-table-headers", *columns)
        counts = dict(line.split() for line in listed.splitlines())
        return any(counts[queue] != "0" for queue in (QUEUE, wire.parked_queue(SERVICE)))

    def _by_hand(self) -> Publisher:
        if self._publisher is None:
            publisher = Publisher(self.broker.url_of(self.vhost), "faults")
            publisher.start()
            eventually(lambda: publisher.link.connected, what="a connection to publish by hand")
            self._publisher = publisher
        return self._publisher


def _outgoing(row: OutboxRow) -> Outgoing:
    envelope = wire.Envelope(name=row.event, tenant=str(row.tenant_id))
    return Outgoing(wire.events_exchange(SERVICE), row.event, str(row.message_id), envelope, row.body)
