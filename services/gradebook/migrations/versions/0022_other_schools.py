"""Marks that students bring along from other schools."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from services.gradebook.migrations.columns import day, ids, moment, refers, school_table

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    school_table(
        op,
        "other_school_mark",
        ids("id"),
        ids("course_id"),
        ids("student_id"),
        day("date", nullable=True),
        ids("kind_id", nullable=True),
        ids("term_id", nullable=True),
        sa.Column("value", sa.String(10), nullable=False),
        sa.Column("school", sa.String(200), nullable=False),
        sa.Column("document", sa.String(300), nullable=False),
        ids("entered_by"),
        moment("entered_at"),
        ids("withdrawn_by", nullable=True),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.Column("reason", sa.String(500), nullable=False),
        refers("course_id", "course"),
        refers("kind_id", "kind_of_work"),
        refers("term_id", "term"),
        sa.CheckConstraint("(date IS NULL) = (kind_id IS NULL)", name="other_school_mark_dated"),
        sa.CheckConstraint("(date IS NULL) <> (term_id IS NULL)", name="other_school_mark_of_term"),
        key=("id",),
    )
    op.create_index("other_school_mark_course", "other_school_mark", ["school_id", "course_id"])
    op.create_index("other_school_mark_student", "other_school_mark", ["school_id", "student_id"])
