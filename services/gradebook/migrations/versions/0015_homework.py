"""Homework beside its text: minutes, links, files, personal tasks, their history; private notes on lessons."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from services.gradebook.migrations.columns import ids, moment, number, refers, school_table, text

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    _table(
        "homework_detail", ids("lesson_id"), sa.Column("minutes", sa.Integer), _json("links"), number("version"),
        key=("lesson_id",),
    )  # fmt: skip
    _table(
        "homework_revision", ids("lesson_id"), number("version"), sa.Column("what", sa.String(20), nullable=False),
        text("file"), sa.Column("minutes", sa.Integer), _json("links"), _json("tasks"),
        ids("changed_by", nullable=True), moment("changed_at"), key=("lesson_id", "version"),
    )  # fmt: skip
    _table(
        "homework_file", ids("id"), ids("lesson_id"), sa.Column("sha256", sa.String(64), nullable=False), text("name"),
        sa.Column("media_type", sa.String(100), nullable=False), number("size"), ids("added_by", nullable=True),
        moment("added_at"), ids("removed_by", nullable=True), sa.Column("removed_at", UtcDateTime()), key=("id",),
    )  # fmt: skip
    _table(
        "personal_task", ids("lesson_id"), ids("student_id"), text("text"), sa.Column("due", sa.Date, nullable=False),
        key=("lesson_id", "student_id"),
    )  # fmt: skip
    _table(
        "lesson_note", ids("lesson_id"), ids("person_id"), text("text"), moment("changed_at"),
        key=("lesson_id", "person_id"),
    )  # fmt: skip
    op.create_index("homework_file_lesson", "homework_file", ["school_id", "lesson_id"])
    op.create_index("personal_task_student", "personal_task", ["school_id", "student_id", "due"])


def _table(name: str, *parts: sa.schema.SchemaItem, key: tuple[str, ...]) -> None:
    """A table of a school's rows about lessons, closed to the other schools."""
    school_table(op, name, *parts, refers("lesson_id", "lesson"), key=key)


def _json(name: str) -> sa.Column:
    return sa.Column(name, sa.JSON, nullable=False)
