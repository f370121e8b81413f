"""The page of people: finding them by class, credentials for everybody found, roles taken after a question."""

from __future__ import annotations

import re

from sqlalchemy import update

from contracts.identity.people import People
from kernel.contract import MANY
from services.identity.people import tables as people_tables
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.calls import call
from tests.kit.jobs import carry_out_due
from tests.kit.people import id_of
from tests.kit.town import School


def chosen(page: str, button: str) -> list[str]:
    """The people in the form that has this button."""
    (form,) = [one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if button in one]
    return re.findall(r'name="person_ids" value="([^"]+)"', form)


def ids(*people: object) -> list[str]:
    return [str(id_of(one)) for one in people]  # type: ignore[arg-type]  # Actors


def without_login(school: School, *people: object) -> None:
    """These people have no account yet."""
    with school.identity.unit_of_work.of(school.id) as session:
        at = people_tables.Person.id.in_(map(id_of, people))  # type: ignore[arg-type]  # Actors
        session.execute(update(people_tables.Person).where(at).values(account_id=None))


def test_d14_people_show_class_children_and_homeroom_and_are_found_by_class(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    address = f"/people?class_id={school.class_a}"
    students = shown(client.get(f"{address}&role=student"), "Кузнецов Борис", "Попова Вера", "Смирнова Анна")
    assert "Соколов Глеб" not in students
    assert students.count('<span class="d-block">7А</span>') == 3
    parents = shown(client.get(f"{address}&role=parent"), "Кузнецов Борис, 7А", "Попова Вера, 7А", "Смирнова Анна, 7А")
    assert "Соколов Глеб" not in parents
    shown(client.get(f"{address}&role=teacher"), "классный руководитель: 7А")
    assert "Соколов Глеб" in shown(client.get("/people?query=7б&role=student"))
    shown(client.get(f"/people?class_id={school.id}"), status=404)


def test_d14_a_page_of_people_costs_as_many_messages_as_a_long_one(door: Site, school: School) -> None:
    client, numbers = door.visit(school.methodologist), []
    for count in (1, 20):
        for _ in range(count):
            school.guardian(school.person("parent"), school.join("Ким Ян"))
        client.get("/people")  # the session is looked at now and then
        door.bus.calls.clear()
        shown(client.get(f"/people?class_id={school.class_a}"))
        numbers.append([method for method, _ in door.bus.calls])
    assert numbers[0] == numbers[1]


def test_d14_everybody_of_a_class_gets_credentials_after_one_question(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    without_login(school, school.boris, school.vera)
    search = {"query": "", "among": "student", "class_id": str(school.class_a)}
    asked = send(client, "/people", "/credentials", everybody="yes", **search)
    question = shown(asked, "Выдать учётные данные всем найденным?", "Уже имеют логин: 1.", "Смирнова")
    assert chosen(question, "Только тем, у кого нет логина: 2") == ids(school.boris, school.vera)
    everybody = chosen(question, "Всем, с заменой паролей: 3")
    assert everybody == ids(school.boris, school.vera, school.anna)
    ordered = send(client, "/people", "/credentials", person_ids=everybody, replace="yes")
    carry_out_due(door.bus.services["identity"])
    slips = shown(client.get(ordered.headers["Location"]))
    names = re.findall(r'<h2 class="h6">([^<]+)</h2>\s*<p[^>]*>(.*?)</p>', slips, re.DOTALL)
    assert [name for name, _ in names] == ["Кузнецов Борис", "Попова Вера", "Смирнова Анна"]
    assert all("ученик" in who and "7А" in who for _, who in names)


def test_d14_who_has_no_login_is_asked_about_without_a_warning(door: Site, school: School) -> None:
    without_login(school, school.gleb)
    search = {"query": "7Б", "among": "student"}
    question = shown(send(door.visit(school.methodologist), "/people", "/credentials", everybody="yes", **search))
    assert chosen(question, "Выдать учётные данные: 1") == ids(school.gleb)
    assert "Уже имеют логин" not in question


def test_d14_those_whose_credentials_somebody_else_issues_are_left_out_and_named(door: Site, school: School) -> None:
    school.join("Ким Ян", enabled=False)
    search = {"query": "", "among": "student", "class_id": str(school.class_a)}
    question = shown(send(door.visit(school.methodologist), "/people", "/credentials", everybody="yes", **search))
    assert re.search(r"Не вошли[^<]+Ким Ян\.", question)
    assert len(chosen(question, "Всем, с заменой паролей: 3")) == 3
    nobody = {"query": "", "among": "director"}
    refusal = send(door.visit(school.methodologist), "/people", "/credentials", everybody="yes", **nobody)
    shown(refusal, "Не найдено никого, кому учётные данные выдаёте вы.", status=422)


def test_d14_more_people_than_one_order_takes_are_refused(door: Site, school: School) -> None:
    name = {"given_name": "Ян", "patronymic": "", "search_name": "ким ян", "family_name": "Ким"}
    with school.identity.unit_of_work.of(school.id) as session:
        session.add_all(people_tables.Person(**name) for _ in range(MANY + 1))
    refusal = send(door.visit(school.methodologist), "/people", "/credentials", everybody="yes", query="ким")
    shown(refusal, "Найдено больше 500 человек: выберите класс или роль.", status=422)


def test_d07_the_directors_role_and_ones_own_are_taken_after_a_question_only(door: Site, school: School) -> None:
    client, other = door.visit(school.director), school.person("director", "teacher", name="Вторая Анна")
    action = f"/people/{other.person_id}/roles"
    shown(send(client, "/people", action, role="director", held="no"), "Снять роль?", "Вторая Анна: директор")
    own = f"/people/{school.director.person_id}/roles"
    shown(send(client, "/people", own, role="director", held="no"), "собственная роль", "только другой директор")
    assert directors(school) == set(ids(other, school.director))
    assert send(client, "/people", action, role="teacher", held="no").status_code == 303
    assert send(client, "/people", action, role="director", held="no", sure="yes").status_code == 303
    assert directors(school) == set(ids(school.director))
    shown(
        send(client, "/people", own, role="director", held="no", sure="yes"),
        "Школа осталась бы без директор",
        status=422,
    )


def directors(school: School) -> set[str]:
    found = call(school.identity, People.people, school.methodologist, role="director")["people"]
    return {one["id"] for one in found}


def test_d07_a_role_that_somebody_does_not_hold_is_told(door: Site, school: School) -> None:
    client, action = door.visit(school.director), f"/people/{school.teacher.person_id}/roles"
    shown(send(client, "/people", action, role="deputy", held="no"), "У этого человека такой роли нет.", status=422)
    page = shown(client.get("/people?role=teacher"))
    (taken,) = set(re.findall(r"Роль, которую снять[^>]+>(.*?)</select>", page))
    assert taken == '<option value="teacher">учитель</option>'


def test_d08_a_refused_contact_is_told_where_it_was_typed(door: Site, school: School) -> None:
    client, action = door.visit(school.methodologist), f"/people/{school.mother.person_id}/contact"
    search = {"query": "", "among": "parent", "class_id": str(school.class_a)}
    refusal = send(client, "/people", action, email="mother@example.org", phone="абв", **search)
    page = shown(refusal, "абв – не номер телефона", 'value="абв"', "<details open>", status=422)
    assert "Соколов" not in page
    kept = send(client, "/people", action, email="mother@example.org", phone="2-31-15", **search)
    assert kept.headers["Location"].endswith(f"role=parent&class_id={school.class_a}")
