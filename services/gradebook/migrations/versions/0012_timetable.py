"""Classrooms, the timetable with its edits, changes of single days, and what lessons know of them."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    _table("classroom", _id("id"), _text("name"), sa.Column("shared", sa.Boolean, nullable=False), key=("id",))
    _table(
        "timetable_entry", _id("id"), _id("year_id"), _id("course_id"), _number("weekday"), _number("number"),
        sa.Column("week", sa.String(1), nullable=False), _day("valid_from"), _day("valid_until", nullable=True),
        _id("classroom_id", nullable=True), _id("teacher_id", nullable=True), _refers("year_id", "year"),
        _refers("course_id", "course"), _refers("classroom_id", "classroom"), key=("id",),
    )  # fmt: skip
    _table(
        "timetable_edit", _id("year_id"), _number("version"), sa.Column("what", sa.String(20), nullable=False),
        sa.Column("undoes", sa.Integer), sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False), _id("edited_by", nullable=True),
        sa.Column("edited_at", UtcDateTime(), nullable=False), _refers("year_id", "year"), key=("year_id", "version"),
    )  # fmt: skip
    op.create_index("timetable_entry_course", "timetable_entry", ["school_id", "course_id"])
    op.create_index("timetable_entry_year", "timetable_entry", ["school_id", "year_id", "weekday", "number"])
    _table("checked_lesson", _id("lesson_id"), _refers("lesson_id", "lesson"), key=("lesson_id",))
    _lessons()


def _lessons() -> None:
    """Columns of lessons, added one by one: SQLite rebuilds the table for more, and forgets its triggers."""
    for column in (
        _id("entry_id", nullable=True),
        sa.Column("state", sa.String(10), nullable=False, server_default=""),
        _id("classroom_id", nullable=True),
        _id("teacher_id", nullable=True),
        _day("moved_to", nullable=True),
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


def _table(name: str, *parts: sa.schema.SchemaItem, key: tuple[str, ...]) -> None:
    """A table of a school's rows, closed to the other schools."""
    op.create_table(name, _id("school_id"), *parts, sa.PrimaryKeyConstraint("school_id", *key))
    protect(op, name, "school_id")


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid, nullable=nullable)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=False, autoincrement=False)


def _day(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date, nullable=nullable)


def _refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"])
