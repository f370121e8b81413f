"""The calendar schedule of a year: the weeks of grades, days off, moved and short days, and who changed it when."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("year", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.add_column("term", sa.Column("by_hand", sa.Boolean, nullable=False, server_default="0"))
    op.create_table(
        "year_grade",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("year_id", sa.Uuid, primary_key=True),
        sa.Column("grade", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("division", sa.Text, nullable=False),
        sa.Column("days_a_week", sa.Integer, nullable=False),
        _of_year(),
    )
    _of_days(
        "day_off",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
    )
    _of_days("moved_day", sa.Column("date", sa.Date, nullable=False), sa.Column("weekday", sa.Integer, nullable=False))
    _of_days("short_day", sa.Column("date", sa.Date, nullable=False))
    op.create_table(
        "calendar_revision",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("year_id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("changed_by", sa.Uuid),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        _of_year(),
    )
    for table in ("year_grade", "day_off", "moved_day", "short_day", "calendar_revision"):
        protect(op, table, "school_id")


def _of_days(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("year_id", sa.Uuid, nullable=False),
        *columns,
        sa.Column("grades", sa.JSON, nullable=False),
        _of_year(),
    )
    op.create_index(f"{table}_year", table, ["school_id", "year_id"])


def _of_year() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["school_id", "year_id"], ["year.school_id", "year.id"])
