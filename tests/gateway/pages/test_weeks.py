"""Pages of weeks: one's own, a child's, a class's, a teacher's, a classroom's; free classrooms."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from gateway.composed import weeks
from kernel.errors import Unavailable
from services.gradebook.lessons.tables import Lesson
from tests.gateway.pages.test_pages import shown
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


def day(page: str, when: date = TODAY) -> str:
    """The words of a day on a sheet."""
    found = re.search(rf'<section [^>]*aria-labelledby="day-{when}".*?</section>', page, re.DOTALL)
    assert found, "the day is not on the page"
    return words(found[0])


def stand(school: School, lesson_id: UUID, **how: Any) -> None:
    """How a lesson stands to the timetable."""
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == lesson_id).values(**how))


@pytest.fixture
def room(door: Site, school: School) -> str:
    """A classroom in which today's algebra is."""
    return in_room(door, school, school.lesson, "214")


def in_room(door: Site, school: School, lesson: UUID, name: str) -> str:
    """A new classroom, in which a lesson is."""
    made = door.asking(school.methodologist).patch("/classrooms", json={"classrooms": [{"name": name}]})
    room_id = str(made.json["classrooms"][0]["id"])
    stand(school, lesson, classroom_id=UUID(room_id))
    return room_id


def test_a_hall_goes_by_its_own_name_everywhere(door: Site, school: School) -> None:
    in_room(door, school, school.lesson, "Спортивный зал")
    pages = [
        (school.teacher, "/day"),
        (school.mother, f"/diary/{school.anna.person_id}"),
        (school.methodologist, "/changes"),
    ]
    for actor, address in pages:
        assert "каб. Спортивный" not in shown(door.visit(actor).get(address), "Спортивный зал")


def test_a_teacher_sees_the_own_week_with_classes_and_classrooms(door: Site, school: School, room: str) -> None:
    page = shown(door.visit(school.teacher).get("/week"))
    assert "Моя неделя" in page
    assert re.search(r"2 Алгебра .*7А .*, каб\. 214", day(page))
    assert f'href="/week/classrooms/{room}?date=' in page
    assert "Английский" not in page


def test_a_family_sees_the_childs_week_whose_address_names_the_child(door: Site, school: School, room: str) -> None:
    mother = door.visit(school.other_mother)
    answer = mother.get("/week")
    assert answer.status_code == 303
    assert answer.location in {f"/week/students/{one.person_id}" for one in (school.boris, school.vera)}
    page = shown(mother.get(f"/week/students/{school.vera.person_id}"))
    assert re.search("Алгебра.*каб. 214.*Английский", day(page))
    assert f'href="/week/students/{school.boris.person_id}' in page, "the other child is one step away"
    assert "Английский" not in day(shown(mother.get(f"/week/students/{school.boris.person_id}")))
    own = door.visit(school.vera)
    assert own.get("/week").location == f"/week/students/{school.vera.person_id}"
    assert "Английский" in day(shown(own.get(f"/week/students/{school.vera.person_id}")))


def test_a_childs_week_is_closed_to_those_without_consent_and_missing_to_others(door: Site, school: School) -> None:
    path = f"/week/students/{school.anna.person_id}"
    answer = door.visit(school.father).get(path)
    assert answer.status_code == 404
    assert "согласия" in answer.text
    for other in (school.boris, school.other_teacher):
        assert door.visit(other).get(path).status_code == 404
    assert door.visit(school.homeroom_a).get(path).status_code == 200


def test_a_class_a_teacher_and_a_classroom_have_weeks_for_everybody(door: Site, school: School, room: str) -> None:
    student = door.visit(school.anna)
    page = shown(student.get(f"/week/classes/{school.class_a}"))
    assert "<h1" in page
    teacher = door.asking(school.director).post("/people/names", json={"person_ids": [str(school.teacher.person_id)]})
    name = teacher.json["people"][0]["family_name"]
    assert re.search(rf"Алгебра каб\. 214 , {name}", day(page))
    assert "7А" in words(page)
    assert "Алгебра" in day(shown(student.get(f"/week/classrooms/{room}")))
    of_teacher = shown(student.get(f"/week/teachers/{school.teacher.person_id}"))
    assert name in of_teacher
    assert "Алгебра" in day(of_teacher)
    for path in (f"/week/classes/{uuid7()}", f"/week/classrooms/{uuid7()}", f"/week/teachers/{uuid7()}"):
        assert student.get(path).status_code == 404


