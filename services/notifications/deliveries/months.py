"""PostgreSQL keeps deliveries in partitions by month, so that forgetting a month is dropping a table.

The key is the delivery's id, which begins with the moment of the event (`rules.delivery_id`). What fits no month lies
in the partition `OTHER`. SQLite has no partitions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.data.policies import protecting

OTHER: Final = "delivery_other"
#: Months that are made ahead of the present one.
AHEAD: Final = 2
#: How long a change of partitions waits for running statements; those that come later wait behind it.
WAIT: Final = text("SET LOCAL lock_timeout = '2s'")
_PARTITIONS: Final = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'delivery'::regclass")
_ANY_DUE: Final = "SELECT EXISTS (SELECT FROM {} WHERE state = 'due')"
_PREFIX: Final = "delivery_"


def months_from(first: date, number: int) -> Iterator[date]:
    """The first days of `number` months, beginning with that of `first`."""
    for place in range(first.year * 12 + first.month - 1, first.year * 12 + first.month - 1 + number):
        yield date(place // 12, place % 12 + 1, 1)


def begin_of(month: date) -> datetime:
    """The first moment of a month, in UTC."""
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def end_of(month: date) -> datetime:
    """The first moment of the next month, in UTC."""
    return begin_of(list(months_from(month, 2))[1])


def first_id(moment: datetime) -> UUID:
    """The lowest id of deliveries whose event was at `moment` or later."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def name_of(month: date) -> str:
    """The partition of a month."""
    return f"{_PREFIX}{month:%Y_%m}"


def kept_months(session: Session) -> list[date]:
    """The months that have partitions, the oldest first."""
    names = set(session.scalars(_PARTITIONS)) - {OTHER}
    return sorted(datetime.strptime(name, f"{_PREFIX}%Y_%m").replace(tzinfo=UTC).date() for name in names)


def make(session: Session, month: date) -> None:
    """Make the partition of a month, with what lies in `OTHER` of it."""
    name, low, high = name_of(month), first_id(begin_of(month)), first_id(end_of(month))
    session.execute(WAIT)
    for statement in (
        f"CREATE TABLE {name} (LIKE delivery INCLUDING ALL)",
        *protecting(name, "school_id"),
        f"WITH moved AS (DELETE FROM {OTHER} WHERE id >= '{low}' AND id < '{high}' RETURNING *)"  # noqa: S608  # ours
        f" INSERT INTO {name} SELECT * FROM moved",
        f"ALTER TABLE delivery ATTACH PARTITION {name} FOR VALUES FROM ('{low}') TO ('{high}')",
    ):
        session.execute(text(statement))


def drop_before(session: Session, moment: datetime) -> tuple[list[str], list[str]]:
    """Drop the months that ended before `moment`. Returns the partitions dropped, and those kept.

    A month is kept as long as a letter in it is due.
    """
    ended = [name_of(month) for month in kept_months(session) if end_of(month) <= moment]
    if not ended:
        return [], []
    session.execute(WAIT)
    session.execute(text("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE"))  # else a letter might become due meanwhile
    due = [name for name in ended if session.scalar(text(_ANY_DUE.format(name)))]
    dropped = [name for name in ended if name not in due]
    for name in dropped:
        session.execute(text(f"DROP TABLE {name}"))
    return dropped, due
