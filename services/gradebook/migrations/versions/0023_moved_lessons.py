"""Finds lessons by the day to which they were moved."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    moved = sa.text("moved_to IS NOT NULL")
    columns = ["school_id", "course_id", "moved_to"]
    op.create_index("lesson_moved", "lesson", columns, postgresql_where=moved, sqlite_where=moved)
