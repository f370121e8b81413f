"""Thematic plans: begun, changed with history, submitted, attached to courses, copied, deleted."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from contracts.gradebook.plans import Plans
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.plans import tables
from tests.gradebook.plans.conftest import Planning, topic
from tests.kit.calls import statements


def read(planning: Planning, plan: dict[str, Any]) -> dict[str, Any]:
    return planning.ask(Plans.plan, plan_id=plan["id"])


def texts(plan: dict[str, Any]) -> list[str]:
    return [one["topic"] for one in plan["topics"]]


def another_course(planning: Planning) -> UUID:
    """A second course of the same subject, grade and year."""
    school, course_id = planning.school, uuid7()
    row = {
        "id": course_id, "title": "Algebra 7B", "subject_id": planning.subject_id, "class_id": None, "grade": 7,
        "year_id": school.year_id, "division": "",
    }  # fmt: skip
    school.save(courses_tables.Course, row)
    return course_id


def test_a_head_begins_a_plan_with_its_topics_in_order(planning: Planning) -> None:
    plan = planning.begun(
        topic("Степень", "2", section="Степени", content="a^n", homework="№ 1"), topic("Контроль", control="К/р")
    )
    assert (plan["title"], plan["state"], plan["version"], plan["hours"]) == ("Алгебра, 7", "draft", 1, "3")
    assert plan["changed_by"] == str(planning.head.person_id)
    assert plan["may"] == ["change", "submit", "delete"]
    assert [(one["section"], one["topic"], one["hours"], one["content"], one["control"]) for one in plan["topics"]] == [
        ("Степени", "Степень", "2", "a^n", ""), ("", "Контроль", "1", "", "К/р"),
    ]  # fmt: skip
    assert read(planning, plan) == plan
    assert [one["title"] for one in planning.ask(Plans.plans, grade=7)["plans"]] == [plan["title"]]
    assert planning.ask(Plans.plans, grade=8)["plans"] == []


def test_topics_are_changed_moved_added_and_left_out_and_the_history_keeps_what_was(planning: Planning) -> None:
    plan = planning.begun(topic("A"), topic("B"), topic("C"))
    a, b, _ = plan["topics"]
    changed = planning.changed(plan, [{**b, "hours": "1,5"}, a, topic("D")], title="Новый")
    assert (texts(changed), changed["version"], changed["title"], changed["hours"]) == (
        ["B", "A", "D"],
        2,
        "Новый",
        "3.5",
    )
    assert [one["id"] for one in changed["topics"]][:2] == [b["id"], a["id"]]
    history = planning.ask(Plans.plan_history, plan_id=plan["id"], version=1)
    assert [(one["what"], one["added"], one["changed"], one["removed"]) for one in history["revisions"]] == [
        ("made", 3, 0, 0), ("changed", 1, 2, 1),
    ]  # fmt: skip
    assert (texts(history["past"]), history["past"]["title"]) == (["A", "B", "C"], plan["title"])
    submitted = planning.ask(Plans.submit_plan, plan_id=plan["id"], version=2)
    assert texts(planning.ask(Plans.plan_history, plan_id=plan["id"], version=3)["past"]) == texts(submitted)
    with pytest.raises(NotFound):
        planning.ask(Plans.plan_history, plan_id=plan["id"], version=9)


def test_saving_a_plan_as_it_is_makes_no_new_version(planning: Planning) -> None:
    plan = planning.begun(topic("A"))
    assert planning.changed(plan, plan["topics"]) == plan


def test_of_two_who_change_a_plan_the_second_is_told_what_is_there(planning: Planning) -> None:
    plan = planning.begun(topic("A"))
    present = planning.changed(plan, [*plan["topics"], topic("B")])
    with pytest.raises(Stale) as refused:
        planning.changed(plan, plan["topics"])
    assert refused.value.params["present"] == present


def test_faults_of_rows_are_told_and_nothing_is_written(planning: Planning) -> None:
    plan = planning.begun(topic("A"))
    with pytest.raises(Invalid) as refused:
        planning.changed(plan, [topic("B"), topic(""), topic("C", "x")])
    assert [fault.field for fault in refused.value.faults] == ["topics.1.topic", "topics.2.hours"]
    assert read(planning, plan) == plan


def test_a_plan_goes_from_its_head_to_the_methodologist_and_to_the_courses(planning: Planning) -> None:
    school = planning.school
    plan = planning.submitted(topic("A", "2"))
    assert (plan["state"], plan["may"]) == ("submitted", ["return"])
    with pytest.raises(Forbidden):
        planning.changed(plan, [topic("B")])
    second = another_course(planning)
    attached = planning.attach(plan, [school.course_id, second])
    assert attached["state"] == "attached"
    assert {one["title"]: one["plan_id"] for one in attached["courses"]} == {
        "Algebra 7A": plan["id"], "Algebra 7B": plan["id"],
    }  # fmt: skip
    (line,) = planning.ask(Plans.plans)["plans"]
    assert (line["state"], line["courses"]) == ("attached", ["Algebra 7A", "Algebra 7B"])
    with pytest.raises(Conflict) as refused:
        planning.ask(Plans.return_plan, school.methodologist, plan_id=plan["id"], version=attached["version"])
    assert refused.value.rule == "plan-attached"
    loose = planning.attach(attached, [])
    assert loose["state"] == "submitted"
    draft = planning.ask(
        Plans.return_plan, school.methodologist, plan_id=plan["id"], version=loose["version"], note="Мало часов"
    )
    assert draft["state"] == "draft"
    done = planning.ask(Plans.plan_history, plan_id=plan["id"])["revisions"]
    assert [(one["what"], one["note"]) for one in done][1:] == [
        ("submitted", ""), ("attached", "Algebra 7A, Algebra 7B"), ("attached", ""), ("returned", "Мало часов"),
    ]  # fmt: skip


def test_a_course_goes_by_one_plan_which_the_refusal_names(planning: Planning) -> None:
    planning.attached(topic("A"))
    other = planning.submitted(topic("B"))
    with pytest.raises(Conflict) as refused:
        planning.attach(other, [planning.school.course_id])
    assert refused.value.rule == "course-has-plan"
    assert (refused.value.params["course"], refused.value.params["plan"]) == ("Algebra 7A", "Алгебра, 7")


def test_a_plan_is_attached_to_courses_of_its_subject_grade_and_year_alone(planning: Planning) -> None:
    plan = planning.submitted(topic("A"))
    for course_id in (planning.school.other_course_id, planning.school.first_course_id, uuid4()):
        with pytest.raises(Invalid) as refused:
            planning.attach(plan, [course_id])
        assert refused.value.rule == "other-course"


def test_an_empty_plan_is_not_submitted(planning: Planning) -> None:
    plan = planning.begun()
    with pytest.raises(Conflict) as refused:
        planning.ask(Plans.submit_plan, plan_id=plan["id"], version=1)
    assert refused.value.rule == "plan-empty"


def test_a_plan_is_copied_into_another_year_and_grade_as_a_draft_of_its_own(planning: Planning) -> None:
    plan = planning.attached(topic("A", section="I"), topic("B", "2"))
    year_id = uuid7()
    span = {"starts_on": date(2030, 9, 1), "ends_on": date(2031, 5, 31)}
    planning.school.save(calendar_tables.Year, {"id": year_id, "title": "2030/31", **span})
    copied = planning.ask(Plans.copy_plan, plan_id=plan["id"], year_id=year_id, grade=8)
    assert (copied["state"], copied["grade"], copied["year_id"], texts(copied)) == (
        "draft",
        8,
        str(year_id),
        ["A", "B"],
    )
    assert copied["id"] != plan["id"]
    assert not {one["id"] for one in copied["topics"]} & {one["id"] for one in plan["topics"]}
    with pytest.raises(NotFound):
        planning.ask(Plans.copy_plan, plan_id=plan["id"], year_id=uuid4())


def test_a_draft_is_deleted_with_all_that_belongs_to_it(planning: Planning) -> None:
    plan = planning.begun(topic("A"))
    planning.ask(Plans.delete_plan, plan_id=plan["id"], version=1)
    for table in (tables.Plan, tables.PlanTopic, tables.PlanRevision):
        assert planning.school.count(table) == 0
    attached = planning.attached(topic("A"))
    with pytest.raises(Conflict):
        planning.ask(
            Plans.delete_plan, planning.school.methodologist, plan_id=attached["id"], version=attached["version"]
        )


def test_heads_work_on_the_plans_of_their_own_subjects(planning: Planning) -> None:
    plan = planning.begun(topic("A"))
    stranger = planning.other_head
    command = {"plan_id": plan["id"], "version": 1}
    for method, more in (
        (Plans.change_plan, {"title": "T", "topics": []}),
        (Plans.submit_plan, {}),
        (Plans.delete_plan, {}),
    ):
        with pytest.raises(Forbidden) as refused:
            planning.ask(method, stranger, **command, **more)
        assert refused.value.rule == "not-your-subject"
    with pytest.raises(Forbidden):
        planning.begun(actor=stranger)
    with pytest.raises(Forbidden):
        planning.ask(Plans.copy_plan, stranger, plan_id=plan["id"], year_id=planning.school.year_id)
    assert planning.ask(Plans.plan, stranger, plan_id=plan["id"])["may"] == []


def test_plans_are_of_one_school(planning: Planning, another_school: Any) -> None:
    plan = planning.begun(topic("A"))
    theirs = Planning(another_school)
    with pytest.raises(NotFound):
        theirs.ask(Plans.plan, plan_id=plan["id"])
    assert theirs.ask(Plans.plans)["plans"] == []
    with pytest.raises(NotFound):
        theirs.begun(subject_id=planning.subject_id)


def test_a_plan_of_any_length_takes_the_same_statements(planning: Planning, engine: Engine) -> None:
    counts = []
    for size in (2, 120):
        plan = planning.begun(*[topic(f"T{number}") for number in range(size)])
        with statements(engine) as sent:
            planning.changed(plan, [*plan["topics"][1:], topic("new")])
        with statements(engine) as asked:
            read(planning, plan)
        counts.append((len(sent), len(asked)))
    assert counts[0] == counts[1]
    assert counts[0] <= (15, 4)
