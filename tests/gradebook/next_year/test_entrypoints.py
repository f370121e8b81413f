"""The next year is prepared from this one in one step that is shown first (clause 4.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from cli.building import calendar, write
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.courses import Courses
from contracts.gradebook.groups import Groups
from contracts.gradebook.next_year import NextYear
from contracts.gradebook.subjects import Subjects
from kernel.errors import Forbidden, Invalid, NotFound, Stale
from tests.kit.calls import statements
from tests.kit.people import TODAY


@pytest.fixture
def later(made: Any) -> str:
    """A year that begins after this one."""
    year_id, span = uuid7(), (TODAY + timedelta(days=250), TODAY + timedelta(days=500))
    write(made.school.town.gradebook.unit_of_work, made.school.id, calendar.year(year_id, span, {uuid7(): span}))
    return str(year_id)


@pytest.fixture
def years(made: Any, later: str) -> dict[str, str]:
    newest_first = made.call(Calendar.calendar)["years"]
    return {"from_year_id": newest_first[-1]["id"], "to_year_id": later}


def course(made: Any, years: dict[str, str], name: str, **more: Any) -> dict[str, Any]:
    return dict(made.course(name, year_id=years["from_year_id"], **more))


def take(made: Any, years: dict[str, str], **more: Any) -> dict[str, Any]:
    shown = made.call(NextYear.next_year, **years)
    classes = [one["class_id"] for one in shown["classes"] if one["class_id"]]
    command = {**years, "fingerprint": shown["fingerprint"], "class_ids": classes, **more}
    return dict(made.call(NextYear.prepare_next_year, **command))


def test_courses_come_with_their_teachers_and_students_a_grade_higher(made: Any, years: dict[str, str]) -> None:
    school = made.school
    course(made, years, "Физика", teachers=[{"teacher_id": school.teacher.person_id}], hours_a_week="2")
    shown = made.call(NextYear.next_year, **years)
    seventh = next(one for one in shown["classes"] if one["class_id"] == str(school.class_a))
    assert (seventh["name"], seventh["next_name"], seventh["next_grade"]) == ("7А", "8А", 8)
    assert "Физика 8А" in seventh["courses"]
    copied = take(made, years)
    assert copied["courses"] == sum(len(one["courses"]) for one in shown["classes"])
    assert copied["members"] == sum(one["members"] for one in shown["classes"])
    found = made.call(Courses.courses, year_id=years["to_year_id"])["courses"]
    physics = next(one for one in found if one["title"] == "Физика 8А")
    assert (physics["grade"], physics["hours_a_week"], physics["class_id"]) == (8, "2", str(school.class_a))
    assert physics["teacher_ids"] == [str(school.teacher.person_id)]
    first = (TODAY + timedelta(days=250)).isoformat()
    assert set(made.members(physics["id"]).values()) == {(first, None)}
    assert len(made.members(physics["id"])) == 3


def test_the_step_may_be_repeated_and_what_is_there_stays(made: Any, years: dict[str, str]) -> None:
    course(made, years, "Физика")
    assert take(made, years)["courses"] > 0
    shown = made.call(NextYear.next_year, **years)
    assert sum(len(one["courses"]) for one in shown["classes"]) == 0
    assert sum(one["there"] for one in shown["classes"]) > 0
    assert take(made, years) == {"courses": 0, "teachers": 0, "members": 0, "hours": 0}


def test_the_curriculum_says_which_subjects_go_on(made: Any, years: dict[str, str]) -> None:
    physics, music = course(made, years, "Физика"), course(made, years, "Музыка")
    hours = [{"subject_id": physics["subject_id"], "grade": grade, "hours": "2"} for grade in (7, 8)]
    hours.append({"subject_id": music["subject_id"], "grade": 7, "hours": "1"})
    made.call(Subjects.set_curriculum, year_id=years["from_year_id"], version=0, hours=hours)
    seventh = made.call(NextYear.next_year, **years)["classes"][0]
    assert "Физика 8А" in seventh["courses"]
    assert "Музыка 7А" in seventh["left_out"]
    assert take(made, years)["hours"] == 3
    assert made.call(Subjects.curriculum, year_id=years["to_year_id"])["totals"] == [
        {"grade": 7, "hours": "3"}, {"grade": 8, "hours": "2"},
    ]  # fmt: skip


def test_groups_keep_who_is_in_them_and_classes_may_be_left_out(made: Any, years: dict[str, str]) -> None:
    school = made.school
    whole = course(made, years, "Физика")
    anna, others = [str(school.anna.person_id)], [str(one.person_id) for one in (school.boris, school.vera)]
    groups = [
        {"course_id": whole["id"], "version": 1, "group_name": "группа 1", "student_ids": anna},
        {"group_name": "группа 2", "student_ids": others},
    ]
    made.call(Groups.split_class, course_id=whole["id"], since=TODAY, groups=groups)
    assert take(made, years, class_ids=[], across_classes=False)["courses"] == 0
    take(made, years, teachers=False)
    found = {one["title"]: one for one in made.call(Courses.courses, year_id=years["to_year_id"])["courses"]}
    assert set(made.members(found["Физика 8А, группа 1"]["id"])) == set(anna)
    assert set(made.members(found["Физика 8А, группа 2"]["id"])) == set(others)
    assert all(one["teacher_ids"] == [] for one in found.values())


def test_a_change_after_the_preview_is_noticed(made: Any, years: dict[str, str]) -> None:
    course(made, years, "Физика")
    shown = made.call(NextYear.next_year, **years)
    course(made, years, "Химия")
    with pytest.raises(Stale, match="look at the numbers again") as stale:
        made.call(NextYear.prepare_next_year, **years, fingerprint=shown["fingerprint"], class_ids=[])
    assert stale.value.params["present"] == made.call(NextYear.next_year, **years)
    assert made.call(Courses.courses, year_id=years["to_year_id"])["courses"] == []


def test_only_a_later_year_is_prepared_by_the_methodologist(made: Any, years: dict[str, str]) -> None:
    turned = {"from_year_id": years["to_year_id"], "to_year_id": years["from_year_id"]}
    with pytest.raises(Invalid, match="begins after"):
        made.call(NextYear.next_year, **turned)
    with pytest.raises(NotFound):
        made.call(NextYear.next_year, **{**years, "to_year_id": str(uuid7())})
    with pytest.raises(Forbidden):
        made.call(NextYear.next_year, made.school.director, **years)


def test_the_step_takes_as_many_statements_for_one_course_as_for_many(made: Any, years: dict[str, str]) -> None:
    costs = []
    for names in (("Физика",), ("Химия", "Биология", "География")):
        for name in names:
            course(made, years, name, teachers=[{"teacher_id": made.school.teacher.person_id}])
        shown = made.call(NextYear.next_year, **years)
        classes = [one["class_id"] for one in shown["classes"] if one["class_id"]]
        with statements(made.school.town.gradebook.unit_of_work.engine) as seen:
            made.call(NextYear.prepare_next_year, **years, fingerprint=shown["fingerprint"], class_ids=classes)
        costs.append(len(seen))
    assert costs[0] == costs[1]