def test_other_weeks_are_one_step_away_and_keep_whose_they_are(door: Site, school: School) -> None:
    visit = door.visit(school.teacher)
    monday = TODAY - timedelta(days=TODAY.weekday())
    page = shown(visit.get(f"/week/classes/{school.class_a}"))
    for step in (-7, 7):
        assert f'href="/week/classes/{school.class_a}?date={monday + timedelta(days=step)}"' in page
    later = shown(visit.get(f"/week?date={monday + timedelta(days=70)}"))
    assert "На этой неделе уроков нет" in later
    assert "Эта неделя" in later


def test_what_is_not_as_the_timetable_says_is_said_with_the_reason(door: Site, school: School) -> None:
    moved_to = TODAY + timedelta(days=3)
    stand(school, school.lesson, state="cancelled", reason="Карантин", moved_to=moved_to, moved_number=5)
    stand(school, school.shared_lesson, teacher_id=school.teacher.person_id)
    page = shown(door.visit(school.vera).get(f"/week/students/{school.vera.person_id}"))
    assert re.search('<del class="title">Алгебра</del>', page)
    assert re.search(r"Алгебра .*перенесён на \d+ \w+, 5-й урок .*Карантин", day(page))
    assert re.search("Английский .*замена: ", day(page))
    own = day(shown(door.visit(school.teacher).get("/week")))
    assert re.search("Английский .*замена ", own), "one's own name says nothing new"
    assert "замена:" not in own
    replaced = shown(door.visit(school.other_teacher).get("/week"))
    assert '<del class="title">Английский</del>' in replaced
    assert "замена: " in day(replaced)


def test_who_has_no_week_chooses_one(door: Site, school: School, room: str) -> None:
    director = door.visit(school.director)
    assert director.get("/week").location == "/week/others"
    page = shown(director.get("/week/others"))
    for path in (f"/week/classes/{school.class_a}", f"/week/classrooms/{room}"):
        assert f'href="{path}"' in page
    assert f'href="/week/teachers/{school.other_teacher.person_id}"' in page
    assert 'href="/classrooms/free"' in page
    assert 'href="/classrooms/free"' in shown(door.visit(school.anna).get("/week/others"))


def test_everybody_finds_the_week_in_the_menu(door: Site, school: School) -> None:
    for actor, path in (
        (school.teacher, "/day"), (school.director, "/week/others"), (school.methodologist, "/people"),
        (school.anna, f"/diary/{school.anna.person_id}"), (school.mother, f"/diary/{school.anna.person_id}"),
    ):  # fmt: skip
        menu = shown(door.visit(actor).get(path)).partition("</nav>")[0]
        assert re.search(r'href="/week[^"]*"[^>]*>Неделя<', menu), actor.roles


def test_free_classrooms_are_for_everybody(door: Site, school: School, room: str) -> None:
    visit = door.visit(school.teacher)
    assert "В это время свободных кабинетов нет" in shown(visit.get("/classrooms/free?number=2"))
    page = shown(visit.get(f"/classrooms/free?number=3&date={TODAY}"))
    assert f'href="/week/classrooms/{room}?date={TODAY}">214' in page
    for family in (school.anna, school.mother):
        assert "214" in shown(door.visit(family).get(f"/classrooms/free?number=3&date={TODAY}"))
    assert visit.get("/classrooms/free?number=99").status_code == 422


def test_a_school_without_classrooms_is_told_who_enters_them(door: Site, school: School) -> None:
    told = "Список кабинетов школы ещё пуст."
    page = shown(door.visit(school.teacher).get("/classrooms/free"), told)
    assert 'href="/year/classrooms"' not in page
    assert 'href="/year/classrooms"' in shown(door.visit(school.methodologist).get("/classrooms/free"), told)
    english = {"Accept-Language": "en"}
    assert "still empty" in shown(door.visit(school.teacher).get("/classrooms/free", headers=english))


def test_a_week_is_read_without_names_while_identity_is_away(door: Site, school: School) -> None:
    visit = door.visit(school.anna)
    visit.get(f"/week/students/{school.anna.person_id}")
    with door.bus.without("identity", Unavailable("Away.", rule="no-route")):
        assert "Алгебра" in day(shown(visit.get(f"/week/students/{school.anna.person_id}")))


@pytest.mark.parametrize(
    ("title", "class_name", "group", "shown"),
    [
        ("Английский язык, 5Б, 2-я группа", "5Б", "2-я группа", "Английский язык"),
        ("Алгебра 7А", "7А", "", "Алгебра"),
        ("Алгебра", None, "", "Алгебра"),
        ("Физика, группа", "7А", "другая", "Физика, группа"),
    ],
)
def test_a_title_says_neither_class_nor_group_which_stand_beside_it(
    title: str, class_name: str | None, group: str, shown: str
) -> None:
    assert weeks.title({"title": title, "class_name": class_name, "group_name": group}) == shown
