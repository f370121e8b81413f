"""Signing in, staying signed in, signing out."""

from __future__ import annotations

import time

import pytest
from uuid_utils.compat import uuid7

from contracts.identity.sessions import SessionRevoked
from gateway.door.sign_ins import SIGN_INS
from kernel.auth import human_claims
from services.identity.sessions import rules as sessions_rules
from tests.gateway.answers import answered, refused, same_refusal
from tests.gateway.site import Site
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


def test_many_failures_at_one_login_make_wait_and_say_how_long(door: Site, school: School) -> None:
    login = door.login(school.teacher)
    answers = [opened(door, login, "not the password") for _ in range(sessions_rules.PAIR.free + 2)]
    refused(answers[0], 401)
    refused(answers[-1], 429)
    assert int(answers[-1].headers["Retry-After"]) >= 1
    refused(opened(door, login), 429)  # the right password waits too: else it could be told from the others


def test_one_address_may_try_so_often_a_minute_and_no_oftener(door: Site) -> None:
    client = door.app.test_client()
    allowed = int(SIGN_INS.split()[0])
    for _ in range(allowed):
        refused(client.post(SESSIONS, json={}), 422)
    throttled = client.post(SESSIONS, json={})
    refused(throttled, 429, "throttled")
    assert 1 <= int(throttled.headers["Retry-After"]) <= 60


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
