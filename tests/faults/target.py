"""What the faults are aimed at: a service with one handler, which writes down each of its runs and each effect.

`python -m tests.faults.target` runs it as a process with the settings of its environment, as any service is run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kernel.running import runner  # the first import of ours: it patches the process before anything makes a socket

# ruff: noqa: I001  # what follows must find the process patched

import eventlet
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from kernel import config
from kernel.data import relay
from kernel.running.entrypoints import on_event
from kernel.data.outbox import OutboxRow
from kernel.running.providers import Database
from kernel.data.received import Received
from tests.faults.model import GATE, SLOW_SECONDS, WITHOUT, Arrival, Effect, Struck

GATE_PAUSE: Final = 0.02


class Target:
    """Handles `Struck`: one effect each."""

    name = "target"
    unit_of_work = Database()

    @on_event(Struck)
    def on_struck(self, received: Received[Struck]) -> None:
        mood = received.event.mood
        self._write_down(received)
        if mood == "die":
            os._exit(9)
        if mood == "slow":
            eventlet.sleep(SLOW_SECONDS)
        _stay(mood, "before")
        with self._claimed(received) as session:
            session.execute(insert(Effect), [{"message_id": received.message_id}])
            _stay(mood, "inside")
        _stay(mood, "after")

    def _write_down(self, received: Received[Struck]) -> None:
        """The run of the handler, whatever becomes of it."""
        with self.unit_of_work.everywhere() as session:
            session.execute(insert(Arrival), [{"message_id": received.message_id, "process": os.getpid()}])

    @contextmanager
    def _claimed(self, received: Received[Struck]) -> Iterator[Session]:
        with self.unit_of_work.once(received) as session:
            yield session


class TargetWithoutInbox(Target):
    """What the table of faults must show as broken: effects that nobody asks whether they were had before."""

    @contextmanager
    def _claimed(self, received: Received[Struck]) -> Iterator[Session]:
        with self.unit_of_work.everywhere() as session:
            yield session


def _publish_newest_first() -> None:
    """What the table of faults must show as broken: a relay that knows of no order."""
    pending = select(*relay._PUBLISHED).where(OutboxRow.published_at.is_(None))
    disordered = pending.order_by(OutboxRow.position.desc()).limit(relay.BATCH).with_for_update(skip_locked=True)
    relay._DUE = disordered  # type: ignore[misc]  # a constant of the product's, broken on purpose in this process


def _stay(mood: str, stage: str) -> None:
    """An event that is to be caught at this stage stays there while the gate is shut."""
    if mood == stage:
        gate = Path(os.environ[GATE])
        while gate.exists():
            eventlet.sleep(GATE_PAUSE)


def main() -> None:
    if os.environ.get(WITHOUT) == "order":
        _publish_newest_first()
    cls = TargetWithoutInbox if os.environ.get(WITHOUT) == "inbox" else Target
    runner.run_services([cls], config.load())


if __name__ == "__main__":
    sys.exit(main())
