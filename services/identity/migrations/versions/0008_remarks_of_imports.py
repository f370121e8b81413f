"""Remarks of an import: what is odd in its bundle and was imported all the same."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("bundle_import", sa.Column("remarks", sa.JSON(none_as_null=True)))
