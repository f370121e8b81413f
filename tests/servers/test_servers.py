"""Servers of our own: they start, keep their data, crash and come back, and leave nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import kombu
import psutil
import psycopg
import pytest
from amqp import NotAllowed
from kombu.exceptions import OperationalError

from kernel.waiting import eventually
from servers import process
from servers.postgres import PostgresServer
from servers.process import MissingBinary, ServerFailed, dying_with_us, free_ports
from servers.rabbit import VHOSTS_AT_ONCE, RabbitBroker

ROOT = Path(__file__).parents[2]


def query(url: str, statement: str) -> list[tuple]:
    with closing(psycopg.connect(url.replace("+psycopg", ""))) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def publish(url: str, body: str) -> None:
    with kombu.Connection(url, transport_options={"confirm_publish": True}) as connection:
        queue = connection.SimpleQueue("kept")
        queue.put(body)
        queue.close()


def waiting(url: str) -> list[str]:
    """The messages in the queue, which stay there."""
    with kombu.Connection(url) as connection:
        queue = connection.SimpleQueue("kept")
        bodies = [queue.get(timeout=5).payload for _ in range(queue.qsize())]
        queue.close()
        return bodies


def listening(pid: int) -> set[str]:
    return {c.laddr.ip for c in psutil.Process(pid).net_connections() if c.status == psutil.CONN_LISTEN}


def gone(pid: int) -> bool:
    """Whether the process ended, be it that nobody has asked for its exit status yet."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_free_ports_differ_and_can_be_listened_on():
    ports = free_ports(20)
    assert len(set(ports)) == 20
    with socket.create_server(("127.0.0.1", ports[0])):
        pass


def test_a_port_that_is_listened_on_is_not_free(monkeypatch):
    taken, free = free_ports(2)
    monkeypatch.setattr(process, "PORTS", range(min(taken, free), max(taken, free) + 1, abs(taken - free)))
    with socket.create_server(("127.0.0.1", taken)):
        assert free_ports(1) == [free]
        with pytest.raises(ServerFailed, match="Fewer than 2 free ports"):
            free_ports(2)


