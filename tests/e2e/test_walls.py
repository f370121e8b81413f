"""Every operation and every page of the running system, embedded and real: by whom it may be asked, with what token.

What each role gets of whose things is asked in `test_access.py`; here is what stands before that.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from uuid_utils.compat import uuid7

from contracts.roles import OPERATOR, ROLES
from gateway.app import create_app
from gateway.door import policy
from gateway.door.problems import API
from kernel.auth import Membership, Signer, Verifier, human_claims, make_keys
from tests.e2e.running import FromAddress
from tests.e2e.stack import Stack
from tests.gateway.in_process import InProcessClient, gateway_settings
from tests.gateway.site import CSRF

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

#: They sign in and are refused often: they have an address of their own.
OWN_ADDRESS = "127.0.0.4"
PLACE = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?\w+>")
DEMO_ROLES = {*ROLES, OPERATOR} - {"plan_head"}


@dataclass(frozen=True)
class Address:
    """One way into the system."""

    method: str
    path: str
    operation: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def filled(place: re.Match[str]) -> str:
    """A text for a place in a path; the things of these ids are not there."""
    converter, words = place[1], place[2]
    if converter == "any":
        return words.split(",")[0].strip("\"' ")
    return {"id": str(uuid7()), "day": "2026-11-25"}.get(converter, "x")


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> list[Address]:
    settings = gateway_settings(tmp_path_factory.mktemp("gateway"))
    app: Flask = create_app(InProcessClient(Verifier(settings.keys_path), {}), settings)
    return [
        Address(method, PLACE.sub(filled, rule.rule), operation)
        for rule in app.url_map.iter_rules()
        if (operation := getattr(app.view_functions[rule.endpoint], "operation", None))
        and not policy.is_public(operation)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.fixture
def http(stack: Stack) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("http://", FromAddress(OWN_ADDRESS))
        yield session


@pytest.fixture
def signer(stack: Stack) -> Signer:
    return Signer.load("identity", stack.data / "keys" / "identity" / "private.jwk")


def claims(*roles: str) -> dict[str, Any]:
    """Somebody whom nobody knows, with these roles in a school that is not there."""
    places = (Membership(uuid7(), uuid7(), frozenset(roles)),)
    return human_claims(uuid7(), uuid7(), places, frozenset(roles) & {OPERATOR})


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def forged(stack: Stack, signer: Signer, folder: Path) -> dict[str, str | None]:
    """Kind of bad token → the token."""
    make_keys(folder, ("identity",))
    stranger = Signer.load("identity", folder / "identity" / "private.jwk")
    stranger.key.as_dict()["kid"] = signer.key.kid
    head, payload, signature = signer.sign(claims(*ROLES, OPERATOR), 300).split(".")
    grown = part({**claims(*ROLES, OPERATOR), "iss": "identity"})
    service = Signer.load("gradebook", stack.data / "keys" / "gradebook" / "private.jwk")
    everything = claims(*ROLES, OPERATOR)
    return {
        "none": None,
        "no token": "x.y.z",
        "expired": signer.sign(everything, 300, now=time.time() - 301),
        "of later": signer.sign({**everything, "nbf": time.time() + 600}, 300),
        "for others": signer.sign({**everything, "aud": "elsewhere"}, 300),
        "without signature": f"{part({'alg': 'none', 'kid': signer.key.kid})}.{payload}.",
        "with other claims": f"{head}.{grown}.{signature}",
        "by another key": stranger.sign(everything, 300),
        "by a service in a person's name": service.sign(everything, 300),
        "of a service": service.service_token(),
    }


def test_no_operation_is_open_to_a_bad_token(
    stack: Stack, addresses: list[Address], http: requests.Session, signer: Signer, tmp_path: Path
) -> None:
    tokens, wrong, asked = forged(stack, signer, tmp_path), [], 0
    for address in addresses:
        for kind, token in tokens.items():
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            cookies = {} if address.path.startswith(API) or not token else {"access": token}
            answer = http.request(
                address.method, stack.address + address.path, headers=headers, cookies=cookies, timeout=20,
                allow_redirects=False,
            )  # fmt: skip
            asked += 1
            is_shut = answer.status_code == 401 or answer.headers.get("Location", "").startswith("/login")
            if not is_shut:
                wrong.append(f"{address} with {kind}: {answer.status_code}")
    assert wrong == []
    assert asked > 500


def test_every_operation_of_the_api_is_for_its_roles_alone(
    stack: Stack, addresses: list[Address], http: requests.Session, signer: Signer
) -> None:
    wrong, asked = [], 0
    for address in addresses:
        if not address.path.startswith(API):
            continue
        for role in (*ROLES, OPERATOR):
            headers = {"Authorization": f"Bearer {signer.sign(claims(role), 300)}", "If-Match": '"1"'}
            body = None if address.method in ("GET", "DELETE") else {}
            answer = http.request(address.method, stack.address + address.path, headers=headers, json=body, timeout=20)
            asked += 1
            shut_out = answer.status_code == 403 and answer.json()["rule"] == "role"
            if shut_out == policy.allows(address.operation, frozenset({role})) or answer.status_code in (
                401,
                *range(500, 600),
            ):
                wrong.append(f"{address} as {role}: {answer.status_code} {answer.text[:100]}")
    assert wrong == []
    assert asked > 300


@pytest.mark.parametrize("role", sorted(DEMO_ROLES))
def test_every_page_and_form_is_for_its_roles_alone(
    stack: Stack, addresses: list[Address], http: requests.Session, role: str
) -> None:
    sign_in(http, stack, role)
    wrong, asked = [], 0
    for address in addresses:
        if address.path.startswith(API) or address.path == "/logout":
            continue
        answer = http.request(address.method, stack.address + address.path, data={}, timeout=20, allow_redirects=False)
        asked += 1
        allowed = policy.allows(address.operation, frozenset({role}))
        # a form without its protection is refused (400) once the role is admitted
        right = {400} if address.method == "POST" else {200, 303, 404, 422}
        if answer.status_code not in (right if allowed else {403}):
            wrong.append(f"{address}: {answer.status_code}, {allowed=}")
    assert wrong == []
    assert asked > 20


def sign_in(http: requests.Session, stack: Stack, role: str) -> None:
    """Sign somebody of the demo school in by the form."""
    found = CSRF.search(http.get(f"{stack.address}/login", timeout=20).text)
    assert found is not None
    form = {**stack.demo_login(role), "csrf_token": found[1]}
    answer = http.post(f"{stack.address}/login", data=form, timeout=20, allow_redirects=False)
    assert answer.status_code == 303, answer.text
