"""Health: a process says what it waits for, comes up by itself, and is not ready while a part is missing."""

from __future__ import annotations

import errno
import json
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.data.database import make_engine
from kernel.running import health as health_of
from kernel.running.health import Health
from kernel.running.listening import listen
from kernel.waiting import eventually
from servers.postgres import PostgresServer
from servers.process import free_ports
from servers.rabbit import RabbitBroker
from tests.kernel.bell import make_tables
from tests.kernel.processes import Home, answering, client_of, end


def asked(port: int, path: str) -> tuple[int, str]:
    """Status and body."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def wrong(port: int) -> dict[str, str]:
    """What the process says is wrong."""
    status, body = asked(port, "/health/ready")
    told: dict[str, Any] = json.loads(body)
    assert (status, told["status"]) == ((503, "not ready") if told["wrong"] else (200, "ready"))
    problems: dict[str, str] = told["wrong"]
    return problems


@pytest.fixture
def served() -> Iterator[Callable[[Health], int]]:
    servers = []

    def serve(health: Health) -> int:
        server = health_of.serve(health, "127.0.0.1", 0)
        servers.append(server)
        return server.port

    yield serve
    for server in servers:
        server.shutdown()


def test_services_in_one_process_are_ready_together_and_each_says_what_is_wrong():
    healths = {"bell": Health(), "clock": Health([health_of.starting("not started yet")])}
    check = health_of.together(healths)
    assert check() == {"clock start": "not started yet"}
    healths["clock"].checks.clear()
    assert check() == {}
    healths["bell"].checks.append(health_of.outbox_check(lambda: 61.0))
    assert check() == {"bell outbox": "events are not published in time"}


def test_a_process_is_ready_once_nothing_is_wrong_and_live_before(served):
    health = Health([health_of.starting("waiting for the database")])
    port = served(health)
    assert asked(port, "/health/live")[0] == 200
    assert wrong(port) == {"start": "waiting for the database"}
    health.checks = []
    assert wrong(port) == {}


def test_everything_that_is_wrong_is_said_at_once():
    health = Health([lambda: {"receiving": "away"}, dict, lambda: {"outbox": "late"}])
    assert health.problems() == {"receiving": "away", "outbox": "late"}


def test_figures_are_served_and_another_address_is_not(served):
    port = served(Health())
    status, body = asked(port, "/metrics")
    assert status == 200
    assert "# TYPE" in body
    assert asked(port, "/health")[0] == 404


def test_who_connects_and_asks_nothing_holds_up_nobody(served):
    port = served(Health())
    with socket.create_connection(("127.0.0.1", port)):
        assert asked(port, "/health/live")[0] == 200


def test_a_server_that_was_shut_down_answers_nobody():
    server = health_of.serve(Health(), "127.0.0.1", 0)
    assert asked(server.port, "/health/live")[0] == 200
    server.shutdown()
    with pytest.raises(OSError, match="refused"):
        asked(server.port, "/health/live")


class ShortOfDescriptors:
    """A listener of a process that has no file descriptor left for its first caller."""

    def __init__(self, listener) -> None:
        self.listener, self.failures = listener, 1

    def dup(self):
        return self

    def close(self) -> None:
        """Stay open: the server closes its copy."""

    def accept(self):
        if self.failures:
            self.failures -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return self.listener.accept()

    def __getattr__(self, name: str):
        return getattr(self.listener, name)


def test_a_caller_that_cannot_be_accepted_ends_no_server(served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health_of, "listen", lambda *place: ShortOfDescriptors(listen(*place)))
    port = served(Health())
    assert asked(port, "/health/live")[0] == 200


def test_an_outbox_that_lags_is_said():
    lag = 0.0
    check = health_of.outbox_check(lambda: lag)
    assert check() == {}
    lag = health_of.LONGEST_LAG + 1
    assert "outbox" in check()


def test_a_database_that_is_away_is_said_and_asked_only_every_few_seconds(tmp_path: Path):
    present = [0.0]  # the machine has this moment been started
    folder = tmp_path / "later"
    engine = make_engine(f"sqlite:///{folder / 'bell.sqlite'}")
    check = health_of.database_check(engine, lambda: present[0])
    assert check() == {"database": "no answer"}
    folder.mkdir()
    assert check() == {"database": "no answer"}, "it was asked a moment ago"
    present[0] += health_of.PING_EVERY
    assert check() == {}
    engine.dispose()


class LateFile:
    """A SQLite file in a folder that is not there yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "later"
        self.url = f"sqlite:///{self._folder / 'bell.sqlite'}"

    def comes(self) -> None:
        """The folder is there, with the tables."""
        self._folder.mkdir()
        make_tables(self.url)

    def ends(self) -> None:
        """Nothing runs."""


class LateServer:
    """A PostgreSQL that is not started yet."""

    def __init__(self, folder: Path) -> None:
        self.server = PostgresServer(folder / "postgres")
        with self.server:
            self.url = self.server.create_database("bell")
            make_tables(self.url)

    def comes(self) -> None:
        """The server is started."""
        self.server.start()

    def ends(self) -> None:
        """The server is stopped."""
        self.server.stop()


@pytest.fixture(params=[LateFile, pytest.param(LateServer, marks=pytest.mark.postgres)])
def late_database(request: pytest.FixtureRequest) -> Iterator[LateFile | LateServer]:
    with tempfile.TemporaryDirectory(prefix="lyceum-late-") as folder:
        Path(folder).chmod(0o711)  # the user who runs PostgreSQL where we are root passes through
        database = request.param(Path(folder))
        yield database
        database.ends()


@pytest.mark.broker
@pytest.mark.slow
def test_a_process_that_started_first_waits_for_its_database_and_broker_and_says_for_which(
    tmp_path: Path, late_database: LateFile | LateServer
):
    home = Home(tmp_path / "home")
    home.database = late_database.url
    (port,) = free_ports(1)
    broker = RabbitBroker(tmp_path / "rabbit")
    process = home.start(broker.url, LYCEUM_HEALTH_PORT=str(port))
    try:
        waiting = eventually(lambda: wrong(port), 20, "the process is live", ignoring=(OSError,))
        assert waiting == {"start": "waiting for the database"}
        late_database.comes()
        eventually(lambda: "start" not in wrong(port), 20, "the database is found")
        assert set(wrong(port)) == {"receiving", "answering", "publishing"}
        assert asked(port, "/health/live")[0] == 200
        with broker:
            eventually(lambda: not wrong(port), 30, "the process is ready")
            with client_of(broker.url) as client:
                assert answering(client)["words"] == "there?"
                began = time.monotonic()
                assert all(answering(client) for _ in range(20))
                assert time.monotonic() - began < 4, "waiting for who asks for its health holds up no calls"
            broker.stop()
            eventually(lambda: "receiving" in wrong(port), 10, "the broker is missed")
        assert process.poll() is None
    finally:
        assert end(process) == 0, home.log
    assert '"event": "waiting_for_database"' in home.log
    assert '"event": "broker_away"' in home.log
