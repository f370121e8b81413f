"""What the gradebook copies of identity's students and classes, and who may look because of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import Engine, delete, insert, select
from uuid_utils.compat import uuid7

from contracts.gradebook.journal import Journal
from contracts.identity.classes import ClassesChanged
from contracts.identity.people import People, StudentsChanged
from kernel.contract import MANY, Rpc
from kernel.errors import NotFound
from services.gradebook.people import tables as people_tables
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy import tables as policy_tables
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import scale_at
from tests.kit.calls import call, deliver, statements
from tests.kit.town import Outside


class Facts:
    """Answers what identity would of the students and classes it is given, and counts the questions."""

    def __init__(self) -> None:
        self.students: dict[UUID, dict[str, Any]] = {}
        self.classes: dict[UUID, dict[str, Any]] = {}
        self.time_zone: str | None = None
        self.asked: list[int] = []

    def __call__(self, method: Rpc[Any, Any], **command: Any) -> Any:
        loaded = method.load(command)
        if method is People.student_facts:
            ids, known, name = loaded["person_ids"], self.students, "students"
        else:
            ids, known, name = loaded["class_ids"], self.classes, "classes"
        self.asked.append(len(ids))
        found: dict[str, Any] = {name: [known[one] for one in ids if one in known]}
        answer = found if name == "students" else {**found, "time_zone": self.time_zone}
        return method.read(msgspec.json.decode(msgspec.json.encode(answer)))


@pytest.fixture
def facts(school: Any) -> Facts:
    school.service.ask = made = Facts()
    return made


def student(student_id: UUID, revision: int, class_id: UUID | None, *guardians: Any) -> dict[str, Any]:
    return {
        "student_id": student_id, "revision": revision, "name": "A", "class_id": class_id,
        "guardians": [
            {"guardian_id": who, "email": None, "language": "ru", "purposes": list(purposes)}
            for who, *purposes in guardians
        ],
    }  # fmt: skip


def announce(school: Any, facts: Facts, *rows: dict[str, Any]) -> None:
    facts.students.update({row["student_id"]: row for row in rows})
    event = StudentsChanged(batch_id=uuid7(), student_ids=tuple(row["student_id"] for row in rows))
    deliver(school.service, event, school.id)


def sees(school: Any, actor: Any, student_id: UUID) -> bool:
    command = {"student_id": student_id, "date": school.today}
    try:
        call(school.service, Journal.diary_week, actor, **command)
    except NotFound:
        return False
    return True


def test_consent_to_the_portal_opens_the_diary_and_its_withdrawal_closes_it(school: Any, facts: Facts) -> None:
    anna, guardian = school.students[2], school.actor("parent")
    assert not sees(school, guardian, anna)
    announce(school, facts, student(anna, 2, school.class_id, (guardian.person_id, "email", "portal")))
    assert sees(school, guardian, anna)
    announce(school, facts, student(anna, 3, school.class_id, (guardian.person_id, "email")))
    assert not sees(school, guardian, anna)


def test_older_facts_that_come_late_change_nothing(school: Any, facts: Facts) -> None:
    anna, guardian = school.students[2], school.actor("parent")
    announce(school, facts, student(anna, 5, school.class_id))
    announce(school, facts, student(anna, 4, None, (guardian.person_id, "portal")))
    assert not sees(school, guardian, anna)
    assert sees(school, school.homeroom, anna)


def test_a_student_who_changes_class_gets_its_homeroom_teacher(school: Any, facts: Facts) -> None:
    anna, teacher, class_id = school.students[0], school.actor("teacher"), uuid4()
    facts.classes[class_id] = {
        "class_id": class_id, "revision": 1, "name": "7B", "grade": 7,
        "homeroom_teacher_id": teacher.person_id,
    }  # fmt: skip
    deliver(school.service, ClassesChanged(batch_id=uuid7(), class_ids=(class_id,)), school.id)
    announce(school, facts, student(anna, 2, class_id))
    assert sees(school, teacher, anna)
    assert not sees(school, school.homeroom, anna)


def test_a_class_is_replaced_by_newer_facts_alone(school: Any, facts: Facts) -> None:
    for revision, name in ((3, "7A new"), (2, "7A old")):
        facts.classes[school.class_id] = {
            "class_id": school.class_id, "revision": revision, "name": name, "grade": 7,
            "homeroom_teacher_id": None,
        }  # fmt: skip
        deliver(school.service, ClassesChanged(batch_id=uuid7(), class_ids=(school.class_id,)), school.id)
    with school.service.unit_of_work.of(school.id) as session:
        names = session.scalars(
            select(people_tables.ClassCopy.name).where(people_tables.ClassCopy.class_id == school.class_id)
        )
        assert names.all() == ["7A new"]


def policy(school: Any) -> Policy:
    with school.service.unit_of_work.of(school.id) as session:
        return policy_queries.setting_as_policy(session)


def test_the_school_s_day_is_that_of_its_own_zone_which_comes_with_its_classes(school: Any, facts: Facts) -> None:
    before = policy(school)
    announced = ClassesChanged(batch_id=uuid7(), class_ids=(school.class_id,))
    for zone, known in (("Asia/Kamchatka", "Asia/Kamchatka"), ("Asia/Omsk", "Asia/Omsk"), (None, "Asia/Omsk")):
        facts.time_zone = zone
        deliver(school.service, announced, school.id)
        assert policy(school) == replace(before, time_zone=known), "and its marks stay what they are"


def test_a_zone_comes_beside_the_marks_that_the_school_gives(school: Any, facts: Facts) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        row = {"school_id": school.id, "lowest": 0, "highest": 10, "tokens": ["зач"], "time_zone": "Europe/Moscow"}
        session.execute(delete(policy_tables.Setting))
        session.execute(insert(policy_tables.Setting), [row])
    facts.time_zone = "Europe/Samara"
    deliver(school.service, ClassesChanged(batch_id=uuid7(), class_ids=(school.class_id,)), school.id)
    assert policy(school).time_zone == "Europe/Samara"
    assert scale_at(policy(school), Place()).span == "0–10"


def test_a_school_of_which_nothing_is_known_has_the_usual_policy(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(delete(policy_tables.Setting))
    assert policy(school) == default_policy()


def test_many_students_are_asked_for_in_parts_and_written_in_as_many_statements_as_one(
    school: Any, facts: Facts, engine: Engine
) -> None:
    costs = []
    for count in (1, MANY + 1):
        rows = [student(uuid7(), 1, school.class_id, (uuid7(), "portal")) for _ in range(count)]
        with statements(engine) as seen:
            announce(school, facts, *rows)
        costs.append(len(seen))
    # inbox, students and classes that are locked, students, guardians that were and are, time zone, courses, members
    assert costs == [9, 9]
    assert facts.asked == [1, MANY, 1]


def test_another_schools_student_with_the_same_id_is_another_student(
    school: Any, another_school: Any, facts: Facts
) -> None:
    anna, guardian = school.students[2], school.actor("parent")
    another_school.service.ask = facts
    announce(another_school, facts, student(anna, 9, None, (guardian.person_id, "portal")))
    assert not sees(school, guardian, anna)
    assert sees(school, school.homeroom, anna)


def test_an_event_brought_twice_is_handled_once(school: Any, facts: Facts) -> None:
    facts.students[school.students[0]] = student(school.students[0], 2, None)
    event = StudentsChanged(batch_id=uuid7(), student_ids=(school.students[0],))
    assert deliver(school.service, event, school.id, "m1")
    assert not deliver(school.service, event, school.id, "m1")


def test_nothing_is_asked_for_within_a_transaction(school: Any, facts: Facts) -> None:
    school.service.ask = outside = Outside(school.service)
    announce(school, facts, student(school.students[0], 2, school.class_id))
    deliver(school.service, ClassesChanged(batch_id=uuid7(), class_ids=(school.class_id,)), school.id)
    assert outside.asked == {"identity.student_facts", "identity.class_facts"}
