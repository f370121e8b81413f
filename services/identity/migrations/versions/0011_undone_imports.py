"""An import can be undone: what it did is kept for a while, and who undid it. Whether a bundle was a delta."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("bundle_import", sa.Column("undo_until", UtcDateTime()))
    op.add_column("bundle_import", sa.Column("is_delta", sa.Boolean))
    op.create_table(
        "import_trace",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("cause_id", sa.Uuid, primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("of_table", sa.String(40), nullable=False),
        sa.Column("rows", sa.JSON, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    protect(op, "import_trace", "school_id")
    op.create_table(
        "import_undo",
        sa.Column("import_id", sa.Uuid, sa.ForeignKey("bundle_import.id"), primary_key=True),
        sa.Column("job_id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("obstacles", sa.JSON, nullable=False),
        sa.Column("told", sa.JSON, nullable=False),
    )
