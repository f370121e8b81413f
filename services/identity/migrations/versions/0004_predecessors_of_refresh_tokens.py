"""Which refresh token each was given for, and which of a session's was used last.

Replicas of the version before write neither: `recording.exchange` takes their tokens by the rule of that version.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("refresh_token", sa.Column("predecessor", sa.LargeBinary(32)))
    op.add_column("sign_in", sa.Column("last_used", sa.LargeBinary(32)))
