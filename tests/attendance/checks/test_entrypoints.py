"""Checks through the service, beside identity and the gradebook themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from contracts.attendance.checks import Checks
from contracts.gradebook.day_changes import DayChanges
from kernel import context
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from services.attendance.absences.tables import Absence, AbsenceRevision
from services.attendance.checks.tables import LessonCheckRevision
from services.gradebook.lessons.tables import CheckedLesson
from tests.attendance.asking import check, checks, codes, recorded
from tests.kit.calls import call, statements
from tests.kit.people import TODAY
from tests.kit.town import Outside


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


def test_the_gradebook_hears_once_that_a_lesson_was_checked(service, school, town):
    for _ in range(2):
        check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    (row,) = recorded(service, school, "lesson_checked")
    assert str(school.lesson).encode() in row.body
    check(service, school.homeroom_b, school.shared_lesson)
    assert len(recorded(service, school, "lesson_checked")) == 2
    town.carry()
    with town.gradebook.unit_of_work.of(school.id) as session:
        kept = set(session.scalars(select(CheckedLesson.lesson_id)))
    assert kept == {school.lesson, school.shared_lesson}


def test_a_cancelled_lesson_cannot_be_checked(service, school, town):
    changes = [{"lesson_id": school.lesson, "version": 0, "cancelled": True}]
    call(town.gradebook, DayChanges.change_lessons, school.methodologist, changes=changes)
    with pytest.raises(Conflict, match="cancelled"):
        check(service, school.homeroom_a, school.lesson)
    assert checks(service, school.director, school.lesson) == {}


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
    (again,) = check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))["absences"]
    assert again == {**first["absences"][0], "version": 3}


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


def test_d06_absences_of_a_closed_term_stay_as_they_are(service, school):
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=10), 1)
    school.end_term(3)
    noted = check(service, school.homeroom_a, lesson, (school.anna, "Н"))
    school.end_term(4)
    with pytest.raises(Conflict) as refused:
        check(service, school.homeroom_a, lesson, (school.anna, "Б"))
    assert (refused.value.rule, refused.value.field) == ("term-closed", "lesson_id")
    assert refused.value.params == {
        "term": "I", "ended_on": TODAY - timedelta(days=4), "date": TODAY - timedelta(days=1)
    }  # fmt: skip
    assert checks(service, school.director, lesson) == {str(lesson): noted}
    assert len(recorded(service, school)) == 1


def check_with_key(service, school, lesson) -> dict[str, Any]:
    key = context.Call(
        tenant_id=school.id, idempotency_key="k1", account_id=school.homeroom_a.account_id,
        operation="attendance.check_lesson", fingerprint="f",
    )  # fmt: skip
    with context.handling(key):
        return check(service, school.homeroom_a, lesson, (school.anna, "Н"))


def test_d06_a_check_that_was_made_in_time_is_answered_again_after_the_term_closed(service, school):
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=10), 1)
    made = check_with_key(service, school, lesson)
    school.end_term(4)
    assert check_with_key(service, school, lesson) == made


def test_d06_who_checks_no_lesson_is_told_that_and_not_that_the_term_is_closed(service, school):
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=10), 1)
    school.end_term(4)
    with pytest.raises(Forbidden) as refused:
        check(service, school.teacher, lesson)
    assert refused.value.rule == "not-homeroom-teacher"


def test_a_check_repeated_with_its_key_has_one_effect(service, school):
    first = check_with_key(service, school, school.lesson)
    assert check_with_key(service, school, school.lesson) == first
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


def test_the_history_of_an_absence_says_every_state_and_who_left_it_so(service, school):
    check(service, school.homeroom_a, school.lesson, (school.anna, "О", 7))
    check(service, school.homeroom_a, school.lesson, (school.anna, "Б"))
    check(service, school.homeroom_a, school.lesson)
    for actor in (school.homeroom_a, school.teacher, school.director):
        found = history(service, actor, school.lesson, school.anna)
        states = [(one["code"], one["name"], one["minutes"]) for one in found["revisions"]]
        assert states == [("О", "опоздание", 7), ("Б", "отсутствует по болезни", None), (None, "", None)]
        people = {one["changed_by"] for one in found["revisions"]} | {one["checked_by"] for one in found["checks"]}
        assert people == {str(school.homeroom_a.person_id)}
        assert (len(found["checks"]), found["date"]) == (3, TODAY.isoformat())
    assert history(service, school.teacher, school.lesson, school.boris)["revisions"] == []  # was there all the time


def test_who_does_not_see_the_check_of_a_class_sees_no_history_of_its_students(service, school):
    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    check(service, school.homeroom_a, school.shared_lesson, (school.vera, "Н"))
    check(service, school.homeroom_b, school.shared_lesson, (school.gleb, "Н"))
    for actor, lesson, student in (
        (school.other_teacher, school.lesson, school.anna),
        (school.homeroom_b, school.lesson, school.anna),
        (school.homeroom_b, school.shared_lesson, school.vera),
        (school.director, school.lesson, school.gleb),  # whose class has no such lesson
        (school.director, uuid4(), school.anna),
    ):
        with pytest.raises(NotFound):
            history(service, actor, lesson, student)
    for who in (school.mother, school.anna):
        with pytest.raises(Forbidden):
            history(service, who, school.lesson, school.anna)
    (checked,) = history(service, school.homeroom_b, school.shared_lesson, school.gleb)["checks"]
    assert checked["checked_by"] == str(school.homeroom_b.person_id)  # the other class is no part of it


def test_a_history_costs_the_same_however_long_it_is(service, school, engine):
    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    with statements(engine) as short:
        history(service, school.director, school.lesson, school.anna)
    for code in "УБН":
        check(service, school.homeroom_a, school.lesson, (school.anna, code))
    with statements(engine) as long:
        history(service, school.director, school.lesson, school.anna)
    assert len(short) == len(long)


def history(service, actor, lesson_id, student):
    return call(service, Checks.absence_history, actor, lesson_id=lesson_id, student_id=student.person_id)
