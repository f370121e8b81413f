"""A browser's session at the API of the running system, embedded and real: who may use it, and what ends it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from kernel.waiting import eventually
from tests.e2e.stack import Stack
from tests.gateway.site import CSRF

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

OURS = {"Sec-Fetch-Site": "same-origin"}
ACCOUNT = re.compile(r'data-account="([^"]+)"')


class Browser:
    """A browser in which somebody of the demo school has signed in."""

    def __init__(self, stack: Stack, role: str) -> None:
        self.address = stack.address
        self.session = requests.Session()
        page = self.session.get(f"{self.address}/login", timeout=20).text
        found = CSRF.search(page)
        assert found is not None, page
        form = {**stack.demo_login(role), "csrf_token": found[1]}
        (first,) = eventually(lambda: self._entered(form), 10, "the door takes a sign-in")
        account = ACCOUNT.search(first.text)
        assert account is not None, first.text
        self.account = account[1]

    def _entered(self, form: dict[str, str]) -> list[requests.Response]:
        answer = self.session.post(f"{self.address}/login", data=form, timeout=20)
        return [] if answer.status_code == 429 else [answer]

    def ask(self, method: str, path: str, headers: dict[str, str] = OURS, **more: Any) -> tuple[int, Any]:
        """Status of the answer, and what it says."""
        headers = {"Lyceum-Account": self.account, **headers}
        url = f"{self.address}/api/v1{path}"
        answer = self.session.request(method, url, headers=headers, timeout=30, **more)
        return answer.status_code, answer.json() if answer.content else None

    def renewed_by(self, refresh_token: str) -> str | None:
        """The refresh token that comes with the session's renewal by another one; None if it has ended."""
        self.session.cookies.clear()
        self.session.cookies.set("refresh", refresh_token)
        status, _ = self.ask("GET", "/session")
        assert status in (200, 401), status
        return self.session.cookies.get("refresh", domain="127.0.0.1") if status == 200 else None

    @property
    def refresh_token(self) -> str:
        """The one in the cookies."""
        found = self.session.cookies.get("refresh")
        assert found is not None
        return found


@pytest.fixture
def teacher(stack: Stack) -> Browser:
    return Browser(stack, "teacher")


def test_a_page_enters_a_mark_and_nothing_else_does(stack: Stack, teacher: Browser) -> None:
    mark = stack.mark_to_post()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {}, {"Origin": "https://elsewhere.example"}):
        status, told = teacher.ask("POST", "/marks", headers, json=mark)
        assert (status, told["rule"]) == (403, "other-site")
    status, told = teacher.ask("POST", "/marks", {**OURS, "Lyceum-Account": mark["student_id"]}, json=mark)
    assert (status, told["rule"]) == (409, "other-account")
    status, told = teacher.ask("POST", "/marks", {"Origin": stack.address}, json=mark)
    assert (status, told.get("value", told)) == (201, "4")


def test_cookies_give_no_role_that_their_account_lacks(stack: Stack) -> None:
    status, told = Browser(stack, "parent").ask("POST", "/marks", json={})
    assert (status, told["rule"]) == (403, "role")


def test_a_page_learns_whose_session_it_is(stack: Stack, teacher: Browser) -> None:
    status, told = teacher.ask("GET", "/session")
    assert (status, told["account_id"]) == (200, teacher.account)
    status, told = Browser(stack, "parent").ask("GET", "/session", {"Lyceum-Account": teacher.account})
    assert (status, told["rule"]) == (409, "other-account")


def test_a_lost_answer_does_not_end_a_session_and_a_stolen_token_does(teacher: Browser) -> None:
    first = teacher.refresh_token
    assert teacher.renewed_by(first) not in (None, first)  # the answer is lost
    second = teacher.renewed_by(first)
    assert second is not None
    third = teacher.renewed_by(second)
    assert third is not None
    access = teacher.session.cookies.get("access")
    assert teacher.renewed_by(first) is None, "the first token, in a thief's hands"
    assert teacher.renewed_by(third) is None

    def ended() -> bool:
        teacher.session.cookies.clear()
        teacher.session.cookies.set("access", access)
        return teacher.ask("GET", "/session")[0] == 401

    eventually(ended, 30, "the door hears that the session has ended")


def test_s13_after_signing_out_neither_cookies_nor_the_token_in_them_open_anything(stack: Stack) -> None:
    browser = Browser(stack, "teacher")
    kept = browser.session.cookies.copy()
    token = {"Authorization": f"Bearer {kept.get('access')}"}

    def statuses() -> tuple[int, int, int]:
        """At the API by the token, at the API as a page asks it, and of a page."""
        by_token = requests.get(f"{stack.address}/api/v1/courses", headers=token, timeout=20).status_code
        page = browser.session.get(f"{stack.address}/courses", timeout=20, allow_redirects=False)
        return by_token, browser.ask("GET", "/courses")[0], page.status_code

    assert statuses() == (200, 200, 200)
    found = CSRF.search(browser.session.get(f"{stack.address}/courses", timeout=20).text)
    assert found is not None
    form = {"csrf_token": found[1]}
    left = browser.session.post(f"{stack.address}/logout", data=form, headers=OURS, timeout=20, allow_redirects=False)
    assert left.headers["Location"] == "/login"
    browser.session.cookies = kept  # somebody had copied them
    assert statuses() == (401, 401, 303)
