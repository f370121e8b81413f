"""Courses on their plans: topics are offered and taken, plan is compared with fact, measures are taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, update
from uuid_utils.compat import uuid7

from contracts.gradebook.course_plans import CoursePlans
from contracts.gradebook.lessons import Lessons
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.plans import tables
from tests.gradebook.plans.conftest import Planning, topic
from tests.kit.calls import statements


@pytest.fixture
def planning(school: Any) -> Planning:
    return Planning(school)


def ids(plan: dict[str, Any]) -> dict[str, str]:
    return {one["topic"]: one["id"] for one in plan["topics"]}


def lesson_on(planning: Planning, offset: int, number: int = 1, text: str = "") -> UUID:
    """A lesson of algebra so many days from today."""
    school, lesson_id = planning.school, uuid7()
    row = {**school.lesson_row(lesson_id, school.course_id, school.day(offset), number), "topic": text}
    school.save(lessons_tables.Lesson, row)
    return lesson_id


def offers(planning: Planning, offset: int = 0) -> dict[str, Any]:
    """Lesson → what it is offered."""
    found = planning.ask(CoursePlans.offers, planning.school.teacher, date=planning.school.day(offset))["lessons"]
    return {one["lesson_id"]: one for one in found}


def next_of(planning: Planning, lesson_id: UUID, offset: int = 0) -> list[tuple[str, int, int]]:
    offered = offers(planning, offset)[str(lesson_id)]["next"]
    return [(one["topic"], one["lesson"], one["of"]) for one in offered]


def take(planning: Planning, lesson_id: UUID, *topic_ids: str, version: int = 1, **more: Any) -> dict[str, Any]:
    command = {"lesson_id": lesson_id, "topic_ids": list(topic_ids), "version": version, **more}
    return planning.ask(CoursePlans.take_topics, planning.school.teacher, **command)


def course_plan(planning: Planning, actor: Any = None) -> dict[str, Any]:
    return planning.ask(CoursePlans.course_plan, actor or planning.head, course_id=planning.school.course_id)


def adapt(planning: Planning, dropped: list[str], joined: list[str], version: int = 1, actor: Any = None) -> Any:
    command = {"course_id": planning.school.course_id, "dropped": dropped, "joined": joined, "version": version}
    return planning.ask(CoursePlans.adapt_course, actor or planning.school.teacher, **command)


def test_the_next_topic_is_offered_taken_and_goes_on(planning: Planning) -> None:
    plan = planning.attached(topic("Степень", "2", homework="№ 1"), topic("Одночлен"))
    first, today = lesson_on(planning, -1), planning.school.lesson_id
    assert next_of(planning, first, -1) == [("Степень", 1, 2)]
    taken = take(planning, first, ids(plan)["Степень"], homework=True)
    assert (taken["topic"], taken["homework"], taken["version"]) == ("Степень", "№ 1", 2)
    assert len(planning.school.events("homework_set")) == 1
    assert next_of(planning, today) == [("Степень", 2, 2)]
    take(planning, today, ids(plan)["Степень"])
    assert [one["topic"] for one in offers(planning)[str(today)]["taken"]] == ["Степень"]
    assert next_of(planning, planning.school.future_lesson_id, 3) == [("Одночлен", 1, 1)]


def test_the_second_lesson_of_a_day_goes_on_from_the_first(planning: Planning) -> None:
    planning.attached(topic("Степень", "2"), topic("Одночлен"))
    second = lesson_on(planning, 0, 2)
    third = lesson_on(planning, 0, 3, text="Экскурсия")
    assert next_of(planning, planning.school.lesson_id) == [("Степень", 1, 2)]
    assert next_of(planning, second) == [("Степень", 2, 2)]
    assert next_of(planning, third) == [("Одночлен", 1, 1)]


def test_topics_are_joined_skipped_and_taken_later(planning: Planning) -> None:
    plan = planning.attached(topic("A"), topic("B"), topic("C"), topic("D"))
    known = ids(plan)
    first, today = lesson_on(planning, -1), planning.school.lesson_id
    assert take(planning, first, known["B"], known["A"])["topic"] == "A. B", "in the plan's order"
    take(planning, first, known["A"], known["C"], version=2)
    offered = offers(planning)[str(today)]
    assert [one["topic"] for one in offered["next"]] == ["D"]
    assert [(one["topic"], one["skipped"]) for one in offered["open"]] == [("B", True), ("D", False)]
    assert [one["standing"] for one in course_plan(planning)["topics"]] == ["passed", "skipped", "passed", "ahead"]
    take(planning, today, known["B"])
    assert [one["standing"] for one in course_plan(planning)["topics"]] == ["passed", "passed", "passed", "ahead"]


def test_a_lesson_s_words_may_be_changed_and_it_still_covers_its_topic(planning: Planning) -> None:
    plan = planning.attached(topic("Степень"))
    lesson = lesson_on(planning, -1)
    take(planning, lesson, ids(plan)["Степень"])
    describe = {"lesson_id": lesson, "topic": "Степени и их свойства", "version": 2}
    planning.ask(Lessons.describe_lesson, planning.school.teacher, **describe)
    (found,) = course_plan(planning)["topics"]
    assert (found["standing"], found["dates"]) == ("passed", [planning.school.day(-1).isoformat()])
    planning.ask(Lessons.describe_lesson, planning.school.teacher, **{**describe, "topic": "", "version": 3})
    assert course_plan(planning)["topics"][0]["standing"] == "ahead", "a lesson without topic covers nothing"
    take(planning, lesson, version=4)
    assert planning.school.count(tables.LessonTopic) == 0


def test_what_is_refused_when_topics_are_taken(planning: Planning) -> None:
    plan = planning.attached(topic("A"))
    lesson, school = planning.school.lesson_id, planning.school
    with pytest.raises(Invalid) as refused:
        take(planning, lesson, str(uuid4()))
    assert refused.value.rule == "no-such-topic"
    take(planning, lesson, ids(plan)["A"])
    with pytest.raises(Stale) as stale:
        take(planning, lesson, ids(plan)["A"])
    assert stale.value.params["present"]["topic"] == "A"
    with pytest.raises(Invalid):
        take(planning, school.first_lesson_id, ids(plan)["A"])
    command = {"lesson_id": lesson, "topic_ids": [], "version": 2}
    with pytest.raises(NotFound):
        planning.ask(CoursePlans.take_topics, school.other_teacher, **command)
    with pytest.raises(Forbidden):
        planning.ask(CoursePlans.take_topics, school.homeroom, **command)
    with pytest.raises(Forbidden):
        planning.ask(CoursePlans.offers, school.other_teacher, date=school.today, teacher_id=school.teacher.person_id)


def test_who_takes_other_topics_meanwhile_is_told_even_if_the_words_stay(planning: Planning) -> None:
    plan = planning.attached(topic("A"), topic("B"))
    lesson, known = planning.school.lesson_id, ids(plan)
    assert take(planning, lesson, known["A"])["version"] == 2
    assert take(planning, lesson, known["A"], version=2)["version"] == 2, "nothing was changed"
    left = take(planning, lesson, version=2)
    assert (left["topic"], left["version"]) == ("A", 3)
    with pytest.raises(Stale) as stale:
        take(planning, lesson, known["B"], version=2)
    assert (stale.value.params["present"]["topic"], stale.value.params["present"]["version"]) == ("A", 3)
    assert planning.school.count(tables.LessonTopic) == 0


def test_homework_that_is_there_is_not_replaced(planning: Planning) -> None:
    plan = planning.attached(topic("A", homework="№ 1"))
    describe = {"lesson_id": planning.school.lesson_id, "homework": "Своё", "version": 1}
    planning.ask(Lessons.describe_lesson, planning.school.teacher, **describe)
    assert take(planning, planning.school.lesson_id, ids(plan)["A"], version=2, homework=True)["homework"] == "Своё"


def test_topics_that_were_taught_before_the_plan_came_are_found_by_their_words(planning: Planning) -> None:
    lesson_on(planning, -4, text="степень.")
    lesson_on(planning, -3, text="Экскурсия")
    lesson_on(planning, -2, text="Одночлен")
    plan = planning.attached(topic("Степень"), topic("Одночлен", "2"), topic("Многочлен"))
    assert [one["standing"] for one in course_plan(planning)["topics"]] == ["passed", "begun", "ahead"]
    assert next_of(planning, planning.school.lesson_id) == [("Одночлен", 2, 2)]
    count = planning.school.count(tables.LessonTopic)
    again = planning.attach(planning.attach(plan, []), [planning.school.course_id])
    assert planning.school.count(tables.LessonTopic) == count == 2
    assert [one["taught"] for one in again["topics"]] == [True, True, False]
    with pytest.raises(Conflict) as refused:
        planning.changed(again, again["topics"][1:], actor=planning.school.methodologist)
    assert refused.value.params["topics"] == ["Степень"]


def in_a_year_of_weeks(planning: Planning) -> None:
    """The school's year has one term of 20 weeks, of which half are over today."""
    school = planning.school
    with school.service.unit_of_work.of(school.id) as session:
        term = calendar_tables.Term
        session.execute(update(term).where(term.id == school.later_term_id).values(division="other"))
        span = {"starts_on": school.day(-70), "ends_on": school.day(69)}
        session.execute(update(term).where(term.id == school.term_id).values(**span))


