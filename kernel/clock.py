"""Reads the time. Rules take the present moment as a parameter and never read a clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, as an aware datetime in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, zone: str) -> date:
    """The calendar date of an aware `moment` in a zone such as `Europe/Samara`. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone has no local date")
    return moment.astimezone(ZoneInfo(zone)).date()


class Pause:
    """The minimum time between two runs of some work. Before the first run it counts as over.

    A monotonic clock starts at an arbitrary moment, often the machine's start, so no number can mean "long ago".
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._began: float | None = None

    def begin(self) -> None:
        """Start the pause now, or restart it."""
        self._began = self._clock()

    def over(self) -> bool:
        """Whether `seconds` have passed since the pause began, or it has never begun."""
        return self._began is None or self._clock() - self._began >= self.seconds
