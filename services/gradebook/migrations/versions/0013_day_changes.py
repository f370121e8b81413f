"""Changes of single lessons: cancelled, moved, in another classroom, by somebody who stands in; with their history."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _table("day_change", "course_id", "date", "number")
    _table("day_change_revision", "course_id", "date", "number", "version")


def _table(name: str, *key: str) -> None:
    op.create_table(
        name,
        sa.Column("school_id", sa.Uuid, nullable=False),
        sa.Column("course_id", sa.Uuid, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.Column("moved_to", sa.Date),
        sa.Column("moved_number", sa.Integer),
        sa.Column("classroom_id", sa.Uuid),
        sa.Column("teacher_id", sa.Uuid),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Uuid),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["school_id", "course_id"], ["course.school_id", "course.id"]),
        sa.PrimaryKeyConstraint("school_id", *key),
    )
    protect(op, name, "school_id")
