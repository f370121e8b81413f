"""Health, figures, headers of every answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.door.health import register
from kernel import metrics
from tests.gateway.answers import answered, refused
from tests.gateway.site import Site, SiteTemplate
from tests.kit.town import School


def test_the_process_says_that_it_lives(door: Site) -> None:
    assert answered(door.app.test_client().get("/health/live")) == {"status": "live"}


def test_the_door_says_what_keeps_it_from_its_work(door: Site) -> None:
    client, wrong = door.app.test_client(), {}
    register(door.app, ready=lambda: wrong)
    assert answered(client.get("/health/ready")) == {"status": "ready", "wrong": {}}
    wrong["bus"] = "no connection to the broker"
    assert answered(client.get("/health/ready"), 503) == {"status": "not ready", "wrong": wrong}


def test_a_service_that_is_away_does_not_make_the_door_unready(door: Site) -> None:
    door.bus.away["gradebook"] = RuntimeError("not asked at all")  # type: ignore[assignment]  # whatever it is
    assert door.app.test_client().get("/health/ready").status_code == 200


def test_figures_are_served_where_somebody_registered_them(door: Site) -> None:
    client = door.app.test_client()
    refused(client.get("/metrics"), 404, "no-such-address")
    register(door.app, figures=lambda: (b"lyceum_requests 1\n", "text/plain; version=0.0.4"))
    answer = client.get("/metrics")
    assert (answer.data, answer.content_type) == (b"lyceum_requests 1\n", "text/plain; version=0.0.4")


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("10.1.2.3", {}, 200),
        ("fd00::7", {}, 200),
        ("8.8.8.8", {}, 404),
        ("2a00::7", {}, 404),
        ("", {}, 404),
        ("10.1.2.3", {"X-Forwarded-For": "8.8.8.8"}, 404),
        ("10.1.2.3", {"X-Forwarded-For": "10.9.9.9"}, 404),
    ],
)
def test_s22_figures_are_for_machines_of_the_installation(
    door: Site, address: str, headers: dict[str, str], status: int
) -> None:
    register(door.app, figures=lambda: (b"lyceum_requests 1\n", "text/plain; version=0.0.4"))
    answer = door.app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status


def test_requests_are_counted_by_route_and_not_by_what_a_path_holds(door: Site, school: School) -> None:
    seen: list[tuple[Any, ...]] = []
    register(door.app, observe=lambda *request: seen.append(request[:3]))
    door.asking(school.teacher).get(f"/lessons/{school.lesson}")
    door.asking(school.teacher).get("/nothing/of/the/kind")
    assert seen == [("GET", "/api/v1/lessons/<id:lesson_id>", 200), ("GET", "none", 404)]


def test_whoever_scrapes_the_door_reads_its_requests(door: Site, school: School) -> None:
    register(door.app, figures=metrics.figures, observe=metrics.requested)
    client = door.app.test_client()
    sample = b'lyceum_requests_seconds_count{method="GET",route="/api/v1/me",status="%d"} '

    def counted(status: int) -> float:
        found = [line for line in client.get("/metrics").data.splitlines() if line.startswith(sample % status)]
        return float(found[0].split()[-1]) if found else 0.0

    before = counted(200), counted(401)
    door.asking(school.teacher).get("/me")
    client.get("/api/v1/me")
    assert (counted(200), counted(401)) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize(
    "path", ["/api/v1/me", "/login", "/nothing", "/health/live", "/static/lyceum.css", "/api/docs"]
)
def test_every_answer_says_what_a_browser_may_do_with_it(door: Site, path: str) -> None:
    with door.app.test_client().get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Request-Id"]
    assert "Strict-Transport-Security" not in headers


def test_behind_https_cookies_are_secure_and_browsers_stay_with_it(sites: SiteTemplate, tmp_path: Path) -> None:
    with sites.site(tmp_path, public_url="https://lyceum.example") as door:
        client = door.app.test_client()
        answer = client.get("/login", base_url="https://lyceum.example")
        assert "max-age=" in answer.headers["Strict-Transport-Security"]
        cookie = answer.headers["Set-Cookie"]
        assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
