"""Odd requests to every operation and every form of the running system: no fault, no answer out of its bounds."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from gateway.door import policy
from gateway.rest.openapi import PREFIX
from tests.e2e.running import FromAddress
from tests.e2e.stack import Stack
from tests.e2e.test_walls import DEMO_ROLES, sign_in
from tests.gateway.rest.test_openapi import CHECKS

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

OWN_ADDRESS = "127.0.0.5"
#: Most seconds and bytes of an answer, however odd the request.
SECONDS, BYTES = 5.0, 2_000_000
#: What would lock or sign out somebody of the demo school; asked for in process (`tests/gateway/rest/test_openapi.py`).
LEFT_OUT = {"/sessions/current", "/me/password"}
#: Pages whose forms would do the same.
LEFT_ALONE = {"/logout", "/login", "/password"}
EXAMPLES = 3
#: Most pages that are looked at for each role.
PAGES = 12
ODD = [
    "\x1b[2J\u202e", "\ufffd\ufeff", "<script>alert(1)</script>{{ 7*7 }}", "x" * 3000, "٢٠٢٦-١١-٢٥", "-1", "9" * 20, "",
    " ", "../../etc/passwd", "😀" * 200, "0199d6a0-0000-7000-8000-000000000000", "'; DROP TABLE mark; --",
]  # fmt: skip
THING = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d|\?.*")


@pytest.fixture
def http(stack: Stack) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("http://", FromAddress(OWN_ADDRESS))
        yield session


def test_odd_requests_to_every_operation_get_answers_of_the_document(stack: Stack, http: requests.Session) -> None:
    schema = schemathesis.openapi.from_url(f"{stack.address}{PREFIX}/openapi.json")
    tokens = {role: stack.demo(role).headers for role in DEMO_ROLES}
    tried = 0
    for found in schema.get_all_operations():
        described = found.ok()
        name = described.definition.raw["x-operation"]
        if not any(described.path.endswith(path) for path in LEFT_OUT):
            tried += 1
            may = [role for role in sorted(DEMO_ROLES) if policy.allows(name, frozenset({role}))]
            ask(described, http, {} if policy.is_public(name) else tokens[may[0]])
    assert tried > 30


def ask(operation: Any, http: requests.Session, headers: dict[str, str]) -> None:
    """Some requests to one operation, good ones and bad ones, the same each time."""

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of(*(operation.as_strategy(mode) for mode in GenerationMode)))
    def run(case: Any) -> None:
        began = time.monotonic()
        answer = case.call_and_validate(headers=headers, checks=CHECKS, session=http)
        assert time.monotonic() - began < SECONDS
        assert len(answer.content) < BYTES

    run()


class Page(HTMLParser):
    """The links and the forms of a page; of a form its address and its fields with their values."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._in_form = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a form or a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
        elif tag == "form":
            self._in_form = given.get("method", "").lower() == "post"
            if self._in_form:
                self.forms.append((given.get("action", ""), {}))
        elif self._in_form and given.get("name") and tag in ("input", "select", "textarea", "button"):
            self.forms[-1][1][given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form":
            self._in_form = False


@pytest.mark.parametrize("role", sorted(DEMO_ROLES))
def test_forms_filled_in_oddly_are_refused_or_taken_and_never_a_fault(
    stack: Stack, http: requests.Session, role: str
) -> None:
    sign_in(http, stack, role)
    seen: set[Any] = set(LEFT_ALONE)
    pages, sent = 0, 0
    waiting = ["/"]
    while waiting and pages < PAGES:
        path = waiting.pop(0)
        if THING.sub("*", path) in seen:
            continue
        seen.add(THING.sub("*", path))
        answer = bounded(http.get, stack.address + path)
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page, pages = Page(answer.text), pages + 1
        waiting += page.links
        for action, fields in page.forms:
            place = urlsplit(urljoin(answer.url, action)).path
            if (THING.sub("*", place), *fields) not in seen and place not in LEFT_ALONE:
                seen.add((THING.sub("*", place), *fields))
                sent += fill_in(http, stack.address + place, fields)
    assert pages > 1
    assert sent or role in ("parent", "student"), "no form was found"


def fill_in(http: requests.Session, address: str, fields: dict[str, str]) -> int:
    """Send a form with odd texts in all its fields but the protection, and with some missing or twice."""
    kept = {"csrf_token": fields["csrf_token"]}
    names = [name for name in fields if name != "csrf_token"]
    odd = {name: ODD[number % len(ODD)] for number, name in enumerate(names)}
    turned = {name: ODD[-number % len(ODD)] for number, name in enumerate(names, 5)}
    forms: list[Any] = [
        kept,
        {**odd, **kept},
        {**turned, **kept},
        {name: [text, "x"] for name, text in odd.items()} | kept,
    ]
    for form in forms:
        answer = bounded(http.post, address, data=form, allow_redirects=False)
        assert answer.status_code in (200, 303, 400, 403, 404, 409, 412, 415, 422), f"{address}: {answer.status_code}"
        assert "<script>alert(1)" not in answer.text
    return len(forms)


def bounded(send: Any, address: str, **more: Any) -> requests.Response:
    answer: requests.Response = send(address, timeout=30, **more)
    assert answer.status_code < 500, f"{address}: {answer.status_code}"
    assert answer.elapsed.total_seconds() < SECONDS, address
    assert len(answer.content) < BYTES, address
    return answer
