"""Lessons, topics and homework: entered by the course's teacher, with history and events."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import Engine, select, update

from contracts.gradebook.lessons import Lessons
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.calendar.rules.public_holidays import is_public_holiday
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons import tables as lessons_tables
from tests.kit.calls import call, statements


def add(school: Any, offset: int = -1, actor: Any = None, **more: Any) -> dict[str, Any]:
    command = {
        "course_id": school.course_id,
        "date": school.day(offset),
        "number": 2,
        "topic": " Sums ",
        "works_anyway": True,  # whatever day of the week the test runs on
        **more,
    }
    return call(school.service, Lessons.add_lesson, actor or school.teacher, **command)


def describe(school: Any, actor: Any = None, **more: Any) -> dict[str, Any]:
    command = {"lesson_id": school.lesson_id, "version": 1, **more}
    return call(school.service, Lessons.describe_lesson, actor or school.teacher, **command)


def history(school: Any, lesson_id: Any) -> list[tuple[Any, ...]]:
    row = lessons_tables.LessonRevision
    wanted = select(row.version, row.topic, row.homework, row.homework_due, row.changed_by)
    with school.service.unit_of_work.of(school.id) as session:
        return [
            tuple(found) for found in session.execute(wanted.where(row.lesson_id == lesson_id).order_by(row.version))
        ]


def test_a_lesson_is_entered_with_the_first_entry_of_its_history(school: Any) -> None:
    lesson = add(school)
    assert lesson == {
        "id": lesson["id"], "course_id": str(school.course_id), "title": "Algebra 7A",
        "class_id": str(school.class_id), "date": school.day(-1).isoformat(), "number": 2, "topic": "Sums",
        "homework": "", "homework_due": None, "version": 1,
    }  # fmt: skip
    assert history(school, msgspec.convert(lesson["id"], type(uuid4()))) == [
        (1, "Sums", "", None, school.teacher.person_id)
    ]


@pytest.mark.parametrize("number", [2, None])
def test_a_place_in_the_day_is_taken_once(school: Any, number: int | None) -> None:
    add(school, number=number)
    with pytest.raises(Conflict) as refused:
        add(school, number=number)
    assert refused.value.rule == "lesson-exists"
    add(school, number=5)
    add(school, offset=-2, number=number)


@pytest.mark.parametrize("offset", [-101, 201])
def test_a_lesson_outside_the_year_is_refused(school: Any, offset: int) -> None:
    with pytest.raises(Invalid) as refused:
        add(school, offset)
    assert refused.value.rule == "date-outside-year"


def test_p04_a_lesson_by_hand_keeps_to_the_terms_of_its_course_and_off_sundays(school: Any, engine: Engine) -> None:
    sunday = next(day for day in map(school.day, range(-20, 0)) if day.isoweekday() == 7)
    with pytest.raises(Invalid) as refused:
        add(school, date=sunday, works_anyway=False)
    assert refused.value.rule == "day-off"
    with statements(engine) as sent:
        assert add(school, date=sunday)["date"] == sunday.isoformat()
    assert len(sent) <= 6, sent
    with school.service.unit_of_work.of(school.id) as session:
        term = calendar_tables.Term
        session.execute(update(term).where(term.id == school.later_term_id).values(starts_on=school.day(30)))
    with pytest.raises(Invalid) as refused:
        add(school, offset=25)
    assert refused.value.rule == "date-outside-terms"
    add(school, offset=30)


def test_topic_and_homework_are_kept_with_history_and_announced_to_the_lessons_students(school: Any) -> None:
    due = school.day(3)
    described = describe(school, topic="Fractions", homework="No. 5", homework_due=due)
    assert (described["topic"], described["homework"], described["homework_due"], described["version"]) == (
        "Fractions", "No. 5", due.isoformat(), 2,
    )  # fmt: skip
    assert history(school, school.lesson_id) == [(2, "Fractions", "No. 5", due, school.teacher.person_id)]
    (event,) = school.events("homework_set")
    announced = msgspec.json.decode(event.body)
    assert (announced["lesson_id"], announced["version"]) == (str(school.lesson_id), 2)
    assert sorted(announced["student_ids"]) == sorted(map(str, school.students))


def sunday_after(school: Any) -> date:
    return next(day for day in map(school.day, range(4, 20)) if day.isoweekday() == 7)


def test_d10_homework_due_on_a_sunday_or_outside_the_terms_is_refused_and_nothing_is_saved(school: Any) -> None:
    for due, rule in (
        (sunday_after(school), "homework-due-day-off"),
        (school.day(201), "homework-due-outside-year"),
    ):
        with pytest.raises(Invalid) as refused:
            describe(school, topic="Fractions", homework="No. 5", homework_due=due)
        assert (refused.value.rule, refused.value.field) == (rule, "homework_due")
    with school.service.unit_of_work.of(school.id) as session:
        term = calendar_tables.Term
        session.execute(update(term).where(term.id == school.later_term_id).values(starts_on=school.day(30)))
    with pytest.raises(Invalid) as refused:
        describe(school, homework="No. 5", homework_due=school.day(25))
    assert refused.value.rule == "homework-due-outside-terms"
    assert (history(school, school.lesson_id), school.events("homework_set")) == ([], [])


def test_d10_homework_may_be_due_on_any_day_on_which_the_course_has_a_lesson(school: Any) -> None:
    sunday = sunday_after(school)
    add(school, date=sunday)
    assert describe(school, homework="No. 5", homework_due=sunday)["homework_due"] == sunday.isoformat()


def test_d10_a_due_day_that_stands_already_hinders_no_other_change(school: Any) -> None:
    sunday, lesson = sunday_after(school), lessons_tables.Lesson
    with school.service.unit_of_work.of(school.id) as session:
        standing = {"homework": "No. 5", "homework_due": sunday}
        session.execute(update(lesson).where(lesson.id == school.lesson_id).values(**standing))
    assert describe(school, topic="Sums", homework="No. 6", homework_due=sunday)["topic"] == "Sums"


def test_d10_to_check_a_due_day_costs_two_statements_at_most(school: Any, engine: Engine) -> None:
    school_day = next(day for day in map(school.day, range(4, 20)) if not is_day_off(day))
    with statements(engine) as without:
        describe(school, homework="No. 5")
    with statements(engine) as unplanned:
        describe(school, homework="No. 5", homework_due=school_day, version=2)
    with statements(engine) as planned:
        describe(school, homework="No. 5", homework_due=school.day(3), version=3)
    assert (len(planned), len(unplanned)) == (len(without) + 1, len(without) + 2)


def is_day_off(day: date) -> bool:
    return day.isoweekday() == 7 or is_public_holiday(day)


def test_a_change_of_the_topic_alone_is_not_announced(school: Any) -> None:
    describe(school, homework="No. 5")
    describe(school, topic="Sums", version=2)
    assert len(school.events("homework_set")) == 1
    described = describe(school, homework="", version=3)
    assert (described["homework"], described["homework_due"], described["version"]) == ("", None, 4)
    assert len(school.events("homework_set")) == 1
    describe(school, homework="No. 6", version=4)
    assert len(school.events("homework_set")) == 2


def test_describing_a_lesson_as_it_is_makes_no_new_version(school: Any) -> None:
    first = describe(school, topic="Sums")
    assert describe(school, topic=" Sums", version=2) == first
    assert len(history(school, school.lesson_id)) == 1


def test_a_stale_description_is_told_the_present_state(school: Any) -> None:
    present = describe(school, topic="Sums")
    with pytest.raises(Stale) as refused:
        describe(school, topic="Fractions")
    assert refused.value.params["present"] == present


def test_grade_one_gets_topics_and_no_homework(school: Any) -> None:
    describe(school, lesson_id=school.first_lesson_id, topic="The letter A")
    for lesson_id, version in ((school.first_lesson_id, 2), (school.group_lesson_id, 1)):
        with pytest.raises(Invalid) as refused:
            describe(school, lesson_id=lesson_id, homework="Read", version=version)
        assert refused.value.rule == "no-homework-in-grade-1"
    assert not school.events("homework_set")


def test_a_course_known_to_be_of_grade_one_has_no_homework_wherever_its_students_are_now(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        course = courses_tables.Course.__table__
        session.execute(course.update().where(course.c.id == school.course_id).values(grade=1))
    with pytest.raises(Invalid):
        describe(school, homework="Read")


def test_only_the_courses_teacher_writes(school: Any) -> None:
    for actor in (school.other_teacher,):
        for attempt in (add, describe):
            with pytest.raises(NotFound):
                attempt(school, actor=actor)
    for actor in (school.homeroom, school.director, school.methodologist, school.parent, school.student):
        for attempt in (add, describe):
            with pytest.raises(Forbidden):
                attempt(school, actor=actor)


def test_courses_and_lessons_of_another_school_do_not_exist(school: Any, another_school: Any) -> None:
    with pytest.raises(NotFound):
        add(school, course_id=another_school.course_id)
    with pytest.raises(NotFound):
        describe(school, lesson_id=another_school.lesson_id)
    with pytest.raises(NotFound):
        call(school.service, Lessons.lesson, school.director, lesson_id=another_school.lesson_id)


def read(school: Any, actor: Any) -> dict[str, Any]:
    return call(school.service, Lessons.lesson, actor, lesson_id=school.lesson_id)


def test_a_lesson_names_its_students_and_teachers(school: Any) -> None:
    for actor in (school.teacher, school.homeroom, school.director):
        lesson = read(school, actor)
        assert sorted(lesson["student_ids"]) == sorted(map(str, school.students))
        assert lesson["teacher_ids"] == [str(school.teacher.person_id)]


def test_a_lesson_is_closed_to_families_and_does_not_exist_for_other_teachers(school: Any) -> None:
    for actor in (
        school.parent,
        school.student,
        school.actor("operator"),
        school.service_actor("notifications"),
    ):
        with pytest.raises(Forbidden):
            read(school, actor)
    with pytest.raises(NotFound):
        read(school, school.other_teacher)


def day(school: Any, actor: Any, on: date | None = None, **more: Any) -> list[str]:
    answer = call(school.service, Lessons.day, actor, date=on or school.today, **more)
    return [lesson["title"] for lesson in answer["lessons"]]


def test_a_teachers_day_holds_his_lessons_in_order(school: Any, engine: Engine) -> None:
    add(school, 0, number=0)
    add(school, 0, number=None)
    with statements(engine) as sent:
        titles = day(school, school.teacher)
    assert sorted(titles) == ["Algebra 7A", "Algebra 7A", "Algebra 7A", "Choir", "Reading 1B"]
    assert titles[0] == titles[-1] == "Algebra 7A"
    assert len(sent) == 2, sent
    assert day(school, school.teacher, school.today - timedelta(50)) == []


def test_another_teachers_day_is_for_the_administration(school: Any) -> None:
    other = {"teacher_id": school.other_teacher.person_id}
    assert day(school, school.deputy, **other) == ["Biology 7A"]
    assert day(school, school.deputy) == []
    for actor in (school.teacher, school.parent, school.student):
        with pytest.raises(Forbidden):
            day(school, actor, **other)
