"""What the machinery relies on in py-amqp, kombu, Nameko, eventlet and gunicorn beyond what they document.

pyproject.toml keeps their versions. When one is raised and a test here fails, read the code that it names.
"""

from __future__ import annotations

import inspect
import re
import socket
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import amqp
import eventlet.wsgi
import pytest
from amqp.transport import TCPTransport
from eventlet.event import Event
from eventlet.greenpool import GreenPool
from gunicorn.config import Config
from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker
from kombu import Connection
from kombu.transport import pyamqp
from kombu.utils.url import parse_url
from nameko.containers import ServiceContainer, WorkerContext
from nameko.extensions import DependencyProvider
from nameko.runners import ServiceRunner

from kernel.bus import broker

ROOT = Path(__file__).parents[2]
PINNED = {
    "nameko": "==2.14.1",
    "kombu": "==5.7.*",
    "amqp": "==5.4.*",
    "eventlet": "==0.41.*",
    "gunicorn": "==27.0.*",
}
#: A connection's close by the broker, as it comes: frame type, channel 0, size, method, code 320, "bye", end.
CLOSED = b"\x01\x00\x00\x00\x00\x00\x0e\x00\x0a\x00\x32\x01\x40\x03bye\x00\x00\x00\x00\xce"


def parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_the_versions_that_this_was_read_in_are_kept():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert {f"{name}{limit}" for name, limit in PINNED.items()} <= set(wanted)


class TestAmqp:
    """`kernel.bus.broker` reads by `blocking_read`, `kernel.bus.link` writes by `send_method`."""

    def test_all_that_py_amqp_reads_goes_through_the_method_that_we_override(self):
        source = inspect.getsource(amqp.connection) + inspect.getsource(amqp.channel)
        source += inspect.getsource(amqp.abstract_channel)
        assert source.count("read_frame(") == 1, "in blocking_read"
        assert re.findall(r"blocking_read\((.*?)\)", source) == ["timeout", "self, timeout=None"]
        assert parameters(amqp.Connection.blocking_read) == ["self", "timeout"]

    def test_a_frame_is_a_triple_and_is_handled_by_a_method_of_the_connection(self):
        near, far = socket.socketpair()
        with near, far:
            connection = broker.Connection()
            connection.transport = TCPTransport("127.0.0.1:1")
            connection.transport.sock = near
            frames: list[tuple[int, int, bytes]] = []
            connection.on_inbound_frame = frames.append
            far.sendall(CLOSED * 2)
            connection.blocking_read(timeout=5)
            connection.handle_what_arrived()
        assert frames == [(1, 0, CLOSED[7:-1])] * 2
        assert parameters(amqp.method_framing.frame_handler)[:2] == ["connection", "callback"]

    def test_waiting_has_a_limit_by_the_transport(self):
        near, far = socket.socketpair()
        with near, far:
            transport = TCPTransport("127.0.0.1:1")
            transport.sock = near
            with pytest.raises(TimeoutError), transport.having_timeout(0.01) as sock:
                sock.recv(1)
            assert near.gettimeout() is None

    def test_publishing_by_py_amqp_reads_the_connection_which_is_why_ours_does_not(self):
        assert "drain_events(timeout=0)" in inspect.getsource(amqp.Channel._basic_publish)
        assert "send_method(\n" in inspect.getsource(amqp.Channel._basic_publish)
        assert parameters(amqp.Channel.send_method)[:5] == ["self", "sig", "format", "args", "content"]

    def test_a_connection_closed_by_the_broker_would_connect_anew_where_it_is_asked_for_its_socket(self):
        connection = amqp.Connection("127.0.0.1:1", connect_timeout=1)
        with pytest.warns(amqp.connection.AMQPDeprecationWarning), pytest.raises(ConnectionRefusedError):
            connection.transport  # noqa: B018  # asking is what is tried

    def test_a_channel_tells_its_listeners_of_confirms_and_returns(self):
        source = inspect.getsource(amqp.Channel)
        assert "self.events = defaultdict(set)" in source
        asked = {name for name in ("ack", "nack", "return") if re.search(rf"events(\.get\(|\[)'basic_{name}'", source)}
        assert asked == {"ack", "nack", "return"}


