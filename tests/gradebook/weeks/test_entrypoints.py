"""Weeks: what stands in them, who may read whose, at how many statements; and which classrooms are free."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, update

from contracts.gradebook.bells import Bells
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.weeks import Weeks
from kernel.auth import Actor
from kernel.errors import Forbidden, Invalid, NotFound
from services.gradebook.calendar.tables import Year
from services.gradebook.courses.tables import CourseMember, CourseTeacher
from services.gradebook.lessons.tables import Lesson
from tests.kit.calls import call, statements
from tests.kit.databases import on_both


def week(school: Any, actor: Actor | None = None, day: date | None = None, **of: UUID | None) -> dict[str, Any]:
    return call(school.service, Weeks.week, actor or school.parent, date=day or school.today, **of)


def lessons(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**one, "date": day["date"]} for day in found["days"] for one in day["lessons"]]


def titles(found: dict[str, Any]) -> list[str]:
    return [one["title"] for one in lessons(found)]


def of_today(school: Any, **of: UUID) -> list[str]:
    """The titles of today's lessons."""
    return [one["title"] for one in lessons(week(school, **of)) if one["date"] == school.today.isoformat()]


def stand(school: Any, lesson_id: UUID, **how: Any) -> None:
    """How a lesson stands to the timetable."""
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == lesson_id).values(**how))


def classrooms(school: Any, *names: str, shared: bool = False) -> list[UUID]:
    given = [{"name": name, "shared": shared} for name in names]
    found = call(school.service, Classrooms.set_classrooms, school.methodologist, classrooms=given)["classrooms"]
    by_name = {one["name"]: UUID(one["id"]) for one in found}
    return [by_name[name] for name in names]


def ring(school: Any, shift: int, *bells: tuple[int, str, str], version: int) -> None:
    rung = [{"number": number, "starts": starts, "ends": ends} for number, starts, ends in bells]
    command = {"version": version, "title": "Обычные", "shift": shift, "valid_from": school.day(-50), "bells": rung}
    call(school.service, Bells.set_bells, school.methodologist, year_id=school.year_id, **command)


@on_both
def test_a_group_across_classes_is_at_the_times_of_its_students_shift(school: Any, engine: Engine) -> None:
    """The choir has a student of 7A and one of 1B."""

    def of_choir(version: int, *second: UUID) -> tuple[str | None, bool]:
        shifts = {"year_id": school.year_id, "version": version, "class_ids": list(second)}
        call(school.service, Bells.set_second_shift, school.methodologist, **shifts)
        with statements(engine) as sent:
            found = lessons(week(school, teacher_id=school.teacher.person_id))
        counts.append(len(sent))  # with one for the bells, which are new each time
        (choir,) = (one for one in found if one["title"] == "Choir")
        day = call(school.service, Lessons.day, school.teacher, date=school.today)["lessons"]
        assert [(one["starts"], one["shifts_differ"]) for one in day if one["title"] == "Choir"] == [
            (choir["starts"], choir["shifts_differ"])
        ]
        return choir["starts"], choir["shifts_differ"]

    counts: list[int] = []
    ring(school, 1, (1, "08:30", "09:10"), version=1)
    ring(school, 2, (1, "14:00", "14:40"), version=2)
    assert of_choir(3) == ("08:30", False)
    assert of_choir(3, school.class_id) == (None, True)
    assert of_choir(4, school.class_id, school.first_class_id) == ("14:00", False)
    with school.service.unit_of_work.of(school.id) as session:
        left = update(CourseMember).where(CourseMember.student_id == school.students[0])
        session.execute(left.where(CourseMember.course_id == school.group_id).values(until=school.day(-1)))
    assert of_choir(5, school.class_id) == ("08:30", False), "who has left does not count"
    assert counts == [3, 4, 4, 4], "one for groups, where there is a second shift"


@on_both
def test_the_week_of_a_class_says_what_is_when_where_and_by_whom(school: Any) -> None:
    (room,) = classrooms(school, "214")
    stand(school, school.lesson_id, classroom_id=room)
    ring(school, 1, (1, "08:30", "09:10"), version=1)
    found = week(school, class_id=school.class_id)
    monday = school.today - timedelta(days=school.today.weekday())
    assert (found["starts_on"], found["name"], len(found["days"])) == (monday.isoformat(), "7A", 7)
    assert of_today(school, class_id=school.class_id) == ["Algebra 7A", "Biology 7A", "Choir"]
    (algebra,) = (one for one in lessons(found) if one["lesson_id"] == str(school.lesson_id))
    assert algebra == {
        "lesson_id": str(school.lesson_id), "course_id": str(school.course_id), "title": "Algebra 7A",
        "subject": "Предмет", "class_id": str(school.class_id), "class_name": "7A", "group_name": "", "number": 1,
        "starts": "08:30", "ends": "09:10", "classroom_id": str(room), "classroom": "214",
        "teacher_ids": [str(school.teacher.person_id)], "teacher_id": None, "substitute": False, "state": "",
        "moved_to": None, "moved_number": None, "moved_from": None, "moved_from_number": None, "reason": "",
        "shifts_differ": False, "date": school.today.isoformat(),
    }  # fmt: skip
    assert of_today(school, class_id=school.first_class_id) == ["Reading 1B", "Choir"]
    assert titles(week(school, day=school.day(30), class_id=school.class_id)) == []


