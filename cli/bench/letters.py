"""What a mark told by letter costs, everything included: from the teacher's request to the mail server.

A student has one guardian and a half, on average. The mail server takes letters and forgets them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cli.bench.load import send_all
from cli.bench.measuring import HERE, OURSELVES, measure, started
from cli.bench.requests import SERVICES, Scene, total
from cli.bench.system import System, running
from cli.bench.town import STUDENTS
from kernel.waiting import eventually
from servers.postgres import PostgresServer
from servers.process import free_ports
from servers.rabbit import RabbitBroker

COLUMNS: Final = 40
WARMING: Final = 5
LETTERS_OF_MARK: Final = 1.5
MOST: Final = 3.5
SENT: Final = "SELECT count(*) FROM delivery WHERE state = 'sent'"


def of_marks(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Post columns of marks, wait for all letters. Returns whether the goal is met."""
    with (
        _mail_server(folder) as port,
        running(
            "letters", HERE, (*SERVICES, "notifications"), broker, postgres, folder,
            LYCEUM_SMTP_URL=f"smtp://127.0.0.1:{port}",
        ) as system,
    ):  # fmt: skip
        scene = Scene(system)
        scene.warm_up()
        _told(system, scene, WARMING)
        cost = measure(system.processes, COLUMNS * STUDENTS, lambda: _told(system, scene, COLUMNS))
    parts = "  ".join(f"{name} {spent:.2f}" for name, spent in cost.cpu.items() if name != OURSELVES)
    print(f"  a mark with {LETTERS_OF_MARK} letters {total(cost):6.2f} ms = {parts}")
    print(f"  goal {MOST}: {'met' if total(cost) <= MOST else 'MISSED'}", flush=True)
    return total(cost) <= MOST


def _told(system: System, scene: Scene, columns: int) -> None:
    """Post columns and wait until every letter about them is sent."""
    sent = system.asking("notifications")
    wanted = sent(SENT) + round(columns * STUDENTS * LETTERS_OF_MARK)
    send_all(system.port, scene.columns(columns))
    eventually(lambda: sent(SENT) >= wanted, 300, "every letter is sent")


@contextmanager
def _mail_server(folder: Path) -> Iterator[int]:
    """A server that takes every letter within the block, on the port yielded."""
    (port,) = free_ports(1)
    taking = ("-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink")
    with started("aiosmtpd", *taking, log=folder / "mail.log"):
        yield port
