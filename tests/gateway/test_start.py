"""The door as a process of its own, started before its broker: it waits, says so, and comes up by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from contracts import SERVICES
from kernel.auth import make_keys
from kernel.rabbit_server import RabbitBroker
from kernel.servers import free_ports
from kernel.waiting import eventually

pytestmark = [pytest.mark.broker, pytest.mark.slow]


def test_a_door_that_started_first_waits_for_its_broker_and_says_so(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys", SERVICES)
    broker, (port,), log = RabbitBroker(tmp_path / "rabbit"), free_ports(1), tmp_path / "gateway.log"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LYCEUM_")},
        "LYCEUM_DATA": str(tmp_path), "LYCEUM_BUS_URL": broker.url, "LYCEUM_SECRET_KEY": "x" * 32, "PORT": str(port),
        "PYTHONWARNINGS": "ignore",
    }  # fmt: skip

    def ask(path: str, method: str = "GET", body: dict[str, str] | None = None) -> requests.Response:
        return requests.request(method, f"http://127.0.0.1:{port}{path}", timeout=10, json=body)

    def ready() -> bool:
        return ask("/health/ready").status_code == 200

    with log.open("wb") as output:
        door = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "gateway"], env=environment, stdout=output, stderr=output
        )
    try:
        eventually(lambda: ask("/health/live").status_code == 200, 30, "the door lives", ignoring=(OSError,))
        waiting = ask("/health/ready")
        assert (waiting.status_code, waiting.json()["wrong"]) == (503, {"bus": "no connection to the broker"})
        refused = ask("/api/v1/sessions", "POST", {"login": "anna", "password": "secret"})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
        assert ask("/login").status_code == 200
        with broker:
            eventually(ready, 30, "the door is ready")
            broker.stop()
            eventually(lambda: not ready(), 20, "the broker is missed")
            broker.start()
            eventually(ready, 30, "the door is ready again")
        assert door.poll() is None
    finally:
        door.terminate()
        assert door.wait(30) == 0, log.read_text()
    assert '"event": "broker_away"' in log.read_text()
    assert "secret" not in log.read_text()
