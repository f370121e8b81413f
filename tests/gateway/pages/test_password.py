"""The page of the own password."""

from __future__ import annotations

import re

import pytest

from tests.gateway.pages.test_pages import send, shown
from tests.gateway.rest.test_sessions import issued_to
from tests.gateway.site import Site
from tests.kit.people import PASSWORD, add_operator
from tests.kit.town import School

NEW = "a longer word than that"


def test_a_changed_password_ends_the_other_sessions_and_not_this_one(door: Site, school: School) -> None:
    here, elsewhere = door.visit(school.mother), door.visit(school.mother)
    changed = send(here, "/password", old_password=PASSWORD, new_password=NEW, repeated=NEW)
    assert (changed.status_code, changed.headers["Location"]) == (303, "/")
    door.carry()
    shown(here.get("/", follow_redirects=True), "Пароль изменён.", 'href="/password"')
    assert elsewhere.get("/password").headers["Location"].startswith("/login")
    login = door.login(school.mother)
    stranger = door.app.test_client()
    assert send(stranger, "/login", login=login, password=PASSWORD).status_code == 401
    assert send(stranger, "/login", login=login, password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("typed", "field", "status"),
    [
        ({"old_password": "guessed"}, "old_password", 403),
        ({"new_password": "short", "repeated": "short"}, "new_password", 422),
        ({"new_password": PASSWORD, "repeated": PASSWORD}, "new_password", 422),
        ({"repeated": "something else"}, "repeated", 422),
        ({"old_password": ""}, "old_password", 422),
    ],
)
def test_what_is_wrong_with_a_password_is_told_at_its_field_and_no_password_is_given_back(
    door: Site, school: School, typed: dict[str, str], field: str, status: int
) -> None:
    client = door.visit(school.teacher)
    form = {"old_password": PASSWORD, "new_password": NEW, "repeated": NEW, **typed}
    page = shown(send(client, "/password", **form), f'id="fault-{field}"', "Пароль не изменён.", status=status)
    assert page.count("invalid-feedback") == 1
    for word in filter(None, form.values()):
        assert f'"{word}"' not in page


def test_a_form_of_an_ended_session_gives_no_password_back(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    form = {"csrf_token": "of another day", "old_password": PASSWORD, "new_password": NEW, "repeated": NEW}
    origin = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    refused = client.post("/password", data=form, headers=origin)
    page = shown(refused, status=400)
    assert PASSWORD not in page
    assert NEW not in page
    assert 'name="account"' not in shown(client.get("/password"))


def test_everybody_who_signed_in_has_a_page_for_the_password_and_nobody_else(door: Site, school: School) -> None:
    for who in (school.boris, school.director, add_operator(school.identity)):
        shown(door.visit(who).get("/password"), "На всех других устройствах")
    assert door.app.test_client().get("/password").headers["Location"].startswith("/login")


def test_s08_who_signs_in_with_an_issued_password_replaces_it_and_goes_where_they_wanted(
    door: Site, school: School
) -> None:
    slip, client = issued_to(door, school), door.app.test_client()
    signed_in = send(client, "/login", login=slip["login"], password=slip["password"], next="/courses?all=1")
    assert signed_in.headers["Location"] == "/courses?all=1"
    away = client.get("/courses?all=1")
    assert (away.status_code, away.headers["Location"]) == (303, "/password?next=/courses?all%3D1")
    page = shown(client.get(away.headers["Location"]), "Пароль придумала школа", "Пароль с карточки", "/courses?all=1")
    assert "/sign-ins" not in page
    form = {"old_password": slip["password"], "new_password": NEW, "next": "/courses?all=1"}
    again = shown(send(client, "/password", **form, repeated="else"), "/courses?all=1", status=422)
    assert "Пароль придумала школа" in again
    changed = send(client, "/password", **form, repeated=NEW)
    assert (changed.status_code, changed.headers["Location"]) == (303, "/courses?all=1")
    shown(client.get("/courses?all=1"), "Пароль изменён.")


def test_s08_what_is_sent_with_an_issued_password_is_refused(door: Site, school: School) -> None:
    slip, client = issued_to(door, school), door.app.test_client()
    send(client, "/login", login=slip["login"], password=slip["password"])
    shown(send(client, "/password", "/people/contact-of-nobody", email="a@b.example"), status=404)
    refused = send(client, "/password", f"/people/{school.anna.person_id}/contact", email="a@b.example")
    shown(refused, "Сначала смените пароль", status=403)


def test_the_own_sign_ins_are_shown_and_ended_one_by_one(door: Site, school: School) -> None:
    here, there = door.visit(school.mother), door.visit(school.mother)
    page = shown(here.get("/sign-ins"), "это устройство", "127.0.0.0/24")
    (session_id,) = re.findall(r'name="session_id" value="([^"]+)"', page)
    ended = send(here, "/sign-ins", "/sign-ins/end", session_id=session_id)
    assert (ended.status_code, ended.headers["Location"]) == (303, "/sign-ins")
    shown(here.get("/sign-ins"), "Там выполнен выход.")
    door.carry()
    assert there.get("/").headers["Location"].startswith("/login")
    send(here, "/sign-ins", "/sign-ins/end", session_id=session_id)
    shown(here.get("/sign-ins"), "Там уже выполнен выход.")
    shown(send(here, "/sign-ins", "/sign-ins/end", session_id="no id"), status=422)


def test_s20_signing_in_again_in_the_same_browser_ends_its_session_until_then(door: Site, school: School) -> None:
    client = door.visit(school.mother)
    earlier = client.get_cookie("access")
    assert earlier
    send(client, "/login", login=door.login(school.boris), password=PASSWORD)
    door.carry()
    thief = door.app.test_client()
    thief.set_cookie("access", earlier.value)
    assert thief.get("/").headers["Location"].startswith("/login")
    assert client.get("/", follow_redirects=True).status_code == 200


def test_a_browser_gets_its_id_once_somebody_has_signed_in_and_keeps_it(door: Site, school: School) -> None:
    client = door.app.test_client()
    send(client, "/login", login=door.login(school.mother), password="not the password")
    assert client.get_cookie("device") is None
    send(client, "/login", login=door.login(school.mother), password=PASSWORD)
    first = client.get_cookie("device")
    send(client, "/password", "/logout")
    send(client, "/login", login=door.login(school.boris), password=PASSWORD)
    again = client.get_cookie("device")
    assert first
    assert again
    assert (first.decoded_value, first.http_only, first.same_site) == (again.decoded_value, True, "Lax")


def test_where_the_session_cannot_be_renewed_the_new_password_opens_the_next_one(door: Site, school: School) -> None:
    slip, client = issued_to(door, school), door.app.test_client()
    send(client, "/login", login=slip["login"], password=slip["password"])
    client.set_cookie("refresh", "not the one")
    changed = send(client, "/password", old_password=slip["password"], new_password=NEW, repeated=NEW)
    assert (changed.status_code, changed.headers["Location"]) == (303, "/login")
    shown(client.get("/login"), "Пароль изменён. Войдите с ним.")
    assert send(client, "/login", login=slip["login"], password=NEW).status_code == 303
    shown(client.get("/courses"))
