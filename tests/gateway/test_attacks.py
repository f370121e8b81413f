"""Attacks on the door that have failed, and shall go on failing. Those on the servers before it: `tests/e2e`."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from markupsafe import Markup
from uuid_utils.compat import uuid7

from gateway.door.sign_ins import SIGN_INS
from gateway.rest.openapi import PREFIX
from tests.gateway.access.asking import ROUTES
from tests.gateway.answers import answered, refused
from tests.gateway.site import Site, csrf
from tests.kit.people import PASSWORD, TODAY
from tests.kit.town import School

PROXY = {
    "X-Forwarded-For": "10.9.8.7", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
    "X-Real-IP": "10.9.8.7", "Forwarded": 'for=10.9.8.7;host=evil.example;proto=https',
}  # fmt: skip
#: Where nobody may be led after signing in or choosing a language.
ELSEWHERE = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", "\r\n//evil.example", " //evil.example", "https:evil.example",
    "https:/evil.example",
    "javascript:alert(1)", "data:text/html,x", "@evil.example", ".evil.example", "evil.example", "http:///evil.example",
    "/%0d%0aLocation:https://evil.example", "/day\r\nSet-Cookie: a=b", "\x00//evil.example", "//evil.example/%2f..",
]  # fmt: skip


def sign_in(door: Site, client: Any, **more: str) -> Any:
    form = {
        "login": door.login(door.school.teacher),
        "password": PASSWORD,
        "csrf_token": csrf(client, "/login"),
        **more,
    }
    return client.post("/login", data=form)


@pytest.mark.parametrize("goal", ELSEWHERE)
def test_nobody_is_led_elsewhere(door: Site, goal: str) -> None:
    client = door.app.test_client()
    chosen = client.get("/language/en", query_string={"next": goal})
    for answer in (sign_in(door, client, next=goal), chosen):
        place = answer.headers.get("Location", "/")  # none where the text is refused
        assert place.startswith("/"), place
        assert not place.startswith(("//", "/\\")), place
        assert not set("\r\n\t\\") & set(place), place
        assert "a=b" not in answer.headers.getlist("Set-Cookie")


def test_a_session_is_never_one_that_came_with_the_browser(door: Site, school: School) -> None:
    """Session fixation: what an attacker planted is good for nothing once somebody signs in."""
    attacker, victim = door.visit(school.mother), door.app.test_client()
    planted = {}
    for name in ("access", "refresh", "lyceum_forms"):
        cookie = attacker.get_cookie(name)
        assert cookie is not None
        planted[name] = cookie.value
    victim.set_cookie("lyceum_forms", planted["lyceum_forms"])
    token = csrf(victim, "/login")
    for name in ("access", "refresh"):
        victim.set_cookie(name, planted[name])
    form = {"login": door.login(school.teacher), "password": PASSWORD, "csrf_token": token}
    assert victim.post("/login", data=form).status_code == 303
    for name in ("access", "refresh"):
        own = victim.get_cookie(name)
        assert own is not None
        assert own.value != planted[name]
    assert victim.get("/day").status_code == 200, "the teacher's page"
    assert attacker.get("/day").status_code == 403


def test_cookies_alone_open_nothing_of_the_api_to_another_site(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    body = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}
    refused(client.post(f"{PREFIX}/marks", json=body, headers={"Sec-Fetch-Site": "cross-site"}), 403, "other-site")
    refused(client.post(f"{PREFIX}/marks", json=body), 403, "other-site")


def test_what_claims_to_come_through_a_proxy_changes_nothing(door: Site, school: School) -> None:
    for path in ("/login", "/day", f"{PREFIX}/me"):
        plain, claimed = (door.app.test_client().get(path, headers=headers) for headers in ({}, PROXY))
        assert claimed.status_code == plain.status_code
        assert claimed.headers.get("Location") == plain.headers.get("Location")
        assert "Strict-Transport-Security" not in claimed.headers
        assert "evil.example" not in claimed.text + str(claimed.headers)
        assert not any("Secure" in cookie for cookie in claimed.headers.getlist("Set-Cookie"))


def test_an_address_that_is_claimed_is_not_the_one_that_is_counted(door: Site) -> None:
    client, most = door.app.test_client(), int(SIGN_INS.partition(" ")[0])
    statuses = [
        client.post(f"{PREFIX}/sessions", json={}, headers={**PROXY, "X-Forwarded-For": f"10.0.0.{number}"}).status_code
        for number in range(3 * most)
    ]
    assert set(statuses) == {422, 429}


ODD_HEADERS = [
    "a\tb",
    "\x7f",
    "é",
    "\u202e",
    "%0d%0aX-Injected: 1",
    "../../etc/passwd",
    "'; --",
    "x" * 5000,
    "<script>",
]


@pytest.mark.parametrize("name", [
    "X-Request-Id", "traceparent", "Accept-Language", "If-Match", "Idempotency-Key", "Origin", "Lyceum-Account",
])  # fmt: skip
def test_odd_bytes_in_headers_reach_no_answer(door: Site, school: School, name: str) -> None:
    for text in ODD_HEADERS:
        sent = text.encode().decode("latin-1")
        answer = door.asking(school.teacher, **{name: sent}).get("/me")
        assert answer.status_code < 500
        assert "X-Injected" not in answer.headers
        assert text not in str(answer.headers)
        assert answer.headers["X-Request-Id"] != sent


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
def test_methods_that_nothing_takes_are_refused(door: Site, method: str) -> None:
    for path in ("/login", f"{PREFIX}/me", "/static/lyceum.css"):
        assert door.app.test_client().open(path, method=method).status_code in (404, 405), path


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_is_what_the_request_line_says(door: Site, school: School, header: str) -> None:
    asking = door.asking(school.teacher, **{header: "DELETE"})
    assert asking.get("/me").status_code == 200
    assert asking.post("/sessions/current?_method=DELETE", data={"_method": "DELETE"}).status_code == 405
    assert asking.get("/me").status_code == 200, "nobody was signed out"


@pytest.mark.parametrize("address", sorted(address for address in ROUTES if not address.startswith(("GET", "DELETE"))))
def test_no_operation_takes_a_field_that_is_not_its_own(lasting: Site, address: str) -> None:
    """Mass assignment: whoever may ask is told of each field, before anything else is looked at."""
    verb, path = address.split()
    route = ROUTES[address]
    path = path.format(**dict.fromkeys(route.path_fields, uuid7()))
    grown = {
        "school_id": str(uuid7()),
        "tenant_id": str(uuid7()),
        "roles": ["director"],
        "account_id": 1,
        "is_admin": True,
    }
    own = set(route.method.command.fields)
    school = lasting.school
    people = (school.teacher, school.methodologist, school.director, school.homeroom_a, school.anna)
    answers = [lasting.asking(one, **{"If-Match": '"1"'}).open(path, method=verb, json=grown) for one in people]
    told = [answer.get_json() for answer in answers if answer.status_code == 422]
    if route.form:  # else no body is read
        assert told, [answer.status_code for answer in answers]
    assert all(set(grown) - own <= {fault["field"].split(".")[0] for fault in one["faults"]} for one in told)
    # what reads no body begins a draft, and then there is one
    begun = set() if route.form else {201, 409}
    assert {answer.status_code for answer in answers} <= {422, 403, 404} | begun


ODD_JSON = {
    "digits without end": b'{"value": ' + b"9" * 400_000 + b"}",
    "a number in a text's place": b'{"value": 1e400}',
    "a mark of byte order": b"\xef\xbb\xbf{}",
    "UTF-32": json.dumps({"value": "5"}).encode("utf-32"),
    "a hundred thousand deep": b"[" * 100_000 + b"]" * 100_000,
    "objects a hundred thousand deep": b'{"a":' * 100_000,
    "the same name twice": b'{"value": "5", "value": "2"}',
    "a text of a megabyte": b'{"comment": "' + b"x" * 1_000_000 + b'"}',
    "an infinity": b'{"value": Infinity}',
}


@pytest.mark.parametrize("kind", ODD_JSON)
def test_odd_json_is_refused_soon(lasting: Site, kind: str) -> None:
    asking, began = lasting.asking(lasting.school.teacher), time.process_time()
    answer = asking.post("/marks", data=ODD_JSON[kind], content_type="application/json")
    assert answer.status_code in (400, 422)
    assert len(answer.data) < 10_000
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "address",
    [
        "a@" * 400_000,
        "a" * 900_000 + "@b.ru",
        "a@" + "b." * 400_000,
        '"' + "\\a" * 200_000 + '"@b.ru',
        "a@" + "-" * 900_000,
    ],
)
def test_an_address_without_end_is_refused_soon(lasting: Site, address: str) -> None:
    """A pattern that tries every way to read a text would take minutes."""
    school, began = lasting.school, time.process_time()
    person = f"/people/{school.mother.person_id}/contact"
    answer = lasting.asking(school.methodologist).patch(person, json={"email": address})
    assert answer.status_code == 422
    assert time.process_time() - began < 0.5


def test_a_key_of_somebody_else_gives_nothing_of_theirs(door: Site, school: School) -> None:
    body = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}
    key = {"Idempotency-Key": "one-and-the-same"}
    answered(door.asking(school.teacher, **key).post("/marks", json=body), 201)
    stranger = door.asking(school.homeroom_a, **key).post("/marks", json=body)
    assert stranger.status_code in (403, 404)
    refused(door.asking(school.teacher, **key).post("/marks", json={**body, "value": "4"}), 409)


def test_a_login_in_letters_of_another_width_is_the_same_login_or_none(door: Site, school: School) -> None:
    """Otherwise failures would be counted anew for each way of writing it."""
    login = door.login(school.teacher)
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalnum() else letter for letter in login)
    circled = "".join(
        chr(ord("ⓐ") + ord(letter) - ord("a")) if letter.isascii() and letter.islower() else letter for letter in login
    )
    for written in (wide, circled, login.upper(), f" {login} "):
        answer = door.app.test_client().post(f"{PREFIX}/sessions", json={"login": written, "password": PASSWORD})
        assert answer.status_code in (201, 401), written


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    '#read("/etc/passwd")',
    "=1+1",
    '" onfocus="x',
    "${7*7}",
    "$$\\int$$",
]


def test_what_is_typed_is_shown_letter_for_letter(door: Site, school: School) -> None:
    """Neither HTML, nor a template, nor a formula: in a topic and in homework."""
    text = " ".join(HOSTILE)
    asking = door.asking(school.teacher, **{"If-Match": '"1"'})
    answered(asking.patch(f"/lessons/{school.lesson}", json={"topic": text, "homework": text}))
    page = door.visit(school.teacher).get(f"/day/{TODAY}").text
    assert "<script>alert" not in page
    assert ' onfocus="x' not in page
    assert text in Markup(page).unescape()
