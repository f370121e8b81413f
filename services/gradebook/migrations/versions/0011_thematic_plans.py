"""Thematic plans, their history, the courses that go by them, what lessons covered, heads of associations."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _plans()
    _table(
        "plan_course", _id("course_id"), _id("plan_id"), _number("version"),
        _refers("course_id", "course"), _refers("plan_id", "plan"), key=("course_id",),
    )  # fmt: skip
    _table(
        "course_topic", _id("course_id"), _id("topic_id"), sa.Column("measure", sa.String(10), nullable=False),
        *_by_whom(), _refers("course_id", "course"), _refers("topic_id", "plan_topic"), key=("course_id", "topic_id"),
    )  # fmt: skip
    _table(
        "lesson_topic", _id("lesson_id"), _id("topic_id"), _refers("lesson_id", "lesson"),
        _refers("topic_id", "plan_topic"), key=("lesson_id", "topic_id"),
    )  # fmt: skip
    _table(
        "association_head", _id("person_id"), _id("subject_id"), _refers("subject_id", "subject"),
        key=("person_id", "subject_id"),
    )  # fmt: skip
    op.create_index("plan_year", "plan", ["school_id", "year_id", "subject_id", "grade"])
    op.create_index("plan_topic_plan", "plan_topic", ["school_id", "plan_id", "position"])
    op.create_index("plan_course_plan", "plan_course", ["school_id", "plan_id"])
    op.create_index("lesson_topic_topic", "lesson_topic", ["school_id", "topic_id"])
    op.create_index("association_head_subject", "association_head", ["school_id", "subject_id"])


def _plans() -> None:
    _table(
        "plan", _id("id"), _id("subject_id"), _number("grade"), _id("year_id"), _text("title"),
        sa.Column("state", sa.String(20), nullable=False), _number("version"), _id("made_by", nullable=True),
        *_by_whom(), _refers("subject_id", "subject"), _refers("year_id", "year"), key=("id",),
    )  # fmt: skip
    _table(
        "plan_topic", _id("id"), _id("plan_id"), _number("position"), _text("section"), _text("topic"),
        sa.Column("hours", sa.Numeric(4, 1), nullable=False), _text("content"), _text("control"), _text("homework"),
        _refers("plan_id", "plan"), key=("id",),
    )  # fmt: skip
    _table(
        "plan_revision", _id("plan_id"), _number("version"), sa.Column("what", sa.String(20), nullable=False),
        _text("note"), _text("title"), sa.Column("topics", sa.JSON), _number("added"), _number("changed"),
        _number("removed"), *_by_whom(), _refers("plan_id", "plan"), key=("plan_id", "version"),
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


def _by_whom() -> tuple[sa.Column, sa.Column]:
    return _id("changed_by", nullable=True), sa.Column("changed_at", UtcDateTime(), nullable=False)


def _refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"])
