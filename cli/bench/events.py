"""Events per second from outbox to effect, compared with a bare kombu publisher and consumer on the same servers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from kombu.connection import Connection
from sqlalchemy import Engine, text
from uuid_utils.compat import uuid7

from cli.bench import toy
from cli.bench.bare import EVENTS, events_queue
from cli.bench.measuring import Cost, measure, median_round, started
from cli.bench.toy import Played
from kernel.auth import make_keys
from kernel.bus import topology
from kernel.data import outbox
from kernel.data.database import UnitOfWork, make_engine
from kernel.waiting import eventually
from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker

COUNT: Final = 3000
WARMING: Final = 200
#: Events that one commit records: a teacher's column of marks.
AT_ONCE: Final = 30
LEAST: Final = 0.5


def through_outbox_and_inbox(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Compare outbox, relay, queue, inbox, effect with publish, queue, effect. Returns whether the target is met."""
    ours, bare = median_round(partial(_round, broker, postgres), folder, _times)
    share = 1 / _times(ours, bare)
    for name, cost in (("kernel", ours), ("bare kombu", bare)):
        print(f"  {name:14} {1000 / cost.wall:5.0f} events/s   {cost}")
    print(f"  {share:.0%} of the bare rate (target: {LEAST:.0%} at least)", flush=True)
    return share >= LEAST


def _round(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> tuple[Cost, Cost]:
    """What an event costs through the kernel, and with bare kombu."""
    return _kernel(broker, postgres, folder), _bare(broker, postgres, folder)


def _times(ours: Cost, bare: Cost) -> float:
    return ours.wall / bare.wall


def _kernel(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> Cost:
    url, database_url = broker.url_of(broker.new_vhost(topology.policies(["toy"]))), postgres.new_database()
    toy.make_tables(database_url)
    make_keys(folder / "keys", ("toy",))
    engine = make_engine(database_url)
    unit_of_work = UnitOfWork(engine)
    environment = {"LYCEUM_DATA": str(folder), "LYCEUM_BUS_URL": url, "LYCEUM_DATABASE_URL": database_url}

    def record(count: int = COUNT) -> None:
        wanted = _effects(engine) + count
        for first in range(0, count, AT_ONCE):
            with unit_of_work.everywhere() as session:
                numbers = range(first, min(first + AT_ONCE, count))
                outbox.record(session, *(Played(game_id=uuid7(), number=number) for number in numbers))
        _wait_for(engine, wanted)

    with started("cli.bench.toy_service", log=folder / "toy.log", environment=environment) as service:
        record(WARMING)
        cost = measure({"service": service.pid, "broker": broker.pid, "database": postgres.pid}, COUNT, record)
    engine.dispose()
    return cost


def _bare(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> Cost:
    url, database_url = broker.url_of(broker.new_vhost()), postgres.new_database()
    toy.make_tables(database_url)
    engine = make_engine(database_url)
    with (
        Connection(url, transport_options={"confirm_publish": True}) as connection,
        connection.Producer() as producer,
        started("cli.bench.bare", "events", url, database_url, log=folder / "bare.log") as service,
    ):

        def publish(count: int = COUNT) -> None:
            wanted = _effects(engine) + count
            for number in range(count):
                body = {"game_id": str(uuid7()), "number": number}
                producer.publish(body, exchange=EVENTS, routing_key=EVENTS, serializer="json", declare=[events_queue()])
            _wait_for(engine, wanted)

        publish(WARMING)
        cost = measure({"service": service.pid, "broker": broker.pid, "database": postgres.pid}, COUNT, publish)
    engine.dispose()
    return cost


def _effects(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM game")).scalar_one())


def _wait_for(engine: Engine, count: int) -> None:
    eventually(lambda: _effects(engine) >= count, 120, "every event has its effect")
