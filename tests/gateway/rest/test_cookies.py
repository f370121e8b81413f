"""Requests of our own pages: identified by the session's cookies, refused where another site may have sent them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from uuid_utils.compat import uuid7

from contracts.identity.sessions import SessionRevoked, Sessions
from kernel.auth import Actor
from tests.gateway.answers import answered, refused
from tests.gateway.site import Site, SiteTemplate
from tests.identity.small_bundle import SmallBundle
from tests.kit.people import PASSWORD
from tests.kit.town import School

OURS = {"Sec-Fetch-Site": "same-origin"}
#: The test client's own host, as an older browser names it.
OWN_ORIGIN = {"Origin": "http://localhost"}
#: What comes with a request that no page of this site sent.
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", **OWN_ORIGIN},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "same-origin, cross-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://localhost:8080"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "null"},
    {"Origin": ""},
]
#: What a page may not say either when it changes something.
UNKNOWN = [{}, {"Sec-Fetch-Site": "none"}]


def named(headers: dict[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in headers.items()) or "no header"


@dataclass
class Page:
    """A page of a person who signed in by the form; it sends requests as a browser's `fetch` does."""

    door: Site
    of: Actor
    client: FlaskClient

    def ask(self, method: str, path: str, headers: dict[str, str] = OURS, **more: Any) -> Any:
        account = {"Lyceum-Account": str(self.of.account_id)}
        return self.client.open(f"/api/v1{path}", method=method, headers={**account, **headers}, **more)

    def post_mark(self, headers: dict[str, str] = OURS, **more: Any) -> Any:
        school = self.door.school
        body = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}
        return self.ask("POST", "/marks", headers, **({"json": body} | more))

    def expire(self) -> None:
        """Let the access token's five minutes pass."""
        self.client.set_cookie("access", self.door.token(self.of, seconds=-1))


def opened(door: Site, who: Actor) -> Page:
    return Page(door, who, door.visit(who))


@pytest.fixture
def page(door: Site, school: School) -> Page:
    return opened(door, school.teacher)


def calls(door: Site) -> list[str]:
    return [method for method, _ in door.bus.calls]


# --- who sent it -------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [OURS, OWN_ORIGIN, {**OURS, "Origin": "https://behind.a.proxy"}], ids=named)
def test_a_page_changes_something_by_its_cookies(page: Page, headers: dict[str, str]) -> None:
    mark = answered(page.post_mark(headers), 201)
    assert mark["value"] == "5"
    history = answered(page.ask("GET", f"/marks/{mark['id']}/history"))["revisions"]
    assert [one["changed_by"] for one in history] == [str(page.of.person_id)]


@pytest.mark.parametrize("headers", [*FOREIGN, *UNKNOWN], ids=named)
def test_what_no_page_of_ours_sent_changes_nothing(page: Page, headers: dict[str, str]) -> None:
    page.expire()
    before = calls(page.door)
    answer = page.post_mark(headers)
    refused(answer, 403, "other-site")
    assert calls(page.door) == before, "no service is asked, the session is not even renewed"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("headers", FOREIGN, ids=named)
def test_what_no_page_of_ours_asks_is_not_answered(page: Page, headers: dict[str, str]) -> None:
    before = calls(page.door)
    refused(page.ask("GET", "/courses", headers), 403, "other-site")
    assert calls(page.door) == before


@pytest.mark.parametrize("headers", [OURS, OWN_ORIGIN, *UNKNOWN], ids=named)
def test_reading_needs_no_header_as_older_browsers_send_none_with_it(page: Page, headers: dict[str, str]) -> None:
    assert answered(page.ask("GET", "/courses", headers))["courses"]


def test_the_refusal_is_told_in_the_reader_s_language(page: Page) -> None:
    for language, told in (("ru", "отправила не страница этого сайта"), ("en", "not sent by a page of this site")):
        answer = page.post_mark({"Sec-Fetch-Site": "cross-site", "Accept-Language": language})
        assert told in refused(answer, 403, "other-site")["detail"]


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_a_body_that_a_form_could_send_is_refused(page: Page, media_type: str | None) -> None:
    body = b'{"value": "5"}'
    answer = page.post_mark(json=None, data=body, content_type=media_type)
    refused(answer, 415, "media-type")