@on_both
def test_the_week_of_a_teacher_a_classroom_and_a_student(school: Any) -> None:
    (room,) = classrooms(school, "214")
    stand(school, school.other_lesson_id, classroom_id=room)
    assert of_today(school, teacher_id=school.teacher.person_id) == ["Algebra 7A", "Reading 1B", "Choir"]
    assert of_today(school, teacher_id=school.other_teacher.person_id) == ["Biology 7A"]
    assert of_today(school, classroom_id=room) == ["Biology 7A"]
    today = [one["title"] for one in lessons(week(school, school.student, student_id=school.students[0]))]
    assert set(today) == {"Algebra 7A", "Biology 7A", "Choir"}
    others = lessons(week(school, school.other_student, student_id=school.students[1]))
    assert {one["title"] for one in others} == {"Algebra 7A", "Biology 7A"}


@on_both
def test_a_student_has_the_lessons_of_the_days_of_each_membership(school: Any) -> None:
    ends_today = {"student_id": school.students[0], "course_id": school.course_id}
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(CourseMember).filter_by(**ends_today).values(until=school.day(-1)))
    found = week(school, school.student, student_id=school.students[0])
    assert str(school.lesson_id) not in {one["lesson_id"] for one in lessons(found)}
    school.save(CourseMember, {**school.member_row(school.course_id, school.students[0]), "since": school.today})
    found = week(school, school.student, student_id=school.students[0])
    assert str(school.lesson_id) in {one["lesson_id"] for one in lessons(found)}


@on_both
def test_who_stands_in_has_the_lesson_and_so_has_who_is_stood_in_for(school: Any) -> None:
    stand(school, school.other_lesson_id, teacher_id=school.teacher.person_id, reason="Болезнь")
    for teacher in (school.teacher, school.other_teacher):
        found = lessons(week(school, teacher_id=teacher.person_id))
        (biology,) = (one for one in found if one["lesson_id"] == str(school.other_lesson_id))
        assert (biology["substitute"], biology["teacher_id"]) == (True, str(school.teacher.person_id))
        assert (biology["teacher_ids"], biology["reason"]) == ([str(school.other_teacher.person_id)], "Болезнь")


@on_both
def test_of_two_teachers_of_a_course_the_one_who_holds_a_lesson_has_it(school: Any) -> None:
    colleague = {"course_id": school.course_id, "teacher_id": school.other_teacher.person_id}
    school.save(CourseTeacher, {**colleague, "since": None, "until": None})
    stand(school, school.lesson_id, teacher_id=school.other_teacher.person_id)
    assert "Algebra 7A" not in of_today(school, teacher_id=school.teacher.person_id)
    assert "Algebra 7A" in of_today(school, teacher_id=school.other_teacher.person_id)
    (algebra,) = (
        one for one in lessons(week(school, class_id=school.class_id)) if one["lesson_id"] == str(school.lesson_id)
    )
    assert algebra["substitute"] is False


@on_both
def test_cancelled_lessons_are_shown_and_dropped_ones_are_not(school: Any) -> None:
    stand(school, school.lesson_id, state="cancelled", reason="Карантин", moved_to=school.day(1), moved_number=5)
    stand(school, school.other_lesson_id, state="dropped")
    found = {one["lesson_id"]: one for one in lessons(week(school, class_id=school.class_id))}
    shown = found[str(school.lesson_id)]
    assert (shown["state"], shown["reason"], shown["moved_number"]) == ("cancelled", "Карантин", 5)
    assert str(school.other_lesson_id) not in found


@on_both
def test_a_students_week_is_for_the_family_and_those_who_lead_the_class(school: Any) -> None:
    for actor in (school.student, school.parent, school.homeroom, school.director, school.deputy, school.methodologist):
        assert titles(week(school, actor, student_id=school.students[0])) != []
    for actor in (school.other_student, school.other_parent, school.teacher, school.actor("plan_head")):
        with pytest.raises(NotFound, match="no such student"):
            week(school, actor, student_id=school.students[0])


