"""Works that students owe, and their history."""

import sqlalchemy as sa
from alembic import op

from services.gradebook.migrations.columns import day, ids, moment, number, refers, school_table

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    school_table(
        op,
        "owed_work",
        ids("id"),
        ids("lesson_id"),
        ids("kind_id"),
        ids("student_id"),
        day("due", nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        number("version"),
        day("reminded_of", nullable=True),
        refers("lesson_id", "lesson"),
        refers("kind_id", "kind_of_work"),
        sa.UniqueConstraint("school_id", "lesson_id", "kind_id", "student_id", name="owed_work_place"),
        sa.CheckConstraint("version > 0", name="owed_work_version"),
        key=("id",),
    )
    owed = sa.text("state = 'owed'")
    op.create_index(
        "owed_work_open", "owed_work", ["school_id", "student_id"], postgresql_where=owed, sqlite_where=owed
    )
    school_table(
        op,
        "owed_work_revision",
        ids("owed_id"),
        number("version"),
        day("due", nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        ids("changed_by", nullable=True),
        moment("changed_at"),
        refers("owed_id", "owed_work"),
        key=("owed_id", "version"),
    )
