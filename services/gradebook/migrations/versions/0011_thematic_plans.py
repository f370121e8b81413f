"""Thematic plans, their history, the courses that go by them, what lessons covered, heads of associations."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from services.gradebook.migrations.columns import ids, number, refers, school_table, text

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _plans()
    school_table(
        op, "plan_course", ids("course_id"), ids("plan_id"), number("version"),
        refers("course_id", "course"), refers("plan_id", "plan"), key=("course_id",),
    )  # fmt: skip
    school_table(
        op, "course_topic", ids("course_id"), ids("topic_id"), sa.Column("measure", sa.String(10), nullable=False),
        *_by_whom(), refers("course_id", "course"), refers("topic_id", "plan_topic"), key=("course_id", "topic_id"),
    )  # fmt: skip
    school_table(
        op, "lesson_topic", ids("lesson_id"), ids("topic_id"), refers("lesson_id", "lesson"),
        refers("topic_id", "plan_topic"), key=("lesson_id", "topic_id"),
    )  # fmt: skip
    school_table(
        op, "association_head", ids("person_id"), ids("subject_id"), refers("subject_id", "subject"),
        key=("person_id", "subject_id"),
    )  # fmt: skip
    op.create_index("plan_year", "plan", ["school_id", "year_id", "subject_id", "grade"])
    op.create_index("plan_topic_plan", "plan_topic", ["school_id", "plan_id", "position"])
    op.create_index("plan_course_plan", "plan_course", ["school_id", "plan_id"])
    op.create_index("lesson_topic_topic", "lesson_topic", ["school_id", "topic_id"])
    op.create_index("association_head_subject", "association_head", ["school_id", "subject_id"])


def _plans() -> None:
    school_table(
        op, "plan", ids("id"), ids("subject_id"), number("grade"), ids("year_id"), text("title"),
        sa.Column("state", sa.String(20), nullable=False), number("version"), ids("made_by", nullable=True),
        *_by_whom(), refers("subject_id", "subject"), refers("year_id", "year"), key=("id",),
    )  # fmt: skip
    school_table(
        op, "plan_topic", ids("id"), ids("plan_id"), number("position"), text("section"), text("topic"),
        sa.Column("hours", sa.Numeric(4, 1), nullable=False), text("content"), text("control"), text("homework"),
        refers("plan_id", "plan"), key=("id",),
    )  # fmt: skip
    school_table(
        op, "plan_revision", ids("plan_id"), number("version"), sa.Column("what", sa.String(20), nullable=False),
        text("note"), text("title"), sa.Column("topics", sa.JSON), number("added"), number("changed"),
        number("removed"), *_by_whom(), refers("plan_id", "plan"), key=("plan_id", "version"),
    )  # fmt: skip


def _by_whom() -> tuple[sa.Column, sa.Column]:
    return ids("changed_by", nullable=True), sa.Column("changed_at", UtcDateTime(), nullable=False)
