"""The page of consents."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kernel.auth import Actor
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.town import School


def path_of(actor: Actor) -> str:
    return f"/people/{actor.person_id}/consents"


def form_of(guardian: Actor, student: Actor, **button: str) -> dict[str, str]:
    return {"guardian_id": str(guardian.person_id), "student_id": str(student.person_id), **button}


def test_a_consent_on_paper_is_entered_and_withdrawn_on_the_page(door: Site, school: School) -> None:
    client, page = door.visit(school.methodologist), path_of(school.gleb)
    assert page in shown(client.get("/people?query=Соколов"), "Согласия")
    shown(client.get(page), "Соколов Глеб", "не дано", "Отозвать…")
    given = send(client, page, **form_of(school.glebs_mother, school.gleb, give="email"))
    assert (given.status_code, given.headers["Location"]) == (303, page)
    entered = shown(client.get(page), "Согласие внесено.", "Иванова Мария")
    assert entered.count('name="withdraw"') == 2
    assert "писем о ребёнке больше не получит" in entered
    assert send(client, page, **form_of(school.glebs_mother, school.gleb, withdraw="email")).status_code == 303
    shown(client.get(page), "Согласие отозвано.", '<td data-label="Согласие">отозвано</td>')


def test_a_withdrawn_consent_closes_the_diary(door: Site, school: School) -> None:
    mother = door.visit(school.mother)
    diary = f"/diary/{school.anna.person_id}"
    assert mother.get(diary).status_code == 200
    office, page = door.visit(school.director), path_of(school.mother)
    assert send(office, page, **form_of(school.mother, school.anna, withdraw="portal")).status_code == 303
    door.carry()
    assert mother.get(diary).status_code == 404


def test_a_refused_consent_is_told_beside_the_family_that_it_is_about(door: Site, school: School) -> None:
    client, page = door.visit(school.methodologist), path_of(school.anna)
    unknown = shown(send(client, page, **form_of(school.mother, school.anna, give="fax")), status=422)
    assert unknown.index('role="alert"') > unknown.index('id="pair-1"')
    strange = shown(send(client, page, **form_of(school.mother, school.gleb, give="email")), status=404)
    assert strange.index('role="alert"') < strange.index('id="pair-1"')


def test_a_person_without_family_has_nothing_to_consent_to(door: Site, school: School) -> None:
    shown(door.visit(school.director).get(path_of(school.teacher)), "Семьи появляются при загрузке")


@pytest.mark.parametrize("who", ["teacher", "mother", "boris"])
def test_consents_are_for_those_who_keep_the_records(door: Site, school: School, who: str) -> None:
    assert door.visit(getattr(school, who)).get(path_of(school.boris)).status_code == 403


def test_people_who_are_not_of_this_school_have_no_page_of_consents(door: Site, school: School) -> None:
    elsewhere = School(door.school.town)
    client = door.visit(school.methodologist)
    for person_id in (elsewhere.boris.person_id, uuid4()):
        assert client.get(f"/people/{person_id}/consents").status_code == 404
