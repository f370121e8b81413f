"""Names, contacts and consents are kept as identity told them last."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from kernel.contract import Values
from kernel.data.database import UnitOfWork
from services.notifications.copies import queries, recording
from services.notifications.copies.rules import Guardian
from services.notifications.copies.tables import StudentCopy
from tests.kit.databases import on_both

pytestmark = on_both

SCHOOL, STUDENT, MOTHER, FATHER = (uuid4() for _ in range(4))


def guardian(guardian_id: Any, *purposes: str, email: str | None = "a@example.org") -> dict[str, Any]:
    return Values({"guardian_id": guardian_id, "email": email, "language": "ru", "purposes": list(purposes)})


def fact(revision: int, name: str, *guardians: dict[str, Any]) -> dict[str, Any]:
    return Values({"student_id": STUDENT, "revision": revision, "name": name, "guardians": list(guardians)})


@pytest.fixture
def work(engine: Engine) -> UnitOfWork:
    return UnitOfWork(engine)


def keep(work: UnitOfWork, *facts: dict[str, Any], school: Any = SCHOOL) -> None:
    with work.of(school) as session:
        recording.keep_students(session, school, list(facts))


def kept(work: UnitOfWork, school: Any = SCHOOL) -> tuple[str, list[Guardian]]:
    with work.of(school) as session:
        row = session.get_one(StudentCopy, (school, STUDENT))
        return row.name, queries.guardians_of(session, [STUDENT])


def test_a_newer_fact_replaces_name_contacts_and_consents(work):
    keep(work, fact(1, "Anna", guardian(MOTHER, "portal"), guardian(FATHER, "email")))
    keep(work, fact(2, "Anna B.", guardian(MOTHER, "email", email=None)))
    assert kept(work) == ("Anna B.", [Guardian(STUDENT, MOTHER, None, "ru", frozenset({"email"}))])


@pytest.mark.parametrize("revision", [1, 2])
def test_an_older_or_equal_fact_brings_no_withdrawn_consent_back(work, revision):
    keep(work, fact(2, "Anna", guardian(MOTHER)))
    keep(work, fact(revision, "Old", guardian(MOTHER, "email"), guardian(FATHER, "email")))
    assert kept(work) == ("Anna", [Guardian(STUDENT, MOTHER, "a@example.org", "ru", frozenset())])


def test_schools_keep_their_own_copies(work):
    other = uuid4()
    keep(work, fact(2, "Anna", guardian(MOTHER, "email")))
    keep(work, fact(1, "Namesake"), school=other)
    assert kept(work)[0] == "Anna"
    assert kept(work, other) == ("Namesake", [])


def test_only_students_nobody_told_of_are_unheard_of(work):
    stranger = uuid4()
    keep(work, fact(1, "Anna"))
    with work.of(SCHOOL) as session:
        assert queries.unheard_of(session, [STUDENT, stranger]) == [stranger]
    with work.of(uuid4()) as session:
        assert queries.unheard_of(session, [STUDENT]) == [STUDENT]
