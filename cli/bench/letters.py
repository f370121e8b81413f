"""What a mark told by letter costs, everything included: from the teacher's request to the mail server.

A student has one guardian and a half, on average. The mail server takes letters and forgets them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from cli.bench.load import send_all
from cli.bench.measuring import Cost, measure, started
from cli.bench.requests import SERVICES, Scene, checkouts, medians, told, total
from cli.bench.system import running
from cli.bench.town import STUDENTS
from kernel.waiting import eventually
from servers.postgres import PostgresServer
from servers.process import free_ports
from servers.rabbit import RabbitBroker

#: Columns of one of the rounds.
COLUMNS: Final = 12
WARMING: Final = 5
LETTERS_OF_MARK: Final = 1.5
MOST: Final = 3.5
SENT: Final = "SELECT count(*) FROM delivery WHERE state = 'sent'"


def of_marks(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Post columns of marks and wait for all letters, here and in the checkout at `LYCEUM_BENCH_BESIDE`.

    Returns whether the goal is met here.
    """
    with ExitStack() as stack:
        port = stack.enter_context(_mail_server(folder))
        scenes = []
        for name, checkout in checkouts().items():
            (own := folder / name).mkdir()
            system = stack.enter_context(
                running(
                    name, checkout, (*SERVICES, "notifications"), broker, postgres, own,
                    LYCEUM_SMTP_URL=f"smtp://127.0.0.1:{port}",
                )
            )  # fmt: skip
            scenes.append(Scene(system))
            scenes[-1].warm_up()
            _all_told(scenes[-1], WARMING)
        costs = medians([partial(_round, scene) for scene in scenes])
    for name, cost in zip(checkouts(), costs):
        print(f"  a mark with {LETTERS_OF_MARK} letters {told(cost)}  {name}")
    print(f"  goal {MOST}: {'met' if total(costs[0]) <= MOST else 'MISSED'}", flush=True)
    return total(costs[0]) <= MOST


def _round(scene: Scene) -> Cost:
    return measure(scene.system.processes, COLUMNS * STUDENTS, lambda: _all_told(scene, COLUMNS))


def _all_told(scene: Scene, columns: int) -> None:
    """Post columns and wait until every letter about them is sent."""
    sent = scene.system.asking("notifications")
    wanted = sent(SENT) + round(columns * STUDENTS * LETTERS_OF_MARK)
    send_all(scene.system.port, scene.columns(columns))
    eventually(lambda: sent(SENT) >= wanted, 300, "every letter is sent")


@contextmanager
def _mail_server(folder: Path) -> Iterator[int]:
    """A server that takes every letter within the block, on the port yielded."""
    (port,) = free_ports(1)
    taking = ("-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink")
    with started("aiosmtpd", *taking, log=folder / "mail.log"):
        yield port
