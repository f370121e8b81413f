"""Identity's part of the demo school: people, families, classes, consents, and the accounts of the logins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from itertools import chain
from uuid import UUID

from cli.building import Rows, people
from cli.demo.load import club
from cli.demo.load.facts import FIRST_REVISION, LANGUAGE, Facts
from cli.demo.logins import demo_logins
from cli.demo.model import Person
from services.identity.people import tables as people_tables


def rows(facts: Facts, hashes: Mapping[str, str]) -> Rows:
    """The rows of identity's tables; `hashes` maps all logins, including the operator's, to password hashes."""
    school = facts.school
    owners = {one.login: one.person_id for one in demo_logins(school).values()}
    accounts = {login: facts.id_of(f"account:{login}") for login in hashes}
    account_of = {person_id: accounts[login] for login, person_id in owners.items()}
    return [
        *people.school(school.school.id, school.school.name, school.school.time_zone),
        *chain.from_iterable(
            people.account(accounts[login], login, password_hash, is_operator=login not in owners)
            for login, password_hash in hashes.items()
        ),
        *chain.from_iterable(_person(facts, person, account_of.get(person.id)) for person in school.people),
        *_families(facts),
        *_classes(facts),
    ]


def _person(facts: Facts, person: Person, account_id: UUID | None) -> Rows:
    return people.person(
        person.id,
        person.name,
        *person.roles,
        email=person.email,
        phone=person.phone,
        language=LANGUAGE,
        birth_date=person.birth_date,
        sex=person.sex,
        account_id=account_id,
        class_id=facts.class_of.get(person.id),
        revision=FIRST_REVISION,
    )


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
        *chain.from_iterable(
            people.school_class(one.id, one.name, one.grade, one.homeroom_teacher_id, revision=FIRST_REVISION)
            for one in school.classes
        ),
        *club.of_identity(facts),
        *chain.from_iterable(
            people.enrolment(one.class_id, one.student_id, one.since, one.until, id=one.id) for one in school.enrolments
        ),
    ]
