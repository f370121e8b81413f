"""Checks of lessons, absences with their history, and copies of students, guardians, classes and lessons."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import create_kernel_tables, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_kernel_tables(op)
    _create_copies()
    _create_checks()
    _create_absences()


def _create(table: str, *columns: sa.Column, key: list[str], refers: tuple[list[str], list[str]] | None = None) -> None:
    foreign = [sa.ForeignKeyConstraint(["school_id", *refers[0]], refers[1])] if refers else []
    op.create_table(
        table,
        sa.Column("school_id", sa.Uuid(), nullable=False),
        *columns,
        *foreign,
        sa.PrimaryKeyConstraint("school_id", *key),
    )
    protect(op, table, "school_id")


def _create_copies() -> None:
    _create(
        "student_copy",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("class_id", sa.Uuid()),
        key=["student_id"],
    )
    _create(
        "guardian_copy",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("portal", sa.Boolean(), nullable=False),
        key=["student_id", "guardian_id"],
        refers=(["student_id"], ["student_copy.school_id", "student_copy.student_id"]),
    )
    _create(
        "class_copy",
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("homeroom_teacher_id", sa.Uuid()),
        key=["class_id"],
    )
    op.create_index("class_copy_homeroom_teacher", "class_copy", ["school_id", "homeroom_teacher_id"])
    _create(
        "lesson_copy",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer()),
        key=["lesson_id"],
    )
    _create(
        "lesson_teacher_copy",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        key=["lesson_id", "teacher_id"],
        refers=(["lesson_id"], ["lesson_copy.school_id", "lesson_copy.lesson_id"]),
    )


def _create_checks() -> None:
    _create(
        "lesson_check",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("checked_by", sa.Uuid()),
        key=["lesson_id", "class_id"],
        refers=(["lesson_id"], ["lesson_copy.school_id", "lesson_copy.lesson_id"]),
    )
    _create(
        "lesson_check_revision",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("checked_by", sa.Uuid()),
        key=["lesson_id", "class_id", "version"],
        refers=(
            ["lesson_id", "class_id"],
            ["lesson_check.school_id", "lesson_check.lesson_id", "lesson_check.class_id"],
        ),
    )


def _create_absences() -> None:
    _create(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(4)),
        sa.Column("minutes", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        key=["id"],
        refers=(["lesson_id"], ["lesson_copy.school_id", "lesson_copy.lesson_id"]),
    )
    op.create_index("absence_lesson_student", "absence", ["school_id", "lesson_id", "student_id"], unique=True)
    op.create_index("absence_student", "absence", ["school_id", "student_id"])
    _create(
        "absence_revision",
        sa.Column("absence_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(4)),
        sa.Column("minutes", sa.Integer()),
        sa.Column("changed_by", sa.Uuid()),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        key=["absence_id", "version"],
        refers=(["absence_id"], ["absence.school_id", "absence.id"]),
    )
