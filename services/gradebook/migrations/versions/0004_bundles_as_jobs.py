"""Bundles are taken over by jobs, step by step."""

import sqlalchemy as sa
from alembic import op

from kernel.data.migrations import create_job_table, protect

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    create_job_table(op)
    op.create_table(
        "bundle_part",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("import_id", sa.Uuid, primary_key=True),
        sa.Column("job_id", sa.Uuid, nullable=False),
        sa.Column("dry_run", sa.Boolean, nullable=False),
        sa.Column("begun", sa.Boolean, nullable=False),
        sa.Column("after", sa.Uuid),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
    )
    op.create_index("bundle_part_job", "bundle_part", ["job_id"], unique=True)
    protect(op, "bundle_part", "school_id")
