"""The one place that reads the time. Rules get the present as a value and never ask for it."""

from __future__ import annotations

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
