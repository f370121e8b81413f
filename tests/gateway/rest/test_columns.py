"""A column with marks through the door: read, and set, changed and taken back in one request."""

from __future__ import annotations

from typing import Any

from uuid_utils.compat import uuid7

from kernel.auth import Actor
from tests.gateway.answers import answered, refused, same_refusal
from tests.gateway.site import Site
from tests.kit.people import id_of
from tests.kit.town import School


def entry(student: Actor, value: str | None, version: int | None = None, **more: Any) -> dict[str, Any]:
    return {"student_id": str(id_of(student)), "value": value, "version": version, **more}


def test_d04_a_column_is_read_and_saved_as_it_was_changed(door: Site, school: School) -> None:
    teacher, path = door.asking(school.teacher), f"/lessons/{school.lesson}/marks"
    new = teacher.patch(path, json={"marks": [entry(school.anna, "5", comment="У доски"), entry(school.boris, "3")]})
    assert [mark["version"] for mark in answered(new)["marks"]] == [1, 1]
    changes = [entry(school.anna, "4", 1), entry(school.boris, None, 1), entry(school.vera, "4")]
    changed = answered(teacher.patch(path, json={"marks": changes, "reason": "Описка"}))["marks"]
    assert [(mark["value"], mark["comment"]) for mark in changed] == [("4", "У доски"), (None, ""), ("4", "")]
    found = answered(teacher.get(path))["marks"]
    assert sorted(found, key=str) == sorted(changed, key=str)
    assert answered(door.asking(school.director).get(path))["marks"] == found


def test_d04_who_comes_second_is_told_of_each_student_and_gets_what_is_there(door: Site, school: School) -> None:
    teacher, path = door.asking(school.teacher), f"/lessons/{school.lesson}/marks"
    first = answered(teacher.patch(path, json={"marks": [entry(school.anna, "5"), entry(school.boris, "3")]}))["marks"]
    mine = [entry(school.anna, "4"), entry(school.boris, "2")]
    told = refused(teacher.patch(path, json={"marks": mine}, headers={"Accept-Language": "en"}), 412, "stale")
    assert [(fault["field"], fault["message"]) for fault in told["faults"]] == [
        ("marks.0.version", "Meanwhile 5 was saved here; you entered 4."),
        ("marks.1.version", "Meanwhile 3 was saved here; you entered 2."),
    ]
    assert told["present"] == {"marks": first}


def test_d04_a_change_without_a_reason_is_refused(door: Site, school: School) -> None:
    teacher, path = door.asking(school.teacher), f"/lessons/{school.lesson}/marks"
    answered(teacher.patch(path, json={"marks": [entry(school.anna, "5")]}))
    refused(teacher.patch(path, json={"marks": [entry(school.anna, "4", 1)]}), 422, "reason-required", "reason")


def test_d04_a_repeated_key_saves_a_column_once(door: Site, school: School) -> None:
    teacher, path = door.asking(school.teacher), f"/lessons/{school.lesson}/marks"
    key = {"Idempotency-Key": "a-double-click"}
    answers = [answered(teacher.patch(path, json={"marks": [entry(school.anna, "5")]}, headers=key)) for _ in range(2)]
    assert answers[0] == answers[1]


def test_d04_another_teachers_column_is_as_one_that_does_not_exist(door: Site, school: School) -> None:
    other = door.asking(school.other_teacher)
    for ask in (other.get, lambda path: other.patch(path, json={"marks": [entry(school.anna, "5")]})):
        theirs, none = ask(f"/lessons/{school.lesson}/marks"), ask(f"/lessons/{uuid7()}/marks")
        refused(theirs, 404)
        same_refusal(theirs, none)
