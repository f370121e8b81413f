"""PostgreSQL reads the tenant of a transaction once a statement, no more once a row."""

from alembic import op

from kernel.data.migrations import renew_policies

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    renew_policies(op, "school_id")
