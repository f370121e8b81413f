"""Deliveries, and copies of students and guardians."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import create_kernel_tables, protect

revision = "0001"
down_revision = None

DUE = sa.text("state = 'due'")


def upgrade() -> None:
    create_kernel_tables(op)
    _create_copies()
    _create_deliveries()
    for table in ("student_copy", "guardian_copy", "delivery"):
        protect(op, table, "school_id")


def _create_copies() -> None:
    op.create_table(
        "student_copy",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "student_id"),
    )
    op.create_table(
        "guardian_copy",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["school_id", "student_id"], ["student_copy.school_id", "student_copy.student_id"]),
        sa.PrimaryKeyConstraint("school_id", "student_id", "guardian_id"),
    )


def _create_deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_until", UtcDateTime()),
        sa.Column("sent_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("school_id", "id"),
    )
    once = ["school_id", "message_id", "student_id", "recipient_id", "channel"]
    op.create_index("delivery_once", "delivery", once, unique=True)
    for name, columns in (
        ("delivery_due", ["due_at", "school_id"]),
        ("delivery_due_of_school", ["school_id", "due_at"]),
    ):
        op.create_index(name, "delivery", columns, postgresql_where=DUE, sqlite_where=DUE)
    op.create_index("delivery_recipient", "delivery", ["school_id", "recipient_id", "id"])
    op.create_index("delivery_student", "delivery", ["school_id", "student_id", "id"])