def test_plan_against_fact_tells_the_lag_and_what_frees_lessons(planning: Planning) -> None:
    in_a_year_of_weeks(planning)
    rows = [topic(f"T{number}") for number in range(18)] + [topic("Резерв", "2")]
    known = ids(planning.attached(*rows))
    for number in range(7):
        take(planning, lesson_on(planning, -70 + number), known[f"T{number}"])
    lesson_on(planning, -1)
    (found,) = planning.ask(CoursePlans.progress, planning.head)["courses"]
    assert {name: found[name] for name in ("hours", "due", "passed", "behind", "fulfilled", "skipped")} == {
        "hours": "20", "due": 10, "passed": "7", "behind": "3", "fulfilled": 70, "skipped": 0,
    }  # fmt: skip
    assert found["without_topic"] == 1
    shown = course_plan(planning, planning.school.teacher)
    assert [(one["topic_id"], one["measure"], one["hours"]) for one in shown["proposal"]] == [
        (known["Резерв"], "dropped", "2"), (known["T8"], "joined", "1"),
    ]  # fmt: skip
    adapted = adapt(planning, [known["Резерв"]], [known["T8"]])
    assert (adapted["progress"]["freed"], adapted["progress"]["behind"], adapted["version"]) == ("3", "0", 2)
    assert adapted["proposal"] == []
    take(planning, planning.school.lesson_id, known["T7"], known["T8"])
    assert next_of(planning, planning.school.future_lesson_id, 3) == [("T9", 1, 1)]
    assert adapt(planning, [], [], version=2)["progress"]["freed"] == "0"


