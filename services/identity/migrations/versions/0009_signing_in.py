"""Where sessions began and when they were refreshed last; which passwords the school issued.

Of the passwords there are by now nobody knows whether their owners chose them: they stay good.
"""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("refreshed_at", UtcDateTime()))
    op.add_column("sign_in", sa.Column("network", sa.String(64)))
    op.add_column("sign_in", sa.Column("device", sa.LargeBinary(32)))
    op.add_column("sign_in", sa.Column("client", sa.String(80)))
    op.add_column("account", sa.Column("issued", sa.Boolean(), nullable=False, server_default=sa.false()))
