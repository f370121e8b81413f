"""The pages on which the methodologist sets up subjects, the curriculum and courses (clause 4.2)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from tests.gateway.answers import answered
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School


def office(door: Site) -> tuple[Any, FlaskClient]:
    """The methodologist at the API and at the pages."""
    return door.asking(door.school.methodologist), door.visit(door.school.methodologist)


def year_of(api: Any) -> dict[str, Any]:
    (year,) = api.get("/calendar").json["years"]
    return dict(year)


def subject(api: Any, name: str) -> str:
    return str(answered(api.post("/subjects", json={"name": name}), 201)["id"])


def test_subjects_are_added_renamed_and_removed(door: Site, school: School) -> None:
    api, pages = office(door)
    assert send(pages, "/year/subjects", name="Физика").status_code == 303
    shown(pages.get("/year/subjects"), "Предмет «Физика» добавлен.", "Физика")
    shown(send(pages, "/year/subjects", name="ФИЗИКА"), "Предмет «Физика» уже есть", 'value="ФИЗИКА"', status=409)
    (physics,) = [one for one in api.get("/subjects").json["subjects"] if one["name"] == "Физика"]
    place = f"/year/subjects/{physics['id']}"
    assert send(pages, "/year/subjects", place, name="Физика и химия", version="1").status_code == 303
    stale = send(pages, "/year/subjects", place, name="Моя физика", version="1")
    shown(stale, "теперь он называется «Физика и химия»", 'value="Моя физика"', status=412)
    assert send(pages, "/year/subjects", place, remove="yes", version="2").status_code == 303
    assert "Физика" not in [one["name"] for one in api.get("/subjects").json["subjects"]]


def test_hours_are_entered_in_a_table_with_sums_and_wrong_ones_stay_typed(door: Site, school: School) -> None:
    api, pages = office(door)
    physics, year = subject(api, "Физика"), year_of(api)
    key = f"7-{physics}"
    form = {"year": year["id"], "version": "0", f"hours-{key}": "2,5", f"was-{key}": ""}
    other = {f"hours-8-{physics}": "сто", f"was-8-{physics}": ""}
    refused = shown(send(pages, "/year/curriculum", **form, **other), "Часы в неделю", 'value="сто"', status=422)
    assert 'value="2,5"' in refused
    assert api.get(f"/years/{year['id']}/curriculum").json["hours"] == []
    assert send(pages, "/year/curriculum", **form).status_code == 303
    shown(pages.get("/year/curriculum"), "Сохранено.", 'value="2,5"')
    late = send(pages, "/year/curriculum", **{**form, f"hours-{key}": "3"})
    shown(late, "уже изменил кто-то другой", "сохранено: 2,5", 'value="3"', status=412)
    send(pages, "/year/curriculum", **{**form, "version": "1", f"hours-{key}": "36", f"was-{key}": "2,5"})
    shown(pages.get("/year/curriculum"), "больше допустимых 35")


def test_what_a_class_lacks_is_named_and_the_course_is_made_with_its_teachers(door: Site, school: School) -> None:
    api, pages = office(door)
    physics, year = subject(api, "Физика"), year_of(api)
    hours = [{"subject_id": physics, "grade": 7, "hours": "2"}]
    changed = api.patch(f"/years/{year['id']}/curriculum", json={"hours": hours}, headers={"If-Match": '"0"'})
    answered(changed)
    shown(pages.get("/year/courses"), "нет курса: Физика", "7А")
    of_class = f"/year/courses?class_id={school.class_a}"
    shown(pages.get(of_class), "Есть часы в учебном плане, но нет курса", "Физика")
    form = {"year": year["id"], "subject_id": physics, "class_id": str(school.class_a), "teacher_id-0": "", "title": ""}
    wrong = {**form, "teacher_id-0": str(school.mother.person_id), "title": "Моя физика"}
    shown(send(pages, "/year/courses/new", **wrong), "не учитель школы", 'value="Моя физика"', status=422)
    assert send(pages, "/year/courses/new", **form).status_code == 303
    page = shown(pages.get(of_class), "Курс «Физика 7А» создан.", "Не назначен учитель")
    assert "нет курса" not in page
    (course,) = [one for one in api.get("/courses").json["courses"] if one["title"] == "Физика 7А"]
    place = f"/year/courses/{course['id']}"
    taught = {"version": "1", "group_name": "", "title": "Физика 7А", "hours_a_week": "", "grade": "7"}
    assert send(pages, place, **taught, **{"teacher_id-0": str(school.teacher.person_id)}).status_code == 303
    stale = send(pages, place, **{**taught, "title": "Другая", "teacher_id-0": ""})
    shown(stale, "Сейчас сохранено", 'value="Другая"', 'name="version" value="2"', status=412)


def test_for_a_new_course_a_class_is_chosen_and_a_group_across_classes_is_said_so(door: Site, school: School) -> None:
    api, pages = office(door)
    page = shown(pages.get("/year/courses/new"))
    (choice,) = re.findall(r'<select[^>]*id="class_id".*?</select>', page, re.DOTALL)
    assert re.findall(r"<option[^>]*>([^<]*)", choice) == ["выберите", "7А", "7Б", "сборная группа"]
    assert "selected" not in choice
    form = {
        "year": year_of(api)["id"], "subject_id": subject(api, "Хор"), "class_id": "", "group_name": "Старший",
        "title": "", "hours_a_week": "", "grade": "", "teacher_id-0": "",
    }  # fmt: skip
    shown(send(pages, "/year/courses/new", **form), "Выберите класс или сборную группу.", "Старший", status=422)
    wrong = {**form, "class_id": "across", "teacher_id-0": str(school.mother.person_id)}
    assert '<option value="across" selected>' in shown(send(pages, "/year/courses/new", **wrong), status=422)
    made = send(pages, "/year/courses/new", **{**form, "class_id": "across"})
    assert made.headers["Location"].endswith("class_id=across")
    (course,) = [one for one in api.get("/courses").json["courses"] if one["group_name"] == "Старший"]
    assert course["class_id"] is None
    assert 'class_id=across"' in shown(pages.get(made.headers["Location"]))


def test_a_teacher_is_replaced_from_a_day_on(door: Site, school: School) -> None:
    api, pages = office(door)
    course = answered(
        api.post(
            "/courses",
            json={
                "year_id": year_of(api)["id"], "subject_id": subject(api, "Физика"), "class_id": str(school.class_a),
                "teachers": [{"teacher_id": str(school.teacher.person_id)}],
            },
        ),
        201,
    )  # fmt: skip
    place, first = f"/year/courses/{course['id']}", TODAY + timedelta(days=3)
    form = {"version": "1", "old": str(school.teacher.person_id), "new": str(school.other_teacher.person_id)}
    shown(send(pages, place, f"{place}/replacement", **form), "Укажите, с какого дня.", status=422)
    done = send(pages, place, f"{place}/replacement", **form, **{"from": first.isoformat()})
    assert done.status_code == 303
    teachers = {one["teacher_id"]: one for one in api.get(f"/courses/{course['id']}").json["teachers"]}
    assert teachers[str(school.teacher.person_id)]["until"] == (first - timedelta(days=1)).isoformat()
    assert teachers[str(school.other_teacher.person_id)]["since"] == first.isoformat()
    shown(send(pages, place, f"{place}/removal", version="1"), "уже изменил кто-то другой", status=412)
    assert send(pages, place, f"{place}/removal", version="2").status_code == 303
    assert api.get(f"/courses/{course['id']}").status_code == 404
