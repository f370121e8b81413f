"""Versions of the school's policy: the draft, and those that were adopted."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "policy_version",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("valid_from", sa.Date),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("drafted_by", sa.Uuid, nullable=False),
        sa.Column("drafted_at", UtcDateTime, nullable=False),
        sa.Column("adopted_by", sa.Uuid),
        sa.Column("adopted_at", UtcDateTime),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("policy_version_number", "policy_version", ["school_id", "number"], unique=True)
    protect(op, "policy_version", "school_id")
