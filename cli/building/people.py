"""Identity's people: schools, accounts, persons with roles, families, classes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from cli.building import Rows
from kernel.clock import now
from services.identity.accounts import tables as accounts_tables
from services.identity.classes import tables as classes_tables
from services.identity.people import rules
from services.identity.people import tables as people_tables
from services.identity.schools import tables as schools_tables


def school(school_id: UUID, name: str, time_zone: str, source_id: str | None = None) -> Rows:
    """A school, whose `source_id` comes from a bundle."""
    row = {"id": school_id, "name": name, "time_zone": time_zone, "source_id": source_id, "identifier": ""}
    return [(schools_tables.School, [row])]


def account(account_id: UUID, login: str, password_hash: str = "", *, is_operator: bool = False) -> Rows:
    """An account; without a password nobody signs in with it."""
    row = {"id": account_id, "login": login, "password_hash": password_hash, "is_operator": is_operator}
    return [(accounts_tables.Account, [{**row, "created_at": now()}])]


def person(person_id: UUID, name: str, *roles: str, **more: Any) -> Rows:
    """A person with roles; `name` is the family name, the given name and perhaps the patronymic."""
    family_name, given_name, *rest = name.split(maxsplit=2)
    patronymic = rest[0] if rest else ""
    row = {
        "id": person_id,
        "family_name": family_name,
        "given_name": given_name,
        "patronymic": patronymic,
        "search_name": rules.search_name(family_name, given_name, patronymic),
        **more,
    }
    return [
        (people_tables.Person, [row]),
        (people_tables.Role, [{"person_id": person_id, "role": role} for role in roles]),
    ]


def guardianship(guardian_id: UUID, student_id: UUID, *purposes: str) -> Rows:
    """A guardianship with the guardian's consents."""
    relation = {"guardian_id": guardian_id, "student_id": student_id}
    consents = [{**relation, "purpose": purpose, "granted": True, "since": now()} for purpose in purposes]
    return [(people_tables.Guardianship, [relation]), (people_tables.Consent, consents)]


def school_class(
    class_id: UUID, name: str, grade: int | None, homeroom_teacher_id: UUID | None = None, **more: Any
) -> Rows:
    """A class without students."""
    row = {"id": class_id, "name": name, "grade": grade, "homeroom_teacher_id": homeroom_teacher_id, **more}
    return [(classes_tables.SchoolClass, [row])]


def enrolment(class_id: UUID, student_id: UUID, since: date, until: date | None = None, **more: Any) -> Rows:
    """A student's days in a class. The student's current class (`Person.class_id`) is left as it is."""
    row = {"class_id": class_id, "student_id": student_id, "since": since, "until": until, **more}
    return [(classes_tables.Enrolment, [row])]
