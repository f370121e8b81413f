"""The cost of a call: over RabbitMQ compared with bare py-amqp, and over the in-process bus."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Final

import amqp

from cli.bench import toy
from cli.bench.bare import DIRECT_REPLY, RPC_QUEUE, bare_connection
from cli.bench.measuring import Cost, measure, median_round, started
from kernel.bus import topology
from kernel.bus.client import Client
from kernel.config import Settings
from kernel.errors import TimedOut, Unavailable
from kernel.waiting import eventually
from servers.process import dying_with_us
from servers.rabbit import RabbitBroker

CALLS: Final = 2000
WARMING: Final = 300
MOST: Final = 1.6
MOST_EMBEDDED: Final = 2.0


def over_rabbit(broker: RabbitBroker, folder: Path) -> bool:
    """Compare the CPU of a call through the kernel with bare py-amqp's. Returns whether the target is met."""
    ours, bare = median_round(partial(_round, broker), folder, _times)
    print(f"  kernel         {ours}")
    print(f"  bare py-amqp   {bare}")
    print(f"  CPU: {_times(ours, bare):.2f} times the bare one (target: {MOST:.1f} at most)", flush=True)
    return _times(ours, bare) <= MOST


def _round(broker: RabbitBroker, folder: Path) -> tuple[Cost, Cost]:
    """What a call costs through the kernel, and with bare py-amqp."""
    url = broker.url_of(broker.new_vhost(topology.policies(["toy"])))
    return _kernel(broker, url, folder), _bare(broker, url, folder)


def _times(ours: Cost, bare: Cost) -> float:
    return ours.cpu_sum / bare.cpu_sum


def _kernel(broker: RabbitBroker, url: str, folder: Path) -> Cost:
    someone = toy.Someone.with_new_keys(folder / "keys")
    toy.make_tables(Settings(data_dir=folder).database_url("toy"))
    environment = {"LYCEUM_DATA": str(folder), "LYCEUM_BUS_URL": url}
    with started("cli.bench.toy_service", log=folder / "toy.log", environment=environment) as service:
        client = Client(url, "bench")
        client.start()

        def call() -> object:
            return someone.ask(client)

        def calls(times: int = CALLS) -> None:
            for _ in range(times):
                call()

        try:
            eventually(call, 30, "the service answers", ignoring=(Unavailable, TimedOut))
            calls(WARMING)
            return measure({"service": service.pid, "broker": broker.pid}, CALLS, calls)
        finally:
            client.close()


def _bare(broker: RabbitBroker, url: str, folder: Path) -> Cost:
    with started("cli.bench.bare", "rpc", url, log=folder / "bare.log") as service, bare_connection(url) as connection:
        channel = connection.channel()
        answers: list[object] = []
        channel.basic_consume(DIRECT_REPLY, no_ack=True, callback=lambda m: answers.append(json.loads(m.body)))
        eventually(lambda: _consumed(connection), 30, "the bare responder is there")

        def calls(times: int = CALLS) -> None:
            for number in range(times):
                wanted = len(answers) + 1
                body = json.dumps({"words": "hi"})
                properties = {"reply_to": DIRECT_REPLY, "correlation_id": str(number)}
                message = amqp.Message(body, content_type="application/json", **properties)
                channel.basic_publish(message, exchange="", routing_key=RPC_QUEUE)
                while len(answers) < wanted:
                    connection.drain_events(timeout=5)

        calls(WARMING)
        return measure({"service": service.pid, "broker": broker.pid}, CALLS, calls)


def _consumed(connection: amqp.Connection) -> bool:
    """Whether the queue has a consumer. It uses its own channel: a query for a missing queue closes the channel."""
    try:
        with connection.channel() as channel:
            return bool(channel.queue_declare(RPC_QUEUE, passive=True).consumer_count)
    except amqp.NotFound:
        return False


def in_process(folder: Path) -> bool:
    """Measure a call over the in-process bus of `lyceum run`. Returns whether the target is met."""
    command = dying_with_us([sys.executable, "-m", "cli.bench.toy_service", "embedded"], signal.SIGKILL)
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "LYCEUM_DATA": str(folder)}
    done = subprocess.run(  # noqa: S603  # our own module
        command, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    cost = json.loads(done.stdout)
    print(
        f"  wall {cost['wall']:.2f} ms   CPU {cost['cpu']:.2f} ms (target: {MOST_EMBEDDED:.1f} ms at most)", flush=True
    )
    return bool(cost["wall"] <= MOST_EMBEDDED)