@pytest.fixture
def behind_a_proxy(sites: SiteTemplate, tmp_path: Path) -> Iterator[Site]:
    (folder := tmp_path / "proxied").mkdir()
    with sites.site(folder, public_url="https://school.example", trusted_proxies=1) as made:
        yield made


def test_behind_a_proxy_the_host_is_what_the_proxy_says(behind_a_proxy: Site) -> None:
    door = behind_a_proxy
    opened = answered(
        door.app.test_client().post(
            "/api/v1/sessions", json={"login": door.login(door.school.teacher), "password": PASSWORD}
        ),
        201,
    )
    client = door.app.test_client()
    client.set_cookie("__Host-access", opened["access_token"], secure=True)
    page = Page(door, door.school.teacher, client)
    proxied = {"X-Forwarded-Host": "school.example", "X-Forwarded-Proto": "https"}
    for origin in ("http://localhost", "https://localhost", "http://school.example", "https://other.example"):
        refused(page.post_mark({"Origin": origin, **proxied}, base_url="https://localhost"), 403, "other-site")
    right = page.post_mark({"Origin": "https://school.example", **proxied}, base_url="https://localhost")
    answered(right, 201)


def test_what_claims_to_come_through_a_proxy_that_nobody_trusts_is_not_believed(page: Page) -> None:
    headers = {"Origin": "https://elsewhere.example", "X-Forwarded-Host": "elsewhere.example"}
    refused(page.post_mark({**headers, "X-Forwarded-Proto": "https"}), 403, "other-site")


# --- uploads -----------------------------------------------------------------------------------------


def upload() -> dict[str, Any]:
    return {"data": {"bundle": (io.BytesIO(SmallBundle().zip()), "school.zip"), "dry_run": "true"}}


def test_a_page_uploads_a_file_in_a_form(door: Site, school: School) -> None:
    page = opened(door, school.methodologist)
    answered(page.ask("POST", "/imports", OURS, **upload()), 202)
    answered(page.ask("POST", "/imports", OWN_ORIGIN, **upload()), 202)


@pytest.mark.parametrize("headers", [*FOREIGN, *UNKNOWN], ids=named)
def test_a_form_with_a_file_of_another_site_is_refused(door: Site, school: School, headers: dict[str, str]) -> None:
    page = opened(door, school.methodologist)
    before = calls(door)
    refused(page.ask("POST", "/imports", headers, **upload()), 403, "other-site")
    assert calls(door) == before


# --- whose session it is -----------------------------------------------------------------------------


def test_an_access_token_counts_more_than_cookies(page: Page, school: School) -> None:
    bearer = {"Authorization": f"Bearer {page.door.token(school.mother)}"}
    me = answered(page.client.get("/api/v1/me", headers={**bearer, "Sec-Fetch-Site": "cross-site"}))
    assert me["account_id"] == str(school.mother.account_id)
    page.expire()
    assert "Set-Cookie" not in page.client.get("/api/v1/me", headers=bearer).headers


@pytest.mark.parametrize("header", ["Bearer made.up.token", "Bearer", "Basic dXNlcjpwYXNz", ""])
def test_a_bad_access_token_is_refused_whatever_the_cookies_are(page: Page, header: str) -> None:
    refused(page.ask("GET", "/courses", {**OURS, "Authorization": header}), 401)


def test_without_a_session_nobody_is_let_in(door: Site, school: School) -> None:
    page = Page(door, school.teacher, door.app.test_client())
    refused(page.post_mark(), 401, "token-missing")
    page.client.set_cookie("access", "made.up.token")
    refused(page.post_mark(), 401, "token-invalid")
    page.expire()
    refused(page.post_mark(), 401, "token-expired")


def test_an_ended_session_is_refused(page: Page) -> None:
    access = page.client.get_cookie("access")
    assert access is not None
    session_id = page.door.bus.verifier.claims(access.value).session_id
    assert session_id is not None
    page.door.bus.announce(SessionRevoked(session_id=session_id))
    refused(page.post_mark(), 401, "session-ended")


