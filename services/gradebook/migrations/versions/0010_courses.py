"""Courses are made by people: groups, hours, teachers from a date to a date; curriculum; who changed what.

Courses that are there keep the members that their import named.
"""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("subject", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    hours = sa.String(12) if op.get_bind().dialect.name == "sqlite" else sa.Numeric(4, 2)
    op.add_column("course", sa.Column("hours_a_week", hours))
    op.add_column("course", sa.Column("group_name", sa.Text, nullable=False, server_default=""))
    op.add_column("course", sa.Column("kept_here", sa.Boolean, nullable=False, server_default="0"))
    op.add_column("course", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.add_column("course_teacher", sa.Column("since", sa.Date))
    op.add_column("course_teacher", sa.Column("until", sa.Date))
    op.add_column("student_copy", sa.Column("class_since", sa.Date))
    op.create_table(
        "curriculum",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("year_id", sa.Uuid, primary_key=True),
        sa.Column("grade", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("subject_id", sa.Uuid, primary_key=True),
        sa.Column("hours", hours, nullable=False),
        sa.ForeignKeyConstraint(["school_id", "year_id"], ["year.school_id", "year.id"]),
        sa.ForeignKeyConstraint(["school_id", "subject_id"], ["subject.school_id", "subject.id"]),
    )
    protect(op, "curriculum", "school_id")
    for thing in ("subject", "course"):
        _revisions(f"{thing}_revision", f"{thing}_id")
    _revisions("curriculum_revision", "year_id")


def _revisions(table: str, of: str) -> None:
    op.create_table(
        table,
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column(of, sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("changed_by", sa.Uuid),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
    )
    protect(op, table, "school_id")
