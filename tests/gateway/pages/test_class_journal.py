"""All subjects of a class on one page: what the homeroom teacher sees, and who else does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete
from uuid_utils.compat import uuid7

from kernel.errors import Unavailable
from services.gradebook.courses.tables import CourseMember
from tests.gateway.answers import answered
from tests.gateway.pages.test_pages import shown
from tests.gateway.site import Site
from tests.kit.people import TODAY, id_of
from tests.kit.town import School


@pytest.fixture
def path(door: Site, school: School) -> str:
    """Anna has a 2 in algebra and missed a lesson; the address of her class's page."""
    mark = {"lesson_id": str(school.lesson), "student_id": id_of(school.anna), "value": "2"}
    answered(door.asking(school.teacher).post("/marks", json=mark), 201)
    absences = {"absences": [{"student_id": id_of(school.anna), "code": "Н"}]}
    answered(door.asking(school.homeroom_a).put(f"/lessons/{school.lesson}/check", json=absences))
    return f"/classes/{school.class_a}/journal"


def row_of(page: str, name: str) -> str:
    return next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if name in row)


def test_the_homeroom_teacher_sees_means_marks_and_absences_of_the_own_class(
    door: Site, school: School, path: str
) -> None:
    client = door.visit(school.homeroom_a)
    page = shown(client.get(f"{path}?term={school.term}"), "Все предметы класса, 7А")
    anna = row_of(page, "Анна")
    for part in ("2,00", "▼", "не успевает", "мало отметок: 1 из", "пропущено уроков: 1", TODAY.strftime("%d.%m")):
        assert part in anna, part
    assert f"/journal/{school.algebra}?term={school.term}" in page
    figure = re.findall(r'href="([^"]+)"', anna)[0].replace("&amp;", "&")
    shown(client.get(figure), "2,00")
    assert "нет отметок" in row_of(page, "Борис")
    assert shown(client.get(path), "7А"), "of the present term, where none is named"


def test_it_is_reached_from_the_menu_and_from_the_classs_term_marks(door: Site, school: School, path: str) -> None:
    menu = f'<a href="{path}">Класс 7А</a>'
    shown(door.visit(school.homeroom_a).get("/courses"), menu, f'<a href="{path}">7А</a>')
    shown(door.visit(school.homeroom_a).get(f"/classes/{school.class_a}/term-marks"), f"{path}?term=")
    office = shown(door.visit(school.methodologist).get("/courses"), f'<a href="{path}">7А</a>')
    assert menu not in office


def test_for_others_the_class_does_not_exist(door: Site, school: School, path: str) -> None:
    for reader in (school.methodologist, school.director):
        shown(door.visit(reader).get(path), "7А")
    for other in (school.homeroom_b, school.teacher):
        shown(door.visit(other).get(path), status=404)
    shown(door.visit(school.mother).get(path), status=403)
    shown(door.visit(school.director).get(f"{path}?term={uuid7()}"), status=404)


def test_while_attendance_is_away_the_page_says_so_and_shows_the_rest(door: Site, school: School, path: str) -> None:
    client = door.visit(school.homeroom_a)
    with door.bus.without("attendance", Unavailable("The service {service} is away.", service="attendance")):
        page = shown(client.get(path), "Сейчас пропуски показать нельзя", "2,00", "не успевает")
    assert "пропущено уроков" not in page


def test_a_class_without_courses_says_so(door: Site, school: School) -> None:
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(delete(CourseMember))
    client, path = door.visit(school.homeroom_a), f"/classes/{school.class_a}/journal"
    shown(client.get(path), "Все предметы класса, 7А", "нет предметов, по которым ставятся отметки")


def test_the_number_of_calls_does_not_depend_on_how_many_marks_there_are(door: Site, school: School, path: str) -> None:
    client = door.visit(school.homeroom_a)

    def asked() -> list[str]:
        door.bus.calls.clear()
        shown(client.get(path), "7А")
        return [method for method, _ in door.bus.calls]

    asked()
    few = asked()
    for day in range(1, 8):
        lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=day), 1)
        for student in (school.anna, school.boris):
            mark = {"lesson_id": str(lesson), "student_id": id_of(student), "value": "4"}
            answered(door.asking(school.teacher).post("/marks", json=mark), 201)
    many = asked()
    assert len(many) == len(few)
    shown(client.get(path), "более ранних: 3")
