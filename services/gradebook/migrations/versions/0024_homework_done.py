"""Homework that students ticked as done."""

import sqlalchemy as sa
from alembic import op

from services.gradebook.migrations.columns import ids, moment, refers, school_table

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    school_table(
        op,
        "homework_done",
        ids("lesson_id"),
        ids("student_id"),
        moment("done_at"),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        refers("lesson_id", "lesson"),
        key=("lesson_id", "student_id"),
    )
