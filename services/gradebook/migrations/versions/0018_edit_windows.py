"""Openings of closed lessons; what was entered late keeps its deadline and the reason."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "edit_opening",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("course_id", sa.Uuid),
        sa.Column("teacher_id", sa.Uuid),
        sa.Column("class_id", sa.Uuid),
        sa.Column("lesson_id", sa.Uuid),
        sa.Column("first", sa.Date),
        sa.Column("last", sa.Date),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("opened_by", sa.Uuid, nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", sa.Uuid),
        sa.Column("ended_at", UtcDateTime()),
    )
    op.create_index("edit_opening_until", "edit_opening", ["school_id", "until"])
    protect(op, "edit_opening", "school_id")
    op.add_column("lesson_revision", sa.Column("due_on", sa.Date))
    op.add_column("lesson_revision", sa.Column("reason", sa.String(500), nullable=False, server_default=""))
    op.add_column("mark_revision", sa.Column("due_on", sa.Date))
