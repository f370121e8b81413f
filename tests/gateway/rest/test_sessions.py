"""Signing in, staying signed in, signing out."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest
from flask.testing import FlaskClient
from uuid_utils.compat import uuid7

from contracts.identity.sessions import SessionRevoked
from gateway.door.auth import CLOCKS_DIFFER, NO_SUCH_METHOD
from gateway.door.sign_ins import KNOWN_SIGN_INS, SIGN_INS
from kernel.auth import Actor, human_claims
from kernel.clock import now
from kernel.errors import Invalid, Unavailable
from kernel.waiting import eventually
from services.identity.sessions import rules as sessions_rules
from tests.gateway.answers import answered, refused, same_refusal
from tests.gateway.site import Site, csrf
from tests.kit.credentials import issue
from tests.kit.people import PASSWORD
from tests.kit.town import School

SESSIONS = "/api/v1/sessions"


def opened(door: Site, login: str, password: str = PASSWORD):
    return door.app.test_client().post(SESSIONS, json={"login": login, "password": password})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_login_and_password_give_tokens_that_work(door: Site, school: School) -> None:
    tokens = answered(opened(door, door.login(school.teacher)), 201)
    me = door.app.test_client().get("/api/v1/me", headers=bearer(tokens["access_token"]))
    (place,) = answered(me)["memberships"]
    assert (place["school_id"], place["roles"]) == (str(school.id), ["teacher"])
    assert 0 < tokens["expires_in"] <= 600


def test_a_wrong_password_and_an_unknown_login_are_refused_alike(door: Site, school: School) -> None:
    wrong, unknown = opened(door, door.login(school.teacher), "not the password"), opened(door, "nobody-at-all")
    refused(wrong, 401)
    assert wrong.headers["WWW-Authenticate"].startswith("Bearer")
    same_refusal(wrong, unknown)


def test_refreshing_gives_new_tokens_and_an_older_one_used_again_ends_the_session(door: Site, school: School) -> None:
    client = door.app.test_client()
    first = answered(opened(door, door.login(school.teacher)), 201)
    second = answered(client.post(f"{SESSIONS}/refresh", json={"refresh_token": first["refresh_token"]}))
    third = answered(client.post(f"{SESSIONS}/refresh", json={"refresh_token": second["refresh_token"]}))
    assert len({one["refresh_token"] for one in (first, second, third)}) == 3
    refused(client.post(f"{SESSIONS}/refresh", json={"refresh_token": first["refresh_token"]}), 401, "refresh-invalid")
    refused(client.post(f"{SESSIONS}/refresh", json={"refresh_token": third["refresh_token"]}), 401, "refresh-invalid")
    door.carry()  # the news that the session was ended
    refused(client.get("/api/v1/me", headers=bearer(third["access_token"])), 401, "session-ended")


def test_signing_out_ends_the_session_at_once(door: Site, school: School) -> None:
    client = door.app.test_client()
    tokens = answered(opened(door, door.login(school.teacher)), 201)
    gone = client.delete(f"{SESSIONS}/current", headers=bearer(tokens["access_token"]))
    assert (gone.status_code, gone.data) == (204, b"")
    refused(client.get("/api/v1/me", headers=bearer(tokens["access_token"])), 401, "session-ended")
    refused(client.post(f"{SESSIONS}/refresh", json={"refresh_token": tokens["refresh_token"]}), 401)


def test_a_session_revoked_elsewhere_is_refused_and_others_go_on(door: Site, school: School) -> None:
    ended, goes_on = door.asking(school.teacher), door.asking(school.other_teacher)
    door.bus.announce(SessionRevoked(session_id=school.teacher.session_id))
    refused(ended.get("/me"), 401, "session-ended")
    assert goes_on.get("/me").status_code == 200


def test_many_failures_at_one_login_make_wait_and_say_how_long(
    door: Site, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now()  # the wait is of a second, and a busy machine takes longer from guess to guess
    monkeypatch.setattr("services.identity.sessions.entrypoints.now", lambda: moment)
    login = door.login(school.teacher)
    answers = [opened(door, login, "not the password") for _ in range(sessions_rules.PLACE.free + 2)]
    refused(answers[0], 401)
    refused(answers[-1], 429)
    assert answers[-1].headers["Retry-After"] == "1"
    refused(opened(door, login), 429)  # the right password waits too: else it could be told from the others


def flooded(door: Site, client: FlaskClient) -> Any:
    """The first of many empty requests to sign in that is too much for its second."""
    for _ in range(20 * int(SIGN_INS.split()[0])):
        answer = client.post(SESSIONS, json={})
        if answer.status_code == 429:
            return answer
        refused(answer, 422)
    raise AssertionError("the door took every request")


def test_an_address_may_ask_so_often_a_second_and_the_next_second_begins_anew(door: Site, school: School) -> None:
    client = door.app.test_client()
    throttled = flooded(door, client)
    refused(throttled, 429, "throttled")
    assert throttled.headers["Retry-After"] == "1"
    login = door.login(school.teacher)
    eventually(lambda: opened(door, login).status_code == 201, 5, "somebody at the same address is let in")


def test_a_browser_in_which_somebody_signed_in_is_let_in_whatever_comes_from_its_address(
    door: Site, school: School
) -> None:
    browser = door.visit(school.teacher)
    form = {"login": door.login(school.teacher), "password": PASSWORD, "csrf_token": csrf(browser, "/login")}
    for _ in range(3):
        flooded(door, door.app.test_client())
        assert browser.post("/login", data=form).status_code == 303
        form["csrf_token"] = csrf(browser, "/login")


def flooded_from(door: Site, addresses: list[str]) -> bool:
    """Whether requests from these addresses in turn are too many for a second."""
    client, turns = door.app.test_client(), cycle(addresses)
    answers = (
        client.post(SESSIONS, json={}, environ_base={"REMOTE_ADDR": next(turns)})
        for _ in range(20 * int(SIGN_INS.split()[0]))
    )
    return any(answer.status_code == 429 for answer in answers)


def test_all_addresses_of_an_ipv6_network_are_counted_together_and_those_of_two_are_not(door: Site) -> None:
    assert flooded_from(door, [f"2001:db8::{number:x}" for number in range(200)])
    assert not flooded_from(door, [f"2001:db8:1:{number:x}::1" for number in range(200)])


@pytest.mark.parametrize("agent", ["", "curl/8", "Chrome/14\x9b5", "Opera/9 Version/" + "A" * 300, "Chrome/1<script>"])
def test_whatever_a_browser_calls_itself_one_signs_in(door: Site, school: School, agent: str) -> None:
    body = {"login": door.login(school.teacher), "password": PASSWORD}
    answered(door.app.test_client().post(SESSIONS, json=body, headers={"User-Agent": agent}), 201)


def test_a_made_up_browser_is_counted_with_its_address(door: Site) -> None:
    client = door.app.test_client()
    flooded(door, client)
    for made_up in ("abc", "ImFiYyI.c2lnbmF0dXJl", ""):
        client.set_cookie("device", made_up)
        flooded(door, client)


def test_the_own_password_is_replaced_and_other_sessions_end(door: Site, school: School) -> None:
    login = door.login(school.teacher)
    here, elsewhere = (answered(opened(door, login), 201) for _ in range(2))
    client = door.app.test_client()
    body = {"old_password": PASSWORD, "new_password": "a longer word than that"}
    changed = client.put("/api/v1/me/password", json=body, headers=bearer(here["access_token"]))
    assert changed.status_code == 204, changed.text
    door.carry()
    refused(client.get("/api/v1/me", headers=bearer(elsewhere["access_token"])), 401, "session-ended")
    assert client.get("/api/v1/me", headers=bearer(here["access_token"])).status_code == 200
    refused(opened(door, login), 401)
    answered(opened(door, login, "a longer word than that"), 201)


def test_a_wrong_old_password_changes_nothing(door: Site, school: School) -> None:
    login = door.login(school.teacher)
    body = {"old_password": "guessed", "new_password": "a longer word than that"}
    refused(door.asking(school.teacher).put("/me/password", json=body), 403, "wrong-password", "old_password")
    answered(opened(door, login), 201)


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        (None, "token-missing"),
        ("", "token-missing"),
        ("Basic dXNlcjpwYXNz", "token-missing"),
        ("Bearer", "token-missing"),
        ("Bearer  ", "token-missing"),
        ("Bearer not.a.token", "token-invalid"),
        ("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "token-invalid"),
        ("Bearer \u043a\u043b\u044e\u0447", "token-invalid"),
        ("Bearer " + "x" * 8000, "token-invalid"),
    ],
)
def test_a_header_without_a_good_token_is_refused(door: Site, header: str | None, rule: str) -> None:
    headers = {} if header is None else {"Authorization": header.encode().decode("latin-1")}
    answer = door.app.test_client().get("/api/v1/me", headers=headers)
    refused(answer, 401, rule)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_a_services_token_and_a_changed_one_are_refused(door: Site, school: School) -> None:
    client = door.app.test_client()
    expired = door.token(school.teacher, seconds=-1)
    refused(client.get("/api/v1/me", headers=bearer(expired)), 401, "token-expired")
    refused(client.get("/api/v1/me", headers=bearer(door.signer.service_token())), 401, "token-invalid")
    good = door.token(school.teacher)
    head, payload, signature = good.split(".")
    changed = f"{head}.{payload}.{signature[:-4]}{'AAAA' if signature[-4:] != 'AAAA' else 'BBBB'}"
    refused(client.get("/api/v1/me", headers=bearer(changed)), 401, "token-invalid")


def test_an_account_in_two_schools_says_in_which_it_acts(door: Site, school: School) -> None:
    other = School(door.town)
    client = door.app.test_client()
    headers = bearer(door.token(school.teacher, other.teacher))
    refused(client.get("/api/v1/courses", headers=headers), 403, "school-required", "Lyceum-School")
    for at in (school, other):
        found = client.get("/api/v1/courses?mine=true", headers={**headers, "Lyceum-School": str(at.id)})
        assert [course["id"] for course in answered(found)["courses"]] == [str(at.algebra)]
    stranger = client.get("/api/v1/courses", headers={**headers, "Lyceum-School": str(uuid7())})
    refused(stranger, 403, "no-membership")
    malformed = client.get("/api/v1/courses", headers={**headers, "Lyceum-School": "лицей".encode().decode("latin-1")})
    refused(malformed, 422, "uuid", "Lyceum-School")


def test_a_page_learns_whose_session_it_is_without_a_service(door: Site, school: School) -> None:
    other = School(door.town)
    headers = {**bearer(door.token(school.teacher, other.mother)), "Accept-Language": "en"}
    told = answered(door.app.test_client().get("/api/v1/session", headers=headers))
    assert 0 <= told.pop("rights_age") < 60
    assert len(base64.b64decode(told.pop("outbox_key"))) == 32
    assert told == {
        "account_id": str(school.teacher.account_id),
        "roles": [],
        "schools": [
            {"school_id": str(school.id), "person_id": str(school.teacher.person_id), "roles": ["teacher"]},
            {"school_id": str(other.id), "person_id": str(other.mother.person_id), "roles": ["parent"]},
        ],
        "language": "en",
    }
    assert door.bus.calls == []


def test_the_key_of_what_is_not_saved_is_an_accounts_own_and_the_same_at_every_sign_in(
    door: Site, school: School
) -> None:
    def key(who: Actor) -> str:
        told = answered(door.app.test_client().get("/api/v1/session", headers=bearer(door.token(who))))
        return str(told["outbox_key"])

    mother = key(school.mother)
    assert mother == key(school.mother)
    assert mother == key(replace(school.mother, session_id=uuid7()))
    assert mother != key(school.father)


def test_rights_are_as_old_as_the_token_that_names_them(door: Site, school: School) -> None:
    claims = human_claims(school.teacher.account_id, school.teacher.session_id, ())
    token = door.signer.sign(claims, 300, now=time.time() - 200)
    told = answered(door.app.test_client().get("/api/v1/session", headers=bearer(token)))
    assert 200 <= told["rights_age"] < 260


def test_a_session_that_is_over_is_told_without_a_service(door: Site, school: School) -> None:
    client = door.app.test_client()
    refused(client.get("/api/v1/session"), 401, "token-missing")
    refused(client.get("/api/v1/session", headers=bearer(door.token(school.teacher, seconds=-1))), 401, "token-expired")
    door.bus.announce(SessionRevoked(session_id=school.teacher.session_id))
    refused(client.get("/api/v1/session", headers=bearer(door.token(school.teacher))), 401, "session-ended")
    assert door.bus.calls == []


def hears_from_now_on(door: Site) -> None:
    """As a gateway that was started this moment: of the sessions that ended before, it has heard nothing."""
    door.bus.hears_since = time.time()


def test_s07_a_gateway_that_was_started_again_honours_no_session_that_ended_before(door: Site, school: School) -> None:
    tokens = answered(opened(door, door.login(school.teacher)), 201)
    closed = door.app.test_client().delete(f"{SESSIONS}/current", headers=bearer(tokens["access_token"]))
    assert closed.status_code == 204
    door.app.extensions["lyceum"].tokens.ended.forget()
    hears_from_now_on(door)
    for _ in range(2):
        refused(
            door.app.test_client().get("/api/v1/courses", headers=bearer(tokens["access_token"])), 401, "session-ended"
        )
    assert [name for name, _ in door.bus.calls].count("identity.check_session") == 1


def test_s07_a_session_that_goes_on_is_asked_about_once_and_a_later_one_never(door: Site, school: School) -> None:
    before = answered(opened(door, door.login(school.teacher)), 201)["access_token"]
    hears_from_now_on(door)
    later = door.signer.sign(
        human_claims(school.anna.account_id, uuid7(), ()), 300, now=time.time() + CLOCKS_DIFFER + 1
    )
    door.bus.calls.clear()
    for token in (before, before, later):
        answered(door.app.test_client().get("/api/v1/session", headers=bearer(token)))
    assert [name for name, _ in door.bus.calls] == ["identity.check_session"]


def test_s07_while_nobody_can_say_whether_a_session_goes_on_it_opens_nothing(door: Site, school: School) -> None:
    token = answered(opened(door, door.login(school.teacher)), 201)["access_token"]
    for since in (time.time(), None):
        door.bus.hears_since = since
        with door.bus.without("identity", Unavailable("The service identity is away.")):
            refused(door.app.test_client().get("/api/v1/courses", headers=bearer(token)), 503)
    assert door.app.test_client().get("/api/v1/courses", headers=bearer(token)).status_code == 200


def test_an_identity_of_the_version_before_that_cannot_say_shuts_nobody_out(door: Site, school: School) -> None:
    token = answered(opened(door, door.login(school.teacher)), 201)["access_token"]
    hears_from_now_on(door)
    with door.bus.without("identity", Invalid("There is no such method.", rule=NO_SUCH_METHOD)):
        assert door.app.test_client().get("/api/v1/courses", headers=bearer(token)).status_code == 200


def test_all_known_browsers_of_an_address_have_a_limit_too(door: Site, school: School) -> None:
    clients = [door.visit(school.teacher) for _ in range(5)]
    allowed = int(KNOWN_SIGN_INS.split()[0])
    forms = [(client, {"csrf_token": csrf(client, "/login")}) for client in clients]
    # so many that one minute has more than it allows, even where another one begins between them
    rounds = 2 * allowed // len(clients) + 1
    answers = [client.post("/login", data=form).status_code for _ in range(rounds) for client, form in forms]
    assert 429 in answers
    assert 429 not in answers[: allowed - len(clients)]


def test_s08_with_an_issued_password_only_the_password_can_be_changed(door: Site, school: School) -> None:
    slip = issued_to(door, school)
    tokens = answered(opened(door, slip["login"], slip["password"]), 201)
    assert tokens["password_issued"]
    client, headers = door.app.test_client(), bearer(tokens["access_token"])
    for path in ("/courses", "/sessions", "/sessions/current", f"/students/{school.anna.person_id}/marks", "/people"):
        refused(client.get(f"/api/v1{path}", headers=headers), 403, "password-issued")
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    body = {"old_password": slip["password"], "new_password": "a longer word than that"}
    assert client.put("/api/v1/me/password", json=body, headers=headers).status_code == 204
    renewed = answered(client.post(f"{SESSIONS}/refresh", json={"refresh_token": tokens["refresh_token"]}))
    assert not renewed["password_issued"]
    assert client.get("/api/v1/courses", headers=bearer(renewed["access_token"])).status_code == 200


def issued_to(door: Site, school: School) -> dict[str, str]:
    """New credentials of the other teacher."""
    (slip,) = issue(door.bus.services["identity"], school.methodologist, school.other_teacher.person_id)
    return slip


def test_the_own_sessions_are_listed_and_ended(door: Site, school: School) -> None:
    login, client = door.login(school.teacher), door.app.test_client()
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
    body = {"login": login, "password": PASSWORD}
    tokens = [answered(client.post(SESSIONS, json=body, headers={"User-Agent": agent}), 201) for _ in range(2)]
    here, there = (bearer(one["access_token"]) for one in tokens)
    found = answered(client.get(SESSIONS, headers=here))["sessions"]
    assert [(one["current"], one["network"], one["client"]) for one in found] == [
        (False, "127.0.0.0/24", "Firefox 145.0, Windows 10"), (True, "127.0.0.0/24", "Firefox 145.0, Windows 10"),
    ]  # fmt: skip
    assert client.delete(f"{SESSIONS}/{found[0]['session_id']}", headers=here).status_code == 204
    door.carry()
    refused(client.get("/api/v1/me", headers=there), 401, "session-ended")
    refused(client.delete(f"{SESSIONS}/{found[0]['session_id']}", headers=here), 404, "no-session")
