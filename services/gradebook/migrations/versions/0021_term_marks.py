"""Term marks, their history, and how far the marks of a class are in a course."""

import sqlalchemy as sa
from alembic import op

from services.gradebook.migrations.columns import ids, moment, number, refers, school_table

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    school_table(
        op,
        "term_mark",
        ids("id"),
        ids("course_id"),
        ids("term_id"),
        _kind(),
        ids("student_id"),
        *_said(),
        number("version"),
        ids("set_by"),
        moment("set_at"),
        sa.Column("first_shown", sa.String(10)),
        refers("course_id", "course"),
        refers("term_id", "term"),
        sa.UniqueConstraint("school_id", "course_id", "term_id", "kind", "student_id", name="term_mark_place"),
        sa.CheckConstraint("version > 0", name="term_mark_version"),
        key=("id",),
    )
    op.create_index("term_mark_student", "term_mark", ["school_id", "student_id"])
    school_table(
        op,
        "term_mark_revision",
        ids("term_mark_id"),
        number("version"),
        *_said(),
        ids("set_by"),
        moment("set_at"),
        refers("term_mark_id", "term_mark"),
        key=("term_mark_id", "version"),
    )
    school_table(
        op,
        "term_sheet",
        ids("id"),
        ids("course_id"),
        ids("term_id"),
        _kind(),
        ids("class_id"),
        *_state(),
        refers("course_id", "course"),
        refers("term_id", "term"),
        sa.UniqueConstraint("school_id", "course_id", "term_id", "kind", "class_id", name="term_sheet_place"),
        key=("id",),
    )
    op.create_index("term_sheet_class", "term_sheet", ["school_id", "class_id", "term_id"])
    school_table(
        op,
        "term_sheet_step",
        ids("sheet_id"),
        *_state(),
        refers("sheet_id", "term_sheet"),
        key=("sheet_id", "version"),
    )


def _kind() -> sa.Column:
    return sa.Column("kind", sa.String(12), nullable=False)


def _said() -> list[sa.Column]:
    return [
        sa.Column("value", sa.String(10)),
        sa.Column("computed", sa.String(10)),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("comment", sa.String(500), nullable=False),
    ]


def _state() -> list[sa.Column]:
    return [
        sa.Column("state", sa.String(10), nullable=False),
        number("version"),
        ids("changed_by"),
        moment("changed_at"),
    ]