def test_measures_are_the_course_s_teacher_s(planning: Planning) -> None:
    known = ids(planning.attached(topic("A"), topic("B")))
    school = planning.school
    for actor in (school.methodologist, planning.head):
        with pytest.raises(Forbidden):
            adapt(planning, [known["A"]], [], actor=actor)
    with pytest.raises(NotFound):
        adapt(planning, [known["A"]], [], actor=school.other_teacher)
    with pytest.raises(Invalid):
        adapt(planning, [str(uuid4())], [])
    with pytest.raises(Invalid):
        adapt(planning, [], [known["A"]])
    adapt(planning, [known["B"]], [])
    with pytest.raises(Stale) as refused:
        adapt(planning, [], [])
    assert refused.value.params["present"]["version"] == 2
    assert course_plan(planning)["writes"] is False


def test_who_sees_how_far_a_course_is(planning: Planning) -> None:
    school = planning.school
    planning.attached(topic("A"))
    courses = {
        name: [one["title"] for one in planning.ask(CoursePlans.progress, actor)["courses"]]
        for name, actor in (
            ("teacher", school.teacher), ("other teacher", school.other_teacher), ("head", planning.head),
            ("other head", planning.other_head), ("director", school.director), ("methodologist", school.methodologist),
        )
    }  # fmt: skip
    sees = ["Algebra 7A"]
    assert courses == {
        "teacher": sees, "other teacher": [], "head": sees, "other head": [], "director": sees, "methodologist": sees,
    }  # fmt: skip
    assert "Choir" in planning.ask(CoursePlans.progress, school.director)["without_plan"]
    assert planning.ask(CoursePlans.progress, school.director, mine=True)["courses"] == []
    for actor in (school.teacher, school.homeroom, planning.head, school.deputy):
        course_plan(planning, actor)
    for actor in (school.other_teacher, planning.other_head):
        with pytest.raises(NotFound):
            course_plan(planning, actor)
    with pytest.raises(NotFound):
        planning.ask(CoursePlans.course_plan, school.director, course_id=school.other_course_id)
    with pytest.raises(NotFound):
        planning.ask(CoursePlans.progress, school.director, year_id=uuid4())


def test_the_statements_do_not_grow_with_lessons_and_topics(planning: Planning, engine: Engine) -> None:
    counts = []
    known = ids(planning.attached(*[topic(f"T{number}") for number in range(60)]))
    for round_ in range(2):
        for number in range(3):
            place = 3 * round_ + number
            take(planning, lesson_on(planning, -20 + place), known[f"T{place}"])
        with statements(engine) as of_day:
            offers(planning)
        with statements(engine) as of_all:
            planning.ask(CoursePlans.progress, planning.school.director)
        counts.append((len(of_day), len(of_all)))
    assert counts[0] == counts[1]
    assert counts[0] <= (7, 8)
