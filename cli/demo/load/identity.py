"""Identity's part of the demo school: people, families, classes, consents, and the accounts of the logins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from uuid import UUID

from cli.building import Rows
from cli.demo.load.facts import FIRST_REVISION, LANGUAGE, Facts
from cli.demo.logins import demo_logins
from cli.demo.model import Person
from services.identity.accounts import tables as accounts_tables
from services.identity.classes import tables as classes_tables
from services.identity.people import rules as people_rules
from services.identity.people import tables as people_tables
from services.identity.schools import tables as schools_tables


def rows(facts: Facts, hashes: Mapping[str, str]) -> Rows:
    """The rows of identity's tables; `hashes` maps all logins, including the operator's, to password hashes."""
    school = facts.school
    own = {"id": school.school.id, "name": school.school.name, "time_zone": school.school.time_zone}
    owners = {one.login: one.person_id for one in demo_logins(school).values()}
    accounts = {login: facts.id_of(f"account:{login}") for login in hashes}
    account_of = {person_id: accounts[login] for login, person_id in owners.items()}
    return [
        (schools_tables.School, [{**own, "source_id": None, "identifier": ""}]),
        (
            accounts_tables.Account,
            [
                {
                    "id": accounts[login],
                    "login": login,
                    "password_hash": password_hash,
                    "is_operator": login not in owners,
                    "created_at": facts.moment,
                }
                for login, password_hash in hashes.items()
            ],
        ),
        (people_tables.Person, [_person(facts, person, account_of.get(person.id)) for person in school.people]),
        (
            people_tables.Role,
            [
                {"person_id": person.id, "role": role, "held": True, "appointed": False}
                for person in school.people
                for role in person.roles
            ],
        ),
        *_families(facts),
        *_classes(facts),
    ]


def _person(facts: Facts, person: Person, account_id: UUID | None) -> dict[str, Any]:
    return {
        "id": person.id,
        "family_name": person.family_name,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "search_name": people_rules.folded(person.name),
        "email": person.email,
        "phone": person.phone,
        "language": LANGUAGE,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "account_id": account_id,
        "enabled": True,
        "class_id": facts.class_of.get(person.id),
        "revision": FIRST_REVISION,
    }


def _families(facts: Facts) -> Rows:
    school = facts.school
    return [
        (
            people_tables.Guardianship,
            [
                {"guardian_id": one.guardian_id, "student_id": one.student_id, "ended_on": None}
                for one in school.guardianships
            ],
        ),
        (
            people_tables.Consent,
            [
                {
                    "id": one.id,
                    "guardian_id": one.guardian_id,
                    "student_id": one.student_id,
                    "purpose": one.purpose,
                    "granted": True,
                    "since": facts.at(one.granted_on, time(12)),
                    "entered_by_account_id": None,
                    "replaced_at": None,
                }
                for one in school.consents
            ],
        ),
    ]


def _classes(facts: Facts) -> Rows:
    school = facts.school
    return [
        (
            classes_tables.SchoolClass,
            [
                {
                    "id": one.id,
                    "name": one.name,
                    "grade": one.grade,
                    "source_id": None,
                    "ended_on": None,
                    "homeroom_teacher_id": one.homeroom_teacher_id,
                    "revision": FIRST_REVISION,
                }
                for one in school.classes
            ],
        ),
        (
            classes_tables.Enrolment,
            [
                {
                    "id": one.id,
                    "class_id": one.class_id,
                    "student_id": one.student_id,
                    "since": one.since,
                    "until": one.until,
                }
                for one in school.enrolments
            ],
        ),
    ]
