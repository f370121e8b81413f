"""Schedules of bells by kind of day and shift, and the classes of the second shift."""

import sqlalchemy as sa
from alembic import op

from kernel.data.migrations import protect

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    of_year = ["school_id", "year_id"], ["year.school_id", "year.id"]
    op.create_table(
        "bell_schedule",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("year_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("shift", sa.Integer, nullable=False),
        sa.Column("weekdays", sa.JSON, nullable=False),
        sa.Column("short", sa.Boolean, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(*of_year),
    )
    op.create_index("bell_schedule_year", "bell_schedule", ["school_id", "year_id"])
    op.create_table(
        "bell",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("schedule_id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("starts", sa.Time, nullable=False),
        sa.Column("ends", sa.Time, nullable=False),
        sa.ForeignKeyConstraint(["school_id", "schedule_id"], ["bell_schedule.school_id", "bell_schedule.id"]),
    )
    op.create_table(
        "class_shift",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("year_id", sa.Uuid, primary_key=True),
        sa.Column("class_id", sa.Uuid, primary_key=True),
        sa.Column("shift", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(*of_year),
    )
    for table in ("bell_schedule", "bell", "class_shift"):
        protect(op, table, "school_id")
