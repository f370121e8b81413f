"""Classes of several grades, none of them the first."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("class_copy", sa.Column("several_grades", sa.Boolean, nullable=False, server_default="0"))