class TestKombu:
    """`kernel.bus.broker` has kombu open connections of a class of ours, one address at a time."""

    def test_a_transport_names_the_class_of_its_connections(self):
        assert pyamqp.Transport.Connection is pyamqp.Connection
        assert issubclass(pyamqp.Connection, amqp.Connection)
        assert "self.Connection(**opts)" in inspect.getsource(pyamqp.Transport.establish_connection)

    def test_its_own_switch_keeps_what_the_next_address_leaves_out_which_is_why_ours_is_used(self):
        cluster = Connection("amqp://a:5673/school;amqp://b/")
        cluster.maybe_switch_next()
        assert (cluster.hostname, cluster.port, cluster.virtual_host) == ("b", 5673, "school")

    def test_options_of_tls_in_a_url_come_by_names_that_py_amqp_does_not_know(self):
        assert parse_url("amqps://a/?ssl_ca_certs=ca.pem")["ssl"] == {"ssl_ca_certs": "ca.pem"}


class Watched(DependencyProvider):
    """Writes down what a container asks of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def setup(self) -> None:
        self.asked.append("setup")

    def start(self) -> None:
        self.asked.append("start")

    def stop(self) -> None:
        self.asked.append("stop")


class Empty:
    name = "empty"
    watched = Watched()


class TestNameko:
    """`kernel.running.container` makes workers itself, in a pool of its own."""

    def test_a_runner_makes_containers_of_the_class_that_its_config_names(self):
        services = ServiceRunner({"SERVICE_CONTAINER_CLS": "nameko.containers.ServiceContainer"})
        services.add_service(Empty)
        (container,) = services.containers
        services.start()
        services.stop()
        services.wait()
        (watched,) = container.dependencies
        assert watched.asked == ["setup", "start", "stop"]
        container.stop()
        assert watched.asked == ["setup", "start", "stop"], "stopped once"

    def test_a_container_that_is_killed_raises_what_it_was_killed_for(self):
        container = ServiceContainer(Empty, {})
        container.start()
        error = LookupError("why")
        container.kill((LookupError, error, None))
        with pytest.raises(LookupError):
            container.wait()

    def test_workers_are_made_by_the_method_that_we_override_alone(self):
        source = inspect.getsource(ServiceContainer)
        assert source.count("_worker_pool.spawn(") == 1
        assert parameters(ServiceContainer.spawn_worker) == [
            "self", "entrypoint", "args", "kwargs", "context_data", "handle_result",
        ]  # fmt: skip
        assert parameters(WorkerContext) == ["container", "service", "entrypoint", "args", "kwargs", "data"]

    def test_its_own_worker_logs_what_a_method_raised_which_is_why_ours_runs_it(self):
        assert "error handling worker %s: %s', worker_ctx, exc)" in inspect.getsource(ServiceContainer._run_worker)


class TestEventlet:
    """`kernel.running.container` ends workers, `cli.embedded_http` reads requests."""

    def test_a_pool_knows_who_is_at_work(self):
        pool, end = GreenPool(2), Event()
        worker = pool.spawn(end.wait)
        assert (pool.coroutines_running, pool.free()) == ({worker}, 1)
        worker.kill()
        assert (pool.coroutines_running, pool.free()) == (set(), 2)

    def test_a_request_line_is_read_by_the_method_that_we_override(self):
        source = inspect.getsource(eventlet.wsgi.HttpProtocol)
        assert source.count("self._read_request_line()") == 1
        assert "self.server.url_length_limit" in source


class TestGunicorn:
    """`gateway.worker` gathers requests in the loop of the threaded worker, and gives them to its parser in pieces."""

    def test_a_connection_comes_and_a_thread_is_given_by_the_methods_that_we_override(self):
        assert "self.enqueue_req(conn)" in inspect.getsource(ThreadWorker.accept)
        assert "self.murder_pending()" in inspect.getsource(ThreadWorker.run)
        assert "self.handle_request(req, conn)" in inspect.getsource(ThreadWorker.handle)
        assert "self.get_thread_pool()" in inspect.getsource(ThreadWorker.init_process)
        assert parameters(ThreadWorker.enqueue_req) == ["self", "conn"]
        assert parameters(ThreadWorker.finish_request) == ["self", "conn", "fs"]
        assert parameters(ThreadWorker.handle_request) == ["self", "req", "conn"]

    def test_a_connection_that_has_its_parser_is_not_waited_for(self):
        near, far = socket.socketpair()
        with near, far:
            conn = TConn(Config(), near, None, None)
            conn.initialized = True
            conn.init()
            assert conn.parser is None, "it would make another"
        source = inspect.getsource(ThreadWorker.handle)
        assert "if not conn.initialized and not conn.data_ready:" in source

    def test_a_parser_reads_pieces_and_keeps_what_follows_a_request(self):
        pieces = (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{", b"}GET / HT")
        parser = get_parser(Config(), pieces, None)
        request = next(parser)
        assert (request.method, request.body.read()) == ("POST", b"{}")
        assert parser.finish_body()
        assert parser.unreader.take_buffered() == b"GET / HT"
        request.force_close()
        assert request.should_close()
