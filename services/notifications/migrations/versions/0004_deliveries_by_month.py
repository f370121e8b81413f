"""Deliveries are partitioned by month on PostgreSQL, and told apart by an id made of the message.

The rows are copied into their months. They keep their ids: a message that was handled before is known to the inbox.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from kernel.data.migrations import protect

revision = "0004"
down_revision = "0003"

DUE = sa.text("state = 'due'")
INDEXES = {
    "delivery_due": ["due_at", "school_id"],
    "delivery_due_of_school": ["school_id", "due_at"],
    "delivery_recipient": ["school_id", "recipient_id", "id"],
    "delivery_student": ["school_id", "student_id", "id"],
}
#: Months made ahead of the present one; the service makes those that follow.
AHEAD = 2


def upgrade() -> None:
    op.drop_index("delivery_once", "delivery")
    if op.get_bind().dialect.name != "postgresql":
        return
    for name in INDEXES:
        op.drop_index(name, "delivery")
    op.execute("ALTER TABLE delivery RENAME TO delivery_before")
    op.execute("ALTER INDEX delivery_pkey RENAME TO delivery_before_pkey")
    op.execute("CREATE TABLE delivery (LIKE delivery_before) PARTITION BY RANGE (id)")
    op.execute("ALTER TABLE delivery ADD PRIMARY KEY (school_id, id)")
    protect(op, "delivery", "school_id")
    _make_partitions()
    op.execute("INSERT INTO delivery SELECT * FROM delivery_before")
    op.execute("DROP TABLE delivery_before")
    for name, columns in INDEXES.items():
        op.create_index(name, "delivery", columns, postgresql_where=DUE if "due" in name else None)


def _make_partitions() -> None:
    op.execute("CREATE TABLE delivery_other PARTITION OF delivery DEFAULT")
    protect(op, "delivery_other", "school_id")
    oldest = op.get_bind().scalar(sa.text("SELECT min(created_at) FROM delivery_before"))
    for begin, end in _months(oldest or datetime.now(UTC), datetime.now(UTC)):
        name = f"delivery_{begin:%Y_%m}"
        op.execute(f"CREATE TABLE {name} PARTITION OF delivery FOR VALUES FROM ('{_id(begin)}') TO ('{_id(end)}')")
        protect(op, name, "school_id")


def _months(oldest: datetime, newest: datetime) -> Iterator[tuple[datetime, datetime]]:
    first, last = oldest.year * 12 + oldest.month - 1, newest.year * 12 + newest.month - 1 + AHEAD
    for place in range(first, last + 1):
        begin, end = (datetime(at // 12, at % 12 + 1, 1, tzinfo=UTC) for at in (place, place + 1))
        yield begin, end


def _id(moment: datetime) -> str:
    """The lowest UUIDv7 of a moment."""
    milliseconds = int(moment.timestamp() * 1000)
    return f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-0000-0000-000000000000"
