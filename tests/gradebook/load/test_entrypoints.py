"""The load of a lesson's students on a day, over all their courses and groups."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from contracts.gradebook.load import Load
from kernel.errors import NotFound
from services.gradebook.courses import tables as courses_tables
from services.gradebook.homework.tables import HomeworkDetail
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.tables import Work
from tests.kit.calls import call, statements

#: The next lesson of the school's algebra is in three days.
NEXT = 3


def load(school: Any, actor: Any = None, **more: Any) -> dict[str, Any]:
    return call(school.service, Load.homework_load, actor or school.teacher, **{"lesson_id": school.lesson_id, **more})


def gives(school: Any, course_id: UUID, minutes: int | None, due: date | None = None, **more: Any) -> UUID:
    """A lesson of today gave homework that takes so many minutes."""
    lesson_id = uuid7()
    row = {**school.lesson_row(lesson_id, course_id, school.today, 7), "homework": "№ 9", "homework_due": due, **more}
    school.save(Lesson, row)
    if minutes is not None:
        school.save(HomeworkDetail, {"lesson_id": lesson_id, "minutes": minutes, "links": [], "version": 1})
    return lesson_id


def group(school: Any, name: str, *students: int) -> UUID:
    """A course of some students of 7A."""
    course_id = uuid7()
    with school.service.unit_of_work.of(school.id) as session:
        subject_id = session.get_one(courses_tables.Course, (school.id, school.course_id)).subject_id
    school.save(
        courses_tables.Course,
        {
            "id": course_id, "title": f"English 7A/{name}", "subject_id": subject_id, "class_id": school.class_id,
            "year_id": school.year_id, "group_name": name,
        },
    )  # fmt: skip
    for student in students:
        school.save(courses_tables.CourseMember, school.member_row(course_id, school.students[student]))
    return course_id


def test_homework_of_all_courses_of_the_students_counts_with_what_is_typed(school: Any) -> None:
    day = school.day(NEXT)
    gives(school, school.other_course_id, 90, day)
    gives(school, school.other_course_id, 30, school.day(NEXT + 1), number=8)
    found = load(school, minutes=70)
    assert (found["day"], found["minutes"], found["limit"]) == (day.isoformat(), 160, 150)
    assert found["homework"] == [{"title": "Biology 7A", "minutes": 90}]
    assert "160 мин., допустимо 150 мин." in found["told"]["ru"][-1]
    (warning,) = found["warnings"]["en"]
    assert "Excess: 10." in warning
    within = load(school, minutes=60)
    assert (within["minutes"], within["warnings"]) == (150, {"ru": [], "en": []})


def test_homework_without_a_day_counts_on_the_next_lesson_of_its_course(school: Any) -> None:
    gives(school, school.course_id, 40)
    gives(school, school.course_id, 99, date=school.day(-2))
    assert load(school)["minutes"] == 40, "that of the lesson before was due today"
    assert load(school, due=school.day(NEXT + 1))["minutes"] == 0


def test_what_the_lesson_itself_gave_is_counted_once_by_what_is_typed_else_by_what_is_saved(school: Any) -> None:
    own = gives(school, school.course_id, 40)
    assert load(school, lesson_id=own, minutes=25)["minutes"] == 25
    assert load(school, lesson_id=own)["minutes"] == 40


def test_groups_of_other_students_do_not_burden_these(school: Any) -> None:
    first, second = group(school, "1", 0), group(school, "2", 1, 2)
    day = school.day(NEXT)
    gives(school, first, 60, day)
    gives(school, second, 50, day)
    assert load(school, minutes=20)["minutes"] == 80, "the most burdened of the class"
    of_first = gives(school, first, None, day, number=8)
    found = load(school, school.director, lesson_id=of_first, due=day, minutes=5)
    assert found["minutes"] == 65, "those of the group alone"
    assert [one["title"] for one in found["homework"]] == ["English 7A/1"]


def test_homework_without_an_estimate_is_named_and_not_counted(school: Any) -> None:
    gives(school, school.other_course_id, None, school.day(NEXT))
    found = load(school, minutes=20)
    assert (found["minutes"], found["homework"]) == (20, [{"title": "Biology 7A", "minutes": None}])


def test_a_second_control_work_on_the_day_is_warned_of(school: Any) -> None:
    day = school.day(NEXT)
    row = school.lesson_row(uuid7(), school.other_course_id, day, 2)
    school.save(Lesson, {**row, "topic": "Контрольная работа № 1"})
    found = load(school)
    assert [one["title"] for one in found["control_works"]] == ["Biology 7A: Контрольная работа № 1"]
    assert found["warnings"]["ru"] == []
    school.save(Work, {"id": uuid7(), "lesson_id": school.future_lesson_id, "kind_id": school.control_id})
    (warning,) = load(school)["warnings"]["ru"]
    assert "Контрольных работ на" in warning
    assert "2, допустимо 1" in warning


def test_a_lesson_that_holds_the_second_control_work_of_its_own_day_is_warned_of_too(school: Any) -> None:
    for lesson_id in (school.lesson_id, school.other_lesson_id):
        school.save(Work, {"id": uuid7(), "lesson_id": lesson_id, "kind_id": school.control_id})
    (warning,) = load(school)["warnings"]["en"]
    assert f"Control works on {school.today}: 2; admissible: 1." in warning
    # biology holds one as well, and has no further lesson at which homework could be due
    of_biology = load(school, school.other_teacher, lesson_id=school.other_lesson_id)
    assert (of_biology["day"], of_biology["warnings"]["en"]) == (None, [warning])


def test_a_topic_that_is_typed_says_that_the_lesson_holds_a_second_control_work(school: Any) -> None:
    school.save(Work, {"id": uuid7(), "lesson_id": school.other_lesson_id, "kind_id": school.control_id})
    for topic in (None, "Степень"):
        assert load(school, topic=topic)["warnings"]["en"] == []
    found = load(school, topic="Контрольная работа № 2")
    (warning,) = found["warnings"]["en"]
    assert f"Control works on {school.today}: 2; admissible: 1." in warning
    assert [one["title"] for one in found["control_works"]] == ["Biology 7A: Контрольная работа"], "which ones"
    school.save(Work, {"id": uuid7(), "lesson_id": school.lesson_id, "kind_id": school.control_id})
    assert load(school, topic="Степень")["warnings"]["en"] == [warning], "its column says so, whatever the topic"


def test_where_no_further_lesson_is_planned_nothing_is_told(school: Any) -> None:
    found = load(school, lesson_id=school.group_lesson_id)
    assert (found["title"], found["day"], found["told"]) == ("Choir", None, {"ru": [], "en": []})
    of_both = load(school, lesson_id=school.group_lesson_id, due=school.day(NEXT), minutes=10)
    assert (of_both["minutes"], of_both["limit"]) == (10, 0), "there are first-graders in the choir"


def test_it_costs_the_same_however_much_there_is(school: Any, engine: Engine) -> None:
    with statements(engine) as little:
        load(school)
    for number in range(5):
        gives(school, group(school, str(number), 0, 1), 10, school.day(NEXT))
    with statements(engine) as much:
        assert load(school)["minutes"] == 50
    assert len(much) == len(little) == 6, much


def test_who_may_not_read_the_lesson_learns_nothing(school: Any) -> None:
    assert load(school, school.homeroom)["day"]
    with pytest.raises(NotFound):
        load(school, school.other_teacher)
