"""Orders of credentials, which are carried out as jobs."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "credential_order",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("school_id", sa.Uuid()),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("person_ids", sa.JSON(), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("replace", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("sealed_at", UtcDateTime()),
        sa.Column("shown_at", UtcDateTime()),
        sa.Column("failure", sa.JSON(none_as_null=True)),
    )
    op.create_index("credential_order_ordered_at", "credential_order", ["ordered_at"])
