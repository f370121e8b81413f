"""A delivery that was sent keeps a digest of what it told, so that the same is not told twice."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("told", sa.String(16)))
    op.create_index("delivery_subject", "delivery", ["school_id", "subject_id"])
