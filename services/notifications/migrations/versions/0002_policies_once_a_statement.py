"""PostgreSQL reads the tenant of a transaction once a statement, no more once a row."""

from alembic import op

from kernel.data.migrations import renew_policies

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    renew_policies(op, "school_id")
