"""Connections as kombu opens them: to one broker of several, over TLS to the right host only, read as frames arrive."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import amqp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kombu import Consumer, Producer, Queue

from kernel.bus.broker import Connection, brokers, connection_to, open_connection
from kernel.bus.link import Link
from kernel.waiting import eventually
from servers.process import free_ports
from servers.rabbit import RabbitBroker

Linked = Callable[[str], Link]


@pytest.fixture
def linked() -> Iterator[Linked]:
    """Links that are closed when the test ends."""
    with ExitStack() as made:

        def link(url: str) -> Link:
            one = made.enter_context(closing(Link(url, "tests", lambda channel: None)))
            one.start()
            return one

        yield link


class Relay:
    """A port that leads to a broker, over TLS where `tls` says so, until it is cut."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._target, self._tls = port, tls
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._ends: list[socket.socket] = [self._server]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Hang up on everybody, and take nobody any more."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):  # cut
            while True:
                near, _ = self._server.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        far = socket.create_connection(("127.0.0.1", self._target))
        self._ends += [near, far]
        with suppress(OSError):  # cut, or a caller who does not trust us
            if self._tls is not None:
                near = self._tls.wrap_socket(near, server_side=True)
                self._ends.append(near)
            threading.Thread(target=_pump, args=(far, near), daemon=True).start()
            _pump(near, far)
        far.close()
        near.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(4096):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def relayed(rabbit: RabbitBroker) -> Iterator[Callable[..., Relay]]:
    with ExitStack() as made:

        def relay(tls: ssl.SSLContext | None = None) -> Relay:
            one = Relay(rabbit.port, tls)
            made.callback(one.cut)
            return one

        yield relay


def by(port: int, url: str, rabbit: RabbitBroker) -> str:
    """The URL with another port."""
    return url.replace(f":{rabbit.port}/", f":{port}/")


@pytest.mark.parametrize(
    ("address", "host", "user", "password", "vhost", "secure"),
    [
        ("amqp://bell:b%40d%2Fpw@rabbit:5673/ly%2Fceum", "rabbit:5673", "bell", "b@d/pw", "ly/ceum", False),
        ("amqp://rabbit", "rabbit:5672", "guest", "guest", "/", False),
        ("amqps://bell:x@rabbit/", "rabbit:5671", "bell", "x", "/", True),
    ],
)
def test_an_address_says_where_and_as_whom(address: str, host: str, user: str, password: str, vhost: str, secure: bool):
    told = connection_to(address, "tests").info()
    reached = f"{told['hostname']}:{told['port']}"
    seen = (reached, told["userid"], told["password"], told["virtual_host"], bool(told["ssl"]))
    assert seen == (host, user, password, vhost, secure)


def test_of_several_brokers_one_that_is_dead_is_passed_over(rabbit: RabbitBroker, vhost: str, linked: Linked):
    url = rabbit.url_of(vhost)
    link = linked(f"{by(free_ports(1)[0], url, rabbit)};{url}")
    eventually(lambda: link.connected, 10, "the second broker is found")


def test_when_a_broker_goes_its_links_go_to_the_next(
    rabbit: RabbitBroker, vhost: str, linked: Linked, relayed: Callable[..., Relay]
):
    url, first, second = rabbit.url_of(vhost), relayed(), relayed()
    link = linked(f"{by(first.port, url, rabbit)};{by(second.port, url, rabbit)}")
    eventually(lambda: link.connected, 10, "the first broker is found")
    first.cut()
    eventually(lambda: link.connected and link.generation == 2, 10, "the second broker is found")
    second.cut()
    eventually(lambda: not link.connected, 10, "the second broker is missed")


def test_each_broker_of_a_cluster_is_reached_as_its_own_address_says():
    cluster = brokers("amqps://u:p@a:5673/school;amqp://u:p@b/")
    told = [connection_to(address, "tests").info() for address in cluster]
    assert [(one["hostname"], one["port"], one["virtual_host"]) for one in told] == [
        ("a", 5673, "school"),
        ("b", 5672, "/"),
    ]


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate of `name`, which trusts itself, and the server's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


def test_over_tls_a_link_trusts_the_host_of_its_address_alone(
    rabbit: RabbitBroker, vhost: str, relayed: Callable[..., Relay], tmp_path: Path
):
    ours, us = certificate(tmp_path, "localhost")
    others, them = certificate(tmp_path, "elsewhere")

    def address(tls: ssl.SSLContext, trusted: Path | None) -> str:
        url = by(relayed(tls).port, rabbit.url_of(vhost), rabbit).replace("127.0.0.1", "localhost")
        return url.replace("amqp:", "amqps:") + (f"?ssl_ca_certs={trusted}" if trusted else "")

    with open_connection(address(us, ours), "tests") as connection:
        assert connection.channel().queue_declare("q", exclusive=True).queue == "q"
        assert isinstance(connection.sock, ssl.SSLSocket)
    for wrong in (address(us, None), address(us, others), address(them, others)):
        with pytest.raises(ssl.SSLCertVerificationError):
            open_connection(wrong, "tests")


@pytest.mark.parametrize("over_tls", [False, True])
def test_messages_larger_than_a_frame_arrive_whole_in_their_order(
    rabbit: RabbitBroker, vhost: str, relayed: Callable[..., Relay], tmp_path: Path, over_tls: bool
):
    """Through kombu's own producer and consumer, on the connection that reads ahead."""
    url = rabbit.url_of(vhost)
    if over_tls:
        file, tls = certificate(tmp_path, "localhost")
        url = by(relayed(tls).port, url, rabbit).replace("amqp:", "amqps:").replace("127.0.0.1", "localhost")
        url += f"?ssl_ca_certs={file}"
    sizes = [0, 1, 4088, 65_536, 131_064, 131_065, 700_000, 3]
    arrived: list[bytes] = []
    with connection_to(url, "tests", confirm_publish=True) as connection:
        queue, channel = Queue("sizes", durable=False, exclusive=True), connection.channel()
        queue(channel).declare()
        producer = Producer(channel)
        for size in sizes:
            producer.publish(b"x" * size, "sizes", content_type="application/data", content_encoding="binary")
        with Consumer(channel, [queue], on_message=lambda message: arrived.append(message.body or b""), no_ack=True):
            while len(arrived) < len(sizes):
                connection.drain_events(timeout=10)
    assert arrived == [b"x" * size for size in sizes]


def test_a_frame_without_its_end_breaks_the_connection():
    near, far = socket.socketpair()
    with near, far:
        connection = Connection()
        connection.transport = amqp.transport.TCPTransport("127.0.0.1:1")
        connection.transport.sock = near
        far.sendall(b"\x08\x00\x00\x00\x00\x00\x00\x00")
        with pytest.raises(amqp.exceptions.UnexpectedFrame):
            connection.blocking_read(timeout=5)


def test_a_broker_that_hangs_up_breaks_the_connection():
    near, far = socket.socketpair()
    with near:
        connection = Connection()
        connection.transport = amqp.transport.TCPTransport("127.0.0.1:1")
        connection.transport.sock = near
        far.close()
        with pytest.raises(ConnectionResetError):
            connection.blocking_read(timeout=5)
