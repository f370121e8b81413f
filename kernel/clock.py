"""The one place that reads the time. Rules get times as values and never call this."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, zone: str) -> date:
    """The calendar date of `moment` (aware) in a zone such as `Europe/Samara`."""
    return moment.astimezone(ZoneInfo(zone)).date()
