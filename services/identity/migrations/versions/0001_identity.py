"""Schools, accounts and sessions; people, roles, classes, enrolments and consents; imports."""

import sqlalchemy as sa
from alembic import op

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import create_kernel_tables, protect

revision = "0001"
down_revision = None

PRESENT = "replaced_at IS NULL"


def upgrade() -> None:
    create_kernel_tables(op)
    _create_schools_and_accounts()
    _create_sessions()
    _create_people()
    _create_traces()
    _create_guardianships()
    _create_classes()
    _create_imports()


def _create(
    table: str, *columns: sa.Column | sa.UniqueConstraint, key: list[str], refers: tuple[tuple[str, str], ...] = ()
) -> None:
    """A table of a school's rows; `refers` are its columns that name rows of other such tables by their id."""
    foreign = [
        sa.ForeignKeyConstraint(["school_id", column], [f"{other}.school_id", f"{other}.id"])
        for column, other in refers
    ]
    op.create_table(
        table,
        sa.Column("school_id", sa.Uuid(), nullable=False),
        *columns,
        *foreign,
        sa.PrimaryKeyConstraint("school_id", *key),
    )
    protect(op, table, "school_id")


def _create_schools_and_accounts() -> None:
    op.create_table(
        "school",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("source_id", sa.String(255), unique=True),
        sa.Column("identifier", sa.String(255), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("login", sa.String(120), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )


def _create_sessions() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
    )
    op.create_index("sign_in_account", "sign_in", ["account_id"])
    op.create_index("sign_in_expires_at", "sign_in", ["expires_at"])
    op.create_table(
        "refresh_token",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("sign_in_id", sa.Uuid(), sa.ForeignKey("sign_in.id"), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
    )
    op.create_index("refresh_token_sign_in", "refresh_token", ["sign_in_id"])
    op.create_index("refresh_token_expires_at", "refresh_token", ["expires_at"])
    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(32), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("blocked_until", UtcDateTime()),
    )
    op.create_index("throttle_last_at", "throttle", ["last_at"])


def _create_people() -> None:
    _create(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_name", sa.String(200), nullable=False),
        sa.Column("given_name", sa.String(200), nullable=False),
        sa.Column("patronymic", sa.String(200), nullable=False),
        sa.Column("search_name", sa.String(620), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("phone", sa.String(64)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("birth_date", sa.Date()),
        sa.Column("sex", sa.String(16)),
        sa.Column("source_id", sa.String(255)),
        sa.Column("username", sa.String(255)),
        sa.Column("human_id", sa.Uuid()),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id")),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("left_on", sa.Date()),
        sa.Column("class_id", sa.Uuid()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.UniqueConstraint("school_id", "account_id", name="person_account"),
        key=["id"],
    )
    op.create_index("person_search_name", "person", ["school_id", "search_name", "id"])
    op.create_index("person_account_id", "person", ["account_id"])
    op.create_index("person_human_id", "person", ["human_id"])
    _create(
        "role",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("appointed", sa.Boolean(), nullable=False),
        key=["person_id", "role"],
        refers=(("person_id", "person"),),
    )
    op.create_index("role_role", "role", ["school_id", "role"])


def _create_traces() -> None:
    _create(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("by_account_id", sa.Uuid()),
        sa.Column("at", UtcDateTime(), nullable=False),
        key=["id"],
        refers=(("person_id", "person"),),
    )
    _create(
        "credential_issue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("by_account_id", sa.Uuid()),
        sa.Column("at", UtcDateTime(), nullable=False),
        key=["id"],
        refers=(("person_id", "person"),),
    )


def _create_guardianships() -> None:
    _create(
        "guardianship",
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        key=["guardian_id", "student_id"],
        refers=(("guardian_id", "person"), ("student_id", "person")),
    )
    op.create_index("guardianship_student", "guardianship", ["school_id", "student_id"])
    op.create_table(
        "consent",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("entered_by_account_id", sa.Uuid()),
        sa.Column("replaced_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["school_id", "guardian_id", "student_id"],
            ["guardianship.school_id", "guardianship.guardian_id", "guardianship.student_id"],
        ),
        sa.PrimaryKeyConstraint("school_id", "id"),
    )
    protect(op, "consent", "school_id")
    op.create_index(
        "consent_present",
        "consent",
        ["school_id", "guardian_id", "student_id", "purpose"],
        unique=True,
        postgresql_where=sa.text(PRESENT),
        sqlite_where=sa.text(PRESENT),
    )
    op.create_index("consent_student", "consent", ["school_id", "student_id"])


def _create_classes() -> None:
    _create(
        "school_class",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("grade", sa.Integer()),
        sa.Column("homeroom_teacher_id", sa.Uuid()),
        sa.Column("source_id", sa.String(255)),
        sa.Column("ended_on", sa.Date()),
        sa.Column("revision", sa.Integer(), nullable=False),
        key=["id"],
        refers=(("homeroom_teacher_id", "person"),),
    )
    op.create_index("school_class_homeroom", "school_class", ["school_id", "homeroom_teacher_id"])
    _create(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        key=["id"],
        refers=(("class_id", "school_class"), ("student_id", "person")),
    )
    op.create_index("enrolment_class", "enrolment", ["school_id", "class_id"])
    op.create_index("enrolment_student", "enrolment", ["school_id", "student_id"])


def _create_imports() -> None:
    op.create_table(
        "bundle_import",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("school_id", sa.Uuid(), sa.ForeignKey("school.id")),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("bundle", sa.LargeBinary()),
        sa.Column("faults", sa.JSON(), nullable=False),
    )
    op.create_index("bundle_import_school", "bundle_import", ["school_id"])
    op.create_table(
        "imported_school",
        sa.Column("import_id", sa.Uuid(), sa.ForeignKey("bundle_import.id"), primary_key=True),
        sa.Column("school_id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("source_id", sa.String(255)),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("failure", sa.String()),
    )
    op.create_table(
        "import_page",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), sa.ForeignKey("bundle_import.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "import_id", "kind", "page"),
    )
    protect(op, "import_page", "school_id")
