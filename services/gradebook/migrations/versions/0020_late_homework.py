"""Files, minutes and personal tasks with which homework came late keep its deadline and the reason, as its text."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("homework_revision", sa.Column("due_on", sa.Date))
    op.add_column("homework_revision", sa.Column("reason", sa.String(500), nullable=False, server_default=""))
