"""Turns of schools: whose letters are sent next, and the lease under which they are.

The lease is short and renewed in a thread of its own. A letter may take longer, if the mail server is slow; a replica
that is killed frees the school when the lease ends. The clocks of replicas have to agree within `MARGIN`. Threads are
green in a service's process.
"""

from __future__ import annotations

import threading
from collections import deque
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
from services.notifications.deliveries.queries import schools_to_serve
from services.notifications.deliveries.recording import end_turn, keep_turn, take_turn

log = structlog.get_logger()

#: How long a run takes up turns. Stopping waits for it.
RUN: Final = timedelta(seconds=10)
#: Most schools that are looked for at once.
SCHOOLS: Final = 100
#: How long a turn lasts unless it is renewed.
LEASE: Final = timedelta(seconds=15)
#: Time between two renewals.
RENEWAL: Final = timedelta(seconds=4)
#: No letter is begun so shortly before the end of the lease.
MARGIN: Final = timedelta(seconds=5)


class FreeSchools:
    """Schools with due letters, handed out one at a time to the threads of a run that serve them.

    A school comes again after all others had their turns, so none waits for another's many letters.
    """

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work
        self._lock = threading.Lock()
        self._ends_at = now() + RUN
        self._look()

    def __len__(self) -> int:
        """How many are known."""
        return len(self._schools)

    def next(self) -> tuple[UUID, datetime] | None:
        """A school, and when it was seen to be free; None if there is none, or the run is over."""
        with self._lock:
            if now() >= self._ends_at:
                return None
            if not self._schools:
                self._look()
            return (self._schools.popleft(), self._seen_at) if self._schools else None

    def _look(self) -> None:
        self._seen_at = now()
        with self._unit_of_work.everywhere() as session:
            self._schools = deque(schools_to_serve(session, self._seen_at, SCHOOLS))


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
