"""Bundles lie in the store of files. Imports of the earlier version that are unfinished are to be handed in again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("bundle_import", sa.Column("file", sa.String(140), nullable=True))
