"""What pages let a browser keep for when there is no connection, and for whom; what makes the diary an app."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from kernel.auth import Actor
from tests.gateway.site import Site, csrf
from tests.kit.people import PASSWORD, TODAY
from tests.kit.town import School

KEEPS_FOR, KEEP = "Lyceum-Keeps-For", "Lyceum-Keep"
MONDAY = TODAY - timedelta(days=TODAY.weekday())


def sign_in(door: Site, client: FlaskClient, actor: Actor, *, own: bool) -> FlaskClient:
    """By the form, on a device that is the person's own or not."""
    form = {"login": door.login(actor), "password": PASSWORD, "csrf_token": csrf(client, "/login")}
    answer = client.post("/login", data={**form, **({"own_device": "1"} if own else {})})
    assert answer.status_code == 303
    return client


def at_home(door: Site, actor: Actor) -> FlaskClient:
    """A browser on the person's own device."""
    return sign_in(door, door.app.test_client(), actor, own=True)


def allowed(client: FlaskClient, path: str) -> tuple[str | None, str | None]:
    """For whom the page lets the browser keep anything, and what of it."""
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.headers.get(KEEPS_FOR), answer.headers.get(KEEP)


def of_diary(student_id: UUID | None) -> str:
    return f"/diary/{student_id}"


def test_a_parent_keeps_the_week_of_the_diary_and_no_other_page_on_an_own_device(door: Site, school: School) -> None:
    client, anna = at_home(door, school.mother), school.anna.person_id
    mother = str(school.mother.account_id)
    assert allowed(client, of_diary(anna)) == (mother, f"{anna} {MONDAY}")
    earlier = TODAY - timedelta(days=14)
    assert allowed(client, f"/diary/{anna}?date={earlier}") == (mother, f"{anna} {MONDAY - timedelta(days=14)}")
    for path in (f"/marks/{anna}", f"/marks/{anna}/terms", f"/week/students/{anna}", "/sign-ins", "/password"):
        assert allowed(client, path) == (mother, None), path


def test_a_student_keeps_the_own_week(door: Site, school: School) -> None:
    client, anna = at_home(door, school.anna), school.anna.person_id
    assert allowed(client, of_diary(anna)) == (str(school.anna.account_id), f"{anna} {MONDAY}")


def test_a_page_says_of_when_it_is_only_where_it_is_kept(door: Site, school: School) -> None:
    path = of_diary(school.anna.person_id)
    kept, not_kept = at_home(door, school.mother).get(path).text, door.visit(school.mother).get(path).text
    said = re.search(r"<template data-kept>(.*?)</template>", kept)
    assert said
    assert re.search(r"каким он был \d{1,2} \w+ в \d\d:\d\d\.", said[1])
    for part in ("data-kept", "data-keeps", "offline/start.js"):
        assert part in kept
        assert part not in not_kept


def test_nothing_is_kept_on_a_shared_device(door: Site, school: School) -> None:
    for actor in (school.mother, school.anna):
        assert allowed(door.visit(actor), of_diary(school.anna.person_id)) == ("nobody", None)


def test_staff_keep_nothing_even_of_a_diary_that_they_may_read(door: Site, school: School) -> None:
    client = at_home(door, school.homeroom_a)
    assert allowed(client, of_diary(school.anna.person_id)) == ("nobody", None)
    assert allowed(client, "/day") == ("nobody", None)


def test_a_diary_that_is_not_the_visitors_lets_nothing_be_kept(door: Site, school: School) -> None:
    client = at_home(door, school.mother)
    answer = client.get(of_diary(school.gleb.person_id))
    assert (answer.status_code, answer.headers.get(KEEP)) == (404, None)
    school.consent(school.mother, school.anna, "portal", granted=False)
    door.carry()
    answer = client.get(of_diary(school.anna.person_id))
    assert (answer.status_code, answer.headers.get(KEEP)) == (404, None)


def test_the_page_for_signing_in_lets_nothing_be_kept_of_anybody(door: Site, school: School) -> None:
    client = at_home(door, school.mother)
    assert allowed(client, "/login") == ("nobody", None)
    assert allowed(door.app.test_client(), "/login") == ("nobody", None)


def test_a_page_that_does_not_know_who_asks_says_nothing(door: Site) -> None:
    assert allowed(door.app.test_client(), "/no-connection") == (None, None)


def test_the_choice_is_withdrawn_on_the_page_of_the_own_sign_ins(door: Site, school: School) -> None:
    client = at_home(door, school.mother)
    path = of_diary(school.anna.person_id)
    page = client.get("/sign-ins").text
    assert "оно ваше личное" in page
    answer = client.post("/sign-ins/shared", data={"csrf_token": csrf(client, "/sign-ins")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-ins")
    cookies = {one.partition("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}
    assert "Max-Age=0" in cookies["stay"]
    assert all("Max-Age" not in cookies[name] for name in ("access", "refresh")), "they would outlive the browser"
    assert allowed(client, path) == ("nobody", None)
    assert "Оно считается общим" in client.get("/sign-ins").text


def test_who_signs_in_after_somebody_on_their_own_device_does_not_inherit_the_choice(
    door: Site, school: School
) -> None:
    client = at_home(door, school.mother)
    sign_in(door, client, school.other_mother, own=False)
    assert client.get_cookie("stay") is None
    assert allowed(client, of_diary(school.boris.person_id)) == ("nobody", None)


def test_signing_out_takes_the_choice_back(door: Site, school: School) -> None:
    client = at_home(door, school.mother)
    client.post("/logout", data={"csrf_token": csrf(client, "/sign-ins")})
    assert client.get_cookie("stay") is None
    assert allowed(client, "/login") == ("nobody", None)


@pytest.mark.parametrize(("code", "name"), [("ru", "Электронный дневник"), ("en", "Electronic diary")])
def test_the_manifest_names_the_diary_and_its_pictures(door: Site, code: str, name: str) -> None:
    client = door.app.test_client()
    answer = client.get(f"/manifest/{code}")
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.json
    assert manifest is not None
    assert (manifest["name"], manifest["lang"], manifest["start_url"]) == (name, code, "/diary")
    sizes = {icon["sizes"] for icon in manifest["icons"] if icon["type"] == "image/png"}
    assert {"192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as picture:
            assert (picture.status_code, picture.mimetype) == (200, icon["type"])
    assert client.get("/manifest/de").status_code == 404


def test_families_pages_lead_to_the_manifest_in_their_language(door: Site, school: School) -> None:
    assert '<link rel="manifest" href="/manifest/ru">' in door.visit(school.mother).get("/sign-ins").text
    assert 'rel="manifest"' not in door.visit(school.teacher).get("/sign-ins").text


def test_the_worker_serves_all_pages_and_may_load_and_ask_this_server_alone(door: Site) -> None:
    client = door.app.test_client()
    answer = client.get("/worker.js")
    assert answer.mimetype == "text/javascript"
    policy = answer.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    addresses = re.findall(r'"(/[^"]+)"', answer.text)
    assert "/no-connection" in addresses
    for address in addresses:
        with client.get(address) as found:
            assert found.status_code == 200, address
