"""Files of a school's past that were taken, and the marks of terms and days that they brought."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from services.gradebook.migrations.columns import ids, moment, number, refers, school_table

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    school_table(
        op,
        "past_import",
        ids("id"),
        ids("year_id"),
        ids("class_id"),
        sa.Column("class_name", sa.String(100), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        ids("taken_by"),
        moment("taken_at"),
        ids("undone_by", nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        refers("year_id", "year"),
        key=("id",),
    )
    school_table(
        op,
        "past_term_mark",
        ids("import_id"),
        ids("term_mark_id"),
        number("version"),
        refers("import_id", "past_import"),
        refers("term_mark_id", "term_mark"),
        key=("import_id", "term_mark_id"),
    )
    op.create_index("past_term_mark_mark", "past_term_mark", ["school_id", "term_mark_id"])
    school_table(
        op,
        "past_day_mark",
        ids("import_id"),
        ids("mark_id"),
        number("version"),
        refers("import_id", "past_import"),
        refers("mark_id", "mark"),
        key=("import_id", "mark_id"),
    )
    op.create_index("past_day_mark_mark", "past_day_mark", ["school_id", "mark_id"])
