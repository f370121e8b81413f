"""Columns of marks that count only where they raise the mean, or that families see later, and the history of that."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from services.gradebook.migrations.columns import ids, moment, number, refers, school_table

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    school_table(
        op,
        "column_setting",
        ids("id"),
        ids("lesson_id"),
        ids("kind_id"),
        sa.Column("only_if_helps", sa.Boolean, nullable=False),
        sa.Column("visible_from", UtcDateTime()),
        sa.Column("unannounced", sa.Boolean, nullable=False),
        number("version"),
        refers("lesson_id", "lesson"),
        refers("kind_id", "kind_of_work"),
        sa.UniqueConstraint("school_id", "lesson_id", "kind_id", name="column_setting_place"),
        sa.CheckConstraint("version > 0", name="column_setting_version"),
        key=("id",),
    )
    unannounced = sa.text("unannounced")
    op.create_index(
        "column_setting_unannounced",
        "column_setting",
        ["school_id"],
        postgresql_where=unannounced,
        sqlite_where=unannounced,
    )
    school_table(
        op,
        "column_setting_revision",
        ids("setting_id"),
        number("version"),
        sa.Column("only_if_helps", sa.Boolean, nullable=False),
        sa.Column("visible_from", UtcDateTime()),
        ids("changed_by", nullable=True),
        moment("changed_at"),
        refers("setting_id", "column_setting"),
        key=("setting_id", "version"),
    )
