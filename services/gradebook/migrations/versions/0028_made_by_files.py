"""What an edit of the timetable made: courses, subjects and classrooms of a file."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("timetable_edit", sa.Column("made", sa.JSON(none_as_null=True), nullable=True))
