"""The page of the own password."""

from __future__ import annotations

import pytest

from tests.gateway.pages.test_pages import send, shown
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
