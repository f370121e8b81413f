"""The next year is prepared from this one in one step that is shown first (clause 4.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from cli.building import calendar, write
from contracts.gradebook.bells import Bells
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.courses import Courses
from contracts.gradebook.groups import Groups
from contracts.gradebook.next_year import NextYear
from contracts.gradebook.plans import Plans
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
    assert take(made, years) == {"courses": 0, "teachers": 0, "members": 0, "hours": 0, "bells": 0, "plans": 0}


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


def test_bells_come_as_they_ring_at_the_end_of_the_year(made: Any, years: dict[str, str]) -> None:
    starts_on = made.call(Calendar.calendar)["years"][-1]["starts_on"]
    keep_bells(made, years, "Обычные", starts_on, "08:00")
    keep_bells(made, years, "Сокращённые", starts_on, "08:30", short=True)
    keep_bells(made, years, "С марта", TODAY.isoformat(), "09:00")
    assert made.call(NextYear.next_year, **years)["bells"] == 2
    assert take(made, years, bells=False)["bells"] == 0
    assert take(made, years)["bells"] == 2
    later = made.call(Bells.bells, year_id=years["to_year_id"])["schedules"]
    first = (TODAY + timedelta(days=250)).isoformat()
    assert {(one["title"], one["short"], one["valid_from"], one["bells"][0]["starts"]) for one in later} == {
        ("С марта", False, first, "09:00"), ("Сокращённые", True, first, "08:30"),
    }  # fmt: skip
    assert len(made.call(Bells.bells, year_id=years["from_year_id"])["schedules"]) == 3
    assert take(made, years)["bells"] == 0, "a year that has bells keeps its own"


def keep_bells(made: Any, years: dict[str, str], title: str, since: str, starts: str, **more: Any) -> None:
    """Keep bells of the earlier year from a day on, with one lesson of twenty minutes."""
    year = years["from_year_id"]
    ends = f"{starts[:2]}:{int(starts[3:]) + 20}"
    given = {"title": title, "valid_from": since, "bells": [{"number": 1, "starts": starts, "ends": ends}], **more}
    version = made.call(Bells.bells, year_id=year)["version"]
    made.call(Bells.set_bells, year_id=year, version=version, **given)


def test_plans_come_as_drafts_for_the_same_grade(made: Any, years: dict[str, str]) -> None:
    subject = course(made, years, "Физика")["subject_id"]
    topics = [{"section": "Механика", "topic": name, "hours": "2"} for name in ("Путь", "Скорость")]
    of = {"subject_id": subject, "grade": 7, "year_id": years["from_year_id"], "topics": topics}
    plan = made.call(Plans.add_plan, title="Физика 7", **of)
    made.call(Plans.add_plan, title="Ещё не готов", **of)
    made.call(Plans.submit_plan, plan_id=plan["id"], version=plan["version"])
    assert made.call(NextYear.next_year, **years)["plans"] == 1
    assert take(made, years, plans=False)["plans"] == 0
    assert take(made, years)["plans"] == 1
    (later,) = made.call(Plans.plans, year_id=years["to_year_id"])["plans"]
    assert (later["title"], later["grade"], later["state"], later["version"]) == ("Физика 7", 7, "draft", 1)
    copied = made.call(Plans.plan, plan_id=later["id"])["topics"]
    assert [(one["topic"], one["hours"]) for one in copied] == [("Путь", "2"), ("Скорость", "2")]
    assert not {one["id"] for one in copied} & {one["id"] for one in plan["topics"]}
    assert take(made, years)["plans"] == 0, "what is there stays as it is"


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
            subject = course(made, years, name, teachers=[{"teacher_id": made.school.teacher.person_id}])["subject_id"]
            of = {"subject_id": subject, "grade": 7, "year_id": years["from_year_id"], "title": name}
            plan = made.call(Plans.add_plan, **of, topics=[{"section": "", "topic": "Тема", "hours": "1"}] * 3)
            made.call(Plans.submit_plan, plan_id=plan["id"], version=plan["version"])
        shown = made.call(NextYear.next_year, **years)
        classes = [one["class_id"] for one in shown["classes"] if one["class_id"]]
        with statements(made.school.town.gradebook.unit_of_work.engine) as seen:
            made.call(NextYear.prepare_next_year, **years, fingerprint=shown["fingerprint"], class_ids=classes)
        costs.append(len(seen))
    assert costs[0] == costs[1]
