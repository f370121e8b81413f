"""The history of schools' time zones, and the zone that an import gives to schools that it makes."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "zone_change",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("account_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("school_id", "id"),
    )
    protect(op, "zone_change", "school_id")
    op.add_column("bundle_import", sa.Column("time_zone", sa.String(64)))
