"""The one place that reads the time. Rules get the present as a value and never ask for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, zone: str) -> date:
    """The calendar date of `moment` (aware) in a zone such as `Europe/Samara`. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone has no local date")
    return moment.astimezone(ZoneInfo(zone)).date()


class Pause:
    """The least number of seconds between two runs of some work. Before the first run it is over already.

    A monotonic clock counts from any moment, often from the machine's start, so no number stands for "long ago".
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._began: float | None = None

    def begin(self) -> None:
        """Begin the pause now, or begin it again."""
        self._began = self._clock()

    def over(self) -> bool:
        """Whether the pause has lasted its seconds, or has never begun."""
        return self._began is None or self._clock() - self._began >= self.seconds
