"""A diary finds homework by the day on which it is due, in whichever week it was given."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    due = sa.text("homework_due IS NOT NULL")
    op.create_index(
        "lesson_homework_due",
        "lesson",
        ["school_id", "course_id", "homework_due"],
        postgresql_where=due,
        sqlite_where=due,
    )
