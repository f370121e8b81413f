"""The door and a service as processes of their own, started before their broker."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from contracts import SERVICES
from kernel.auth import make_keys
from kernel.waiting import eventually
from servers.process import free_ports
from servers.rabbit import RabbitBroker

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@dataclass
class Beginning:
    """A gateway and an identity that start while there is no broker yet."""

    data: Path
    broker: RabbitBroker
    door_port: int
    identity_port: int
    processes: dict[str, subprocess.Popen[bytes]]

    def log(self, name: str) -> str:
        return (self.data / f"{name}.log").read_text()

    def ask(self, path: str, method: str = "GET", body: dict[str, str] | None = None) -> requests.Response:
        return requests.request(method, f"http://127.0.0.1:{self.door_port}{path}", timeout=10, json=body)

    def sign_in(self) -> requests.Response:
        return self.ask("/api/v1/sessions", "POST", {"login": "anna", "password": "secret"})

    def readiness(self) -> tuple[int, int]:
        """What the door and identity say about themselves: 200 is ready, 503 is not."""
        identity = requests.get(f"http://127.0.0.1:{self.identity_port}/health/ready", timeout=10)
        return self.ask("/health/ready").status_code, identity.status_code


@pytest.fixture
def beginning(tmp_path: Path) -> Iterator[Beginning]:
    make_keys(tmp_path / "keys", SERVICES)
    broker, (door_port, identity_port) = RabbitBroker(tmp_path / "rabbit"), free_ports(2)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LYCEUM_")},
        "LYCEUM_DATA": str(tmp_path), "LYCEUM_BUS_URL": broker.url, "LYCEUM_SECRET_KEY": "x" * 32,
        "PORT": str(door_port), "LYCEUM_HEALTH_PORT": str(identity_port), "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    lyceum = (sys.executable, "-m", "cli.main")
    subprocess.run([*lyceum, "migrate", "identity"], env=environment, check=True, capture_output=True, timeout=60)
    processes = {}
    for name, command in {"gateway": ("gateway",), "identity": ("service", "identity")}.items():
        with (tmp_path / f"{name}.log").open("wb") as output:
            processes[name] = subprocess.Popen([*lyceum, *command], env=environment, stdout=output, stderr=output)
    begun = Beginning(tmp_path, broker, door_port, identity_port, processes)
    try:
        yield begun
    finally:
        for process in processes.values():
            process.terminate()
        ended = {name: process.wait(30) for name, process in processes.items()}
    assert ended == {"gateway": 0, "identity": 0}, begun.log("gateway") + begun.log("identity")


def test_what_started_before_its_broker_waits_says_so_and_comes_up_by_itself(beginning: Beginning) -> None:
    eventually(lambda: beginning.readiness() == (503, 503), 30, "both live", ignoring=(OSError,))
    assert beginning.ask("/health/live").status_code == 200
    assert beginning.ask("/health/ready").json()["wrong"] == {"bus": "no connection to the broker"}
    refused = beginning.sign_in()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert beginning.ask("/login").status_code == 200
    with beginning.broker:
        _both_are_ready_and_identity_answers(beginning)
        beginning.broker.stop()
        eventually(lambda: beginning.readiness() == (503, 503), 30, "the broker is missed")
        beginning.broker.start()
        _both_are_ready_and_identity_answers(beginning)
    assert [name for name, process in beginning.processes.items() if process.poll() is not None] == []
    for name in beginning.processes:
        assert '"event": "broker_away"' in beginning.log(name)
        assert "secret" not in beginning.log(name)


def _both_are_ready_and_identity_answers(beginning: Beginning) -> None:
    eventually(lambda: beginning.readiness() == (200, 200), 40, "both are ready")
    answer = beginning.sign_in()
    assert (answer.status_code, answer.json()["rule"]) == (401, "login-mismatch")
