"""Why the gradebook refused its part of an import, as a text that can be translated beside its sentence."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("imported_school", sa.Column("failure_text", sa.JSON(none_as_null=True)))
