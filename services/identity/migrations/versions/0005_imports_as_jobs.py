"""Imports are jobs, and their bundles lie in the store of files.

What an earlier version has not finished is given up: its bundles are to be handed in again.
"""

import sqlalchemy as sa
from alembic import op

from kernel.data.migrations import create_job_table

revision = "0005"
down_revision = "0004"

GIVEN_UP = {
    "file": "bundle.zip",
    "line": None,
    "field": None,
    "rule": "given-up",
    "message": "The import was not finished within a day. Hand the bundle in again.",
    "text": None,
}


def upgrade() -> None:
    create_job_table(op)
    op.add_column("bundle_import", sa.Column("file", sa.String(140), nullable=True))
    for name in ("question", "confirmed"):
        op.add_column("bundle_import", sa.Column(name, sa.JSON, nullable=True))
    for name in ("done", "total"):
        op.add_column("imported_school", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.add_column("imported_school", sa.Column("faults", sa.JSON, nullable=False, server_default="[]"))
    imports = sa.table(
        "bundle_import",
        *map(sa.column, ("id", "school_id", "status", "started_at", "bundle")),
        sa.column("finished_at", sa.DateTime),
        sa.column("faults", sa.JSON),
    )
    given_up = {"status": "failed", "finished_at": imports.c.started_at, "faults": [GIVEN_UP], "bundle": None}
    op.execute(sa.update(imports).where(imports.c.finished_at.is_(None)).values(given_up))
    op.execute(
        "INSERT INTO job (id, kind, tenant_id, state, stage, done, total, stop_asked, version, failures, created_at,"
        " finished_at) SELECT id, 'bundle_import', school_id, 'done', '', 0, 0, false, 1, 0, started_at, finished_at"
        " FROM bundle_import"
    )
