"""What an order prints has a fingerprint, by which a second order of the same is known."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WAITING = sa.text("state = 'waiting' AND fingerprint IS NOT NULL")


def upgrade() -> None:
    op.add_column("print_job", sa.Column("fingerprint", sa.String(64)))
    op.create_index("print_job_page", "print_job", ["school_id", "course_id", "term_id", "id"])
    op.create_index(
        "print_job_waiting",
        "print_job",
        ["school_id", "course_id", "term_id"],
        unique=True,
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )
