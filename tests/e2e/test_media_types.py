"""Bodies of every media type that the door takes: the server before it hands them on, embedded and gunicorn alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import requests
from flask import Flask
from werkzeug.routing import Rule

from gateway.app import create_app
from gateway.rest.openapi import PREFIX
from kernel.auth import Verifier
from kernel.waiting import eventually
from tests.e2e.bundles import one_school
from tests.e2e.stack import Stack, Visitor, password_in
from tests.gateway.in_process import InProcessClient, gateway_settings
from tests.gateway.site import CSRF
from tests.identity.small_bundle import SmallBundle

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
#: What the forms of pages send.
FORMS: Final = frozenset({FORM, MULTIPART})
#: Media type → a small body of it, as arguments of a request. A form's type is set with its boundary.
BODIES: Final[dict[str, dict[str, Any]]] = {
    JSON: {"json": {}},
    FORM: {"data": {"field": "value"}},
    MULTIPART: {"data": {"field": "value"}, "files": {"file": ("file.zip", b"PK", "application/zip")}},
    "application/zip": {"data": b"PK", "headers": {"Content-Type": "application/zip"}},
}
#: Path → what answers nothing at all, where that is not too little: a file that is only read is answered with what is
#: wrong in it, classrooms stay as they are, and who has no lessons has no feed of them.
ENOUGH: Final = {
    f"{PREFIX}/plans/files": 200, f"{PREFIX}/past/files": 200, f"{PREFIX}/classrooms": 200,
    f"{PREFIX}/me/calendar-feed": 403,
}  # fmt: skip
PLACE: Final = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?\w+>")
#: Converter of a route → a text that it takes.
FITTING: Final = {
    "": "x",
    "path": "x.css",
    "id": "0199d6a0-0000-7000-8000-000000000000",
    "day": "2026-11-25",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application that both servers serve, for its addresses."""
    settings = gateway_settings(tmp_path_factory.mktemp("gateway"))  # without keys: nobody signs in
    return create_app(InProcessClient(Verifier(settings.keys_path), {}), settings)


@pytest.fixture(scope="module")
def methodologist(stack: Stack) -> Visitor:
    """The methodologist of a new school."""
    printed = stack.lyceum("school", "create", "Школа форм", "--director", "Орлова Инна")
    director = stack.login(*password_in(printed))
    person_id = director.get("/me")["memberships"][0]["person_id"]
    director.send("POST", f"/people/{person_id}/roles", {"role": "methodologist"}, 200)
    return stack.login(*password_in(printed))


def fitting(place: re.Match[str]) -> str:
    """A text for a place in a route: of several words the first, else one of the converter's form."""
    converter, words = place[1] or "", place[2]
    return words.split(",")[0].strip("\"' ") if converter == "any" else FITTING[converter]


def path_of(app: Flask, rule: Rule) -> str:
    """A path that leads to the route."""
    path = PLACE.sub(fitting, rule.rule)
    for method in (rule.methods or set()) - {"OPTIONS"}:  # which is that of all routes of the path
        assert app.url_map.bind("").match(path, method)[0] == rule.endpoint, path
    return path


def document(stack: Stack) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{stack.address}{PREFIX}/openapi.json", timeout=20).json()
    return found


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation that takes a body."""
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "requestBody" in operation:
                yield path, method.upper(), operation


def media_types(described: dict[str, Any]) -> frozenset[str]:
    """All that the application takes anywhere."""
    return FORMS.union(*(operation["requestBody"]["content"] for _, _, operation in operations(described)))


def send(stack: Stack, method: str, path: str, media_type: str, **headers: str) -> requests.Response:
    body = BODIES[media_type]
    given = {**body, "headers": {**body.get("headers", {}), **headers, "Connection": "close"}}
    return requests.request(method, f"{stack.address}{path}", timeout=30, allow_redirects=False, **given)


def told(method: str, path: str, media_type: str, answer: requests.Response) -> str:
    return f"{method} {path} of {media_type}: {answer.status_code} {answer.text[:200]}"


def test_every_route_answers_a_body_of_every_media_type_itself(stack: Stack, app: Flask) -> None:
    """The application names each request in its answer; a server that refuses the body's form does not.

    Where no body is expected one of a form is sent, which servers are most particular about.
    """
    routes = [
        (path_of(app, rule), method) for rule in app.url_map.iter_rules() for method in sorted(rule.methods or ())
    ]
    types = sorted(media_types(document(stack)))
    assert types == sorted(BODIES), "a media type without a body to try it with, or a body that nothing takes"
    refused = [
        told(method, path, media_type, answer)
        for path, method in routes
        for media_type in ([MULTIPART] if method in ("GET", "HEAD", "OPTIONS") else types)
        if "X-Request-Id" not in (answer := send(stack, method, path, media_type)).headers
    ]
    assert refused == []
    assert len(routes) > 100


def test_what_the_document_names_as_an_operation_s_media_type_is_taken(stack: Stack) -> None:
    of_anybody = {"signed in": "teacher"}
    signed_in = cache(lambda role: stack.demo(role).headers)
    refused, tried = [], 0
    for path, method, operation in operations(document(stack)):
        roles = [of_anybody.get(role, role) for role in operation.get("x-roles", ())]
        headers = signed_in(roles[0]) if roles else {}
        filled = re.sub(r"\{\w+\}", FITTING["id"], path)
        for media_type in operation["requestBody"]["content"]:
            answer = send(stack, method, filled, media_type, **headers)
            tried += 1
            taken = (ENOUGH[path],) if path in ENOUGH else (404, 422, 428)
            if answer.status_code not in taken or "X-Request-Id" not in answer.headers:
                refused.append(told(method, filled, media_type, answer))
    assert refused == []
    assert tried > 10


def test_a_bundle_in_a_form_is_imported(methodologist: Visitor) -> None:
    upload = {"bundle": ("school.zip", SmallBundle("forms-1").zip(), "application/zip")}
    answer = methodologist.ask("POST", "/imports", data={"dry_run": "false"}, files=upload)
    assert answer.status_code == 202, answer.text
    report = ended(methodologist, answer.json()["id"])
    assert (report["status"], report["dry_run"]) == ("done", False), report
    assert {one["kind"]: one["created"] for one in report["counts"]}["people"] > 0


def test_d01_s06_the_import_page_takes_a_bundle_and_shows_how_it_goes(stack: Stack, methodologist: Visitor) -> None:
    browser = requests.Session()
    login = stack.demo_login("methodologist")
    page = f"{stack.address}/login"
    form = {**login, "csrf_token": csrf(browser.get(page, timeout=20))}
    assert browser.post(page, data=form, timeout=20, allow_redirects=False).status_code == 303
    page = f"{stack.address}/import"
    form = {"dry_run": "true", "csrf_token": csrf(browser.get(page, timeout=20))}
    upload = {"bundle": ("school.zip", one_school().packed, "application/zip")}
    answer = browser.post(page, data=form, files=upload, timeout=60, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    shown = answer.headers["Location"]
    assert browser.get(f"{stack.address}{shown}", timeout=20).status_code == 200
    report = ended(stack.demo("methodologist"), Path(shown).name)
    assert report["dry_run"] is True


def csrf(answer: requests.Response) -> str:
    found = CSRF.search(answer.text)
    assert found is not None, f"{answer.url} has no form: {answer.status_code}"
    return found[1]


def ended(visitor: Visitor, import_id: str) -> dict[str, Any]:
    """The report of an import that has come to its end."""

    def report() -> dict[str, Any] | None:
        status: dict[str, Any] = visitor.get(f"/imports/{import_id}")
        return status if status["status"] in {"done", "rejected", "failed"} else None

    found = eventually(report, 120, "the import ends")
    assert found is not None
    return found
