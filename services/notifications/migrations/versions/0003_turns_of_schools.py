"""Turns of schools: several replicas send, each for another school.

A run of an earlier version would send the same letters. So its timer finds the last slot of all taken, and such a
replica, while it runs on beside the new ones, leaves the sending to them.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0003"
down_revision = "0002"

JOB = "notifications.send_due"
LAST_SLOT = 2**63 - 1


def upgrade() -> None:
    op.create_table(
        "school_turn",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("school_id"),
    )
    protect(op, "school_turn", "school_id")
    _leave_the_sending_to_turns()


def _leave_the_sending_to_turns() -> None:
    moment = sa.column("leased_until", UtcDateTime)
    timer = sa.table("timer", sa.column("job"), sa.column("slot"), sa.column("holder"), moment)
    op.execute(timer.delete().where(timer.c.job == JOB))
    op.execute(timer.insert().values(job=JOB, slot=LAST_SLOT, holder="", leased_until=datetime.now(UTC)))
