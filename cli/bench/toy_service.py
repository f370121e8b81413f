"""A service that does almost nothing, to measure the kernel: `python -m cli.bench.toy_service`.

With the argument `embedded` it calls itself over the in-process bus and prints the cost of a call.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from kernel.running import runner  # the first import of ours: it patches the process before anything makes a socket

# ruff: noqa: I001  # the following imports need a patched process

from sqlalchemy import insert

from cli.bench.measuring import measure
from cli.bench.toy import Game, Played, Someone, Toy, Words, make_tables
from kernel import config, logs
from kernel.auth import Actor
from kernel.bus.embedded import EmbeddedBroker, EmbeddedClient
from kernel.running.entrypoints import on_event, rpc
from kernel.running.providers import Database
from kernel.running.starting import runner_of
from kernel.data.received import Received

CALLS: Final = 2000


class ToyService:
    """Answers one method and handles one event."""

    name = "toy"
    unit_of_work = Database()

    @rpc(Toy.echo)
    def echo(self, actor: Actor, command: Words) -> dict[str, Any]:
        """Repeat the words."""
        return {"words": command.words}

    @on_event(Played)
    def on_played(self, received: Received[Played]) -> None:
        """Write a row for the event."""
        event = received.event
        with self.unit_of_work.once(received) as session:
            session.execute(insert(Game), [{"game_id": event.game_id, "number": event.number}])


def ask_in_process() -> None:
    """Call the service over the in-process bus, and print the wall-clock and CPU milliseconds of one call."""
    logs.install("toy", "ERROR")
    settings = config.load()
    someone = Someone.with_new_keys(settings.data_dir / "keys")
    make_tables(settings.database_url("toy"))
    broker = EmbeddedBroker()
    client = EmbeddedClient(broker)
    services = runner_of([ToyService], settings, broker=broker)
    services.start()

    def calls() -> None:
        for _ in range(CALLS):
            someone.ask(client)

    calls()
    cost = measure({}, CALLS, calls)
    services.stop()
    print(json.dumps({"wall": cost.wall, "cpu": cost.cpu_sum}))


if __name__ == "__main__":
    if sys.argv[1:] == ["embedded"]:
        ask_in_process()
    else:
        runner.run_services([ToyService], config.load())
