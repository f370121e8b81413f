"""Homework that a student ticks as done: who ticks, who sees it, and what becomes of a tick."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, update

from contracts.gradebook.homework import Homework
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from kernel.clock import now
from kernel.errors import Forbidden, NotFound
from services.gradebook.courses import tables as courses_tables
from services.gradebook.homework.tables import HomeworkDone
from services.gradebook.lessons.rules.states import State
from services.gradebook.lessons.tables import Lesson
from tests.gradebook.homework.conftest import Giving
from tests.kit.calls import statements
from tests.kit.databases import on_both


@pytest.fixture
def given(giving: Giving) -> Giving:
    """The lesson has homework for the next one."""
    describe(giving, "No. 5", version=1)
    return giving


def describe(giving: Giving, homework: str, version: int) -> None:
    giving.ask(Lessons.describe_lesson, homework=homework, version=version)


def tick(giving: Giving, actor: Any = None, *, done: bool = True, lesson_id: UUID | None = None) -> None:
    school = giving.school
    command = {"lesson_id": lesson_id or school.lesson_id, "done": done}
    assert giving.ask(Homework.set_done, actor or school.student, **command) == {}


def seen(giving: Giving, actor: Any, student: int = 0) -> list[tuple[Any, bool]]:
    """When the homework was ticked and whether it was changed since, where it was given and where it is due."""
    school, found = giving.school, []
    for day in sorted({school.day(0), school.day(3)}):
        week = giving.ask(Journal.diary_week, actor, student_id=school.students[student], date=day)
        days = {each["date"]: each for each in week["days"]}
        (lesson, *_) = [one for one in days[day.isoformat()]["lessons"] if one["course_id"] == str(school.course_id)]
        shown = [lesson] if day == school.day(0) else lesson["due_homework"]
        found += [(one.get("done_at"), one.get("changed_since", False)) for one in shown]
    return found


def test_a_tick_is_read_where_the_homework_was_given_and_where_it_is_due_until_it_is_taken_back(given: Giving) -> None:
    school = given.school
    assert seen(given, school.student) == [(None, False)] * 2
    before = now()
    tick(given)
    (first, changed), due = seen(given, school.student)
    assert before <= datetime.fromisoformat(first) <= now()
    assert (changed, due) == (False, (first, False))
    tick(given)
    assert seen(given, school.student)[0] == (first, False), "what is done was done when it was first ticked"
    tick(given, done=False)
    tick(given, done=False)
    assert seen(given, school.student) == [(None, False)] * 2
    assert school.count(HomeworkDone) == 0


def test_a_tick_is_of_what_the_student_saw(given: Giving) -> None:
    """The teacher gives more while the diary is open."""
    school = given.school
    week = given.ask(Journal.diary_week, school.student, student_id=school.students[0], date=school.day(0))
    (shown,) = [one for each in week["days"] for one in each["lessons"] if one["lesson_id"] == str(school.lesson_id)]
    describe(given, "No. 5, 6, 7", version=2)
    given.ask(Homework.set_done, school.student, lesson_id=school.lesson_id, done=True, seen=shown["to_do"])
    assert seen(given, school.parent)[0][1] is True
    tick(given)
    assert seen(given, school.parent)[0][1] is False


def test_parents_with_consent_read_it_and_neither_staff_nor_other_students(given: Giving) -> None:
    school = given.school
    tick(given)
    assert seen(given, school.parent)[0] == seen(given, school.student)[0] != (None, False)
    for actor in (school.homeroom, school.director, school.methodologist):
        assert seen(given, actor) == [(None, False)] * 2
    assert seen(given, school.other_student, 1) == [(None, False)] * 2
    both = school.actor("teacher", "parent", person_id=school.parent.person_id)
    assert seen(given, both)[0] != (None, False), "a teacher is told of the own child"


def test_nobody_but_the_student_ticks(given: Giving) -> None:
    school = given.school
    for actor in (school.parent, school.teacher, school.homeroom, school.director):
        with pytest.raises(Forbidden):
            tick(given, actor)
    assert school.count(HomeworkDone) == 0
    assert school.events("homework_set") != []
    announced = len(school.events("homework_set"))
    tick(given)
    assert len(school.events("homework_set")) == announced, "a tick is announced to nobody"


def test_what_is_not_the_students_looks_as_if_it_did_not_exist(given: Giving) -> None:
    school = given.school
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.first_lesson_id).values(homework="Read"))
    others, none = school.first_lesson_id, school.other_lesson_id
    for lesson_id in (others, none, school.group_lesson_id, uuid4()):
        with pytest.raises(NotFound) as refused:
            tick(given, lesson_id=lesson_id)
        assert (refused.value.rule, refused.value.params["id"]) == ("no-such-lesson", str(lesson_id))
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.lesson_id).values(state=State.DROPPED))
    with pytest.raises(NotFound):
        tick(given)
    assert school.count(HomeworkDone) == 0


def test_who_left_the_course_before_the_lesson_cannot_tick_and_who_joins_before_it_is_due_can(given: Giving) -> None:
    school = given.school

    def stay(**days: Any) -> None:
        table = courses_tables.CourseMember
        own = (table.course_id == school.course_id, table.student_id == school.students[0])
        with school.service.unit_of_work.of(school.id) as session:
            session.execute(update(table).where(*own).values(**days))

    stay(until=school.day(-1))
    with pytest.raises(NotFound):
        tick(given)
    stay(since=school.day(2), until=None)
    tick(given)
    assert school.count(HomeworkDone) == 1


def test_an_own_task_alone_can_be_ticked_by_its_student_and_by_no_other(giving: Giving) -> None:
    school = giving.school
    task = {"student_ids": school.students[:1], "text": "No. 12", "due": school.day(3)}
    giving.ask(Homework.set_homework, version=0, tasks=[task])
    tick(giving)
    assert seen(giving, school.student)[1][0] is not None
    with pytest.raises(NotFound):
        tick(giving, school.other_student)


def test_homework_that_was_changed_after_the_tick_says_so_until_it_is_ticked_again(given: Giving) -> None:
    school = given.school
    tick(given)
    (old, _), _ = seen(given, school.student)
    given.ask(Homework.set_homework, version=0, minutes=30)
    assert seen(given, school.student) == [(old, False)] * 2, "minutes change nothing of what is to be done"
    describe(given, "No. 5, 6", version=2)
    assert seen(given, school.student) == seen(given, school.parent) == [(old, True)] * 2
    tick(given)
    (new, changed), _ = seen(given, school.student)
    assert (new > old, changed) == (True, False)
    given.with_file()
    assert seen(given, school.student)[0] == (new, True)
    given.ask(Homework.set_homework, version=2, links=[{"url": "https://example.org", "title": ""}])
    tick(given)
    assert seen(given, school.student)[0][1] is False


@on_both
def test_what_is_ticked_with_files_links_and_an_own_task_is_not_changed_since(given: Giving) -> None:
    school = given.school
    task = {"student_ids": school.students[:1], "text": "No. 12", "due": school.day(3)}
    given.ask(Homework.set_homework, version=0, tasks=[task], links=[{"url": "https://example.org", "title": ""}])
    given.with_file()
    given.with_file("2.pdf")
    tick(given)
    assert [changed for _, changed in seen(given, school.student)] == [False, False]


def test_a_week_with_ticks_costs_as_many_statements_as_one_without(given: Giving, engine: Engine) -> None:
    school = given.school
    command = {"student_id": school.students[0], "date": school.day(0)}
    given.ask(Journal.diary_week, school.student, **command)  # what a process keeps is kept now
    with statements(engine) as without:
        given.ask(Journal.diary_week, school.student, **command)
    tick(given)
    with statements(engine) as ticked:
        given.ask(Journal.diary_week, school.student, **command)
    assert len(ticked) == len(without) == 3
    with statements(engine) as sent:
        tick(given, done=False)
    assert len([one for one in sent if "homework" in one]) == 2, sent


def test_ticks_of_another_school_with_the_same_ids_are_not_read_or_taken_back(given: Giving) -> None:
    school = given.school
    tick(given)
    twin = Giving(type(school)(school.service, lesson_id=school.lesson_id, students=school.students))
    describe(twin, "No. 5", version=1)
    assert seen(twin, twin.school.student) == [(None, False)] * 2
    tick(twin)
    tick(twin, done=False)
    assert school.count(HomeworkDone) == 1
