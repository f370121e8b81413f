"""Documents are printed by jobs. What waits is taken up by them."""

from alembic import op

from kernel.data.migrations import create_job_table

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    create_job_table(op)
    op.execute(
        "INSERT INTO job (id, kind, tenant_id, state, stage, done, total, stop_asked, version, failures, due_at,"
        " created_at) SELECT id, 'print', school_id, 'waiting', '', 0, 0, false, 1, 0, ordered_at, ordered_at"
        " FROM print_job WHERE finished_at IS NULL"
    )