STARTER = """
import signal, subprocess, time
from servers.process import dying_with_us
print(subprocess.Popen(dying_with_us(["sleep", "600"], signal.SIGKILL)).pid, flush=True)
time.sleep(600)  # longer than the test waits: who starts it is killed, and it has to end with them
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_a_server_dies_with_a_starter_that_is_killed():
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True, cwd=ROOT) as starter:
        try:
            child = psutil.Process(int(starter.stdout.readline()))
            eventually(lambda: child.name() == "sleep", what="the child is what was started")
        finally:
            starter.kill()
    try:
        eventually(lambda: gone(child.pid), 10, "the child ends")
    finally:
        with suppress(psutil.NoSuchProcess):
            child.kill()


def test_privileges_without_setpriv_are_refused_by_name(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert dying_with_us(["postgres"], signal.SIGINT) == ["postgres"]
    with pytest.raises(MissingBinary, match="install util-linux"):
        dying_with_us(["postgres"], signal.SIGINT, "--reuid=65534")


@pytest.mark.slow
class TestRabbitMQ:
    def test_a_restart_and_a_crash_keep_durable_messages(self, rabbit: RabbitBroker, vhost: str):
        publish(rabbit.url_of(vhost), "before the restart")
        rabbit.restart()
        assert waiting(rabbit.url_of(vhost)) == ["before the restart"]
        publish(rabbit.url_of(vhost), "before the crash")
        crashed = rabbit.pid
        rabbit.kill()
        assert gone(crashed)
        with pytest.raises(OperationalError, match="refused"):
            publish(rabbit.url_of(vhost), "while it is down")
        rabbit.start()
        assert waiting(rabbit.url_of(vhost)) == ["before the restart", "before the crash"]

    def test_it_listens_on_loopback_only(self, rabbit: RabbitBroker):
        assert listening(rabbit.pid) == {"127.0.0.1"}

    def test_virtual_hosts_are_fresh_with_their_policies_and_deleted_when_discarded(self, rabbit: RabbitBroker):
        short = {
            "name": "short",
            "pattern": ".*",
            "apply-to": "queues",
            "definition": {"max-length": 1},
            "priority": 0,
        }
        bounded, other = rabbit.new_vhost([short]), rabbit.new_vhost()
        assert "max-length" in rabbit.ctl("list_policies", "-p", bounded)
        assert "max-length" not in rabbit.ctl("list_policies", "-p", other)
        rabbit.discard_vhost(bounded)
        for _ in range(VHOSTS_AT_ONCE):
            rabbit.new_vhost()
        with kombu.Connection(rabbit.url_of(bounded)) as connection, pytest.raises(NotAllowed):
            connection.connect()

    def test_definitions_are_there_at_the_start(self, tmp_path: Path):
        definitions = {
            "vhosts": [{"name": "school"}],
            "users": [{"name": "printing", "password": "p/ss", "tags": []}],
            "permissions": [{"user": "printing", "vhost": "school", "configure": "", "write": "", "read": ".*"}],
        }
        with RabbitBroker(tmp_path, definitions=definitions) as broker:
            with kombu.Connection(broker.url_of("school", "printing", "p/ss")) as connection:
                connection.connect()
            pid = broker.pid
        assert gone(pid)
        assert not [p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(p.info["cmdline"] or ())]

    def test_a_refused_command_tells_what_rabbitmqctl_said(self, rabbit: RabbitBroker):
        with pytest.raises(ServerFailed, match=r"(?s)delete_vhost.*no_such_vhost|does not exist"):
            rabbit.ctl("delete_vhost", "nowhere")


class TestPostgreSQL:
    def test_a_restart_and_a_crash_keep_what_was_committed(self, postgres: PostgresServer, postgres_url: str):
        query(postgres_url, "CREATE TABLE kept AS SELECT 1 AS value")
        postgres.restart()
        query(postgres_url, "INSERT INTO kept VALUES (2)")
        crashed = postgres.pid
        postgres.kill()
        assert gone(crashed)
        with pytest.raises(psycopg.OperationalError):
            query(postgres_url, "SELECT 1")
        postgres.start()
        assert query(postgres_url, "SELECT value FROM kept ORDER BY value") == [(1,), (2,)]

    def test_it_listens_on_loopback_only(self, postgres: PostgresServer):
        assert listening(postgres.pid) == {"127.0.0.1"}

    def test_the_owner_of_a_test_database_is_bound_by_row_level_security(self, postgres_url: str):
        rights = query(postgres_url, "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert rights == [(False, False)]

    def test_a_database_from_a_template_has_its_tables_and_not_its_neighbours_rows(self, postgres: PostgresServer):
        template = postgres.create_database("template_of_a_test")
        query(template, "CREATE TABLE pupil (id integer)")
        one, other = (postgres.new_database("template_of_a_test") for _ in range(2))
        query(one, "INSERT INTO pupil VALUES (1)")
        assert query(other, "SELECT count(*) FROM pupil") == [(0,)]

    def test_cyrillic_is_lowered_and_a_wrong_password_refused(self, postgres: PostgresServer, postgres_url: str):
        assert query(postgres_url, "SELECT lower('ЖУРНАЛ')") == [("журнал",)]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            query(postgres.url_of("postgres", password="wrong"), "SELECT 1")

    @pytest.mark.slow
    def test_a_folder_below_one_that_is_closed_to_others_will_do(self, tmp_path: Path):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        with PostgresServer(closed / "postgres", durable=False) as server:
            assert query(server.url, "SELECT 1") == [(1,)]
        with PostgresServer(closed / "postgres", durable=False) as again:
            assert query(again.url, "SELECT 1") == [(1,)], "the password is kept with the data"

    @pytest.mark.slow
    def test_a_server_that_cannot_start_tells_why(self, tmp_path: Path):
        server = PostgresServer(tmp_path / "postgres", settings={"shared_buffers": "nonsense"})
        with pytest.raises(ServerFailed, match=r'(?s)ended while it started.*"shared_buffers": "nonsense"'):
            server.start()
        assert not server.running


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user to run PostgreSQL")
def test_as_root_the_database_runs_as_somebody_else(postgres: PostgresServer):
    assert psutil.Process(postgres.pid).uids().effective != 0
