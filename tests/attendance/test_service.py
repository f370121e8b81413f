"""Checks and absences through the service, beside identity and the gradebook themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from contracts.attendance.absences import Absences
from contracts.attendance.checks import Checks
from contracts.attendance.codes import Codes
from contracts.identity.classes import ClassesChanged
from contracts.identity.people import StudentsChanged
from kernel import context
from kernel.data.outbox import OutboxRow
from kernel.errors import Forbidden, Invalid, NotFound
from services.attendance.tables import Absence, AbsenceRevision, LessonCheckRevision
from tests.kit.calls import call, deliver, statements
from tests.neighbours import TODAY, Outside, School


def check(service, actor, lesson_id, *absences: tuple[Any, str] | tuple[Any, str, int]) -> dict[str, Any]:
    """Check a lesson; an absence is a student, a code and, for lateness, minutes."""
    entries = [
        {"student_id": who.person_id, "code": code, "minutes": m[0] if m else None} for who, code, *m in absences
    ]
    return call(service, Checks.check_lesson, actor, lesson_id=lesson_id, absences=entries)


def checks(service, actor, *lesson_ids) -> dict[str, dict[str, Any]]:
    answer = call(service, Checks.lesson_checks, actor, lesson_ids=list(lesson_ids))
    return {view["lesson_id"]: view for view in answer["checks"]}


def absences_of(service, actor, student, starts_on=TODAY, ends_on=TODAY) -> list[dict[str, Any]]:
    answer = call(
        service,
        Absences.absences_of,
        actor,
        student_id=student.person_id,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    assert answer["student_id"] == str(student.person_id)
    return answer["absences"]


def codes(view: dict[str, Any]) -> dict[str, str]:
    return {entry["student_id"]: entry["code"] for entry in view["absences"]}


def recorded(service, school) -> list[OutboxRow]:
    with service.unit_of_work.of(school.id) as session:
        return list(session.scalars(select(OutboxRow).where(OutboxRow.tenant_id == school.id)))


def test_the_codes_are_a_dictionary_with_flags(service, school):
    answer = call(service, Codes.codes, school.mother)
    assert [entry["code"] for entry in answer["codes"]] == ["Н", "У", "Б", "О", "П"]


def test_the_homeroom_teacher_checks_a_lesson_and_all_who_may_see_it(service, school):
    view = check(service, school.homeroom_a, school.lesson, (school.anna, "Н"), (school.boris, "О", 10))
    assert view["lesson_id"] == str(school.lesson)
    assert view["checked_by"] == str(school.homeroom_a.person_id)
    anna, boris = view["absences"]
    assert (anna["code"], anna["minutes"], anna["counts_as_absent"]) == ("Н", None, True)
    assert (boris["code"], boris["minutes"], boris["counts_as_absent"]) == ("О", 10, False)
    assert (anna["date"], anna["number"]) == (TODAY.isoformat(), 2)
    for actor in (school.homeroom_a, school.teacher, school.director, school.service("printing")):
        assert checks(service, actor, school.lesson) == {str(school.lesson): view}


def test_checked_and_nobody_absent_differs_from_not_checked(service, school):
    assert checks(service, school.director, school.lesson) == {}
    check(service, school.homeroom_a, school.lesson)
    seen = checks(service, school.director, school.lesson, school.shared_lesson)
    assert list(seen) == [str(school.lesson)]
    assert seen[str(school.lesson)]["absences"] == []


def test_each_new_absence_is_announced_by_ids_alone(service, school):
    view = check(service, school.homeroom_a, school.lesson, (school.anna, "Б"))
    (row,) = recorded(service, school)
    assert row.event == "absence_recorded"
    assert view["absences"][0]["id"].encode() in row.body
    assert "Б".encode() not in row.body


def test_repeating_a_check_changes_what_differs_and_keeps_the_history(service, school):
    first = check(
        service, school.homeroom_a, school.lesson, (school.anna, "Н"), (school.boris, "Н"), (school.vera, "Н")
    )
    second = check(service, school.homeroom_a, school.lesson, (school.anna, "Н"), (school.boris, "Б"))
    assert codes(second) == {str(school.anna.person_id): "Н", str(school.boris.person_id): "Б"}
    assert second["checked_at"] > first["checked_at"]
    ids = {entry["student_id"]: entry["id"] for entry in first["absences"]}
    assert all(entry["id"] == ids[entry["student_id"]] for entry in second["absences"])
    with service.unit_of_work.of(school.id) as session:
        history = session.execute(
            select(Absence.student_id, AbsenceRevision.version, AbsenceRevision.code, AbsenceRevision.changed_by)
            .join(AbsenceRevision, Absence.id == AbsenceRevision.absence_id)
            .order_by(AbsenceRevision.version)
        ).all()
        times = session.scalars(select(LessonCheckRevision.checked_at)).all()
    assert [(version, code) for who, version, code, _ in history if who == school.anna.person_id] == [(1, "Н")]
    assert [(version, code) for who, version, code, _ in history if who == school.boris.person_id] == [
        (1, "Н"),
        (2, "Б"),
    ]
    assert [(version, code) for who, version, code, _ in history if who == school.vera.person_id] == [
        (1, "Н"),
        (2, None),
    ]
    assert {by for *_, by in history} == {school.homeroom_a.person_id}
    assert len(times) == 2


def test_only_what_changed_is_announced_again(service, school):
    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"), (school.boris, "Н"))
    assert len(recorded(service, school)) == 2
    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"), (school.boris, "Н"))
    assert len(recorded(service, school)) == 2
    check(service, school.homeroom_a, school.lesson, (school.anna, "У"))
    assert len(recorded(service, school)) == 4  # Anna's other code, Boris's withdrawal


def test_a_withdrawn_absence_can_be_entered_again(service, school):
    first = check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    assert check(service, school.homeroom_a, school.lesson)["absences"] == []
    assert check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))["absences"] == first["absences"]


def test_a_lesson_of_two_classes_is_checked_class_by_class(service, school):
    own = check(service, school.homeroom_a, school.shared_lesson, (school.vera, "Н"))
    assert codes(own) == {str(school.vera.person_id): "Н"}
    assert checks(service, school.homeroom_b, school.shared_lesson) == {}
    other = check(service, school.homeroom_b, school.shared_lesson, (school.gleb, "Б"))
    assert codes(other) == {str(school.gleb.person_id): "Б"}
    assert checks(service, school.homeroom_a, school.shared_lesson) == {str(school.shared_lesson): own}
    both = {str(school.vera.person_id): "Н", str(school.gleb.person_id): "Б"}
    for actor in (school.other_teacher, school.methodologist):
        merged = checks(service, actor, school.shared_lesson)[str(school.shared_lesson)]
        assert codes(merged) == both
        assert merged["checked_by"] == str(school.homeroom_b.person_id)


def test_a_check_of_one_class_leaves_the_other_class_as_it_is(service, school):
    check(service, school.homeroom_b, school.shared_lesson, (school.gleb, "Б"))
    check(service, school.homeroom_a, school.shared_lesson)
    seen = checks(service, school.director, school.shared_lesson)[str(school.shared_lesson)]
    assert codes(seen) == {str(school.gleb.person_id): "Б"}


@pytest.mark.parametrize("who", ["teacher", "director", "methodologist"])
def test_who_is_not_the_homeroom_teacher_enters_no_absences(service, school, who):
    with pytest.raises(Forbidden) as refused:
        check(service, getattr(school, who), school.lesson)
    assert refused.value.rule == "not-homeroom-teacher"


def test_a_teacher_who_may_not_see_the_lesson_is_told_it_is_not_there(service, school):
    with pytest.raises(NotFound):
        check(service, school.homeroom_b, school.lesson)
    with pytest.raises(NotFound):
        check(service, school.homeroom_a, uuid4())


@pytest.mark.parametrize("who", ["mother", "anna"])
def test_families_check_no_lessons_and_see_no_checks(service, school, who):
    with pytest.raises(Forbidden):
        check(service, getattr(school, who), school.lesson)
    with pytest.raises(Forbidden):
        checks(service, getattr(school, who), school.lesson)


def test_a_student_of_another_class_is_left_to_its_homeroom_teacher(service, school):
    with pytest.raises(Forbidden) as refused:
        check(service, school.homeroom_a, school.shared_lesson, (school.gleb, "Н"))
    assert (refused.value.rule, refused.value.field) == ("not-own-class", "absences.0.student_id")
    assert checks(service, school.director, school.shared_lesson) == {}


def test_a_student_who_is_not_in_the_lesson_is_refused(service, school):
    with pytest.raises(Invalid) as refused:
        check(service, school.homeroom_a, school.shared_lesson, (school.anna, "Н"))
    assert refused.value.rule == "student-not-in-lesson"


def test_a_refused_check_leaves_nothing_behind(service, school):
    with pytest.raises(Invalid):
        check(service, school.homeroom_a, school.lesson, (school.anna, "Н"), (school.boris, "О"))
    assert checks(service, school.director, school.lesson) == {}
    assert recorded(service, school) == []


def test_tomorrows_lesson_cannot_be_checked_yet(service, school):
    with pytest.raises(Invalid) as refused:
        check(service, school.homeroom_a, school.tomorrows_lesson)
    assert (refused.value.rule, refused.value.field) == ("lesson-ahead", "lesson_id")


def test_a_check_repeated_with_its_key_has_one_effect(service, school):
    def again() -> dict[str, Any]:
        key = context.Call(
            tenant_id=school.id, idempotency_key="k1", account_id=school.homeroom_a.account_id,
            operation="attendance.check_lesson", fingerprint="f",
        )  # fmt: skip
        with context.handling(key):
            return check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))

    assert again() == again()
    assert len(recorded(service, school)) == 1
    with service.unit_of_work.of(school.id) as session:
        assert len(session.scalars(select(LessonCheckRevision.version)).all()) == 1


def test_two_checks_at_once_come_one_after_the_other(service, school):
    """Both homeroom teachers and a doubled click: no check is lost, no absence entered twice."""
    who = [(school.homeroom_a, school.vera)] * 2 + [(school.homeroom_b, school.gleb)]
    with ThreadPoolExecutor(3) as threads:
        for done in [
            threads.submit(check, service, actor, school.shared_lesson, (student, "Н")) for actor, student in who
        ]:
            done.result(30)
    seen = checks(service, school.director, school.shared_lesson)[str(school.shared_lesson)]
    assert codes(seen) == {str(school.vera.person_id): "Н", str(school.gleb.person_id): "Н"}
    assert len(recorded(service, school)) == 2


def test_a_students_absences_come_by_date_and_lesson(service, school):
    yesterday = TODAY - timedelta(days=1)
    late = school.add_lesson(uuid7(), school.algebra, yesterday, 5)
    early = school.add_lesson(uuid7(), school.algebra, yesterday, 1)
    for lesson in (school.lesson, late, early):
        check(service, school.homeroom_a, lesson, (school.anna, "Н"))
    found = absences_of(service, school.mother, school.anna, yesterday)
    assert [entry["lesson_id"] for entry in found] == [str(early), str(late), str(school.lesson)]
    assert [entry["lesson_id"] for entry in absences_of(service, school.mother, school.anna)] == [str(school.lesson)]


def test_a_withdrawn_absence_is_not_shown_to_the_family(service, school):
    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    check(service, school.homeroom_a, school.lesson)
    assert absences_of(service, school.mother, school.anna) == []


@pytest.mark.parametrize("who", ["anna", "mother", "homeroom_a", "director", "methodologist"])
def test_absences_are_seen_by_the_family_the_homeroom_teacher_and_the_administration(service, school, who):
    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    assert [entry["code"] for entry in absences_of(service, getattr(school, who), school.anna)] == ["Н"]


@pytest.mark.parametrize("who", ["boris", "other_mother", "father", "homeroom_b", "teacher"])
def test_for_everyone_else_the_student_does_not_exist(service, school, who):
    """The father consented to e-mail only: without consent to the portal there is none (clause 5.2)."""
    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    with pytest.raises(NotFound) as other:
        absences_of(service, getattr(school, who), school.anna)
    with pytest.raises(NotFound) as missing:
        call(
            service, Absences.absences_of, getattr(school, who),
            student_id=uuid4(), starts_on=TODAY, ends_on=TODAY,
        )  # fmt: skip
    assert str(other.value) == str(missing.value)


def test_services_that_have_no_business_with_absences_see_none(service, school):
    with pytest.raises(Forbidden):
        absences_of(service, school.service("gradebook"), school.anna)


def test_a_consent_withdrawn_closes_the_portal(service, school, town):
    assert absences_of(service, school.mother, school.anna) == []
    school.consent(school.mother, school.anna, "portal", granted=False)
    town.carry()
    with pytest.raises(NotFound):
        absences_of(service, school.mother, school.anna)


def test_another_schools_student_and_lesson_do_not_exist(service, school, town):
    other = School(town)
    check(service, other.homeroom_a, other.lesson, (other.anna, "Н"))
    with pytest.raises(NotFound):
        absences_of(service, school.director, other.anna)
    assert checks(service, school.director, other.lesson) == {}
    with pytest.raises(NotFound):
        check(service, school.homeroom_a, other.lesson)
    assert call(
        service, Absences.notices, school.service("notifications"), absence_ids=_absence_ids(service, other)
    ) == {"absences": []}  # fmt: skip


def _absence_ids(service, school):
    with service.unit_of_work.of(school.id) as session:
        return list(session.scalars(select(Absence.id)))


def test_a_range_of_days_that_is_none_is_refused(service, school):
    with pytest.raises(Invalid) as refused:
        absences_of(service, school.mother, school.anna, TODAY, TODAY - timedelta(days=1))
    assert refused.value.rule == "range-reversed"


def test_notices_say_what_an_absence_is_now(service, school):
    asker = school.service("notifications")
    (absence,) = check(service, school.homeroom_a, school.lesson, (school.anna, "О", 7))["absences"]
    expected = {
        "absence_id": absence["id"], "student_id": str(school.anna.person_id), "title": "Алгебра",
        "date": TODAY.isoformat(), "number": 2, "code": "О", "name": "опоздание", "minutes": 7,
    }  # fmt: skip
    assert call(service, Absences.notices, asker, absence_ids=[absence["id"], uuid4()]) == {"absences": [expected]}
    check(service, school.homeroom_a, school.lesson)
    (withdrawn,) = call(service, Absences.notices, asker, absence_ids=[absence["id"]])["absences"]
    assert withdrawn == expected | {"code": None, "name": "", "minutes": None}


def test_notices_are_for_services_only(service, school):
    with pytest.raises(Forbidden):
        call(service, Absences.notices, school.director, absence_ids=[uuid4()])


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


def test_reading_costs_the_same_for_one_lesson_as_for_many(service, school, engine):
    lessons = [school.lesson] + [
        school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=day), 1) for day in range(1, 9)
    ]

    def cost(actor, count: int) -> int:
        with statements(engine) as seen:
            assert len(checks(service, actor, *lessons[:count])) == count
        return len(seen)

    for lesson in lessons:
        check(service, school.homeroom_a, lesson, (school.anna, "Н"), (school.boris, "О", 5))
    for actor in (school.director, school.teacher, school.homeroom_a):
        assert cost(actor, 1) == cost(actor, 9) == 2
    with statements(engine) as seen:
        assert len(absences_of(service, school.mother, school.anna, TODAY - timedelta(days=30))) == 9
    assert len(seen) == 3


def test_checking_costs_the_same_for_one_absence_as_for_three(service, school, engine):
    with statements(engine) as one:
        check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    other = school.add_lesson(uuid7(), school.algebra, TODAY, 7)
    with statements(engine) as three:
        check(service, school.homeroom_a, other, (school.anna, "Н"), (school.boris, "Н"), (school.vera, "Б"))
    assert len(one) == len(three) <= 14


def test_nothing_is_asked_for_within_a_transaction(service, school):
    service.ask = outside = Outside(service)
    school.tell()
    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    assert outside.asked == {
        "gradebook.lesson", "identity.schools", "identity.student_facts", "identity.class_facts",
    }  # fmt: skip
