"""Lessons of a day are cancelled, moved, swapped and stood in for; who stands in writes that one lesson alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from contracts.gradebook.bells import Bells
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.courses import Courses
from contracts.gradebook.day_changes import DayChanges
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.weeks import Weeks
from contracts.identity.people import People
from kernel.auth import Actor
from kernel.data.outbox import OutboxRow
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale, Unavailable
from services.gradebook.lessons.tables import Lesson
from services.gradebook.timetable.tables import DayChangeRevision
from tests.kit.calls import call
from tests.kit.people import TODAY
from tests.kit.town import Outside, School, Town, TownTemplate

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def school(towns: TownTemplate, town: Town) -> School:
    return towns.school(town)


def day(school: School, date_: date = TODAY, **of: Any) -> dict[str, dict[str, Any]]:
    """The lessons of a day by their ids."""
    found = call(school.town.gradebook, DayChanges.lessons_of_day, school.methodologist, date=date_, **of)
    return {one["id"]: one for one in found["lessons"]}


def change(school: School, *changes: dict[str, Any], actor: Actor | None = None, **more: Any) -> dict[str, Any]:
    return call(
        school.town.gradebook, DayChanges.change_lessons, actor or school.methodologist, changes=changes, **more
    )


def of(lesson_id: UUID, version: int = 0, **more: Any) -> dict[str, Any]:
    return {"lesson_id": lesson_id, "version": version, **more}


def lesson(school: School, lesson_id: UUID) -> Lesson:
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        return session.get_one(Lesson, (school.id, lesson_id))


def test_a_cancelled_lesson_is_shown_and_takes_nothing_until_it_is_held_again(school: School) -> None:
    gradebook = school.town.gradebook
    assert change(school, of(school.lesson, cancelled=True, reason="мороз"))["saved"]
    shown = day(school)[str(school.lesson)]
    assert (shown["state"], shown["reason"], shown["version"]) == ("cancelled", "мороз", 1)
    with pytest.raises(Conflict, match="cancelled"):
        call(gradebook, Lessons.describe_lesson, school.teacher, lesson_id=school.lesson, version=1, topic="Дроби")
    student = school.anna.person_id
    with pytest.raises(Conflict, match="cancelled"):
        call(gradebook, Marks.post_mark, school.teacher, lesson_id=school.lesson, student_id=student, value="5")
    (own,) = call(gradebook, Lessons.day, school.teacher, date=TODAY)["lessons"]
    assert (own["state"], own["reason"]) == ("cancelled", "мороз")
    diary = call(gradebook, Journal.diary_week, school.mother, student_id=student, date=TODAY)
    told = [one["state"] for one_day in diary["days"] for one in one_day["lessons"]]
    assert "cancelled" in told
    change(school, of(school.lesson, 1))
    assert lesson(school, school.lesson).state == ""
    call(gradebook, Lessons.describe_lesson, school.teacher, lesson_id=school.lesson, version=1, topic="Дроби")
    change(school, of(school.lesson, 2, cancelled=True))
    assert (lesson(school, school.lesson).state, lesson(school, school.lesson).topic) == ("outside", "Дроби")
    with gradebook.unit_of_work.of(school.id) as session:
        history = list(session.scalars(select(DayChangeRevision).order_by(DayChangeRevision.version)))
        events = list(session.scalars(select(OutboxRow).where(OutboxRow.event == "timetable_changed")))
    assert [(one.cancelled, one.reason) for one in history] == [(True, "мороз"), (False, ""), (True, "")]
    assert len(events) == 3


def test_the_changes_of_some_days_are_shown_together(school: School) -> None:
    change(school, of(school.lesson, moved_to=TOMORROW, moved_number=5, reason="поездка"))
    change(school, of(school.shared_lesson, teacher_id=school.homeroom_b.person_id))

    def changed(first: int = 0, last: int = 0, **asked: Any) -> list[tuple[str, str, int]]:
        found = call(
            school.town.gradebook, DayChanges.changes_of_days, school.methodologist,
            first=TODAY + timedelta(days=first), last=TODAY + timedelta(days=last), **asked,
        )  # fmt: skip
        assert found["count"] == len(found["lessons"])
        return [(one["title"], one["date"], one["number"]) for one in found["lessons"]]

    both = [("Алгебра", TODAY.isoformat(), 2), ("Английский", TODAY.isoformat(), 3)]
    assert changed(-3, 3) == both
    assert changed(0, 0) == both
    assert changed(1, 3) == both[:1], "it is held tomorrow"
    assert changed(2, 9) == changed(-9, -1) == []
    assert changed(-3, 3, class_id=school.class_a) == both[:1]
    assert changed(-3, 3, teacher_id=school.homeroom_b.person_id) == both[1:]
    change(school, of(school.shared_lesson, 1))
    assert changed() == both[:1], "the other is held as the timetable says again"
    with pytest.raises(Invalid, match="before the first"):
        changed(1, 0)


def test_a_day_knows_the_school_days_beside_it(school: School) -> None:
    def beside(day_: date) -> tuple[str, str]:
        found = call(school.town.gradebook, DayChanges.lessons_of_day, school.methodologist, date=day_)
        return found["school_day_before"], found["school_day_after"]

    monday = TODAY - timedelta(days=TODAY.weekday())
    before, after = beside(monday + timedelta(days=6))
    assert date.fromisoformat(before).isoweekday() <= 6
    assert date.fromisoformat(after).isoweekday() == 1


def test_a_moved_lesson_is_held_elsewhere_and_comes_back(school: School) -> None:
    assert change(school, of(school.lesson, moved_to=TOMORROW, moved_number=5))["saved"]
    shown = day(school)[str(school.lesson)]
    assert (shown["state"], shown["moved_to"], shown["moved_number"]) == ("cancelled", TOMORROW.isoformat(), 5)
    (there,) = [one for one in day(school, TOMORROW).values() if one["number"] == 5]
    assert there["moved_from"] == TODAY.isoformat()
    with pytest.raises(Conflict, match="moved here"):
        change(school, of(there["id"], cancelled=True))
    with pytest.raises(Conflict, match="another lesson"):
        change(school, of(school.tomorrows_lesson, moved_to=TOMORROW, moved_number=5))
    change(school, of(school.lesson, 1))
    assert there["id"] not in day(school, TOMORROW)
    assert day(school)[str(school.lesson)]["state"] == ""


def test_two_lessons_are_swapped(school: School) -> None:
    """Algebra of 7A is the second lesson and English, for Vera too, the third."""
    only = of(school.lesson, moved_to=TODAY, moved_number=3)
    found = change(school, only)
    assert (found["saved"], [one["what"] for one in found["hindrances"]]) == (False, ["students"])
    assert (found["hindrances"][0]["title"], found["hindrances"][0]["other"]) == ("Алгебра", "Английский")
    done = change(school, only, of(school.shared_lesson, moved_to=TODAY, moved_number=2))
    assert done == {"saved": True, "hindrances": []}
    held = {one["title"]: one["number"] for one in day(school).values() if one["state"] == ""}
    assert held == {"Алгебра": 3, "Английский": 2}


def test_who_stands_in_writes_that_lesson_and_nothing_else(school: School) -> None:
    gradebook, stand_in, student = school.town.gradebook, school.homeroom_b, school.anna.person_id
    add = {"lesson_id": school.lesson, "version": 1, "topic": "Дроби"}
    with pytest.raises(NotFound):
        call(gradebook, Lessons.describe_lesson, stand_in, **add)
    with pytest.raises(Invalid, match="no teacher"):
        change(school, of(school.lesson, teacher_id=school.mother.person_id))
    assert change(school, of(school.lesson, teacher_id=stand_in.person_id, reason="больничный"))["saved"]
    (own,) = call(gradebook, Lessons.day, stand_in, date=TODAY)["lessons"]
    assert (own["id"], own["teacher_id"]) == (str(school.lesson), str(stand_in.person_id))
    call(gradebook, Lessons.describe_lesson, stand_in, **add)
    mark = call(gradebook, Marks.post_mark, stand_in, lesson_id=school.lesson, student_id=student, value="5")
    changed = {"mark_id": mark["id"], "value": "4", "reason": "описка", "version": 1}
    call(gradebook, Marks.change_mark, stand_in, **changed)
    detail = call(gradebook, Lessons.lesson, stand_in, lesson_id=school.lesson)
    assert str(stand_in.person_id) in detail["teacher_ids"]
    with pytest.raises(NotFound):
        call(gradebook, Lessons.describe_lesson, stand_in, lesson_id=school.tomorrows_lesson, version=1, topic="Дроби")
    with pytest.raises(NotFound):
        call(gradebook, Lessons.add_lesson, stand_in, course_id=school.algebra, date=TODAY, number=7)
    call(gradebook, Lessons.describe_lesson, school.teacher, lesson_id=school.lesson, version=2, topic="Доли")


def test_who_teaches_then_or_is_taken_is_told(school: School) -> None:
    gradebook = school.town.gradebook
    school.add_lesson(uuid4(), school.english, TODAY, 2)
    busy = of(school.lesson, teacher_id=school.other_teacher.person_id)
    found = change(school, busy)
    assert (found["saved"], {one["what"] for one in found["hindrances"]}) == (False, {"teacher", "students"})
    assert lesson(school, school.lesson).teacher_id is None
    assert change(school, busy, despite_collisions=True)["saved"]
    rooms = call(gradebook, Classrooms.set_classrooms, school.methodologist, classrooms=[{"name": "9"}])["classrooms"]
    change(school, of(school.shared_lesson, classroom_id=rooms[0]["id"]))
    assert day(school)[str(school.shared_lesson)]["classroom"] == "9"
    (third,) = [
        one
        for one in call(gradebook, DayChanges.lessons_of_day, school.methodologist, date=TODAY)["busy"]
        if one["number"] == 3
    ]
    assert third == {
        "number": 3, "teacher_ids": [str(school.other_teacher.person_id)], "classroom_ids": [rooms[0]["id"]],
    }  # fmt: skip


def test_two_people_who_change_a_lesson_are_told(school: School) -> None:
    change(school, of(school.lesson, cancelled=True))
    gradebook = school.town.gradebook
    gradebook.ask = outside = Outside(gradebook)
    stands_in = of(school.lesson, teacher_id=school.homeroom_b.person_id)
    with pytest.raises(Stale, match="first") as refused:
        change(school, stands_in, actor=school.director)
    present = refused.value.params["present"]
    assert (present["changed_by"], present["changed_by_name"]) == (str(school.methodologist.person_id), "Иванова Мария")
    assert present["changed_at"]
    assert repr(People.names) in outside.asked, "it is asked for after the transaction"
    gradebook.ask = _without_names(outside)
    with pytest.raises(Stale) as refused:
        change(school, stands_in, actor=school.director)
    assert refused.value.params["present"]["changed_by_name"] == "", "identity does not answer"


def _without_names(ask: Any) -> Any:
    """Asks as before, but nobody answers who people are."""

    def asking(method: Any, **command: Any) -> Any:
        if method is People.names:
            raise Unavailable("Identity is away.")
        return ask(method, **command)

    return asking


def test_only_those_who_keep_the_school_change_lessons(school: School, town: Town) -> None:
    for actor in (school.teacher, school.homeroom_a, school.mother, school.anna):
        with pytest.raises(Forbidden):
            change(school, of(school.lesson, cancelled=True), actor=actor)
    change(school, of(school.lesson, cancelled=True), actor=school.director)
    with pytest.raises(NotFound):
        change(School(town), of(school.lesson, cancelled=True))


def test_a_week_says_of_a_moved_lesson_where_it_went_and_from_where_it_came(school: School) -> None:
    change(school, of(school.lesson, moved_to=TOMORROW, moved_number=6), despite_collisions=True)
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for date_ in (TODAY, TOMORROW):
        week = call(school.town.gradebook, Weeks.week, school.teacher, date=date_, class_id=school.class_a)
        found |= {
            (of_day["date"], one["number"]): one
            for of_day in week["days"]
            for one in of_day["lessons"]
            if one["course_id"] == str(school.algebra)
        }
    number = lesson(school, school.lesson).number
    assert number is not None
    went, came = found[str(TODAY), number], found[str(TOMORROW), 6]
    assert (went["state"], went["moved_to"], went["moved_number"], went["moved_from"]) == (
        "cancelled", str(TOMORROW), 6, None,
    )  # fmt: skip
    assert (came["state"], came["moved_from"], came["moved_from_number"]) == ("", str(TODAY), number)
    change(school, of(school.lesson, 1))
    week = call(school.town.gradebook, Weeks.week, school.teacher, date=TODAY, class_id=school.class_a)
    assert all(one["moved_from"] is None for of_day in week["days"] for one in of_day["lessons"]), "it is held again"


def test_the_days_of_teacher_and_family_say_from_where_a_lesson_came(school: School) -> None:
    number = lesson(school, school.lesson).number

    def places(lessons: list[dict[str, Any]]) -> list[Any]:
        return [(one["number"], one["moved_from"], one["moved_from_number"]) for one in lessons if one["moved_from"]]

    def told() -> list[list[Any]]:
        of_day = call(school.town.gradebook, Lessons.day, school.teacher, date=TOMORROW)
        week = {"date": TOMORROW, "student_id": school.anna.person_id}
        diary = call(school.town.gradebook, Journal.diary_week, school.mother, **week)
        return [places(of_day["lessons"]), places([one for day in diary["days"] for one in day["lessons"]])]

    assert told() == [[], []]
    change(school, of(school.lesson, moved_to=TOMORROW, moved_number=6), despite_collisions=True)
    assert told() == [[(6, str(TODAY), number)]] * 2
    change(school, of(school.lesson, 1))
    assert told() == [[], []], "it is held again in its own place"


def test_a_lesson_that_is_moved_meets_those_of_the_other_shift_by_the_bells(school: School) -> None:
    gradebook, office = school.town.gradebook, school.methodologist
    year_id = call(gradebook, Calendar.calendar, office)["years"][0]["id"]
    subject_id = call(gradebook, Subjects.subjects, office)["subjects"][0]["id"]

    def version() -> int:
        return int(call(gradebook, Bells.bells, office, year_id=year_id)["version"])

    call(gradebook, Bells.set_second_shift, office, year_id=year_id, class_ids=[school.class_b], version=version())
    for shift, hour in ((1, 8), (2, 12)):
        bells = [{"number": one, "starts": f"{hour + one:02}:00", "ends": f"{hour + one:02}:40"} for one in range(1, 8)]
        command = {"title": str(shift), "shift": shift, "valid_from": str(TODAY - timedelta(days=5)), "bells": bells}
        call(gradebook, Bells.set_bells, office, year_id=year_id, version=version(), **command)
    course = call(
        gradebook, Courses.make_course, office, year_id=year_id, class_id=school.class_b, title="Химия 7Б",
        subject_id=subject_id, teachers=[{"teacher_id": school.teacher.person_id}],
    )  # fmt: skip
    school.add_lesson(uuid4(), UUID(course["id"]), TODAY, 1)
    told = change(school, of(school.lesson, moved_to=TODAY, moved_number=5))
    assert [(one["what"], one["number"]) for one in told["hindrances"]] == [("teacher", 5)], "13:00 in both shifts"
    school.add_lesson(uuid4(), UUID(course["id"]), TODAY, 6)
    assert change(school, of(school.lesson, moved_to=TODAY, moved_number=6))["saved"], "a sixth one is in the evening"
