"""People of a school, their roles, guardianships and the guardians' consents."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.identity.base import Base


class Person(IdentifiedRow, Base):
    """A human in one school. `revision` grows with every change of the facts that other services copy."""

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
    #: Made by `people.rules.search_name`; lists are sorted and searched by it, by code points as Python sorts.
    search_name: Mapped[str] = mapped_column(String(620).with_variant(String(620, collation="C"), "postgresql"))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8), default="ru")
    birth_date: Mapped[date | None]
    sex: Mapped[str | None] = mapped_column(String(16))
    source_id: Mapped[str | None] = mapped_column(String(255))
    #: The user name in the bundle: the first candidate for the login.
    username: Mapped[str | None] = mapped_column(String(255))
    #: Shared by the people who are one human in several schools, according to a bundle; null for all others.
    human_id: Mapped[UUID | None] = mapped_column(Uuid)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    #: False if the bundle says that this user may not sign in.
    enabled: Mapped[bool] = mapped_column(default=True)
    #: Set when the person left the school. The name stays known; the membership ends.
    left_on: Mapped[date | None]
    #: A student's class as last announced to other services.
    class_id: Mapped[UUID | None] = mapped_column(Uuid)
    revision: Mapped[int] = mapped_column(default=1)


class Role(SchoolRow, Base):
    """A role of a person, revoked if `held` is false. Imports do not change a role set by hand (`appointed`)."""

    __tablename__ = "role"
    __table_args__ = (refers("person_id", "person"), Index("role_role", "school_id", "role"))

    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    held: Mapped[bool] = mapped_column(default=True)
    appointed: Mapped[bool] = mapped_column(default=False)


class Guardianship(SchoolRow, Base):
    """A guardian's relation to a student; it has ended if `ended_on` is set."""

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
    """A guardian's consent to a purpose, or its withdrawal, in force from `since` to `replaced_at`."""

    __tablename__ = "consent"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "guardian_id", "student_id"],
            ["guardianship.school_id", "guardianship.guardian_id", "guardianship.student_id"],
        ),
        Index(
            "consent_present",
            "school_id",
            "guardian_id",
            "student_id",
            "purpose",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
            sqlite_where=text("replaced_at IS NULL"),
        ),
        Index("consent_student", "school_id", "student_id"),
    )

    guardian_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(20))
    granted: Mapped[bool]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by_account_id: Mapped[UUID | None] = mapped_column(Uuid)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
