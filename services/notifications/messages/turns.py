"""Keeps a school's turn while its letters are sent: a short lease, renewed in a thread of its own.

A letter may take longer than the lease, if the mail server is slow; a replica that is killed frees the school when the
lease ends. The clocks of replicas have to agree within `MARGIN`. Threads are green in a service's process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from kernel.clock import now
from kernel.data.database import UnitOfWork
from kernel.data.failures import where
from services.notifications.deliveries.recording import end_turn, keep_turn, take_turn

log = structlog.get_logger()

#: How long a turn lasts unless it is renewed.
LEASE: Final = timedelta(seconds=15)
#: Time between two renewals.
RENEWAL: Final = timedelta(seconds=4)
#: No letter is begun so shortly before the end of the lease.
MARGIN: Final = timedelta(seconds=5)


class Turn:
    """The turn of `holder` to send a school's letters."""

    def __init__(self, unit_of_work: UnitOfWork, school_id: UUID, holder: str) -> None:
        self.school_id = school_id
        self._unit_of_work = unit_of_work
        self._holder = holder
        self._until = now()

    def take(self, session: Session, seen_at: datetime) -> bool:
        """Take the turn of a school that was free at `seen_at`. Returns False if somebody else did since then."""
        self._until = now() + LEASE
        return take_turn(session, self.school_id, self._holder, free_at=seen_at, until=self._until)

    def lasts(self) -> bool:
        """Whether there is time to begin another letter. False if the lease was lost, or could not be renewed."""
        return now() < self._until - MARGIN

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew the turn while the block runs, then leave the next one to anybody."""
        ended = threading.Event()
        thread = threading.Thread(target=self._keep, args=(ended,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            with self._unit_of_work.of(self.school_id) as session:
                end_turn(session, self._holder, now())

    def _keep(self, ended: threading.Event) -> None:
        while not ended.wait(RENEWAL.total_seconds()):
            try:
                self._renew()
            except Exception as error:  # noqa: BLE001  # the database may be back for the next renewal
                log.warning("turn_not_renewed", school_id=str(self.school_id), where=where(error))

    def _renew(self) -> None:
        until = now() + LEASE
        with self._unit_of_work.of(self.school_id) as session:
            own = keep_turn(session, self._holder, until)
        self._until = until if own else now()


def side_by_side(times: int, work: Callable[[], None]) -> None:
    """Run `work` so many times at once, each in a thread of its own. Raises the first error after all have ended."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # raised below, in the caller's thread
            errors.append(error)

    threads = [threading.Thread(target=copy_context().run, args=(run,), daemon=True) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
