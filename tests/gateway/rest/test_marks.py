"""Marks through the door: set, set by the column, changed, looked back on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from services.gradebook.marks import tables as marks_tables
from tests.gateway.answers import answered, refused, same_refusal
from tests.gateway.site import Site
from tests.kit.town import School


def body(school: School, student: Actor | None = None, value: str = "5", **more: Any) -> dict[str, Any]:
    student = student or school.anna
    return {"lesson_id": str(school.lesson), "student_id": str(student.person_id), "value": value, **more}


def post(door: Site, school: School, **more: Any):
    return door.asking(school.teacher).post("/marks", json=body(school, **more))


def marks_kept(door: Site) -> int:
    with door.town.gradebook.unit_of_work.everywhere() as session:
        return session.scalar(select(func.count()).select_from(marks_tables.Mark)) or 0


def test_a_teacher_sets_a_mark(door: Site, school: School) -> None:
    answer = post(door, school, value="5", comment="У доски")
    mark = answered(answer, 201)
    assert (mark["value"], mark["comment"], mark["student_id"]) == ("5", "У доски", str(school.anna.person_id))
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_repeated_key_sets_one_mark_and_gives_the_same_answer(door: Site, school: School) -> None:
    key = {"Idempotency-Key": "a-double-click"}
    first = door.asking(school.teacher).post("/marks", json=body(school), headers=key)
    again = door.asking(school.teacher).post("/marks", json=body(school), headers=key)
    assert answered(first, 201) == answered(again, 201)
    assert marks_kept(door) == 1


def test_a_key_used_for_something_else_is_refused(door: Site, school: School) -> None:
    key = {"Idempotency-Key": "a-double-click"}
    answered(door.asking(school.teacher).post("/marks", json=body(school), headers=key), 201)
    other = door.asking(school.teacher).post("/marks", json=body(school, value="4"), headers=key)
    refused(other, 409)
    assert marks_kept(door) == 1


@pytest.mark.parametrize("key", ["", "two words", "x" * 121, "ключ".encode().decode("latin-1")])
def test_a_key_that_could_not_be_kept_is_refused(door: Site, school: School, key: str) -> None:
    answer = door.asking(school.teacher).post("/marks", json=body(school), headers={"Idempotency-Key": key})
    refused(answer, 422, "idempotency-key", "Idempotency-Key")
    assert marks_kept(door) == 0


@pytest.mark.parametrize("who", ["mother", "anna", "methodologist", "director"])
def test_only_teachers_set_marks(door: Site, school: School, who: str) -> None:
    answer = door.asking(getattr(school, who)).post("/marks", json=body(school))
    refused(answer, 403, "role")
    assert marks_kept(door) == 0


def test_another_teachers_lesson_is_as_one_that_does_not_exist(door: Site, school: School) -> None:
    teacher = door.asking(school.other_teacher)
    others = teacher.post("/marks", json=body(school))
    none = teacher.post("/marks", json={**body(school), "lesson_id": str(uuid7())})
    refused(others, 404)
    same_refusal(others, none)


def test_another_schools_lesson_is_as_one_that_does_not_exist(door: Site, school: School) -> None:
    other = School(door.town)
    answer = door.asking(other.teacher).post("/marks", json=body(school))
    same_refusal(answer, door.asking(other.teacher).post("/marks", json={**body(school), "lesson_id": str(uuid7())}))
    refused(answer, 404)
    assert marks_kept(door) == 0


def test_the_homeroom_teacher_reads_the_lesson_and_sets_no_mark(door: Site, school: School) -> None:
    refused(door.asking(school.homeroom_a).post("/marks", json=body(school)), 403, "not-your-course")


def test_a_mark_outside_the_scale_names_field_and_rule_in_both_languages(door: Site, school: School) -> None:
    teacher = door.asking(school.teacher)
    russian = refused(teacher.post("/marks", json=body(school, value="9")), 422, field="value")
    english = teacher.post("/marks", json=body(school, value="9"), headers={"Accept-Language": "en"})
    told = refused(english, 422, russian["rule"], "value")
    assert told["detail"] == "There is no mark 9 on the scale 1–5."
    assert russian["detail"] == "Отметки «9» нет на шкале 1–5."


def test_a_column_is_set_whole(door: Site, school: School) -> None:
    marks = [{"student_id": str(who.person_id), "value": "4"} for who in (school.anna, school.boris)]
    answer = door.asking(school.teacher).post(f"/lessons/{school.lesson}/marks", json={"marks": marks})
    assert [mark["value"] for mark in answered(answer, 201)["marks"]] == ["4", "4"]
    assert marks_kept(door) == 2


def test_a_column_with_one_wrong_mark_is_not_set_at_all(door: Site, school: School) -> None:
    marks = [
        {"student_id": str(school.anna.person_id), "value": "4"},
        {"student_id": str(school.gleb.person_id), "value": "4"},  # he learns no algebra
    ]
    answer = door.asking(school.teacher).post(f"/lessons/{school.lesson}/marks", json={"marks": marks})
    refused(answer, 422, field="marks.1.student_id")
    assert marks_kept(door) == 0


def test_a_mark_is_changed_with_the_version_it_had_and_keeps_its_history(door: Site, school: School) -> None:
    teacher = door.asking(school.teacher)
    mark_id = answered(post(door, school, value="3"), 201)["id"]
    change = {"value": "4", "reason": "Опечатка"}
    changed = teacher.patch(f"/marks/{mark_id}", json=change, headers={"If-Match": '"1"'})
    assert (answered(changed)["value"], changed.headers["ETag"]) == ("4", '"2"')
    revisions = answered(teacher.get(f"/marks/{mark_id}/history"))["revisions"]
    assert [(one["version"], one["value"]) for one in revisions] == [(1, "3"), (2, "4")]
    assert revisions[1]["reason"] == "Опечатка"


def test_who_comes_second_gets_the_present_state_and_its_etag(door: Site, school: School) -> None:
    teacher = door.asking(school.teacher)
    mark_id = answered(post(door, school, value="3"), 201)["id"]
    path, reason = f"/marks/{mark_id}", "Опечатка"
    answered(teacher.patch(path, json={"value": "4", "reason": reason}, headers={"If-Match": '"1"'}))
    late = teacher.patch(path, json={"value": "5", "reason": reason}, headers={"If-Match": '"1"'})
    told = refused(late, 412, "stale")
    assert (told["present"]["value"], told["present"]["version"], late.headers["ETag"]) == ("4", 2, '"2"')
    again = teacher.patch(path, json={"value": "5", "reason": reason}, headers={"If-Match": late.headers["ETag"]})
    assert answered(again)["value"] == "5"


def test_a_change_without_a_version_is_refused(door: Site, school: School) -> None:
    mark_id = answered(post(door, school), 201)["id"]
    answer = door.asking(school.teacher).patch(f"/marks/{mark_id}", json={"value": "4", "reason": "Опечатка"})
    refused(answer, 428, "if-match-required")


@pytest.mark.parametrize("version", ["1", "*", 'W/"1"', '"1", "2"', '""', '"-1"', '"99999999999999999999"', '"один"'])
def test_a_version_that_is_no_etag_of_ours_is_refused(door: Site, school: School, version: str) -> None:
    mark_id = answered(post(door, school), 201)["id"]
    header = {"If-Match": version.encode().decode("latin-1")}
    change = {"value": "4", "reason": "Опечатка"}
    answer = door.asking(school.teacher).patch(f"/marks/{mark_id}", json=change, headers=header)
    refused(answer, 422, "if-match", "If-Match")


def test_the_history_is_for_the_family_and_nobody_elses(door: Site, school: School) -> None:
    mark_id = answered(post(door, school), 201)["id"]
    path = f"/marks/{mark_id}/history"
    for who in (school.anna, school.mother, school.homeroom_a, school.director):
        assert answered(door.asking(who).get(path))["mark_id"] == mark_id
    for who in (school.boris, school.other_mother, school.father, school.other_teacher, School(door.town).director):
        refusal = door.asking(who).get(path)
        refused(refusal, 404)
        same_refusal(refusal, door.asking(who).get(f"/marks/{uuid7()}/history"))


def test_a_mark_that_was_posted_has_no_address_to_be_read_at(door: Site, school: School) -> None:
    answer = post(door, school)
    answered(answer, 201)
    assert "Location" not in answer.headers
