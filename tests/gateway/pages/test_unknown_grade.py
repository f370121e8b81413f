"""Pages of a class of unknown grade: teachers read what waits and why, the methodologist says the grade."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from services.gradebook.people import tables as copies_tables
from services.identity.classes import tables as classes_tables
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

CLUB = "Клуб робототехники"
WHY = (f"какая параллель у класса «{CLUB}»", "Параллель указывает методист: страница «Пользователи»")


@pytest.fixture
def club(door: Site, school: School) -> str:
    """Class 7А becomes a club of which nobody has said the grade."""
    for service, table, key in (
        (door.town.identity, classes_tables.SchoolClass, classes_tables.SchoolClass.id),
        (door.town.gradebook, copies_tables.ClassCopy, copies_tables.ClassCopy.class_id),
    ):
        with service.unit_of_work.of(school.id) as session:
            session.execute(update(table).where(key == school.class_a).values(name=CLUB, grade=None))
    return str(school.class_a)


def test_p01_teachers_read_why_a_club_takes_no_marks_and_no_homework(door: Site, school: School, club: str) -> None:
    teacher = door.visit(school.teacher)
    day = shown(teacher.get(f"/day/{TODAY}"), *WHY)
    assert f'name="topic-{school.lesson}"' in day
    assert f'name="homework-{school.lesson}"' not in day
    assert f"/lessons/{school.lesson}/marks" not in day
    column = shown(teacher.get(f"/lessons/{school.lesson}/marks"), *WHY, f"/day/{TODAY}#lesson-{school.lesson}")
    assert "value-" not in column
    assert f"/journal/{school.algebra}" in column
    journal = teacher.get(f"/journal/{school.algebra}", follow_redirects=True).text
    assert "data-sheet" in journal
    assert 'id="sheet-add"' not in journal, "no column is offered where no marks are taken"
    assert 'name="minutes"' not in shown(teacher.get(f"/lessons/{school.lesson}/homework"), *WHY)
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}
    refused = door.asking(school.teacher).post("/marks", json=mark)
    assert (refused.status_code, refused.json["rule"]) == (422, "grade-unknown")
    assert CLUB in refused.json["detail"]


def test_the_methodologist_says_the_grade_where_the_class_is_chosen(door: Site, school: School, club: str) -> None:
    office, chosen = door.visit(school.methodologist), f"/people?class_id={club}"
    waits = f"/people?class_id={club}"
    assert waits in shown(office.get("/people"), "не указана параллель", CLUB)
    assert waits in shown(office.get("/year/courses"), "не указана параллель")
    shown(office.get(f"/year/courses?class_id={club}"), "Параллель этого класса не указана", "указать параллель")
    place = f"/people/classes/{club}/grade"
    shown(send(office, chosen, place, grade="", class_id=club), "Укажите параллель от 1 до 11", status=422)
    saved = send(office, chosen, place, grade="several", class_id=club)
    assert (saved.status_code, saved.location) == (303, f"/people?query=&class_id={club}")
    page = shown(office.get(chosen), f"Параллель класса «{CLUB}»", '<option value="several" selected>')
    assert "поэтому отметок и домашних заданий у них пока нет" not in page
    assert "не указана параллель" not in office.get("/year/courses").text
    (listed,) = [one for one in door.asking(school.teacher).get("/classes").json["classes"] if one["id"] == club]
    assert (listed["grade"], listed["several_grades"], listed["grade_by_hand"]) == (None, True, True)


def test_a_stated_grade_has_no_form_and_the_api_refuses_another(door: Site, school: School) -> None:
    office = door.visit(school.methodologist)
    page = office.get(f"/people?class_id={school.class_b}").text
    assert f"/people/classes/{school.class_b}/grade" not in page
    api = door.asking(school.methodologist)
    refused = api.put(f"/classes/{school.class_b}/grade", json={"grade": 9})
    assert (refused.status_code, refused.json["rule"]) == (409, "grade-stated")
    assert "7Б" in refused.json["detail"]
