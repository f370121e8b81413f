"""What identity keeps. Rows of a school belong to it; schools, accounts, sessions and imports stand outside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import TenantRow


class Base(DeclarativeBase):
    """Tables of identity."""


class SchoolRow(TenantRow):
    """A row of a school; `school_id` is the first part of every primary key."""

    __tenant_column__ = "school_id"

    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, sort_order=-2)


class IdentifiedRow(SchoolRow):
    """A row of a school with an id of its own."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7, sort_order=-1)


def _refers(column: str, table: str) -> ForeignKeyConstraint:
    """A reference to a row of the same school."""
    return ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"])


class School(Base):
    """A school. `source_id` and `identifier` are those of the bundle it came from."""

    __tablename__ = "school"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(String(300))
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    identifier: Mapped[str] = mapped_column(String(255), default="")
    #: Name of a zone such as `Europe/Samara`: a school day is the date there.
    time_zone: Mapped[str] = mapped_column(String(64))


class Account(Base):
    """One human's sign-in; its memberships are the people with its id."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    #: As `rules.logins.folded` writes it.
    login: Mapped[str] = mapped_column(String(120), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    is_operator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignIn(Base):
    """A session: the family of the refresh tokens that follow one sign-in."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("sign_in_account", "account_id"), Index("sign_in_expires_at", "expires_at"))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: No refresh token of the session is good after this, however often it was refreshed.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RefreshToken(Base):
    """A refresh token, by its SHA-256. One that was used stays until it expires, so that its reuse is noticed."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        Index("refresh_token_sign_in", "sign_in_id"),
        Index("refresh_token_expires_at", "expires_at"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sign_in_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Throttle(Base):
    """Sign-ins that failed lately under one key: a login at an address, a login, an address (each hashed)."""

    __tablename__ = "throttle"
    __table_args__ = (Index("throttle_last_at", "last_at"),)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Person(IdentifiedRow, Base):
    """A human in one school. `revision` grows with every change of what other services copy of a student."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("school_id", "account_id", name="person_account"),
        Index("person_search_name", "school_id", "search_name", "id"),
        Index("person_account_id", "account_id"),
        Index("person_human_id", "human_id"),
    )

    family_name: Mapped[str] = mapped_column(String(200))
    given_name: Mapped[str] = mapped_column(String(200))
    patronymic: Mapped[str] = mapped_column(String(200))
    #: The whole name as `rules.names.folded` writes it: lists are sorted and searched by it.
    search_name: Mapped[str] = mapped_column(String(620))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8), default="ru")
    birth_date: Mapped[date | None]
    sex: Mapped[str | None] = mapped_column(String(16))
    source_id: Mapped[str | None] = mapped_column(String(255))
    #: The login the bundle proposes.
    username: Mapped[str | None] = mapped_column(String(255))
    #: The same in people of several schools who are one human, as a bundle said; null in everybody else.
    human_id: Mapped[UUID | None] = mapped_column(Uuid)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    #: False where the bundle says that this user is not to sign in.
    enabled: Mapped[bool] = mapped_column(default=True)
    #: Set when the person left the school: known by name still, a member no more.
    left_on: Mapped[date | None]
    #: A student's class as other services were told last.
    class_id: Mapped[UUID | None] = mapped_column(Uuid)
    revision: Mapped[int] = mapped_column(default=1)


class Role(SchoolRow, Base):
    """A role of a person. One that was appointed, or taken away (`held` false), is not changed by an import."""

    __tablename__ = "role"
    __table_args__ = (_refers("person_id", "person"), Index("role_role", "school_id", "role"))

    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    held: Mapped[bool] = mapped_column(default=True)
    appointed: Mapped[bool] = mapped_column(default=False)


class Appointment(IdentifiedRow, Base):
    """Who gave or took a role, and when. Rows are only ever added."""

    __tablename__ = "appointment"
    __table_args__ = (_refers("person_id", "person"),)

    person_id: Mapped[UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(20))
    held: Mapped[bool]
    by_account_id: Mapped[UUID | None] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CredentialIssue(IdentifiedRow, Base):
    """Who issued credentials to whom, and when. Rows are only ever added."""

    __tablename__ = "credential_issue"
    __table_args__ = (_refers("person_id", "person"),)

    person_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    by_account_id: Mapped[UUID | None] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Guardianship(SchoolRow, Base):
    """A guardian's relation to a student; over where `ended_on` is set."""

    __tablename__ = "guardianship"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "guardian_id"], ["person.school_id", "person.id"]),
        ForeignKeyConstraint(["school_id", "student_id"], ["person.school_id", "person.id"]),
        Index("guardianship_student", "school_id", "student_id"),
    )

    guardian_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    ended_on: Mapped[date | None]


class Consent(IdentifiedRow, Base):
    """A guardian's consent to a purpose, or its withdrawal, from `since` until another replaced it."""

    __tablename__ = "consent"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "guardian_id", "student_id"],
            ["guardianship.school_id", "guardianship.guardian_id", "guardianship.student_id"],
        ),
        Index(
            "consent_present", "school_id", "guardian_id", "student_id", "purpose", unique=True,
            postgresql_where=text("replaced_at IS NULL"), sqlite_where=text("replaced_at IS NULL"),
        ),
        Index("consent_student", "school_id", "student_id"),
    )  # fmt: skip

    guardian_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(20))
    granted: Mapped[bool]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by_account_id: Mapped[UUID | None] = mapped_column(Uuid)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SchoolClass(IdentifiedRow, Base):
    """A class. `revision` grows with every change of what other services copy of it."""

    __tablename__ = "school_class"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "homeroom_teacher_id"], ["person.school_id", "person.id"]),
        Index("school_class_homeroom", "school_id", "homeroom_teacher_id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    grade: Mapped[int | None]
    homeroom_teacher_id: Mapped[UUID | None] = mapped_column(Uuid)
    source_id: Mapped[str | None] = mapped_column(String(255))
    ended_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)


class Enrolment(IdentifiedRow, Base):
    """A student's time in a class, both days included; `until` null while it lasts. Closed, never deleted."""

    __tablename__ = "enrolment"
    __table_args__ = (
        _refers("class_id", "school_class"),
        ForeignKeyConstraint(["school_id", "student_id"], ["person.school_id", "person.id"]),
        Index("enrolment_class", "school_id", "class_id"),
        Index("enrolment_student", "school_id", "student_id"),
    )

    class_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    since: Mapped[date]
    until: Mapped[date | None]


class BundleImport(Base):
    """An import; `bundle` holds the zip until it is finished."""

    __tablename__ = "bundle_import"
    __table_args__ = (Index("bundle_import_school", "school_id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    #: The school of the methodologist who handed it in; null for an operator's.
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("school.id"))
    account_id: Mapped[UUID | None] = mapped_column(Uuid)
    file_name: Mapped[str] = mapped_column(String(200))
    dry_run: Mapped[bool]
    status: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bundle: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: As `contracts.identity.ImportFaultView` shows them.
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class ImportedSchool(Base):
    """What an import does to one school. The school itself may not exist yet, in a dry run never will."""

    __tablename__ = "imported_school"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("bundle_import.id"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    source_id: Mapped[str | None] = mapped_column(String(255))
    time_zone: Mapped[str] = mapped_column(String(64))
    #: Kind → created, changed, unchanged, removed.
    counts: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    #: Whether the gradebook has finished its part.
    reported: Mapped[bool] = mapped_column(default=False)
    failure: Mapped[str | None]


class ImportPage(SchoolRow, Base):
    """A page of what an import brings for the gradebook (README.md has the members of the rows)."""

    __tablename__ = "import_page"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("bundle_import.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
