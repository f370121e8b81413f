"""A service that does next to nothing, so that what is measured is the machinery: `python -m cli.bench.toy`.

`python -m cli.bench.toy embedded` asks it over the bus of one process instead, and prints what a call cost.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from marshmallow import fields
from sqlalchemy import Integer, Uuid, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kernel.auth import Actor
from kernel.contract import Command, Event, Interface, Rpc, View
from kernel.database import make_engine
from kernel.migrations import KERNEL_METADATA

CALLS: Final = 2000


class Words(Command):
    """Something said."""

    words = fields.Str(required=True)


class Echo(View):
    """What was said."""

    words = fields.Str(required=True)


class Toy(Interface, service="toy"):
    """The toy."""

    echo = Rpc(Words, Echo, "Say it again.", public=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played(Event):
    """Something to be handled."""

    SERVICE = "toy"
    NAME = "played"
    AGGREGATE = "game_id"

    game_id: UUID
    number: int


class Base(DeclarativeBase):
    """Tables of the toy."""


class Game(Base):
    """The effect of an event."""

    __tablename__ = "game"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    game_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int]


def make_tables(url: str) -> None:
    """The toy's database."""
    engine = make_engine(url)
    with engine.begin() as connection:
        KERNEL_METADATA.create_all(connection)
        Base.metadata.create_all(connection)
    engine.dispose()


def service_class() -> type[Any]:
    """The service; made here, so that importing the module for its declarations imports no eventlet."""
    from kernel.entrypoints import on_event, rpc
    from kernel.providers import Database
    from kernel.received import Received

    class ToyService:
        """Answers and handles."""

        name = "toy"
        unit_of_work = Database()

        @rpc(Toy.echo)
        def echo(self, actor: Actor | None, command: dict[str, Any]) -> dict[str, Any]:
            """Say it again."""
            return {"words": command["words"]}

        @on_event(Played)
        def on_played(self, received: Received[Played]) -> None:
            """One row for each event."""
            event = received.event
            with self.unit_of_work.once(received) as session:
                session.execute(insert(Game), [{"game_id": event.game_id, "number": event.number}])

    return ToyService


def run() -> None:
    """Run as a service."""
    from kernel import config, runner

    runner.run_service("toy", config.load(), service_class())


def run_embedded() -> None:
    """Call it over the in-process bus, and print milliseconds of wall clock and CPU of one call."""
    from cli.bench.measuring import measure
    from kernel import config, logs, runner
    from kernel.embedded import EmbeddedBroker, EmbeddedBus, EmbeddedClient

    logs.install("toy", "ERROR")
    settings = config.load()
    make_tables(settings.database_url("toy"))
    broker = EmbeddedBroker()
    client = EmbeddedClient(broker)
    running = runner.start_service(service_class(), settings, EmbeddedBus(broker, "toy"), client)

    def calls() -> None:
        for _ in range(CALLS):
            client.call(Toy.echo, {"words": "hi"}, token=None, tenant_id=None, timeout=5)

    calls()
    cost = measure({}, CALLS, calls)
    running.stop(5)
    print(json.dumps({"wall": cost.wall, "cpu": cost.cpu_sum}))


if __name__ == "__main__":
    from kernel import runner  # noqa: F401  # patches the process before anything makes a socket
    from cli.bench import toy

    (toy.run_embedded if sys.argv[1:] == ["embedded"] else toy.run)()
