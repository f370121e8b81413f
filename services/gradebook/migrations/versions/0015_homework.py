"""Homework beside its text: minutes, links, files, personal tasks, their history; private notes on lessons."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    _table(
        "homework_detail", _id("lesson_id"), sa.Column("minutes", sa.Integer), _json("links"), _number("version"),
        key=("lesson_id",),
    )  # fmt: skip
    _table(
        "homework_revision", _id("lesson_id"), _number("version"), sa.Column("what", sa.String(20), nullable=False),
        _text("file"), sa.Column("minutes", sa.Integer), _json("links"), _json("tasks"),
        _id("changed_by", nullable=True), _moment("changed_at"), key=("lesson_id", "version"),
    )  # fmt: skip
    _table(
        "homework_file", _id("id"), _id("lesson_id"), sa.Column("sha256", sa.String(64), nullable=False), _text("name"),
        sa.Column("media_type", sa.String(100), nullable=False), _number("size"), _id("added_by", nullable=True),
        _moment("added_at"), _id("removed_by", nullable=True), sa.Column("removed_at", UtcDateTime()), key=("id",),
    )  # fmt: skip
    _table(
        "personal_task", _id("lesson_id"), _id("student_id"), _text("text"), sa.Column("due", sa.Date, nullable=False),
        key=("lesson_id", "student_id"),
    )  # fmt: skip
    _table(
        "lesson_note", _id("lesson_id"), _id("person_id"), _text("text"), _moment("changed_at"),
        key=("lesson_id", "person_id"),
    )  # fmt: skip
    op.create_index("homework_file_lesson", "homework_file", ["school_id", "lesson_id"])
    op.create_index("personal_task_student", "personal_task", ["school_id", "student_id", "due"])


def _table(name: str, *parts: sa.schema.SchemaItem, key: tuple[str, ...]) -> None:
    """A table of a school's rows about lessons, closed to the other schools."""
    of_lesson = sa.ForeignKeyConstraint(["school_id", "lesson_id"], ["lesson.school_id", "lesson.id"])
    op.create_table(name, _id("school_id"), *parts, of_lesson, sa.PrimaryKeyConstraint("school_id", *key))
    protect(op, name, "school_id")


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid, nullable=nullable)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=False, autoincrement=False)


def _json(name: str) -> sa.Column:
    return sa.Column(name, sa.JSON, nullable=False)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, UtcDateTime(), nullable=False)
