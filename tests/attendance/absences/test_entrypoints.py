"""Absences through the service, beside identity and the gradebook themselves."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from contracts.attendance.absences import Absences
from kernel.errors import Forbidden, Invalid, NotFound
from services.attendance.absences.tables import Absence
from tests.attendance.asking import absences_of, check, checks
from tests.kit.calls import call, statements
from tests.kit.people import TODAY
from tests.kit.town import School


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
        "lesson_id": str(school.lesson),
    }  # fmt: skip
    assert call(service, Absences.notices, asker, absence_ids=[absence["id"], uuid4()]) == {"absences": [expected]}
    check(service, school.homeroom_a, school.lesson)
    (withdrawn,) = call(service, Absences.notices, asker, absence_ids=[absence["id"]])["absences"]
    assert withdrawn == expected | {"code": None, "name": "", "minutes": None}


def test_notices_are_for_services_only(service, school):
    with pytest.raises(Forbidden):
        call(service, Absences.notices, school.director, absence_ids=[uuid4()])


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
        assert cost(actor, 1) == cost(actor, 9) == 1
    with statements(engine) as seen:
        assert len(absences_of(service, school.mother, school.anna, TODAY - timedelta(days=30))) == 9
    assert len(seen) == 2


def of_class(service, school, actor, class_id=None):
    """Student → how often absent and late from a month ago until today, in the class 7А unless another is named."""
    span = {"starts_on": TODAY - timedelta(days=30), "ends_on": TODAY}
    found = call(service, Absences.absences_of_class, actor, class_id=class_id or school.class_a, **span)
    return {one["student_id"]: (one["missed"], one["late"]) for one in found["students"]}


@pytest.mark.parametrize("who", ["homeroom_a", "director", "methodologist"])
def test_the_absences_of_a_class_are_counted_by_student(service, school, who):
    yesterday = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=1), 5)
    long_ago = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=31), 5)
    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"), (school.boris, "О", 5))
    check(service, school.homeroom_a, yesterday, (school.anna, "У"), (school.boris, "Н"))
    check(service, school.homeroom_a, long_ago, (school.anna, "Н"))
    anna, boris = str(school.anna.person_id), str(school.boris.person_id)
    assert of_class(service, school, getattr(school, who)) == {anna: (2, 0), boris: (1, 1)}
    check(service, school.homeroom_a, yesterday)
    assert of_class(service, school, getattr(school, who)) == {anna: (1, 0), boris: (0, 1)}
    assert of_class(service, school, school.homeroom_b, school.class_b) == {}, "those of another class"


def test_for_everyone_else_the_class_does_not_exist(service, school, town):
    other = School(town)
    with pytest.raises(NotFound) as missing:
        of_class(service, school, school.director, uuid4())
    for actor, class_id in (
        (school.homeroom_b, school.class_a),
        (school.teacher, school.class_a),
        (school.director, other.class_a),
    ):
        with pytest.raises(NotFound) as refused:
            of_class(service, school, actor, class_id)
        assert refused.value.rule == missing.value.rule == "no-such-class"
    with pytest.raises(Forbidden):
        of_class(service, school, school.mother)


def test_counting_a_class_costs_the_same_for_one_absence_as_for_many(service, school, engine):
    def cost() -> int:
        with statements(engine) as seen:
            of_class(service, school, school.homeroom_a)
        return len(seen)

    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    few = cost()
    for day in range(1, 9):
        lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=day), 1)
        check(service, school.homeroom_a, lesson, (school.anna, "Н"), (school.boris, "О", 5))
    assert cost() == few == 2
