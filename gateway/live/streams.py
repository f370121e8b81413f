"""Who follows which job, and its latest state for each of them. Thread-safe."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from kernel.errors import Unavailable
from kernel.jobs import JobChanged

#: Streams of one account: as many pages as somebody has open at once.
OF_ACCOUNT: Final = 8
#: Streams of one process. A page that gets none asks for the state again and again instead.
IN_ALL: Final = 2000


@dataclass(eq=False)
class Follower:
    """A page that follows a job. Of several changes it learns the last one alone."""

    job_id: UUID
    account_id: UUID | None
    session_id: UUID | None
    _news: threading.Condition = field(default_factory=threading.Condition)
    _latest: JobChanged | None = None
    _over: bool = False

    def tell(self, change: JobChanged) -> None:
        """The job changed."""
        with self._news:
            if self._latest is None or change.version > self._latest.version:
                self._latest = change
                self._news.notify()

    def end(self) -> None:
        """The session has ended, or the process is to stop: nothing more is told."""
        with self._news:
            self._over = True
            self._news.notify()

    @property
    def over(self) -> bool:
        """Whether nothing more is told."""
        return self._over

    def change_since(self, version: int, seconds: float) -> JobChanged | None:
        """The latest change after a version, waited for at most so many seconds."""

        def is_news() -> bool:
            return self._over or (self._latest is not None and self._latest.version > version)

        with self._news:
            self._news.wait_for(is_news, seconds)
            latest = self._latest
        return latest if latest is not None and latest.version > version else None


class Streams:
    """The followers of one process."""

    def __init__(self) -> None:
        self._followers: defaultdict[UUID, set[Follower]] = defaultdict(set)
        self._of_account: Counter[UUID | None] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def following(self, job_id: UUID, account_id: UUID | None, session_id: UUID | None) -> Iterator[Follower]:
        """Follow a job. Raises `Unavailable` where the account, or all together, follow enough already."""
        follower = Follower(job_id, account_id, session_id)
        with self._lock:
            if self._of_account[account_id] >= OF_ACCOUNT or self._of_account.total() >= IN_ALL:
                raise Unavailable("Too many pages are followed at once.", rule="too-many-streams")
            self._of_account[account_id] += 1
            self._followers[job_id].add(follower)
        try:
            yield follower
        finally:
            with self._lock:
                self._of_account[account_id] -= 1
                self._of_account += Counter()  # without those that are 0
                self._followers[job_id].discard(follower)
                if not self._followers[job_id]:
                    del self._followers[job_id]

    def tell(self, change: Any) -> None:
        """A job changed."""
        for follower in self._chosen(lambda one: one.job_id == change.job_id, change.job_id):
            follower.tell(change)

    def end_session(self, session_id: UUID) -> None:
        """A session has ended: so do its streams."""
        for follower in self._chosen(lambda one: one.session_id == session_id):
            follower.end()

    def end_all(self) -> None:
        """The process is to stop."""
        for follower in self._chosen(lambda _one: True):
            follower.end()

    def __len__(self) -> int:
        return self._of_account.total()

    def _chosen(self, condition: Any, job_id: UUID | None = None) -> list[Follower]:
        with self._lock:
            sets = [self._followers.get(job_id, set())] if job_id else list(self._followers.values())
            return [one for of_job in sets for one in of_job if condition(one)]
