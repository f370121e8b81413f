"""The page on which a class is divided into groups (clause 3.2)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from gateway.composed.groups import by_alphabet
from tests.gateway.answers import answered
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

CHECKED = re.compile(r'name="in-([0-9a-f-]{36})" value="(\d?)" checked')


@pytest.mark.parametrize(
    ("count", "groups", "sizes"), [(7, 2, [4, 3]), (6, 3, [2, 2, 2]), (2, 3, [1, 1, 0]), (0, 2, [0, 0])]
)
def test_the_alphabet_makes_groups_of_one_size_or_nearly(count: int, groups: int, sizes: list[int]) -> None:
    students = [str(uuid4()) for _ in range(count)]
    places = by_alphabet(students, groups)
    assert list(places) == students
    assert list(places.values()) == sorted(places.values())
    assert [list(places.values()).count(place) for place in range(groups)] == sizes


def physics(door: Site) -> dict[str, Any]:
    """Physics of the whole of 7A."""
    school = door.school
    api = door.asking(school.methodologist)
    subject = answered(api.post("/subjects", json={"name": "Физика"}), 201)
    course = {
        "year_id": api.get("/calendar").json["years"][0]["id"], "subject_id": subject["id"],
        "class_id": str(school.class_a), "teachers": [{"teacher_id": str(school.teacher.person_id)}],
    }  # fmt: skip
    return dict(answered(api.post("/courses", json=course), 201))


def test_a_teacher_divides_the_class_by_alphabet_and_moves_one(door: Site, school: School) -> None:
    course, pages = physics(door), door.visit(school.teacher)
    place = f"/courses/{course['id']}/group"
    anna, boris, vera = (str(one.person_id) for one in (school.anna, school.boris, school.vera))
    proposed = shown(pages.get(f"{place}?groups=2&split=alphabet"), "Ничего ещё не сохранено", "группа 2")
    assert dict(CHECKED.findall(proposed)) == {boris: "0", vera: "0", anna: "1"}
    form = {
        "since": TODAY.isoformat(), "name-0": "группа 1", "course-0": course["id"], "version-0": "1",
        "name-1": "группа 2", f"in-{boris}": "0", f"in-{vera}": "1", f"in-{anna}": "1",
    }  # fmt: skip
    late = (TODAY + timedelta(days=900)).isoformat()
    refused = shown(send(pages, place, **{**form, "since": late}), "Группы начинаются в день учебного года", status=422)
    assert dict(CHECKED.findall(refused)) == {boris: "0", vera: "1", anna: "1"}
    assert send(pages, place, **form).status_code == 303
    saved = shown(pages.get(place), "Группы сохранены.", "группа 1 (1)", "группа 2 (2)", "ни в одной (0)")
    assert dict(CHECKED.findall(saved)) == {boris: "0", vera: "1", anna: "1"}
    stale = shown(send(pages, place, **form), "Выбранное вами", status=412)
    assert dict(CHECKED.findall(stale)) == {boris: "0", vera: "1", anna: "1"}
    (second,) = [
        one for one in door.asking(school.teacher).get("/courses").json["courses"] if "группа 2" in one["title"]
    ]
    assert second["title"] == "Физика 7А, группа 2"


def test_the_homeroom_teacher_sees_the_groups_and_divides_nobody(door: Site, school: School) -> None:
    course = physics(door)
    page = shown(door.visit(school.homeroom_a).get(f"/courses/{course['id']}/group"), "Смирнова Анна", "disabled")
    assert "Сохранить" not in page
    assert door.visit(school.other_teacher).get(f"/courses/{course['id']}/group").status_code == 404