@on_both
def test_every_member_reads_the_weeks_of_classes_teachers_and_classrooms(school: Any, another_school: Any) -> None:
    (room,) = classrooms(school, "214")
    things = {"class_id": school.class_id, "teacher_id": school.teacher.person_id, "classroom_id": room}
    for role in ("director", "deputy", "methodologist", "teacher", "plan_head", "parent", "student"):
        for name, thing_id in things.items():
            assert len(week(school, school.actor(role), **{name: thing_id})["days"]) == 7
    for name, thing_id in things.items():
        with pytest.raises(NotFound):
            week(another_school, another_school.director, **{name: thing_id})
        with pytest.raises(NotFound):
            week(school, **{name: uuid4()})
    with pytest.raises(Forbidden):
        week(school, school.actor("operator"), class_id=school.class_id)
    with pytest.raises(Invalid, match="Name one"):
        week(school, class_id=school.class_id, classroom_id=room)


def test_a_teacher_without_courses_has_an_empty_week(school: Any) -> None:
    newcomer = school.actor("teacher")
    assert titles(week(school, newcomer, teacher_id=newcomer.person_id)) == []


@on_both
def test_whose_weeks_there_are(school: Any) -> None:
    classrooms(school, "10", "9", "Спортзал")
    found = call(school.service, Weeks.week_choices, school.student)
    assert [(one["name"], one["grade"]) for one in found["classes"]] == [("1B", 1), ("7A", 7)]
    assert [one["name"] for one in found["classrooms"]] == ["9", "10", "Спортзал"]
    teachers = {str(school.teacher.person_id), str(school.other_teacher.person_id)}
    assert set(found["teacher_ids"]) == teachers
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(CourseTeacher).where(CourseTeacher.course_id == school.other_course_id).values(
            until=school.day(-1)))  # fmt: skip
    found = call(school.service, Weeks.week_choices, school.student)
    assert found["teacher_ids"] == [str(school.teacher.person_id)]


@on_both
def test_a_classroom_is_free_where_no_lesson_is_held_at_the_time(school: Any) -> None:
    taken, cancelled, _ = classrooms(school, "1", "2", "3")
    (gym,) = classrooms(school, "Спортзал", shared=True)
    stand(school, school.lesson_id, classroom_id=taken)
    stand(school, school.other_lesson_id, classroom_id=cancelled, state="cancelled")
    stand(school, school.group_lesson_id, classroom_id=gym)
    ring(school, 1, (1, "08:30", "09:10"), (2, "09:20", "10:00"), version=1)
    ring(school, 2, (1, "09:00", "09:40"), version=2)

    def free(number: int, **more: Any) -> list[tuple[str, int]]:
        command = {"date": school.today, "number": number, **more}
        found = call(school.service, Weeks.free_classrooms, school.teacher, **command)
        return [(one["name"], one["lessons"]) for one in found["classrooms"]]

    assert free(1) == [("2", 0), ("3", 0), ("Спортзал", 1)]
    assert free(2) == [("1", 0), ("2", 0), ("3", 0), ("Спортзал", 0)]
    assert free(1, shift=2) == [("2", 0), ("3", 0), ("Спортзал", 1)], "it begins while the first lesson goes on"
    assert free(1, date=school.day(1)) == [("1", 0), ("2", 0), ("3", 0), ("Спортзал", 0)]
    at = call(school.service, Weeks.free_classrooms, school.teacher, date=school.today, number=2)
    assert (at["starts"], at["ends"]) == ("09:20", "10:00")
    for family in (school.parent, school.student):
        assert call(school.service, Weeks.free_classrooms, family, date=school.today, number=2) == at


def test_a_week_takes_a_constant_number_of_statements(school: Any, engine: Engine) -> None:
    (room,) = classrooms(school, "214")
    things = {
        "class_id": school.class_id, "teacher_id": school.teacher.person_id, "classroom_id": room,
        "student_id": school.students[0],
    }  # fmt: skip
    stand(school, school.lesson_id, classroom_id=room)
    week(school, school.director, class_id=school.class_id)  # the bells are kept from then on
    counts: dict[str, set[int]] = {name: set() for name in things}
    for numbers in (range(5, 9), range(9, 13)):
        for name, thing_id in things.items():
            with statements(engine) as seen:
                week(school, school.director, **{name: thing_id})
            counts[name].add(len(seen))
        rows = [school.lesson_row(uuid4(), one, school.today, number) for number in numbers
                for one in (school.course_id, school.other_course_id)]  # fmt: skip
        school.save(Lesson, *({**row, "classroom_id": room} for row in rows))
    assert counts == {name: {3 if name == "student_id" else 2} for name in things}


def test_the_week_in_which_a_year_begins_is_odd_and_outside_of_years_none_is(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        year = session.scalars(select(Year)).one()
    of_class = {"class_id": school.class_id}
    first = week(school, day=year.starts_on, **of_class)
    assert first["parity"] == "1"
    monday = date.fromisoformat(first["starts_on"])
    assert week(school, day=monday, **of_class)["parity"] == "1", "its days before the year are in the same week"
    assert week(school, day=monday + timedelta(days=7), **of_class)["parity"] == "2"
    assert week(school, day=monday - timedelta(days=1), **of_class)["parity"] == ""
    assert week(school, day=year.ends_on + timedelta(days=7), **of_class)["parity"] == ""
