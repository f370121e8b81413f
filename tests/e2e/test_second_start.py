"""A first start takes seconds, and so does a second one: nothing is lost, nobody is told twice, who left is out."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kernel.waiting import eventually
from tests.e2e.stack import started

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

#: Seconds of CPU that a start of `make run` may take once the environment exists.
SECONDS = 20


def test_s13_a_second_start_keeps_the_data_and_who_signed_out_and_is_ready_as_soon(tmp_path: Path) -> None:
    with started("run", tmp_path) as first:
        assert first.seconds_of_cpu < SECONDS
        me = first.demo("teacher").get("/me")
        body, logins = first.mark_to_post(), (tmp_path / "demo-logins.json").read_text()
        mark = first.demo("teacher").send("POST", "/marks", body)
        eventually(lambda: first.mailbox.letters, 30, "the parent is told")
        signed_out, goes_on = first.demo("director"), first.demo("director")
        assert signed_out.ask("DELETE", "/sessions/current").status_code == 204
    assert first.process.returncode in (0, -signal.SIGTERM)
    _an_hour_passes(tmp_path / "gradebook.sqlite")
    with started("run", tmp_path) as second:
        assert second.seconds_of_cpu < SECONDS
        assert (tmp_path / "demo-logins.json").read_text() == logins
        for visitor, status in ((signed_out, 401), (goes_on, 200)):  # their access tokens have not expired yet
            visitor.address = second.address
            assert visitor.status("GET", "/courses") == status
        assert second.demo("teacher").get("/me") == me
        history = second.demo("teacher").get(f"/marks/{mark['id']}/history")
        assert history["revisions"][-1]["value"] == "4"
        another = second.demo("teacher").send("POST", "/marks", second.mark_to_post() | {"comment": "again"}, 409)
        assert another["rule"] == "mark-exists"
        second.demo("parent").get("/me")
        assert second.mailbox.letters == []


def _an_hour_passes(database: Path) -> None:
    """Since the events in a service's outbox were recorded; what lies there for long makes a service not ready."""
    with closing(sqlite3.connect(database)) as connection, connection:
        moved = "strftime('%Y-%m-%d %H:%M:%f000', recorded_at, '-1 hour')"
        assert connection.execute(f"UPDATE outbox SET recorded_at = {moved}").rowcount > 0
