"""Calendar feeds at secret addresses."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("school_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("of", sa.String(10), nullable=False),
        sa.Column("of_id", sa.Uuid, nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "person_id", "of", "of_id"),
    )
    op.create_index("calendar_feed_secret", "calendar_feed", ["school_id", "secret_hash"], unique=True)
    protect(op, "calendar_feed", "school_id")
