"""Calendar feeds: who has one, what it holds, and when its address is valid no longer."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import Engine, delete, select, update

from contracts.gradebook.calendar_feeds import CalendarFeeds
from contracts.gradebook.day_changes import DayChanges
from contracts.gradebook.timetable import Timetable
from contracts.identity.people import People
from kernel.auth import Actor
from kernel.contract import Rpc
from kernel.errors import Forbidden, Invalid, NotFound
from services.gradebook.calendar_feeds.tables import CalendarFeed
from services.gradebook.lessons.tables import Lesson
from services.gradebook.people.tables import GuardianCopy
from tests.kit.calls import call, statements
from tests.kit.databases import on_both
from tests.kit.town import Outside


class Present:
    """Answers what identity would of the people who are at a school."""

    def __init__(self, *actors: Actor) -> None:
        self.roles = {actor.person_id: sorted(actor.roles) for actor in actors}
        self.asked_of: list[UUID | None] = []

    def __call__(self, method: Rpc[Any, Any], *, tenant: UUID | None, as_service: bool, **command: Any) -> Any:
        assert method is People.present_people
        assert as_service, "nobody has signed in"
        self.asked_of.append(tenant)
        ids = method.load(command)["person_ids"]
        people = [{"person_id": one, "roles": self.roles[one]} for one in ids if one in self.roles]
        return method.read(msgspec.json.decode(msgspec.json.encode({"people": people})))


@pytest.fixture
def present(school: Any) -> Present:
    """Everybody is at the school."""
    people = (school.teacher, school.other_teacher, school.parent, school.other_parent, school.student)
    school.service.ask = made = Present(*people)
    return made


def renew(school: Any, actor: Actor, student_id: UUID | None = None) -> str:
    made = call(school.service, CalendarFeeds.renew_calendar_feed, actor, student_id=student_id)
    return str(made["secret"])


def read(school: Any, secret: str) -> dict[str, Any]:
    return call(school.service, CalendarFeeds.calendar_feed, None, secret=secret)


def gone(school: Any, secret: str) -> bool:
    """Whether there is nothing at the address, as at one that never was."""
    with pytest.raises(NotFound) as refused:
        read(school, secret)
    return refused.value.rule == "no-such-address"


def titles(found: dict[str, Any]) -> set[str]:
    return {one["title"] for one in found["lessons"]}


@on_both
def test_a_teacher_a_parent_and_a_student_have_their_lessons(school: Any, present: Present) -> None:
    anna = school.students[0]
    of_teacher = read(school, renew(school, school.teacher))
    assert (of_teacher["of"], of_teacher["class_name"]) == ("teacher", None)
    assert titles(of_teacher) == {"Algebra 7A", "Reading 1B", "Choir"}
    for actor in (school.parent, school.student):
        of_student = read(school, renew(school, actor, anna))
        assert (of_student["of"], of_student["class_name"]) == ("student", "7A")
        assert titles(of_student) == {"Algebra 7A", "Biology 7A", "Choir"}
    assert set(present.asked_of) == {school.id}


@on_both
def test_a_feed_names_nobody_and_no_reason(school: Any, present: Present) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        changed = {"teacher_id": school.other_teacher.person_id, "reason": "Болезнь", "topic": "Дроби"}
        session.execute(update(Lesson).where(Lesson.id == school.lesson_id).values(**changed))
    found = read(school, renew(school, school.parent, school.students[0]))
    (algebra,) = (one for one in found["lessons"] if one["lesson_id"] == str(school.lesson_id))
    assert algebra["substitute"] is True
    for secret in (school.other_teacher.person_id, school.teacher.person_id, school.students[0], "Болезнь", "Дроби"):
        assert str(secret) not in str(found)


@on_both
def test_a_feed_holds_two_weeks_before_today_and_the_rest_of_the_year(school: Any, present: Present) -> None:
    days = [school.day(-15), school.day(-14), school.day(200), school.day(201)]
    school.save(Lesson, *(school.lesson_row(uuid4(), school.course_id, day, 9) for day in days))
    found = read(school, renew(school, school.teacher))
    ninth = {one["date"] for one in found["lessons"] if one["number"] == 9}
    assert ninth == {str(school.day(-14)), str(school.day(200))}
    assert found["time_zone"]


@on_both
def test_a_new_address_ends_the_one_before_at_once(school: Any, present: Present) -> None:
    first = renew(school, school.teacher)
    of_child = renew(school, school.parent, school.students[0])
    second = renew(school, school.teacher)
    assert first != second
    assert gone(school, first)
    assert titles(read(school, second)), "the new one is valid"
    assert titles(read(school, of_child)), "nobody else's is touched"
    with school.service.unit_of_work.of(school.id) as session:
        kept = session.scalars(select(CalendarFeed.secret_hash)).all()
    assert len(kept) == 2
    assert not {first, second, of_child} & set(kept), "no secret is kept"


@on_both
def test_whoever_has_a_feed_sees_since_when_and_ends_it(school: Any, present: Present) -> None:
    anna = {"student_id": school.students[0]}
    assert call(school.service, CalendarFeeds.calendar_feed_state, school.parent, **anna) == {"made_at": None}
    secret = renew(school, school.parent, **anna)
    assert call(school.service, CalendarFeeds.calendar_feed_state, school.parent, **anna)["made_at"]
    assert call(school.service, CalendarFeeds.calendar_feed_state, school.student, **anna) == {"made_at": None}
    call(school.service, CalendarFeeds.end_calendar_feed, school.student, **anna)
    assert titles(read(school, secret)), "the student ended none of the parent's"
    call(school.service, CalendarFeeds.end_calendar_feed, school.parent, **anna)
    assert gone(school, secret)
    assert call(school.service, CalendarFeeds.calendar_feed_state, school.parent, **anna) == {"made_at": None}


@on_both
def test_who_may_no_longer_read_the_lessons_loses_the_feed(school: Any, present: Present) -> None:
    anna = school.students[0]
    of_parent, of_teacher = renew(school, school.parent, anna), renew(school, school.teacher)
    present.roles[school.teacher.person_id] = ["director"]
    assert gone(school, of_teacher), "who teaches no more"
    del present.roles[school.teacher.person_id]
    assert gone(school, of_teacher), "who left"
    assert titles(read(school, of_parent))
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(delete(GuardianCopy).where(GuardianCopy.guardian_id == school.parent.person_id))
    assert gone(school, of_parent), "who took the consent back"


def test_a_student_who_left_loses_the_feed(school: Any, present: Present) -> None:
    secret = renew(school, school.student, school.students[0])
    del present.roles[school.student.person_id]
    assert gone(school, secret)


@on_both
def test_feeds_are_for_the_family_and_the_teacher_alone(school: Any, another_school: Any, present: Present) -> None:
    for actor in (school.other_parent, school.other_student, school.teacher, school.homeroom, another_school.parent):
        with pytest.raises(NotFound, match="no such student"):
            renew(school, actor, school.students[0])
    for actor in (school.director, school.methodologist, school.actor("plan_head")):
        with pytest.raises(Forbidden):
            renew(school, actor)
    with pytest.raises(Forbidden, match="Say of which student"):
        renew(school, school.parent)


@on_both
def test_an_address_that_never_was_costs_one_statement_or_none(school: Any, present: Present, engine: Engine) -> None:
    secret = renew(school, school.teacher)
    for guessed, most in (("x" * 64, 1), ("=" * 64, 0), (secret[:-1] + ("A" if secret[-1] != "A" else "B"), 1)):
        with statements(engine) as seen:
            assert gone(school, guessed)
        assert len(seen) <= most, guessed
    assert present.asked_of == [], "identity is not asked"
    for refused in ("", secret[:-1], f"{secret}A"):
        with pytest.raises(Invalid):
            read(school, refused)


def test_a_feed_takes_a_constant_number_of_statements(school: Any, present: Present, engine: Engine) -> None:
    secret, counts = renew(school, school.parent, school.students[0]), set()
    read(school, secret)  # the bells are kept from then on
    for number in (8, 9):
        with statements(engine) as seen:
            read(school, secret)
        counts.add(len(seen))
        days = [school.day(ahead) for ahead in range(1, 60)]
        school.save(Lesson, *(school.lesson_row(uuid4(), school.course_id, day, number) for day in days))
    assert counts == {7}


def test_identity_is_asked_outside_of_transactions(school: Any, present: Present) -> None:
    secret = renew(school, school.teacher)
    school.service.ask = outside = Outside(school.service)
    read(school, secret)
    assert outside.asked == {"identity.present_people"}


@on_both
def test_an_edit_of_the_timetable_or_of_a_day_is_told_as_a_later_version(school: Any, present: Present) -> None:
    secret = renew(school, school.teacher)
    before = read(school, secret)
    entry = {"course_id": school.course_id, "weekday": 1, "number": 6}
    command = {"year_id": school.year_id, "version": 0, "from_date": school.day(1), "add": [entry]}
    call(school.service, Timetable.edit_timetable, school.methodologist, **command)
    after = read(school, secret)
    assert after["sequence"] == before["sequence"] + 1
    assert after["changed_at"] > before["changed_at"]
    assert {one["number"] for one in after["lessons"]} > {one["number"] for one in before["lessons"]}
    change = {"lesson_id": school.future_lesson_id, "version": 0, "cancelled": True}
    call(school.service, DayChanges.change_lessons, school.methodologist, changes=[change])
    last = read(school, secret)
    assert last["sequence"] == after["sequence"] + 1
    assert last["changed_at"] > after["changed_at"]
