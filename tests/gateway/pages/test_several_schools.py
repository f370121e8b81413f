"""A parent with children in two schools, a teacher of one school who is a parent in another, children of one school."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from kernel.auth import Actor
from services.identity.people import tables as people_tables
from services.identity.schools import tables as schools_tables
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.town import School


@pytest.fixture
def elsewhere(door: Site) -> School:
    """Another school of the town, a gymnasium."""
    made = School(door.town)
    with door.town.identity.unit_of_work.of(made.id) as session:
        session.get_one(schools_tables.School, made.id).name = "Гимназия № 5"
    return made


def one_human(door: Site, first: Actor, *others: Actor) -> FlaskClient:
    """A browser in which somebody signed in who is these people of several schools."""
    with door.town.identity.unit_of_work.everywhere() as session:
        for other in others:
            person = session.get_one(people_tables.Person, (other.tenant_id, other.person_id))
            person.account_id = first.account_id
    return door.visit(first)


def menu(page: str, words: str) -> str | None:
    """Where an item of the page's main menu leads."""
    found = re.search(r'<nav aria-label="Главное меню".*?</nav>', page, re.DOTALL)
    assert found
    item = re.search(rf'<a href="([^"]+)"[^>]*>{words}</a>', found[0])
    return unescape(item[1]) if item else None


def choice(page: str) -> dict[str, str]:
    """The children that the page offers, by their words, each with the address."""
    found = re.search(r'<nav aria-label="Дети".*?</nav>', page, re.DOTALL)
    assert found
    return {words: unescape(path) for path, words in re.findall(r'href="([^"]+)">([^<]+)</a>', found[0])}


def test_a_child_of_another_school_is_chosen_and_stays_chosen_on_every_page(
    door: Site, school: School, elsewhere: School
) -> None:
    client = one_human(door, school.mother, elsewhere.glebs_mother)
    first = shown(client.get("/diary", follow_redirects=True), "Смирнова Анна", "Гимназия № 5:")
    there = shown(client.get(choice(first)["Соколов Глеб, 7Б"]), "Соколов Глеб", "Гимназия № 5")
    gleb = f"{elsewhere.gleb.person_id}"
    assert menu(there, "Дневник") == f"/diary/{gleb}"
    for path in (f"/marks/{gleb}", f"/marks/{gleb}/terms", f"/week/students/{gleb}"):
        page = shown(client.get(path), "Соколов Глеб")
        assert f"/{gleb}" in str(menu(page, "Отметки"))
    shown(client.get(f"/week/students/{gleb}/calendar"), "Соколов Глеб")
    shown(client.get(f"/marks/{gleb}/subjects/{elsewhere.english}"), "Соколов Глеб")
    assert "Смирнова" in shown(client.get(choice(there)["Смирнова Анна, 7А"]))


def test_a_page_of_a_child_opens_though_another_tab_chose_the_other_school(
    door: Site, school: School, elsewhere: School
) -> None:
    client = one_human(door, school.mother, elsewhere.glebs_mother)
    anna, gleb = school.anna.person_id, elsewhere.gleb.person_id
    shown(client.get(f"/diary/{gleb}?school={elsewhere.id}"), "Соколов Глеб")  # in another tab
    for path in (f"/diary/{anna}?date=2026-11-30", f"/marks/{anna}", f"/marks/{anna}/terms", f"/week/students/{anna}",
                 f"/week/students/{anna}/calendar", f"/marks/{anna}/subjects/{school.algebra}"):  # fmt: skip
        away = client.get(path)
        assert (away.status_code, f"school={school.id}" in away.headers["Location"]) == (303, True), path
        shown(client.get(away.headers["Location"]), "Смирнова Анна")
        client.get(f"/?school={elsewhere.id}")
    kept = client.get(f"/diary/{anna}?date=2026-11-30").headers["Location"]
    assert kept == f"/diary/{anna}?date=2026-11-30&school={school.id}"


def test_a_child_of_nobody_and_of_another_family_is_in_no_other_school_either(
    door: Site, school: School, elsewhere: School
) -> None:
    client = one_human(door, school.mother, elsewhere.glebs_mother)
    for stranger in (school.boris, elsewhere.anna):
        assert client.get(f"/diary/{stranger.person_id}").status_code == 404


