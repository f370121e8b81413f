"""The stream of an import's states: for those who may see it, until it ends, for pages of this host alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from uuid_utils.compat import uuid7

from contracts.identity.bundles import ImportMoved
from contracts.identity.credentials import CredentialsMoved
from contracts.identity.sessions import SessionRevoked
from gateway.live.app import create_live
from kernel.auth import Actor
from tests.gateway.answers import answered
from tests.gateway.in_process import InProcessClient
from tests.gateway.site import Site, operator
from tests.identity.small_bundle import SmallBundle
from tests.kit.town import School


class Live:
    """The live process beside a site's door."""

    def __init__(self, door: Site) -> None:
        self.door = door
        self.bus = InProcessClient(door.bus.verifier, door.bus.services)
        self.app: Flask = create_live(self.bus, door.app.extensions["lyceum"].settings)

    def browser(self, actor: Actor) -> FlaskClient:
        """A browser that has the cookies of the site."""
        client = self.app.test_client()
        client.set_cookie("access", self.door.token(actor))
        return client

    def follow(self, actor: Actor, import_id: str, **headers: str) -> Any:
        return self.browser(actor).get(f"/live/imports/{import_id}", headers=headers, buffered=False)

    def moved(self, import_id: str, version: int, state: str = "running", done: int = 0) -> None:
        job_id = UUID(import_id)
        self.bus.announce(ImportMoved(job_id=job_id, version=version, state=state, stage="grades", done=done, total=9))


@pytest.fixture
def live(door: Site) -> Live:
    return Live(door)


@pytest.fixture
def import_id(door: Site, school: School) -> str:
    """An import that has been handed in."""
    asking = door.asking(school.methodologist)
    started = asking.post("/imports", data=SmallBundle().zip(), content_type="application/zip")
    return str(answered(started, 202)["id"])


def events(answer: Any) -> Iterator[dict[str, Any]]:
    """The states that a stream tells, with the id of each."""
    for block in answer.response:
        lines = dict(line.split(": ", 1) for line in block.decode().splitlines() if line and not line.startswith(":"))
        if "data" in lines:
            yield {**json.loads(lines["data"]), "id": int(lines["id"])}


def test_a_stream_begins_with_the_state_and_goes_on_to_the_end(live: Live, school: School, import_id: str) -> None:
    answer = live.follow(school.methodologist, import_id)
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    told = events(answer)
    first = next(told)
    assert (first["state"], first["id"]) == ("waiting", first["version"])
    live.moved(import_id, first["version"] + 1, done=3)
    assert next(told)["done"] == 3
    live.moved(import_id, first["version"] + 2, "done", done=9)
    assert [one["state"] for one in told] == ["done"]
    assert len(live.app.extensions["lyceum-streams"]) == 0 or answer.close() is None
    assert len(live.app.extensions["lyceum-streams"]) == 0


def test_who_knows_the_state_is_told_what_comes_after_it(live: Live, school: School, import_id: str) -> None:
    version = answered(live.door.asking(school.methodologist).get(f"/imports/{import_id}"))["version"]
    answer = live.follow(school.methodologist, import_id, **{"Last-Event-ID": str(version)})
    live.moved(import_id, version + 1, "stopped")
    assert [one["state"] for one in events(answer)] == ["stopped"]
    answer.close()


def test_the_stream_of_an_import_that_does_not_go_on_ends(live: Live, school: School, import_id: str) -> None:
    answered(live.door.asking(school.methodologist).post(f"/imports/{import_id}/stop"), 202)
    answer = live.follow(school.methodologist, import_id)
    assert [one["state"] for one in events(answer)] == ["stopped"]
    answer.close()


def test_others_get_no_stream(live: Live, school: School, import_id: str) -> None:
    stranger = School(live.door.town).methodologist
    assert live.follow(stranger, import_id).status_code == 404
    assert live.follow(school.methodologist, str(uuid7())).status_code == 404
    for someone in (school.teacher, school.mother, school.anna, school.director):
        assert live.follow(someone, import_id).status_code == 403
    assert live.app.test_client().get(f"/live/imports/{import_id}").status_code == 401
    assert live.follow(operator(), import_id).status_code == 200
    problem = live.follow(stranger, import_id)
    assert problem.mimetype == "application/problem+json"


def test_whoever_ordered_credentials_alone_follows_how_they_are_made(live: Live, school: School) -> None:
    chosen = {"person_ids": [str(school.anna.person_id)], "replace": True}
    order_id = answered(live.door.asking(school.methodologist).post("/credentials", json=chosen), 202)["id"]
    answer = live.browser(school.methodologist).get(f"/live/credentials/{order_id}", buffered=False)
    told = events(answer)
    version = next(told)["version"]
    moved = {"job_id": UUID(order_id), "stage": "making", "done": 1, "total": 1}
    live.bus.announce(CredentialsMoved(version=version + 1, state="running", **moved))
    assert next(told)["state"] == "running"
    live.bus.announce(CredentialsMoved(version=version + 2, state="done", **moved))
    assert [one["state"] for one in told] == ["done"]
    assert live.browser(school.director).get(f"/live/credentials/{order_id}").status_code == 404


def test_a_session_that_ends_ends_its_streams_and_opens_none(live: Live, school: School, import_id: str) -> None:
    answer = live.follow(school.methodologist, import_id)
    told = events(answer)
    next(told)
    assert school.methodologist.session_id is not None
    live.bus.announce(SessionRevoked(session_id=school.methodologist.session_id))
    assert list(told) == []
    answer.close()
    assert live.follow(school.methodologist, import_id).status_code == 401
    again = replace(school.methodologist, session_id=uuid7())
    assert live.follow(again, import_id).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-site"}, 200),
        ({"Origin": "http://lyceum.example", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://other.localhost", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Origin": "http://localhost:9999", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost:port"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_pages_of_the_gateway_alone_follow(
    live: Live, school: School, import_id: str, headers: dict[str, str], status: int
) -> None:
    answer = live.follow(school.methodologist, import_id, **headers)
    assert answer.status_code == status
    allowed = answer.headers.get("Access-Control-Allow-Origin")
    assert allowed == (headers.get("Origin") if status == 200 else None)
    assert (answer.headers.get("Access-Control-Allow-Credentials") == "true") is (allowed is not None)
    answer.close()


def test_who_follows_enough_already_is_told_to_ask_otherwise(
    live: Live, school: School, import_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.live.streams.OF_ACCOUNT", 1)
    first = live.follow(school.methodologist, import_id)
    assert first.status_code == 200
    assert live.follow(school.methodologist, import_id).status_code == 503
    first.close()
    second = live.follow(school.methodologist, import_id)
    assert second.status_code == 200
    second.close()


def test_a_stream_is_over_before_a_proxy_cuts_it(
    live: Live, school: School, import_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.live.app.LONGEST", 0.2)
    answer = live.follow(school.methodologist, import_id)
    assert len(list(events(answer))) == 1
    answer.close()
