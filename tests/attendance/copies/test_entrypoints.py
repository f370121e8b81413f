"""What changes at identity changes who enters and who sees absences."""

from __future__ import annotations

from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from contracts.identity.classes import ClassesChanged
from contracts.identity.people import StudentsChanged
from kernel.errors import Forbidden, NotFound
from tests.attendance.asking import absences_of, check, checks
from tests.kit.calls import deliver


def test_a_consent_withdrawn_closes_the_portal(service, school, town):
    assert absences_of(service, school.mother, school.anna) == []
    school.consent(school.mother, school.anna, "portal", granted=False)
    town.carry()
    with pytest.raises(NotFound):
        absences_of(service, school.mother, school.anna)


def test_a_student_who_changed_class_keeps_the_record_and_gets_another_homeroom_teacher(service, school, town):
    before = check(service, school.homeroom_a, school.shared_lesson, (school.vera, "Н"))
    school.move(school.vera, school.class_b)
    deliver(service, StudentsChanged(batch_id=uuid7(), student_ids=(school.vera.person_id,)), school.id)
    assert [entry["code"] for entry in absences_of(service, school.homeroom_b, school.vera)] == ["Н"]
    with pytest.raises(NotFound):
        absences_of(service, school.homeroom_a, school.vera)
    seen = checks(service, school.homeroom_a, school.shared_lesson)
    assert seen == {str(school.shared_lesson): before}
    after = check(service, school.homeroom_b, school.shared_lesson)
    assert after["absences"] == []


def test_a_class_that_is_given_to_another_homeroom_teacher_is_checked_by_that_one(service, school):
    school.give(school.class_a, school.other_teacher)
    deliver(service, ClassesChanged(batch_id=uuid7(), class_ids=(school.class_a,)), school.id)
    check(service, school.other_teacher, school.shared_lesson, (school.vera, "Н"))
    with pytest.raises(Forbidden):
        check(service, school.homeroom_a, school.shared_lesson)


def test_an_event_handled_twice_has_one_effect(service, school):
    event = StudentsChanged(batch_id=uuid7(), student_ids=(school.anna.person_id,))
    assert deliver(service, event, school.id, "m1")
    assert not deliver(service, event, school.id, "m1")


def test_students_nobody_knows_and_empty_batches_change_nothing(service, school):
    deliver(service, StudentsChanged(batch_id=uuid7(), student_ids=(uuid4(),)), school.id)
    deliver(service, StudentsChanged(batch_id=uuid7(), student_ids=()), school.id)
    deliver(service, ClassesChanged(batch_id=uuid7(), class_ids=()), school.id)
    assert absences_of(service, school.mother, school.anna) == []