def test_a_page_that_is_not_there_leads_to_the_same_page_in_the_other_schools(
    door: Site, school: School, elsewhere: School
) -> None:
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "4"}
    made = door.asking(school.teacher).post("/marks", json=mark).json
    client = one_human(door, school.mother, elsewhere.glebs_mother)
    client.get(f"/?school={elsewhere.id}")
    path = f"/mark/{made['id']}?student={school.anna.person_id}"
    missing = shown(client.get(path), "Вы связаны с несколькими школами", status=404)
    link = re.search(r'href="(/mark/[^"]+)">Лицей<', missing)
    assert link
    shown(client.get(unescape(link[1])), "Смирнова Анна", f'href="/marks/{school.anna.person_id}"')
    assert "несколькими школами" not in shown(client.get("/no/such/page"), status=404)
    assert "несколькими школами" not in shown(door.visit(school.father).get("/mark/" + made["id"]), status=404)


def test_a_teacher_of_one_school_finds_the_child_in_another_and_the_way_back(
    door: Site, school: School, elsewhere: School
) -> None:
    client = one_human(door, school.teacher, elsewhere.glebs_mother)
    day = shown(client.get("/day"))
    assert menu(day, "Отметки") is None, "of a child of this school"
    diary = shown(client.get(str(menu(day, "Дневник"))), "Соколов Глеб", "Гимназия № 5")
    gleb = elsewhere.gleb.person_id
    assert menu(diary, "Мой день") is None
    assert menu(diary, "Неделя") == f"/week/students/{gleb}"
    shown(client.get(str(menu(diary, "Отметки"))), "Соколов Глеб")
    assert client.get(f"/?school={school.id}").headers["Location"] == "/day"
    assert menu(shown(client.get("/day")), "Журналы") == "/courses"
    away = client.get(f"/diary/{gleb}")  # a page of before, under the other school
    assert (away.status_code, away.headers["Location"]) == (303, f"/diary/{gleb}?school={elsewhere.id}")


def test_a_teacher_without_children_has_no_diary_in_the_menu(door: Site, school: School, elsewhere: School) -> None:
    client = one_human(door, school.teacher, elsewhere.other_teacher)
    assert menu(shown(client.get("/day")), "Дневник") is None


def test_the_child_that_was_chosen_stays_so_after_a_page_of_no_child(door: Site, school: School) -> None:
    client = door.visit(school.other_mother)
    first = shown(client.get("/diary", follow_redirects=True), "Кузнецов Борис")
    client.get(choice(first)["Попова Вера, 7А"])
    assert menu(shown(client.get("/password")), "Дневник") == "/diary"
    for path, goal in (("/diary", "/diary/"), ("/marks", "/marks/"), ("/week", "/week/students/")):
        assert client.get(path).headers["Location"] == f"{goal}{school.vera.person_id}"


def test_who_signs_out_or_is_another_leaves_no_chosen_child(door: Site, school: School) -> None:
    client = door.visit(school.other_mother)
    client.get(f"/diary/{school.vera.person_id}")
    client.set_cookie("access", door.token(school.mother))
    assert client.get("/diary").headers["Location"] == f"/diary/{school.anna.person_id}"
    send(client, "/password", "/logout")
    assert client.get_cookie("child") is None


def test_a_child_of_another_class_alone_needs_no_name_of_a_school(door: Site, school: School) -> None:
    page = shown(door.visit(school.other_mother).get("/diary", follow_redirects=True))
    children = re.search(r'<nav aria-label="Дети".*?</nav>', page, re.DOTALL)
    assert children
    assert "Лицей" not in children[0]


def test_a_student_of_two_schools_ticks_homework_in_the_school_of_its_page(
    door: Site, school: School, elsewhere: School
) -> None:
    answer = door.asking(school.teacher).patch(
        f"/lessons/{school.lesson}", json={"homework": "№ 12"}, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 200
    client = one_human(door, school.anna, elsewhere.gleb)
    page = shown(client.get(f"/diary/{school.anna.person_id}?school={school.id}"))
    form = re.search(r'<form method="post" class="tick" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[2]))
    client.get(f"/?school={elsewhere.id}")  # in another tab
    ticked = client.post(unescape(form[1]), data=fields)
    assert ticked.status_code == 303
    assert 'aria-pressed="true"' in shown(client.get(ticked.headers["Location"]))
