"""Connections to RabbitMQ: kombu opens them, with heartbeats and timeouts that detect a failed network.

Only reading is our own: a connection reads ahead, instead of each frame in three small pieces (docs/decisions.md).
"""

from __future__ import annotations

import socket
import ssl
import struct
from typing import Any, Final, cast

from amqp.exceptions import UnexpectedFrame
from kombu.connection import Connection as KombuConnection
from kombu.transport import pyamqp
from kombu.utils.url import parse_url

HEARTBEAT: Final = 10
CONNECT_TIMEOUT: Final = 5
#: Seconds that sent bytes may stay unacknowledged by TCP before the connection is closed.
SILENCE: Final = 10

#: More than a TLS record holds, so that no part of a record stays in a buffer that select does not see.
READ_AHEAD: Final = 65536
FRAME_HEADER: Final = struct.Struct(">BHI")
FRAME_END: Final = 0xCE


class Connection(pyamqp.Connection):
    """kombu's connection with reading ahead. Only one thread at a time may use it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._arrived = b""
        self._at = 0

    def blocking_read(self, timeout: float | None = None) -> Any:
        """Wait for a frame and handle it. py-amqp calls this wherever it waits for the broker's answer."""
        frame = self._next_frame()
        while frame is None:
            with self.transport.having_timeout(timeout) as sock:
                self._receive(sock)
            frame = self._next_frame()
        return self.on_inbound_frame(frame)

    def read_what_arrived(self) -> None:
        """Receive once, without waiting where the socket is readable, and handle all complete frames."""
        self._receive(self.sock)
        self.handle_what_arrived()

    def handle_what_arrived(self) -> None:
        """Handle the complete frames received so far."""
        while (frame := self._next_frame()) is not None:
            self.on_inbound_frame(frame)

    def _receive(self, sock: socket.socket) -> None:
        received = sock.recv(READ_AHEAD)
        if not received:
            raise ConnectionResetError("the broker hung up")
        self._arrived = self._arrived[self._at :] + received
        self._at = 0

    def _next_frame(self) -> tuple[int, int, bytes] | None:
        start, arrived = self._at + FRAME_HEADER.size, self._arrived
        if start > len(arrived):
            return None
        kind, channel, size = FRAME_HEADER.unpack_from(arrived, self._at)
        end = start + size
        if end >= len(arrived):
            return None
        if arrived[end] != FRAME_END:
            raise UnexpectedFrame("a frame does not end where it says")
        self._at = end + 1
        return kind, channel, arrived[start:end]


class Transport(pyamqp.Transport):
    """kombu's transport, with connections that read ahead."""

    Connection = Connection


class SecureTransport(pyamqp.SSLTransport):
    """kombu's TLS transport, with connections that read ahead."""

    Connection = Connection


def brokers(url: str) -> list[str]:
    """The brokers' addresses in a URL: one, or several of a cluster separated by `;`."""
    return url.split(";")


def connection_to(address: str, name: str, **options: Any) -> KombuConnection:
    """An unopened kombu connection to the broker at `address`; RabbitMQ's management pages show it as `name`.

    `options` are py-amqp's. Over TLS (`amqps`) the broker's certificate must match its host name and be signed by an
    authority of this machine or of `?ssl_ca_certs=<file>`; `ssl_certfile` and `ssl_keyfile` name our own certificate.
    """
    parts = parse_url(address)
    given = parts.pop("ssl", {})
    secure = parts.pop("transport") == "amqps"
    return KombuConnection(
        **parts,
        transport=SecureTransport if secure else Transport,
        ssl=_tls(parts["hostname"], given) if secure else False,
        heartbeat=HEARTBEAT,
        connect_timeout=CONNECT_TIMEOUT,
        transport_options={
            "socket_settings": {socket.TCP_USER_TIMEOUT: SILENCE * 1000},
            "client_properties": {"connection_name": name},
            **options,
        },
    )


def open_connection(address: str, name: str, **options: Any) -> Connection:
    """Open a connection. Raises `OSError` or py-amqp's errors where that fails."""
    return cast(Connection, connection_to(address, name, **options).transport.establish_connection())


def _tls(host: str, given: dict[str, Any]) -> dict[str, Any]:
    """py-amqp's TLS options, made of the URL's options, which kombu names as its Redis transport does."""
    options = {key.removeprefix("ssl_"): value for key, value in given.items()}
    return {"server_hostname": host, "cert_reqs": ssl.CERT_REQUIRED, **options}
