"""Classrooms, the timetable with its edits, changes of single days, and what lessons know of them."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from services.gradebook.migrations.columns import day, ids, number, refers, school_table, text

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    school_table(op, "classroom", ids("id"), text("name"), sa.Column("shared", sa.Boolean, nullable=False), key=("id",))
    school_table(
        op, "timetable_entry", ids("id"), ids("year_id"), ids("course_id"), number("weekday"), number("number"),
        sa.Column("week", sa.String(1), nullable=False), day("valid_from"), day("valid_until", nullable=True),
        ids("classroom_id", nullable=True), ids("teacher_id", nullable=True), refers("year_id", "year"),
        refers("course_id", "course"), refers("classroom_id", "classroom"), key=("id",),
    )  # fmt: skip
    school_table(
        op, "timetable_edit", ids("year_id"), number("version"), sa.Column("what", sa.String(20), nullable=False),
        sa.Column("undoes", sa.Integer), sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False), ids("edited_by", nullable=True),
        sa.Column("edited_at", UtcDateTime(), nullable=False), refers("year_id", "year"), key=("year_id", "version"),
    )  # fmt: skip
    op.create_index("timetable_entry_course", "timetable_entry", ["school_id", "course_id"])
    op.create_index("timetable_entry_year", "timetable_entry", ["school_id", "year_id", "weekday", "number"])
    school_table(op, "checked_lesson", ids("lesson_id"), refers("lesson_id", "lesson"), key=("lesson_id",))
    _lessons()


def _lessons() -> None:
    """Columns of lessons, added one by one: SQLite rebuilds the table for more, and forgets its triggers."""
    for column in (
        ids("entry_id", nullable=True),
        sa.Column("state", sa.String(10), nullable=False, server_default=""),
        ids("classroom_id", nullable=True),
        ids("teacher_id", nullable=True),
        day("moved_to", nullable=True),
        sa.Column("moved_number", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
    ):
        op.add_column("lesson", column)
    for name in ("teacher_id", "classroom_id"):
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"lesson_{name.removesuffix('_id')}", "lesson", ["school_id", name, "date"],
            postgresql_where=where, sqlite_where=where,
        )  # fmt: skip
