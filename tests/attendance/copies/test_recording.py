"""Copies end with the newest facts, in whatever order, however often and by however many they are brought."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text

from kernel.contract import Values
from kernel.data.database import UnitOfWork
from kernel.waiting import eventually
from services.attendance.copies import recording
from services.attendance.copies.tables import ClassCopy, GuardianCopy, StudentCopy
from tests.kit.databases import on_both

pytestmark = on_both

SCHOOL, STUDENT, CLASS, OTHER_CLASS, ANNA, BORIS = (uuid4() for _ in range(6))


def student_fact(revision: int, class_id: UUID | None = CLASS, *guardians: dict[str, Any]) -> dict[str, Any]:
    return Values({"student_id": STUDENT, "revision": revision, "class_id": class_id, "guardians": list(guardians)})


def guardian(guardian_id: UUID, *purposes: str) -> dict[str, Any]:
    return Values({"guardian_id": guardian_id, "purposes": list(purposes)})


@pytest.fixture
def work(engine: Engine) -> UnitOfWork:
    return UnitOfWork(engine)


def keep(work: UnitOfWork, *facts: dict[str, Any], school: UUID = SCHOOL) -> None:
    with work.of(school) as session:
        recording.keep_students(session, school, list(facts))


def kept(work: UnitOfWork, school: UUID = SCHOOL) -> tuple[int, UUID | None, dict[UUID, bool]]:
    with work.of(school) as session:
        row = session.scalars(select(StudentCopy)).one()
        guardians = session.execute(select(GuardianCopy.guardian_id, GuardianCopy.portal))
        return row.revision, row.class_id, dict(guardians.all())


def test_a_newer_fact_replaces_the_student_and_the_guardians(work):
    keep(work, student_fact(1, CLASS, guardian(ANNA, "portal", "email")))
    assert kept(work) == (1, CLASS, {ANNA: True})
    keep(work, student_fact(2, OTHER_CLASS, guardian(ANNA, "email"), guardian(BORIS, "portal")))
    assert kept(work) == (2, OTHER_CLASS, {ANNA: False, BORIS: True})
    keep(work, student_fact(3, None))
    assert kept(work) == (3, None, {})


@pytest.mark.parametrize("revision", [1, 2])
def test_an_older_or_equal_fact_changes_nothing(work, revision):
    keep(work, student_fact(2, CLASS, guardian(ANNA, "portal")))
    keep(work, student_fact(revision, None, guardian(BORIS, "portal")))
    assert kept(work) == (2, CLASS, {ANNA: True})


def test_of_several_facts_each_is_weighed_by_itself(work):
    keep(work, student_fact(5, CLASS, guardian(ANNA, "portal")))
    other = Values({"student_id": uuid4(), "revision": 1, "class_id": CLASS, "guardians": [guardian(ANNA, "portal")]})
    keep(work, student_fact(4, None), other)
    with work.of(SCHOOL) as session:
        assert set(session.scalars(select(StudentCopy.revision))) == {5, 1}
        assert len(session.scalars(select(GuardianCopy.student_id)).all()) == 2


def test_no_facts_change_nothing(work):
    keep(work)
    with work.of(SCHOOL) as session:
        assert session.scalars(select(StudentCopy)).all() == []


def test_schools_keep_their_own_copies(work):
    other = uuid4()
    keep(work, student_fact(2, CLASS, guardian(ANNA, "portal")))
    keep(work, student_fact(1, None), school=other)
    assert kept(work) == (2, CLASS, {ANNA: True})
    assert kept(work, other) == (1, None, {})


@pytest.mark.parametrize("first", [2, 1])
def test_two_handlers_at_once_end_with_the_newer_fact(work, engine, first):
    """Who wrote first has not committed when the other writes: the other waits, then weighs again."""
    keep(work, student_fact(0, None))
    facts = {
        1: student_fact(1, None, guardian(BORIS, "portal")),
        2: student_fact(2, CLASS, guardian(ANNA, "portal")),
    }
    follower = threading.Thread(target=keep, args=(work, facts[3 - first]))
    with work.of(SCHOOL) as session:
        recording.keep_students(session, SCHOOL, [facts[first]])
        follower.start()
        if engine.dialect.name == "postgresql":  # on SQLite the other cannot even begin
            eventually(lambda: somebody_waits(engine))
    follower.join(20)
    assert not follower.is_alive()
    assert kept(work) == (2, CLASS, {ANNA: True})


def somebody_waits(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def test_classes_are_copied_by_the_same_rule(work):
    def homeroom(revision: int, teacher: UUID | None) -> None:
        with work.of(SCHOOL) as session:
            fact = Values({"class_id": CLASS, "revision": revision, "homeroom_teacher_id": teacher})
            recording.keep_classes(session, SCHOOL, [fact])

    homeroom(2, ANNA)
    homeroom(1, BORIS)
    homeroom(3, None)
    homeroom(2, BORIS)
    with work.of(SCHOOL) as session:
        assert session.scalars(select(ClassCopy.homeroom_teacher_id)).all() == [None]
