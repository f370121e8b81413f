"""An import can be undone: what it did is kept for a while, and a mark's history names the import."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("mark_revision", sa.Column("import_id", sa.Uuid))
    imported = sa.text("import_id IS NOT NULL")
    op.create_index(
        "mark_revision_import",
        "mark_revision",
        ["school_id", "import_id"],
        postgresql_where=imported,
        sqlite_where=imported,
    )
    op.create_table(
        "bundle_trace",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("cause_id", sa.Uuid, primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("of_table", sa.String(40), nullable=False),
        sa.Column("rows", sa.JSON, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    protect(op, "bundle_trace", "school_id")
    op.create_table(
        "bundle_undo",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("import_id", sa.Uuid, primary_key=True),
        sa.Column("job_id", sa.Uuid, nullable=False),
        sa.Column("undo_id", sa.Uuid, nullable=False),
        sa.Column("step", sa.String(10), nullable=False),
        sa.Column("undone", sa.Boolean, nullable=False),
    )
    op.create_index("bundle_undo_job", "bundle_undo", ["job_id"], unique=True)
    protect(op, "bundle_undo", "school_id")
