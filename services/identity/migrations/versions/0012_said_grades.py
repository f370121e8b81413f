"""What a person says of the grade of a class of which nothing else states it."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("school_class", sa.Column("said_grade", sa.Integer))
    op.add_column("school_class", sa.Column("said_several", sa.Boolean, nullable=False, server_default="0"))
    op.create_table(
        "said_grade",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("school_id", sa.Uuid, nullable=False),
        sa.Column("class_id", sa.Uuid, nullable=False),
        sa.Column("grade", sa.Integer),
        sa.Column("several", sa.Boolean, nullable=False),
        sa.Column("said_by", sa.Uuid),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id"),
    )
    op.create_index("said_grade_class", "said_grade", ["school_id", "class_id"])
    protect(op, "said_grade", "school_id")