def test_the_session_is_renewed_in_passing(page: Page) -> None:
    page.expire()
    answer = page.post_mark()
    answered(answer, 201)
    names = {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
    assert names == {"access", "refresh"}
    before = calls(page.door)
    answered(page.ask("GET", "/courses"))
    assert repr(Sessions.refresh_session) not in calls(page.door)[len(before) :]


def test_the_role_decides_as_with_a_token(door: Site, school: School) -> None:
    refused(opened(door, school.mother).post_mark(), 403, "role")
    refused(opened(door, school.other_teacher).ask("GET", f"/lessons/{school.lesson}"), 404)


def test_an_account_of_two_schools_says_in_which_it_acts_whatever_the_pages_last_showed(
    door: Site, school: School
) -> None:
    other = School(door.town)
    client = door.app.test_client()
    client.set_cookie("access", door.token(school.teacher, other.teacher))
    client.set_cookie("school", str(other.id))
    page = Page(door, school.teacher, client)
    refused(page.ask("GET", "/courses"), 403, "school-required", "Lyceum-School")
    found = page.ask("GET", "/courses?mine=true", {**OURS, "Lyceum-School": str(school.id)})
    assert [course["id"] for course in answered(found)["courses"]] == [str(school.algebra)]
    refused(page.ask("GET", "/courses", {**OURS, "Lyceum-School": str(uuid7())}), 403, "no-membership")


def test_signing_out_by_cookies_takes_them_back(page: Page) -> None:
    gone = page.ask("DELETE", "/sessions/current")
    assert gone.status_code == 204, gone.text
    assert page.client.get_cookie("access") is None
    assert page.client.get_cookie("refresh") is None


def test_signing_out_by_a_token_leaves_the_browser_s_session_alone(page: Page, school: School) -> None:
    bearer = {"Authorization": f"Bearer {page.door.token(school.mother)}"}
    assert page.client.delete("/api/v1/sessions/current", headers=bearer).status_code == 204
    assert page.client.get("/day").status_code == 200


# --- the account that the page was made for ------------------------------------------------------------


def test_a_page_of_another_account_changes_and_reads_nothing(door: Site, school: School) -> None:
    """A teacher left a page open, another signed in in the same browser."""
    left_open = Page(door, school.other_teacher, door.visit(school.teacher))
    before = calls(door)
    told = refused(left_open.post_mark(), 409, "other-account", "Lyceum-Account")
    assert "Ничего не сделано" in told["detail"]
    refused(left_open.ask("GET", "/courses"), 409, "other-account", "Lyceum-Account")
    assert calls(door) == before


@pytest.mark.parametrize("named_account", ["", "somebody", "01a228d8-fdab-769b-bf52-b08a5de40159"])
def test_only_the_account_of_the_session_is_taken(page: Page, named_account: str) -> None:
    refused(page.post_mark({**OURS, "Lyceum-Account": named_account}), 409, "other-account")


def test_whoever_changes_something_by_cookies_says_for_which_account(page: Page, school: School) -> None:
    body = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}
    refused(page.client.post("/api/v1/marks", json=body, headers=OURS), 403, "account-required", "Lyceum-Account")
    answered(page.client.get("/api/v1/courses", headers=OURS))


def test_a_program_may_name_the_account_of_its_token_and_need_not(door: Site, school: School) -> None:
    teacher = door.asking(school.teacher)
    answered(teacher.get("/me"))
    answered(teacher.get("/me", headers={"Lyceum-Account": str(school.teacher.account_id).upper()}))
    refused(teacher.get("/me", headers={"Lyceum-Account": str(school.mother.account_id)}), 409, "other-account")


def test_pages_say_for_whom_and_for_which_school_they_were_made(page: Page, school: School) -> None:
    assert f'data-account="{school.teacher.account_id}" data-school="{school.id}"' in page.client.get("/day").text
    assert "data-account" not in page.door.app.test_client().get("/login").text
