"""Classes of several grades, none of them the first."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("class_copy", sa.Column("several_grades", sa.Boolean, nullable=False, server_default="0"))
