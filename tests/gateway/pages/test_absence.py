"""The history of a student's absence from a lesson: who noted what and when, with names instead of ids."""

from __future__ import annotations

import re

from tests.gateway.pages.test_pages import shown
from tests.gateway.site import Site
from tests.kit.people import id_of
from tests.kit.town import School


def note(door: Site, school: School, *absences: dict[str, object]) -> None:
    answer = door.asking(school.homeroom_a).put(f"/lessons/{school.lesson}/check", json={"absences": [*absences]})
    assert answer.status_code == 200, answer.text


def test_an_absence_has_a_history_of_what_stood_before_and_after(door: Site, school: School) -> None:
    anna = str(id_of(school.anna))
    note(door, school, {"student_id": anna, "code": "О", "minutes": 7})
    note(door, school, {"student_id": anna, "code": "Б"})
    note(door, school)
    address = f"/lessons/{school.lesson}/students/{anna}/absence"
    teacher = door.visit(school.teacher)
    door.bus.calls.clear()
    page = shown(teacher.get(f"{address}?course={school.algebra}"), "Смирнова Анна", "К журналу")
    asked = [method for method, _ in door.bus.calls]
    frame = ["identity.me", "identity.schools"]
    assert asked == ["attendance.absence_history", "identity.names", *frame], "however long it is"
    cells = [" ".join(re.sub("<[^>]*>", " ", one).split()) for one in re.findall("<td.*?</td>", page, re.DOTALL)]
    assert [cells[row * 4 + 1 : row * 4 + 3] for row in range(3)] == [
        ["Б – отсутствует по болезни", "присутствовал(а)"],
        ["О – опоздание, 7 мин", "Б – отсутствует по болезни"],
        ["–", "О – опоздание, 7 мин"],
    ]
    assert {cells[row * 4 + 3] for row in range(3)} == {"Иванова М."}
    assert str(id_of(school.homeroom_a)) not in page
    boris = f"/lessons/{school.lesson}/students/{id_of(school.boris)}/absence"
    shown(door.visit(school.director).get(boris), "никто не отмечал", "Когда отмечали")


def test_who_does_not_see_the_check_finds_no_history(door: Site, school: School) -> None:
    note(door, school)
    address = f"/lessons/{school.lesson}/students/{id_of(school.anna)}/absence"
    shown(door.visit(school.other_teacher).get(address), status=404)
    shown(door.visit(school.mother).get(address), status=403)
