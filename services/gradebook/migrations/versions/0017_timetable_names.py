"""What names of files of timetables meant."""

import sqlalchemy as sa
from alembic import op

from kernel.data.migrations import protect

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "timetable_name",
        sa.Column("school_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("target_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("school_id", "kind", "name"),
    )
    protect(op, "timetable_name", "school_id")
